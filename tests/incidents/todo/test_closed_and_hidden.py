"""What closing needed stays; and tasks of what somebody no longer sees are told to nobody."""

import datetime as dt

import pytest

from incidents.lifecycle import actions as lifecycle
from incidents.models import Incident, IncidentMember
from incidents.todo.actions import add_task, cancel_task, edit_task
from incidents.todo.inbox import remind, waiting
from tenancy.models import current_organization
from tenancy.scope import now
from tests.incidents.making import an_incident
from ui.refusals import ActionRefused
from workflow.absences.actions import set_absence
from workflow.inbox import inbox_of
from workflow.models import OutboxMessage

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def today(in_acme) -> dt.date:
    return current_organization().today()


@pytest.fixture
def incident(manager) -> Incident:
    return an_incident(manager, severity="high")


def test_the_measure_that_closing_needed_stays_after_closing(incident, manager, reviewer, approver, today):
    lifecycle.resolve(incident, actor=manager, resolution="Moved.", root_cause="One provider.")
    task = add_task(incident, actor=manager, title="A second provider", owner=reviewer, due_on=today, kind="preventive")
    Incident.objects.filter(pk=incident.pk).update(status="closed", closed_at=now())
    for change in (
        lambda: cancel_task(task, actor=manager, reason="Too dear."),
        lambda: edit_task(task, actor=manager, kind="task"),
    ):
        with pytest.raises(ActionRefused, match="the only preventive measure"):
            change()
    other = add_task(incident, actor=manager, title="A shorter cache", owner=reviewer, due_on=today, kind="preventive")
    cancel_task(task, actor=manager, reason="The other one does.")
    with pytest.raises(ActionRefused, match="the only preventive measure"):
        cancel_task(other, actor=manager, reason="None then.")


def test_nobody_is_reminded_of_what_they_no_longer_see_and_no_deputy_is_told(incident, manager, reviewer, approver, today):
    acme = current_organization()
    add_task(incident, actor=manager, title="Look", owner=reviewer, due_on=today)
    set_absence(actor=reviewer, member=reviewer, starts_on=today, ends_on=today, deputy=approver)
    assert any("Look" in one.title for one in inbox_of(approver))
    Incident.objects.filter(pk=incident.pk).update(confidential=True)
    IncidentMember.objects.get_or_create(incident=incident, member=reviewer, defaults={"added_at": now()})
    assert [one.title for one in waiting(reviewer)] == [f"A task of {incident.reference}, which is confidential"]
    assert not any(incident.reference in one.title for one in inbox_of(approver))
    IncidentMember.objects.filter(incident=incident).delete()
    remind(acme, dt.datetime.combine(today + dt.timedelta(days=1), dt.time(8), acme.tzinfo))
    assert not OutboxMessage.objects.filter(to=reviewer.email, key__startswith="reminder").exists()
