"""What rules of the tool ignore: kept by name with each scan, as ignoring in a file is not accepting here."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from ui.components import Badge
from vulnerabilities.models import Scan, Severity, Vulnerability
from vulnerabilities.reading.report import Found, Report, listed
from vulnerabilities.reading.resources import summary_of_resources

MOST = 2_000  # kept by name with a scan; all are counted
LONG = 1_000  # of a reason


@dataclass(frozen=True, slots=True)
class Ignored:
    """One finding that a rule of the tool ignores, as the file tells it."""

    fingerprint: str
    name: str
    title: str
    package: str
    version: str
    place: str
    severity: str
    reason: str
    rule: str


@dataclass(frozen=True, slots=True)
class Told:
    """The same, with what is known of it here: nothing, or how it stands."""

    one: Ignored
    known: Vulnerability | None

    @property
    def severity_label(self) -> str:
        """In words."""
        return str(Severity(self.one.severity).label)

    @property
    def badge(self) -> Badge:
        """What was decided of it here. A rule in a file decides nothing."""
        return self.known.status_badge if self.known else Badge("Nobody accepted it here", "warn")


def kept(report: Report) -> list[dict[str, str]]:
    """As a scan keeps them, the gravest first."""
    order = list(Severity)
    found = sorted((one for one in report.found if one.suppressed), key=lambda one: (order.index(one.severity), one.names[0]))
    return [asdict(_ignored(one)) for one in found[:MOST]]


def _ignored(one: Found) -> Ignored:
    return Ignored(
        fingerprint=one.fingerprint,
        name=one.names[0],
        title=one.title[:300],
        package=one.package,
        version=one.version,
        place=one.location,
        severity=one.severity.value,
        reason=one.reason[:LONG],
        rule=one.rule,
    )


def told(scan: Scan) -> list[Told]:
    """What a scan's tool ignored, each with what is known of it here; one query."""
    rows = [Ignored(**row) for row in scan.ignored]
    known: dict[str, Vulnerability] = {}
    if rows:
        there = Vulnerability.objects.filter(scope=scan.scope_id, fingerprint__in=[row.fingerprint for row in rows])
        known = {one.fingerprint: one for one in there.exclude(status=Vulnerability.Status.WITHDRAWN)}
    return [Told(row, known.get(row.fingerprint)) for row in rows]


def summary(report: Report) -> str:
    """For the evidence: which, by name, or what resources came to; empty where there are none."""
    rows = kept(report)
    if not rows:
        return summary_of_resources(report.resources)
    return f" Rules of the tool ignore {report.suppressed:,} of what it found: {listed([row['name'] for row in rows], 20)}."


HEADER = ("Known as", "Title", "Package", "Version", "Where", "Severity reported", "Reason in the file", "Rule", "Here")


def table(scan: Scan) -> Iterator[tuple[str, ...]]:
    """The rows of its file."""
    for row in told(scan):
        one, here = row.one, f"{row.known.reference} {row.badge.label}" if row.known else row.badge.label
        yield one.name, one.title, one.package, one.version, one.place, row.severity_label, one.reason, one.rule, here
