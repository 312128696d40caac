"""The yearly fail-over: when the next one is due, whose work it is, and who is reminded of it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, QuerySet
from django.urls import reverse

from accounts.models import Member
from monitoring.models import RecoveryTest
from monitoring.models.check import EDITS
from tenancy.models import Organization, current_organization
from ui.components import Badge
from ui.values import spelled
from workflow.inbox import InboxEntry
from workflow.reminding import Due, Reminding

YEAR = dt.timedelta(days=365)
FRESH = dt.timedelta(days=335)  # so long nobody is asked for the next one
REMINDING = Reminding("Fail-over", "recovery_test.remind", before=(30, 7, 1))
_NEVER, _FAILED = "No fail-over was tested yet", "No fail-over has passed yet"


@dataclass(frozen=True, slots=True)
class Failover:
    """What is known of fail-overs on a day: the last that passed, whether any was tried, and the first test of recovery."""

    today: dt.date
    passed: RecoveryTest | None
    tried: bool
    first: RecoveryTest | None

    @property
    def since(self) -> RecoveryTest | None:
        """The test from which the year counts: the last fail-over that passed, else the first test of recovery."""
        return self.passed or self.first

    @property
    def due_on(self) -> dt.date | None:
        """The day by which the next has to be tested; None where no test of recovery was ever recorded."""
        return self.since.tested_on + YEAR if self.since else None

    @property
    def overdue(self) -> bool:
        """Whether that day has passed."""
        return self.due_on is not None and self.today > self.due_on

    @property
    def asked_for(self) -> bool:
        """Whether it waits to be tested: none has passed, or the last that did is more than 335 days old."""
        if self.passed is None:
            return self.first is not None
        return self.today - self.passed.tested_on > FRESH

    @property
    def badge(self) -> Badge:
        """Where it stands, as a word in a tone."""
        if self.overdue:
            return Badge("Overdue", "bad")
        if self.passed is None:
            return Badge("Failed" if self.tried else "Not tested", "warn")
        return Badge("Due soon", "warn") if self.asked_for else Badge("Tested", "ok")

    @property
    def title(self) -> str:
        """What is asked for."""
        if self.passed is None:
            return _FAILED if self.tried else _NEVER
        return "Test the yearly fail-over"

    @property
    def words(self) -> str:
        """When the next is due and why, as a sentence."""
        if self.passed is None:
            if self.due_on is None:
                return f"{self.title}."
            return f"{self.title}; one {self._due}, a year after the first recovery test."
        return f"The next fail-over {self._due}, a year after {self.passed.reference}, the last that passed."

    @property
    def _due(self) -> str:
        return f"{'was' if self.overdue else 'is'} due by {spelled(self.due_on)}"


def failover_on(today: dt.date) -> Failover:
    """What is known of fail-overs on a day."""
    tests = RecoveryTest.objects.order_by("-tested_on", "-pk")
    passed = tests.filter(RecoveryTest.WORKED, kind=RecoveryTest.Kind.FAILOVER).first()
    if passed is not None:
        return Failover(today, passed, tried=True, first=None)
    tried = tests.filter(kind=RecoveryTest.Kind.FAILOVER).exists()
    return Failover(today, None, tried=tried, first=tests.last())


def entries(member: Member) -> Iterator[InboxEntry]:
    """What waits for everybody who runs monitoring."""
    if not member.can(EDITS):
        return
    found = failover_on(member.organization.today())
    if found.asked_for:
        url = reverse("monitoring:recovery-list")
        last = f", and the last was {found.passed.reference}" if found.passed else ""
        why = f"it is tested once a year, and you run monitoring{last}"
        yield InboxEntry(found.title, url, why, found.due_on, overdue=found.overdue, delegable=False)


def about(member: Member) -> list[QuerySet[RecoveryTest]]:
    """Tests of recovery, unless a fail-over passed not long ago."""
    if not member.can(EDITS):
        return []
    since = member.organization.today() - FRESH
    fresh = RecoveryTest.objects.filter(RecoveryTest.WORKED, kind=RecoveryTest.Kind.FAILOVER, tested_on__gte=since)
    return [RecoveryTest.objects.filter(~Exists(fresh))]


def remind(organization: Organization, at: dt.datetime) -> None:
    """Write to who runs monitoring 30, 7 days and a day before it is due, the day after, and each week it is late. Idempotent."""
    REMINDING.run(organization, at, _due)


def _due(today: dt.date) -> Iterator[Due]:
    found = failover_on(today)
    if found.asked_for and found.since and found.due_on:
        for one in Member.objects.active().of(current_organization()):
            if one.can(EDITS):
                yield Due(one.pk, found.since, found.due_on)
