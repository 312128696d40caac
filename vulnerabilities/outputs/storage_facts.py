"""What the audit binder is told of what holds data: from the last list of each scope, never from what somebody says of it."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.urls import reverse

from controls.binder.facts import Fact, Outcome, register_fact
from controls.models import AuditPeriod
from evidence.printing.words import plural
from vulnerabilities.models import Scan, ScanScope, Tool
from vulnerabilities.reading.report import listed
from vulnerabilities.reading.resource_rules import KIND_NOT_KNOWN, LOG_DAYS, LOGS_KEPT_BRIEFLY, NOT_ENCRYPTED
from vulnerabilities.reading.resources import Judged, Kind, kept_resources


def register() -> None:
    """Answer two lines of the checklist."""
    register_fact("encryption-at-rest", encrypted_at_rest)
    register_fact("central-logging", logs_kept)


@dataclass(slots=True)
class _Known:
    """The resources of the last lists, and the scopes of which nothing of today is known."""

    resources: list[Judged] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it is seen."""
        return f"{reverse('vulnerabilities:scope-list')}?tool={Tool.STORAGE}"


def encrypted_at_rest(_period: AuditPeriod, day: dt.date) -> Iterator[Fact]:
    """Whether everything that is listed is encrypted at rest."""
    known = _known(day)
    words = f"{plural(len(known.resources), 'resource is', 'resources are')} encrypted at rest."
    yield from _facts(known, known.resources, "Not encrypted at rest", (NOT_ENCRYPTED,), words)


def logs_kept(_period: AuditPeriod, day: dt.date) -> Iterator[Fact]:
    """Whether the logs of every log store that is listed are kept long enough; silent where none is listed."""
    known = _known(day)
    stores = [one for one in known.resources if one.kind in (Kind.LOGS, "")]
    if not stores:
        return
    words = f"{plural(len(stores), 'log store keeps', 'log stores keep')} its logs {LOG_DAYS} days or longer."
    if len(stores) > 1:
        words = words.replace(" its ", " their ")
    yield from _facts(known, stores, f"Logs kept less than {LOG_DAYS} days", (LOGS_KEPT_BRIEFLY, KIND_NOT_KNOWN), words)


def _facts(known: _Known, resources: list[Judged], title: str, rules: tuple[str, ...], holds: str) -> Iterator[Fact]:
    broken = _named(resources, lambda one: any(rule in one.broken for rule in rules))
    unknown = _named(resources, lambda one: any(rule in one.open for rule in rules))
    if broken:
        yield Fact(Outcome.BROKEN, f"{title}: {listed(broken, 3)}.", known.url)
    if unknown:
        yield Fact(Outcome.UNKNOWN, f"Not told of {listed(unknown, 3)}.", known.url)
    if known.unknown:
        yield Fact(Outcome.UNKNOWN, f"No list of today's settings: {listed(known.unknown, 3)}.", known.url)
    if resources and not (broken or unknown or known.unknown):
        yield Fact(Outcome.HOLDS, holds, known.url)


def _named(resources: list[Judged], which: Callable[[Judged], bool]) -> list[str]:
    return [one.label for one in resources if which(one)]


def _known(day: dt.date) -> _Known:
    """Two queries. A list that is overdue, or could not be evaluated, still says what is wrong."""
    scopes = list(ScanScope.objects.filter(tool=Tool.STORAGE, status=ScanScope.Status.ACTIVE).order_by("name"))
    kept = Scan.objects.filter(scope__in=scopes, status=Scan.Status.KEPT, elsewhere=False)
    last = {one.scope_id: one for one in kept.order_by("scope_id", "-ran_at", "-id").distinct("scope_id")} if scopes else {}
    known = _Known()
    for scope in scopes:
        scan = last.get(scope.pk)
        if scan is not None:
            known.resources += kept_resources(scan.resources)
        if scan is None or not scan.evaluable or scope.next_due_on < day:
            known.unknown.append(scope.name)
    return known
