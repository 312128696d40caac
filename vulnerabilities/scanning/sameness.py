"""Whether a scan is of what its scope is about: of something else it says nothing here.

What a file tells of what it scanned is compared with the target that is written at the scope, and with the scan before it; the
tool that ran, and what SARIF calls the kind of its run, with the scan before it. Versions, tags and digests change while the
thing stays the same (docs/vulnerabilities.md).
"""

import re
from collections.abc import Iterator

from vulnerabilities.models import Scan, ScanScope
from vulnerabilities.reading.report import Report, listed
from vulnerabilities.scanning.stated import Stated

# What Grype takes before a name, and how addresses begin.
_BEGINS = re.compile(
    r"^(?:(?:docker|podman|registry|docker-archive|oci-archive|oci-dir|singularity|dir|file|sbom):(?!\d)|[a-z][a-z+.-]*://)", re.I
)
_USER = re.compile(r"^[^/@]+@(?=[^/]+/)")
_SHELL = re.compile(r"^[^/@:]+@([^/:]+):(?=\D)")  # git@host:owner/repository
_DIGEST = re.compile(r"@sha\d+:[0-9a-f]+$", re.I)
_TAG = re.compile(r":[\w][\w.-]{0,127}$")
_IMAGE_ID = re.compile(r"^sha\d+:[0-9a-f]+$", re.I)
_HERE = ("", ".", "/")


def bare(target: str) -> str:
    """What is scanned without what changes: no scheme, user, tag, digest, `.git` or slash at its end."""
    name = target.strip()
    if _IMAGE_ID.match(name):
        return ""
    name = _USER.sub("", _SHELL.sub(r"\1/", _BEGINS.sub("", name)))
    name = _TAG.sub("", _DIGEST.sub("", name))
    return name.rstrip("/").removesuffix(".git").removeprefix("./").casefold()


def is_of(told: str, written: str) -> bool:
    """Whether what a file tells is what is written at the scope, which may leave out where it is kept: a registry, a folder."""
    return told == written or told.endswith(f"/{written}")


def judge_place(report: Report, stated: Stated, scope: ScanScope, beside: Scan | None) -> None:
    """Refuse a report of something else, unless somebody says why it is the scope's all the same: it opens nothing either.

    `beside` is the scan next to it.
    """
    said = [] if scope.is_endpoint else list(_differences(report, scope, beside))
    if said and stated.moved:
        report.is_moved = True
        report.notes.append(f"{' '.join(said)} Whoever imported it says why it counts here: {stated.moved}"[:500])
    elif said:
        report.is_elsewhere = True
        for sentence in said:
            report.refuse(sentence[:500])


def _differences(report: Report, scope: ScanScope, beside: Scan | None) -> Iterator[str]:
    told, written = bare(report.target), bare(scope.target)
    if written and told not in _HERE:
        if not is_of(told, written):
            yield f"It is a scan of {report.target[:150]}; what is scanned here is {scope.target[:150]}."
    elif beside is not None and told and told != bare(beside.target) and beside.target != scope.target:
        yield f"It is a scan of {report.target[:150]}; {beside} was one of {beside.target[:150]}."
    if beside is None:
        return
    if missing := sorted(_tools(beside.tool_name) - _tools(report.tool_name)):
        ran = report.tool_name or "a tool without a name"
        yield f"{ran[:120]} wrote it; {beside} was written by {beside.tool_name}: {listed(missing)} did not run."
    if missing := sorted(set(beside.analyses) - set(report.analyses)):
        yield f"It is another analysis of {report.tool_name[:60]} than {beside}: {listed(missing)} is missing."


def _tools(names: str) -> set[str]:
    return {name.strip().casefold() for name in names.split(",") if name.strip()}


def scan_beside(scope: ScanScope, report: Report, stated: Stated) -> Scan | None:
    """The scan of a scope that ran last before this one; where none did, the first after it. None of something else counts."""
    at, _ = stated.when(report)
    scans = Scan.objects.filter(scope=scope, status=Scan.Status.KEPT, elsewhere=False)
    return scans.filter(ran_at__lt=at).order_by("-ran_at").first() or scans.filter(ran_at__gt=at).order_by("ran_at").first()
