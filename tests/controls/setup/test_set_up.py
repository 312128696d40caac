"""Setting up in one transaction: period, controls, owners, the year; once, however often it is done."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.actions import action
from audit.actors import SCHEDULE
from audit.models import AuditEvent
from audit.record import record
from controls.catalogue.actions import create_control
from controls.library import LIBRARY
from controls.library.questions import BASE
from controls.models import AuditPeriod, Control, ControlState, Occurrence
from controls.periods.actions import create_period
from controls.setup.actions import Made, Plan, set_up
from controls.setup.owners import MYSELF
from inventory.models import Person
from inventory.people.actions import mark_left
from tests.inventory.snapshots.helpers import person_of
from ui.refusals import ActionRefused

YEAR: dict[str, Any] = {
    "name": "SOC 2 Type II 2027",
    "kind": "type2",
    "starts_on": dt.date(2027, 1, 1),
    "ends_on": dt.date(2027, 12, 31),
    "categories": ["availability"],
}
SINCE = dt.date(2027, 1, 1)
ALL_MINE = dict.fromkeys({one.owner_role for one in LIBRARY.values()}, MYSELF)


def plan(**changes: Any) -> Plan:
    given: dict[str, Any] = {"keys": BASE, "new_period": YEAR, "in_scope_since": SINCE, "owners": ALL_MINE}
    return Plan(**(given | changes))


@action
def altered(person: Person, **fields: Any) -> None:
    Person.objects.filter(pk=person.pk).update(**fields)
    record("person.edit", person, actor=SCHEDULE)


@pytest.fixture
def made(in_acme, manager) -> Made:
    """All of the base, owned by the manager."""
    return set_up(plan(), actor=manager)


def test_everything_is_there_at_once(made, manager):
    controls = Control.objects.all()
    assert {one.library_key for one in controls} == set(BASE)
    assert {one.owner for one in controls} == {person_of(manager)}
    assert made.period.categories == ["security", "availability"]
    assert ControlState.objects.filter(period=made.period).count() == len(BASE)
    quarterly = Control.objects.filter(cadence="quarterly").first()
    assert [one.label for one in Occurrence.objects.filter(control=quarterly)] == ["Q1 2027", "Q2 2027", "Q3 2027", "Q4 2027"]


def test_every_write_has_its_event(made, acme):
    events = AuditEvent.objects.all()
    assert events.filter(verb="period.create", object_id=made.period.pk).exists()
    adopted = events.filter(verb="control.adopt").values_list("object_id", flat=True)
    assert set(adopted) == {one.pk for one in made.adopted}
    said = events.get(verb="organization.set_up", object_id=acme.pk).data["after"]
    assert said == {"period": YEAR["name"], "controls adopted": len(BASE), "without an owner": 0, "there before": 0}


def test_doing_it_twice_makes_nothing_twice(made, manager):
    before = (Control.objects.count(), Occurrence.objects.count(), AuditEvent.objects.count())
    again = set_up(plan(), actor=manager)
    assert (again.period, again.is_new, again.adopted, again.present) == (made.period, False, [], len(BASE))
    assert (Control.objects.count(), Occurrence.objects.count(), AuditEvent.objects.count()) == before
    assert AuditPeriod.objects.count() == 1


def test_only_what_is_lacking_is_adopted(made, manager):
    mine = Control.objects.get(library_key="AC-001")
    later = set_up(plan(keys=[*BASE, "AI-006"], owners={}), actor=manager)
    assert [one.library_key for one in later.adopted] == ["AI-006"]
    assert later.present == len(BASE)
    assert Control.objects.get(library_key="AC-001").owner_id == mine.owner_id
    assert later.adopted[0].owner is None


def test_a_code_of_ones_own_is_left_alone(in_acme, manager):
    own = create_control(actor=manager, code="AC-001", title="Ours", cadence="yearly", in_scope_since=SINCE)
    set_up(plan(), actor=manager)
    assert Control.objects.get(code="AC-001") == own
    assert Control.objects.get(library_key="AC-001").code != "AC-001"


def test_a_period_that_is_there_is_taken_as_it_is(in_acme, manager):
    period = create_period(actor=manager, **(YEAR | {"name": "Ours"}))
    made = set_up(plan(period=period), actor=manager)
    assert (made.period, made.is_new) == (period, False)
    assert AuditPeriod.objects.count() == 1


def test_a_role_without_a_person_leaves_its_controls_without_an_owner(in_acme, manager, reviewer):
    set_up(plan(owners={"IT lead": str(person_of(reviewer).pk), "Security lead": ""}), actor=manager)
    assert {one.owner for one in Control.objects.filter(owner_role="IT lead")} == {person_of(reviewer)}
    assert {one.owner for one in Control.objects.exclude(owner_role="IT lead")} == {None}


def test_whoever_is_not_on_the_roster_yet_is_put_there(in_acme, manager):
    altered(person_of(manager), member=None, email="old@acme.example", email_key="old@acme.example")
    set_up(plan(), actor=manager)
    own = Person.objects.get(member=manager)
    assert (own.email, own.name) == (manager.email, manager.name)
    assert set(Control.objects.values_list("owner", flat=True)) == {own.pk}


def test_nothing_stays_of_what_is_refused(in_acme, manager, reviewer):
    gone = person_of(reviewer)
    mark_left(gone, actor=manager, left_on=dt.date(2026, 1, 1))
    with pytest.raises(ActionRefused, match="does not work here"):
        set_up(plan(owners={"IT lead": str(gone.pk)}), actor=manager)
    assert not Control.objects.exists()
    assert not AuditPeriod.objects.exists()


def test_who_may_not_change_controls_is_refused(in_acme, viewer):
    with pytest.raises(ActionRefused, match="role"):
        set_up(plan(), actor=viewer)


def test_sixty_controls_cost_no_more_queries_than_ten(in_acme, manager):
    costs = []
    for keys in (list(LIBRARY)[:10], list(LIBRARY)[10:70]):
        with CaptureQueriesContext(connection) as made:
            set_up(plan(keys=keys), actor=manager)
        costs.append(len(made))
    assert len(LIBRARY) >= 70
    assert costs[1] <= costs[0]
    assert costs[0] < 100, costs
