"""What a comparison says, written: what is new, back, gone, and what is told anew of the rest."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db.models import F

from audit.actors import Actor
from audit.record import Entry, record_many
from tenancy.measuring import plan_anew
from tenancy.scope import now
from vulnerabilities.models import Scan, Sighting, Vulnerability, VulnerabilitySettings
from vulnerabilities.reading.report import Found, grave
from vulnerabilities.scanning.comparing import Compared
from vulnerabilities.scanning.telling import WORDS, facts_of, take_over, words_of
from vulnerabilities.settings import local_day, settings_of_vulnerabilities
from workflow.references import next_references

MANY = 500
FIND, SEE_EARLIER, RATE = "vulnerability.find", "vulnerability.see_earlier", "vulnerability.rate"


class Writer:
    """Writes what a comparison says, in a few statements for any number of rows."""

    def __init__(self, scan: Scan, actor: Actor, later: dt.datetime | None) -> None:
        self.scan, self.actor, self.at, self.later = scan, actor, scan.ran_at, later
        self.day = local_day(scan.ran_at)
        self.settings: VulnerabilitySettings = settings_of_vulnerabilities()

    def keep(self, compared: Compared) -> list[Vulnerability]:
        """Keep it all; returns those that this scan has opened, or made graver."""
        made = self._create(compared.new)
        self._find_again(compared.again)
        back = self._reopen([one for one, _ in compared.back])
        graver = self._renew(compared.seen)
        self._close(compared.gone, self.at)
        self._close([one for one, _ in compared.later], self.later)
        pairs = [*zip(made, compared.new, strict=True), *compared.again, *compared.seen]
        sightings = {one.pk: self._sighting(one, found) for one, found in reversed(pairs)}
        Sighting.objects.bulk_create(sightings.values(), batch_size=5_000)
        if len(pairs) >= MANY:
            plan_anew(len(pairs), Vulnerability, Sighting)
        again = [one for one, _ in compared.again]
        opened = {one.pk: one for one in [*made, *again, *back, *graver] if one.status == Vulnerability.Status.OPEN}
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
        """New ones, with their numbers."""
        references = next_references("VUL", f"{now():%Y}", len(found)) if found else []
        made = [self._new(reference, one) for reference, one in zip(references, found, strict=True)]
        Vulnerability.objects.bulk_create(made, batch_size=2_000)
        record_many(FIND, actor=self.actor, entries=[self._entry(one, after=facts_of(one)) for one in made])
        return made

    def _new(self, reference: str, found: Found) -> Vulnerability:
        return Vulnerability(
            reference=reference,
            scope=self.scan.scope,
            owner=self._owner(),
            fingerprint=found.fingerprint,
            severity=found.severity,
            first_seen_at=self.at,
            last_seen_at=self.at,
            due_on=self._due(found.severity),
            status=self._target,
            fixed_at=self.later,
            **words_of(found),
        )

    def _owner(self) -> Any:
        owner = self.scan.scope.owner
        return None if owner is None or owner.has_left(local_day(now())) else owner

    def _find_again(self, again: list[tuple[Vulnerability, Found]]) -> None:
        """As new, under the number that each had before the only scan that had it was withdrawn; with whom it was, it stays."""
        entries = []
        for one, found in again:
            before = {"status": one.status, "first_seen_at": one.first_seen_at, "due_on": one.due_on}
            take_over(one, found)
            one.severity = one.severity if one.severity_reason else found.severity
            one.first_seen_at = one.last_seen_at = self.at
            one.due_on, one.times_reopened = self._due(one.severity), 0
            if one.owner_id is None:
                one.owner = self._owner()
            after = {"severity": one.severity, "first_seen_at": self.at, "due_on": one.due_on}
            entries.append(self._entry(one, before, {**after, "status": self._target.value}))
        rows = [one for one, _ in again]
        fields = [*WORDS, "severity", "first_seen_at", "last_seen_at", "due_on", "times_reopened", "owner"]
        Vulnerability.objects.bulk_update(rows, fields, batch_size=1_000)
        move(rows, self._target.value, fixed_at=self.later)
        record_many(Vulnerability.FIND_AGAIN.verb, actor=self.actor, entries=entries)

    @property
    def _target(self) -> Vulnerability.Status:
        """What is new is open, unless an evaluable scan that ran later, and was here first, does not have it."""
        return Vulnerability.Status.FIXED if self.later else Vulnerability.Status.OPEN

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
            move(several, Vulnerability.RETURN_AGAIN.target, **again)
        record_many(Vulnerability.RETURN_AGAIN.verb, actor=self.actor, entries=entries)
        return back

    def _close(self, gone: list[Vulnerability], at: dt.datetime | None) -> None:
        """Fixed, since the scan that no longer had it."""
        before = [{"status": one.status, "fixed_at": one.fixed_at} for one in gone]
        move(gone, Vulnerability.FIX.target, fixed_at=at)
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
                if take_over(one, found):
                    differing.append(one)
                if one.severity != found.severity and not one.severity_reason:
                    worse = grave(found.severity) < grave(one.severity)
                    (graver if worse else lighter).append((one, found.severity))
        newest = [one.pk for one, _ in seen if one.last_seen_at == self.at]
        Vulnerability.objects.filter(pk__in=newest).update(last_seen_at=self.at)
        Vulnerability.objects.bulk_update(differing, WORDS, batch_size=1_000)
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


def move(rows: list[Vulnerability], target: str, **fields: Any) -> None:
    """Set-based, as a transition moves one: a scan moves thousands at once. Each has its event beside it."""
    if not rows:
        return
    Vulnerability.objects.filter(pk__in=[one.pk for one in rows]).update(status=target, **fields)
    for one in rows:
        for name, value in {"status": target, **fields}.items():
            setattr(one, name, value)
