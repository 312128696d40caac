"""People by hand."""

import pytest

from audit.models import AuditEvent
from inventory.models import Person
from inventory.people.actions import (
    add_alias,
    create_person,
    edit_person,
    link_member,
    mark_back,
    mark_left,
    mark_on_leave,
    rehire,
)
from tests.inventory.snapshots.helpers import person_of
from ui.refusals import ActionRefused
from workflow.changes import change


@pytest.fixture
def ada(in_acme, manager):
    """Somebody."""
    return create_person(actor=manager, name="Ada Adams", email="ada@acme.example")


def test_a_change_shows_before_and_after(
    ada,
    manager,
):
    boss = person_of(manager)
    edit_person(ada, actor=manager, department="Finance", manager=boss)
    event = AuditEvent.objects.get(verb="person.edit")
    assert event.data["before"] == {"department": None, "manager": None}
    assert event.data["after"] == {"department": "Finance", "manager": boss.name}


def test_saving_without_a_change_records_nothing(ada, manager):
    edit_person(ada, actor=manager, name="Ada Adams")
    assert not AuditEvent.objects.filter(verb="person.edit").exists()


def test_a_circle_of_managers_is_refused(ada, manager):
    ben = create_person(actor=manager, name="Ben", email="ben@acme.example", manager=ada)
    cyd = create_person(actor=manager, name="Cyd", email="cyd@acme.example", manager=ben)
    for boss in (ada, ben, cyd):
        with pytest.raises(ActionRefused, match="circle") as refusal:
            edit_person(ada, actor=manager, manager=boss)
        assert refusal.value.field == "manager"


def test_leave_return_left_and_rehired_are_transitions(acme, ada, manager):
    mark_on_leave(ada, actor=manager)
    mark_back(ada, actor=manager)
    mark_left(ada, actor=manager, left_on=acme.today())
    with pytest.raises(ActionRefused, match="cannot be marked as on leave"):
        mark_on_leave(ada, actor=manager)
    rehire(ada, actor=manager, started_on=acme.today())
    verbs = list(AuditEvent.objects.filter(object_id=ada.pk).order_by("at").values_list("verb", flat=True))
    assert verbs == ["person.create", "person.pause", "person.return", "person.leave", "person.rehire"]


def test_a_last_day_before_the_first_is_refused(acme, ada, manager):
    edit_person(ada, actor=manager, started_on=acme.today())
    with pytest.raises(ActionRefused, match="before the first"):
        mark_left(Person.objects.get(pk=ada.pk), actor=manager, left_on=acme.today().replace(year=2001))


def test_an_alias_belongs_to_one_person(ada, manager):
    ben = create_person(actor=manager, name="Ben", email="ben@acme.example")
    add_alias(ada, actor=manager, key="ada.miller@acme.example")
    for key, sentence in (("ADA.Miller@acme.example", "somebody already"), ("ada@acme.example", "own address"), (" ", "Give")):
        with pytest.raises(ActionRefused, match=sentence):
            add_alias(ben, actor=manager, key=key)


def test_a_member_is_one_person(ada, manager, reviewer):
    with pytest.raises(ActionRefused, match="already"):
        link_member(ada, actor=manager, member=reviewer)
    link_member(person_of(reviewer), actor=manager, member=None)
    link_member(ada, actor=manager, member=reviewer)
    assert Person.objects.get(member=reviewer).pk == ada.pk
    with pytest.raises(ActionRefused, match="compliance manager"):
        link_member(ada, actor=reviewer, member=None)


def test_an_address_belongs_to_one_person_as_their_own_or_as_an_alias(ada, manager):
    add_alias(ada, actor=manager, key="miller@acme.example")
    for email, sentence in (("ADA@acme.example", "on the roster already"), ("miller@acme.example", "confirmed address of Ada")):
        with pytest.raises(ActionRefused, match=sentence) as refusal:
            create_person(actor=manager, name="Twin", email=email)
        assert refusal.value.field == "email"
    nameless = create_person(actor=manager, name="No Address")
    edit_person(nameless, actor=manager, title="Temp")


def test_a_planned_day_is_planned_once(acme, ada, manager):
    later = acme.today().replace(year=acme.today().year + 1, day=1)
    mark_left(ada, actor=manager, left_on=later)
    with pytest.raises(ActionRefused, match="planned already"):
        mark_left(Person.objects.get(pk=ada.pk), actor=manager, left_on=later)


def test_a_circle_that_is_there_already_is_named(ada, manager):
    ben = create_person(actor=manager, name="Ben", email="ben@acme.example", manager=ada)
    change(ada, "person.edit", actor=manager, fields={"manager": ben})
    with pytest.raises(ActionRefused, match="is a circle"):
        edit_person(create_person(actor=manager, name="Cyd"), actor=manager, manager=ben)


def test_a_link_that_is_there_already_is_said(ada, manager):
    with pytest.raises(ActionRefused, match="how it is already"):
        link_member(ada, actor=manager, member=None)


def test_changing_to_the_same_is_nothing(ada, manager):
    change(ada, "person.edit", actor=manager, fields={"name": "Ada Adams"})
    assert not AuditEvent.objects.filter(verb="person.edit").exists()


def test_nobody_changes_which_person_they_are_themselves(ada, manager):
    own = person_of(manager)
    for person, member in ((own, None), (ada, manager)):
        with pytest.raises(ActionRefused, match="ask another"):
            link_member(person, actor=manager, member=member)
    change(own, "person.link_member", actor=manager, fields={"member": None})
    with pytest.raises(ActionRefused, match="ask another"):
        link_member(ada, actor=manager, member=manager)
    link_member(Person.objects.get(pk=own.pk), actor=manager, member=manager)
    assert person_of(manager).pk == own.pk
