"""Changes are raised with a title, and edited by those whose they are."""

import pytest
from django.core.exceptions import ValidationError

from audit.models import AuditEvent
from changes.drafting.actions import create_change, edit_change
from changes.drafting.stale import Stale
from changes.models import Change
from tests.changes.drafting.test_risk import HARMLESS
from tests.inventory.snapshots.helpers import make_system
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("in_acme")


def test_a_title_is_enough(employee):
    change = create_change(actor=employee, title=" Move the queue ")
    assert (change.title, change.status, change.risk, change.type) == ("Move the queue", "draft", "", "normal")
    assert change.reference == f"CHG-{change.raised_at.year}-0001"
    assert (change.raised_by, change.requester.member) == (employee, employee)
    event = AuditEvent.objects.latest("at")
    assert (event.verb, event.object_id) == ("change.raise", change.pk)


def test_an_auditor_raises_none(auditor):
    with pytest.raises(ActionRefused):
        create_change(actor=auditor, title="Move the queue")


def test_a_title_is_needed(employee):
    with pytest.raises(ValidationError):
        create_change(actor=employee, title=" ")


def test_answers_give_the_level_when_raised_and_when_edited(employee):
    change = create_change(actor=employee, title="Move the queue", answers=HARMLESS)
    assert change.risk == "low"
    change = edit_change(change, actor=employee, answers={**HARMLESS, "reach": "all"})
    assert change.risk == "high"
    told = AuditEvent.objects.latest("at").data
    assert told["before"] == {"answers": ["Who notices if it goes wrong? Nobody outside the team"]}
    assert told["after"] == {"answers": ["Who notices if it goes wrong? Most or all customers"]}


def test_systems_and_links_are_kept_and_told(employee, manager):
    okta = make_system(manager, "Okta")
    link = ("ticket", "https://tickets.example/7", "OPS-7")
    change = create_change(actor=employee, title="Move the queue", systems=[okta], links=[link])
    changed = edit_change(change, actor=employee, systems=[], links=[], title="Move it")
    assert (changed.title, changed.systems.count(), changed.links.count()) == ("Move it", 0, 0)
    event = AuditEvent.objects.latest("at")
    assert (event.verb, event.data["before"]["systems"], event.data["after"]["systems"]) == ("change.save", ["Okta"], [])


def test_nothing_is_recorded_when_nothing_differs(employee):
    change = create_change(actor=employee, title="Move the queue")
    before = AuditEvent.objects.count()
    assert edit_change(change, actor=employee, title="Move the queue").edited_at == change.edited_at
    assert AuditEvent.objects.count() == before


def test_another_employee_does_not_edit_it(employee, reviewer):
    change = create_change(actor=employee, title="Move the queue")
    with pytest.raises(ActionRefused):
        edit_change(change, actor=reviewer, title="Mine")


def test_who_runs_changes_edits_it(employee, administrator):
    change = create_change(actor=employee, title="Move the queue")
    assert edit_change(change, actor=administrator, title="Move it").title == "Move it"


def test_a_stale_form_is_refused_with_the_difference_and_saves_nothing(employee, manager):
    change = create_change(actor=employee, title="Move the queue")
    edit_change(change, actor=manager, title="Move the queue to another region")
    with pytest.raises(Stale) as refused:
        edit_change(change, actor=employee, edited_at=change.edited_at, title="Move the queues", impact="Nobody")
    told = [(one.label, one.now, one.given) for one in refused.value.differences]
    assert told == [
        ("Title", "Move the queue to another region", "Move the queues"),
        ("Who notices, and how", None, "Nobody"),
    ]
    assert Change.objects.get(pk=change.pk).impact == ""


def test_a_stale_form_that_says_the_same_is_no_conflict(employee, manager):
    change = create_change(actor=employee, title="Move the queue")
    edit_change(change, actor=manager, title="Move it")
    assert edit_change(change, actor=employee, edited_at=change.edited_at, title="Move it").title == "Move it"


def test_a_field_that_is_none_is_a_mistake_of_the_caller(employee):
    with pytest.raises(TypeError):
        create_change(actor=employee, title="Move the queue", status="approved")
