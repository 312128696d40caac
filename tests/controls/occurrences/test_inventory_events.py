import datetime as dt

import pytest

from controls.models import Occurrence
from controls.models.control import Cadence
from controls.occurrences.actions import did_not_occur, perform
from controls.occurrences.events import kinds
from controls.occurrences.inventory_events import access_grants, joiners, leavers
from controls.occurrences.layout import lay_out
from inventory.formats.mapping import Mapping
from inventory.models import Person
from inventory.people.actions import mark_left, rehire
from tests.controls.occurrences.made import make_control, make_period
from tests.inventory.snapshots import helpers
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("in_acme", "on")
YEAR = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def labels(found):
    return sorted(one.label for one in found)


@pytest.fixture
def ada(manager, reviewer):
    """The reviewer's person, hired on 5 January and gone on 3 April."""
    person = Person.objects.get(member=reviewer)
    Person.objects.filter(pk=person.pk).update(started_on=dt.date(2026, 1, 5))
    person.refresh_from_db()
    mark_left(person, actor=manager, left_on=dt.date(2026, 4, 3))
    return person


def test_who_came_and_who_went(ada):
    assert labels(joiners(*YEAR)) == ["Reviewer Acme, first day 5 January 2026"]
    assert labels(leavers(*YEAR)) == ["Reviewer Acme, last day 3 April 2026"]
    assert labels(leavers(dt.date(2026, 4, 4), YEAR[1])) == []


def test_a_rehire_forgets_no_earlier_employment(ada, manager):
    rehire(ada, actor=manager, started_on=dt.date(2026, 5, 4))
    assert labels(joiners(*YEAR)) == ["Reviewer Acme, first day 4 May 2026", "Reviewer Acme, first day 5 January 2026"]
    assert labels(leavers(*YEAR)) == ["Reviewer Acme, last day 3 April 2026"]
    mark_left(ada.refreshed(), actor=manager, left_on=dt.date(2026, 5, 15))
    assert len({one.key for one in leavers(*YEAR)}) == 2


def test_a_control_over_leavers_expects_each_and_goes_on_expecting_after_a_rehire(ada, manager):
    make_period(manager, *YEAR)
    control = make_control(manager, cadence=Cadence.PER_EVENT, population="leavers")
    row = Occurrence.objects.get(kind="event")
    assert (row.subject_id, row.due_on) == (ada.pk, dt.date(2026, 4, 6))
    rehire(ada, actor=manager, started_on=dt.date(2026, 5, 4))
    assert not lay_out([control.pk], actor=manager).withdrawn
    assert row.refreshed().status == "open"


def test_nobody_states_that_nobody_left_when_somebody_did(manager, reviewer, on):
    make_period(manager, *YEAR)
    make_control(manager, cadence=Cadence.PER_EVENT, population="leavers")
    statement = Occurrence.objects.get(kind="statement")
    with pytest.raises(ActionRefused, match="Nothing occurred that the control works on"):
        perform(statement, actor=manager, performed_on=dt.date(2026, 4, 2))
    mark_left(Person.objects.get(member=reviewer), actor=manager, left_on=dt.date(2026, 2, 3))
    with pytest.raises(ActionRefused, match="There was something: Reviewer Acme, last day 3 February 2026"):
        did_not_occur(statement, actor=manager, statement="Nobody left.")


def test_access_is_granted_once_however_many_imports_list_it(manager):
    system = helpers.make_system(manager, "Billing")
    columns = {**helpers.MAPPING.columns, "granted_at": "Last login"}
    mapping = Mapping(columns={name: column for name, column in columns.items() if name != "last_used_at"})
    row = "U1,ada,ada@acme.example,Admin,Ledger,active,2026-02-03 15:00,yes"
    for _ in range(2):
        helpers.population(system, manager, row, mapping=mapping)
    (event,) = access_grants(*YEAR)
    assert (event.on, event.label) == (dt.date(2026, 2, 3), "ada: Admin Ledger in Billing, 3 February 2026")
    assert list(access_grants(dt.date(2026, 2, 4), YEAR[1])) == []


def test_the_kinds_are_offered_by_name():
    assert ("joiners", "Joiners") in kinds()
    assert ("vendors", "Vendors") in kinds()
