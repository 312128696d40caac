"""Who may test a control: neither who owns it nor who performed what is tested."""

import datetime as dt

from django.db.models import Min

from accounts.models import Member
from audit.actors import Actor
from controls.models import AuditPeriod, Control, ControlTest, Occurrence
from controls.occurrences.rights import owns
from evidence.models import Population
from ui.values import spelled

A_YEAR = dt.timedelta(days=365)
Span = tuple[dt.date, dt.date]


def why_not_independent(actor: Actor, control: Control, *, tested_on: dt.date, population: Population | None = None) -> str:
    """Why this person's test of the control would prove nothing; empty when they may test it. Load the owner with it.

    The owner is also kept out by a constraint of the database (`control_test_independent`).
    """
    if owns(actor, control):
        return "You own this control, so somebody else has to test it."
    since, until = tested_span(tested_on, population)
    performed = Occurrence.objects.filter(
        control=control, performed_by=actor.id, ends_on__gte=since, starts_on__lte=until, status=Occurrence.Status.PERFORMED
    ).exclude(kind=Occurrence.Kind.CONFIGURATION)  # what satisfies those is a test itself
    if actor.id is not None and (first := performed.order_by("ends_on").first()):
        span = f"between {spelled(since)} and {spelled(until)}"
        return f"You performed it {span} ({first.label}), so somebody else has to test it."
    return ""


def may_test(member: Member, control: Control) -> bool:
    """Whether a test of this control is offered to this member. Load the owner with it."""
    return member.can("controls.test") and not owns(member, control)


def why_tester(actor: Actor, occurrence: Occurrence) -> str:
    """Why this person may not perform an occurrence: the test of its time that stands is theirs. The other side of the rule."""
    tests = ControlTest.objects.filter(
        control=occurrence.control_id, tester=actor.id, status=ControlTest.Status.CURRENT, tested_on__gte=occurrence.starts_on
    )
    for test in tests.select_related("population") if actor.id is not None else ():
        since, until = tested_span(test.tested_on, test.population)
        if since <= occurrence.ends_on and occurrence.starts_on <= until:
            return f"You tested it for this time on {spelled(test.tested_on)}, so somebody else has to perform it."
    return ""


def tested_span(tested_on: dt.date, population: Population | None) -> Span:
    """The days that a test speaks of: its population's, else from the start of the audit periods around it, else a year."""
    if population is not None:
        return population.period_from, population.period_to
    around = AuditPeriod.objects.filter(starts_on__lte=tested_on, ends_on__gte=tested_on)
    start: dt.date | None = around.order_by().aggregate(start=Min("starts_on"))["start"]
    return start or tested_on - A_YEAR, tested_on
