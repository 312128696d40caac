"""Keeping a scan: its evidence, what it saw, and what became of what was known."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db.models import F, Q

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import Entry, record, record_many
from evidence.actions import add_evidence
from evidence.models import Evidence, StoredFile
from tenancy.measuring import plan_anew
from tenancy.scope import now
from ui.refusals import ActionRefused
from vulnerabilities.models import Scan, ScanScope, Sighting, TlsResult, Vulnerability, VulnerabilitySettings
from vulnerabilities.reading.report import Found, Report, grave
from vulnerabilities.scanning.comparing import Compared, compare
from vulnerabilities.scanning.following import follow
from vulnerabilities.scanning.judging import evaluated_after, judge, scan_before
from vulnerabilities.scanning.stated import Stated
from vulnerabilities.scopes.actions import plan_next
from vulnerabilities.settings import local_day, settings_of_vulnerabilities
from workflow.references import next_reference, next_references

COLLECTOR = "Plumbline's scans"
TAG = "vulnerability scan"
MANY = 500
FIND, SEE_EARLIER, RATE = "vulnerability.find", "vulnerability.see_earlier", "vulnerability.rate"


def keep_scan(
    scope: ScanScope,
    report: Report,
    file: StoredFile,
    *,
    stated: Stated,
    actor: Actor,
    basis: str = "",
    tls: TlsResult | None = None,
) -> Scan:
    """Keep a scan and all that follows from it, in one transaction.

    The same file of the same time is kept once, or twice where somebody says more of one that could not be evaluated.

    `tls` is what a handshake showed, not saved yet. Raises ActionRefused for a scope that is retired.
    """
    scope = ScanScope.objects.select_for_update(of=("self",)).select_related("owner__member").get(pk=scope.pk)
    if scope.status == ScanScope.Status.RETIRED:
        raise ActionRefused(f"{scope} is retired: nothing is scanned there any more.")
    ran_at, told = stated.when(report)
    judge(report, stated, scan_before(scope, report, stated))
    same = Scan.objects.filter(scope=scope, sha256=file.sha256, ran_at=ran_at)
    if (there := same.filter(Q(evaluable=True) | Q(evaluable=not report.reasons)).first()) is not None:
        return there
    scan = _scan(scope, report, file, actor=actor, ran_at=ran_at, ran_basis=basis or told, stated=stated)
    return _keep(scan, report, actor, tls)


@action
def _keep(scan: Scan, report: Report, actor: Actor, tls: TlsResult | None) -> Scan:
    """The scope is locked."""
    scope, ran_at = scan.scope, scan.ran_at
    known = list(Vulnerability.objects.filter(scope=scope))
    later = evaluated_after(scope, ran_at)
    compared = compare(known, report.found, at=ran_at, evaluable=not report.reasons, later=later)
    _count(scan, report, compared)
    scan.save(force_insert=True)
    record("scan.keep", scan, actor=actor, after=_told(scan), metadata={"scope": str(scope), "sha256": scan.sha256})
    if tls is not None:
        tls.scan = scan
        tls.save(force_insert=True)
    opened = _Keeper(scan, actor, later).keep(compared)
    plan_next(scope)
    follow(scan, opened)
    return scan


def _scan(scope: ScanScope, report: Report, file: StoredFile, *, actor: Actor, stated: Stated, **when: Any) -> Scan:
    day = local_day(when["ran_at"])
    evidence = add_evidence(
        title=f"{scope.get_tool_display()}: {scope.name}"[:190],
        category=Evidence.Category.MONITORING,
        file=file,
        source=(report.tool_name or scope.get_tool_display())[:200],
        collector=COLLECTOR,
        subject=scope,
        actor=actor,
        period_from=day,
        period_to=day,
        query=report.target,
        description="What the scanner wrote, as it came.",
        tags=[TAG],
    )
    return Scan(
        reference=next_reference("SCN", f"{now():%Y}"),
        scope=scope,
        tool=scope.tool,
        tool_name=report.tool_name,
        tool_version=(report.tool_version or stated.tool_version)[:60],
        target=report.target or scope.target,
        imported_at=now(),
        imported_by=actor if isinstance(actor, Member) else None,
        evidence=evidence,
        file=file,
        sha256=file.sha256,
        **when,
    )


def _count(scan: Scan, report: Report, compared: Compared) -> None:
    scan.evaluable, scan.reasons, scan.notes = not report.reasons, report.reasons[:20], report.notes[:20]
    scan.targets, scan.checked, scan.skipped = report.targets, report.checked, report.skipped
    scan.suppressed = sum(one.suppressed for one in report.found)
    scan.found = len(report.found) - scan.suppressed
    scan.new, scan.reopened, scan.fixed = len(compared.new), len(compared.back), len(compared.gone)


def _told(scan: Scan) -> dict[str, Any]:
    names = (
        "tool_name",
        "tool_version",
        "ran_at",
        "evaluable",
        "reasons",
        "checked",
        "skipped",
        "found",
        "new",
        "reopened",
        "fixed",
    )
    return {name: getattr(scan, name) for name in names}


class _Keeper:
    """Writes what a comparison says, in a few statements for any number of rows."""

    def __init__(self, scan: Scan, actor: Actor, later: dt.datetime | None) -> None:
        self.scan, self.actor, self.at, self.later = scan, actor, scan.ran_at, later
        self.day = local_day(scan.ran_at)
        self.settings: VulnerabilitySettings = settings_of_vulnerabilities()

    def keep(self, compared: Compared) -> list[Vulnerability]:
        """Keep it all; returns those that this scan has opened, or made graver."""
        made = self._create(compared.new)
        back = self._reopen([one for one, _ in compared.back])
        graver = self._renew(compared.seen)
        self._close(compared.gone, self.at)
        self._close([one for one, _ in compared.later], self.later)
        pairs = [*zip(made, compared.new, strict=True), *compared.seen]
        sightings = {one.pk: self._sighting(one, found) for one, found in reversed(pairs)}
        Sighting.objects.bulk_create(sightings.values(), batch_size=5_000)
        if len(pairs) >= MANY:
            plan_anew(len(pairs), Vulnerability, Sighting)
        opened = {one.pk: one for one in [*made, *back, *graver] if one.status == Vulnerability.Status.OPEN}
        return list(opened.values())

    def _sighting(self, one: Vulnerability, found: Found) -> Sighting:
        return Sighting(
            scan=self.scan,
            vulnerability=one,
            severity=found.severity,
            version=found.version,
            is_suppressed=found.suppressed,
        )

    def _due(self, severity: str, since: dt.date | None = None) -> dt.date:
        return (since or self.day) + dt.timedelta(days=self.settings.days_for(severity))

    def _create(self, found: list[Found]) -> list[Vulnerability]:
        """New ones are open, unless an evaluable scan that ran later, and was here first, does not have them."""
        references = next_references("VUL", f"{now():%Y}", len(found)) if found else []
        made = [self._new(reference, one, self.later) for reference, one in zip(references, found, strict=True)]
        Vulnerability.objects.bulk_create(made, batch_size=2_000)
        record_many(FIND, actor=self.actor, entries=[self._entry(one, after=_facts(one)) for one in made])
        return made

    def _new(self, reference: str, found: Found, gone_at: dt.datetime | None) -> Vulnerability:
        return Vulnerability(
            reference=reference,
            scope=self.scan.scope,
            owner=self._owner(),
            fingerprint=found.fingerprint,
            severity=found.severity,
            first_seen_at=self.at,
            last_seen_at=self.at,
            due_on=self._due(found.severity),
            status=Vulnerability.Status.FIXED if gone_at else Vulnerability.Status.OPEN,
            fixed_at=gone_at,
            **_words(found),
        )

    def _owner(self) -> Any:
        owner = self.scan.scope.owner
        return None if owner is None or owner.has_left(local_day(now())) else owner

    def _reopen(self, back: list[Vulnerability]) -> list[Vulnerability]:
        """Back again: open, due anew, and first seen when it was first seen."""
        by_severity: dict[str, list[Vulnerability]] = defaultdict(list)
        for one in back:
            by_severity[one.severity].append(one)
        entries = []
        for severity, several in by_severity.items():
            due = self._due(severity)
            for one in several:
                after = {"status": Vulnerability.RETURN_AGAIN.target, "due_on": due, "first_seen_at": one.first_seen_at}
                entries.append(self._entry(one, before={"status": one.status, "fixed_at": one.fixed_at}, after=after))
                one.times_reopened += 1
            again = {"due_on": due, "fixed_at": None}
            Vulnerability.objects.filter(pk__in=[one.pk for one in several]).update(times_reopened=F("times_reopened") + 1)
            _move(several, Vulnerability.RETURN_AGAIN.target, **again)
        record_many(Vulnerability.RETURN_AGAIN.verb, actor=self.actor, entries=entries)
        return back

    def _close(self, gone: list[Vulnerability], at: dt.datetime | None) -> None:
        """Fixed, since the scan that no longer had it."""
        before = [{"status": one.status, "fixed_at": one.fixed_at} for one in gone]
        _move(gone, Vulnerability.FIX.target, fixed_at=at)
        after = {"status": Vulnerability.FIX.target, "fixed_at": at}
        entries = [self._entry(one, before=was, after=after) for one, was in zip(gone, before, strict=True)]
        record_many(Vulnerability.FIX.verb, actor=self.actor, entries=entries)

    def _renew(self, seen: list[tuple[Vulnerability, Found]]) -> list[Vulnerability]:
        """Keep when each was seen, and what the newest scan tells of it; returns those that have become graver."""
        earlier: list[Vulnerability] = []
        differing: list[Vulnerability] = []
        graver: list[tuple[Vulnerability, str]] = []
        lighter: list[tuple[Vulnerability, str]] = []
        for one, found in seen:
            if self.at < one.first_seen_at:
                earlier.append(one)
            if self.at >= one.last_seen_at:
                one.last_seen_at = self.at
                if _differs(one, found):
                    differing.append(one)
                if one.severity != found.severity and not one.severity_reason:
                    worse = grave(found.severity) < grave(one.severity)
                    (graver if worse else lighter).append((one, found.severity))
        newest = [one.pk for one, _ in seen if one.last_seen_at == self.at]
        Vulnerability.objects.filter(pk__in=newest).update(last_seen_at=self.at)
        Vulnerability.objects.bulk_update(differing, _WORDS, batch_size=1_000)
        entries = [self._see_earlier(one) for one in earlier]
        rated = [self._rate(one, severity) for one, severity in [*graver, *lighter]]
        decided = {one.pk: one for one in [*earlier, *(one for one, _ in [*graver, *lighter])]}
        Vulnerability.objects.bulk_update(decided.values(), ["first_seen_at", "severity", "due_on"], batch_size=1_000)
        record_many(SEE_EARLIER, actor=self.actor, entries=entries)
        record_many(RATE, actor=self.actor, entries=rated)
        return [one for one, _ in graver]

    def _see_earlier(self, one: Vulnerability) -> Entry:
        """A scan of the past had it already: it is due from then on."""
        due = min(one.due_on, self._due(one.severity))
        entry = self._entry(one, {"first_seen_at": one.first_seen_at}, {"first_seen_at": self.at, "due_on": due})
        one.first_seen_at, one.due_on = self.at, due
        return entry

    def _rate(self, one: Vulnerability, severity: str) -> Entry:
        """A graver one is due sooner, counted from now on; a lighter one later, counted from the first day."""
        if grave(severity) < grave(one.severity):
            due = min(one.due_on, self._due(severity))
        else:
            due = max(one.due_on, self._due(severity, local_day(one.first_seen_at)))
        entry = self._entry(one, {"severity": one.severity, "due_on": one.due_on}, {"severity": severity, "due_on": due})
        one.severity, one.due_on = severity, due
        return entry

    def _entry(self, one: Vulnerability, before: dict[str, Any] | None = None, after: dict[str, Any] | None = None) -> Entry:
        return Entry(one._meta.label_lower, one.pk, str(one), before, after, {"scan": self.scan.reference})


def _move(rows: list[Vulnerability], target: str, **fields: Any) -> None:
    """Set-based, as a transition moves one: a scan moves thousands at once. Each has its event beside it."""
    if not rows:
        return
    Vulnerability.objects.filter(pk__in=[one.pk for one in rows]).update(status=target, **fields)
    for one in rows:
        for name, value in {"status": target, **fields}.items():
            setattr(one, name, value)


def _words(found: Found) -> dict[str, Any]:
    return {
        "identifier": found.names[0],
        "names": found.names,
        "title": found.title[:300],
        "description": found.description,
        "package": found.package,
        "version": found.version,
        "fixed_in": found.fixed_in,
        "location": found.location,
        "url": found.url,
        "severity_told": found.told[:120],
    }


def _differs(one: Vulnerability, found: Found) -> bool:
    """Take over what a scan tells of it; whether that is something new. Names are only added."""
    told = _words(found)
    told["names"] = list(dict.fromkeys([*one.names, *found.names]))
    differs = any(getattr(one, name) != value for name, value in told.items())
    for name, value in told.items():
        setattr(one, name, value)
    return differs


_WORDS = ("identifier", "names", "title", "description", "package", "version", "fixed_in", "location", "url", "severity_told")


def _facts(one: Vulnerability) -> dict[str, Any]:
    shown = {"identifier": one.identifier, "package": one.package, "severity": one.severity, "due_on": one.due_on}
    return {**shown, "status": one.status, "first_seen_at": one.first_seen_at, "owner": one.owner.name if one.owner else None}
