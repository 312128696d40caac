"""Making a package: what it holds is read as it is at one moment, written into a bag and signed."""

import base64
import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.db.models import QuerySet
from django.template.loader import render_to_string

from audit.seal.keys import SealKey, fingerprint_of, seal_keys, ssh_line_of
from controls.models import AuditPeriod, Control
from controls.status.scope import scope_of
from proof.models import AuditPackage
from proof.package.bag import Bag
from proof.package.contents import Contents, Folder, write
from proof.package.gathering import gather
from proof.package.index import workbook_of
from proof.package.names import plain
from proof.package.sshsig import NAMESPACE
from proof.package.trail import BrokenTrail, SealedTrail
from tenancy.models import Organization, current_organization
from ui.refusals import ActionRefused

VERIFIER = Path(__file__).with_name("verify.py")
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it."""

    files: int
    events: int
    head: int
    manifest: str


def make(package: AuditPackage, sink: BinaryIO, progress: Progress, *, as_of: dt.datetime) -> Made:
    """Write the zip; call in a frozen scope. Raises ActionRefused for a file that is missing or altered, by its name."""
    organization, key = current_organization(), seal_keys()[-1]
    trail, controls = _sealed_with(key), chosen(package)
    contents = gather(package.period, controls, with_requests=package.with_requests, with_populations=package.with_populations)
    with Bag(sink, folder_of(package, organization)) as bag:
        write(contents, bag, progress)
        bag.add("trail/heads.jsonl", trail.heads())
        events = _Counted(trail.events(contents.records))
        bag.add("trail/events.jsonl", events)
        title = f"{package.reference}: {package.period.name}"
        bag.add("index.xlsx", [workbook_of(contents, title=title, author=organization.name, as_of=as_of)])
        told = _told(package, contents, organization, key, as_of=as_of, events=events.count, head=trail.head.number)
        bag.add("index.html", [render_to_string("proof/package_index.html", told).encode()])
        _tag(bag, told, key)
        manifest = bag.finish(key, info=_info(package, organization, key), made_at=as_of)
    return Made(len(bag.payload), events.count, trail.head.number, manifest)


def folder_of(package: AuditPackage, organization: Organization) -> str:
    """The one folder in the zip."""
    return plain(f"{package.reference}-{organization.slug}")


def _sealed_with(key: SealKey) -> SealedTrail:
    try:
        trail = SealedTrail()
    except LookupError:
        raise ActionRefused("Nothing of the trail is sealed yet: try again in a minute.") from None
    except BrokenTrail:
        raise ActionRefused("The trail does not match its last head: look at Audit > Proof. No package is made of it.") from None
    if bytes(trail.head.public) != key.public:
        raise ActionRefused("The key is being handed over: try again in a minute.")
    return trail


def chosen(package: AuditPackage) -> list[Control]:
    """The controls of a package, in the order of their codes."""
    rows = _in_scope(package.period)
    return list(rows.filter(code__in=package.codes) if package.codes else rows)


def codes_meant(period: AuditPeriod, words: Collection[str]) -> tuple[list[str], list[str]]:
    """The codes of the controls in scope that are meant, and the words that mean none.

    A word is a control's code, what codes begin with before a hyphen (CHG), a criterion (CC6.1) or what criteria begin with
    before a full stop (CC6).
    """
    meant: dict[str, set[str]] = {word: set() for word in words}
    for control in _in_scope(period).prefetch_related("answers"):
        names = {control.code, control.code.rpartition("-")[0]}
        names |= {name for one in control.answers.all() for name in (one.criterion, one.criterion.partition(".")[0])}
        for word in names & meant.keys():
            meant[word].add(control.code)
    return sorted(set().union(*meant.values())), sorted(word for word, codes in meant.items() if not codes)


def _in_scope(period: AuditPeriod) -> QuerySet[Control]:
    return Control.objects.filter(scope_of(period)).select_related("owner").order_by("code")


def _tag(bag: Bag, told: dict[str, object], key: SealKey) -> None:
    bag.tag("verify.py", VERIFIER.read_bytes())
    bag.tag("VERIFY.txt", render_to_string("proof/package_verify.txt", told).encode())
    bag.tag("key.pub", f"{ssh_line_of(key.public)}\n".encode())
    bag.tag("allowed_signers", f'plumbline namespaces="{NAMESPACE}" {ssh_line_of(key.public)}\n'.encode())
    bag.tag("key.pem", _pem(key.public))


def _pem(public: bytes) -> bytes:
    """SubjectPublicKeyInfo of RFC 8410."""
    text = base64.b64encode(bytes.fromhex("302a300506032b6570032100") + public).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n".encode()


def _told(
    package: AuditPackage, contents: Contents, organization: Organization, key: SealKey, **facts: object
) -> dict[str, object]:
    return {
        "package": package, "contents": contents, "organization": organization, "fingerprint": fingerprint_of(key.public),
        "namespace": NAMESPACE, "parts": _parts(contents), **facts,
    }  # fmt: skip


def _info(package: AuditPackage, organization: Organization, key: SealKey) -> dict[str, str]:
    period = package.period
    return {
        "Source-Organization": organization.name,
        "External-Identifier": package.reference,
        "External-Description": f"{period.name}, {period.starts_on} to {period.ends_on}",
        "Plumbline-Organization-Id": str(organization.pk),
        "Plumbline-Folder": folder_of(package, organization),
        "Plumbline-Public-Key": base64.b64encode(key.public).decode(),
        "Plumbline-Fingerprint": fingerprint_of(key.public),
        "Bag-Software-Agent": "Plumbline",
    }


def _parts(contents: Contents) -> list[tuple[str, list[Folder]]]:
    return [("Controls", contents.controls), ("Requests", contents.requests), ("Populations", contents.populations)]


class _Counted:
    """Lines, counted as they are read."""

    def __init__(self, lines: object) -> None:
        self.lines, self.count = iter(lines), 0  # type: ignore[call-overload] # an iterable

    def __iter__(self) -> "_Counted":
        return self

    def __next__(self) -> bytes:
        line: bytes = next(self.lines)
        self.count += 1
        return line
