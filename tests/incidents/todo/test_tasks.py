"""Tasks have an owner and a day; what is grave closes only with a preventive measure."""

import datetime as dt

import pytest

from incidents.lifecycle import actions as lifecycle
from incidents.lifecycle.ending import needed
from incidents.models import Incident, IncidentTask
from incidents.reporting.actions import open_incident
from incidents.rights import may_see, visible_to
from incidents.todo.actions import add_task, cancel_task, edit_task, finish_task, reopen_task
from incidents.todo.inbox import REMINDING, remind, waiting
from tenancy.models import Organization
from ui.refusals import ActionRefused
from workflow.digests import latest_milestone
from workflow.models import OutboxMessage

pytestmark = pytest.mark.usefixtures("in_acme")
MEASURE = "Give somebody a preventive measure with a date."


@pytest.fixture
def today(acme: Organization) -> dt.date:
    return acme.today()


@pytest.fixture
def incident(in_acme, manager) -> Incident:
    return open_incident(actor=manager, title="Database down", kind="availability", severity="high")


def test_a_preventive_measure_is_what_closing_needs(incident, manager, reviewer, today):
    assert MEASURE in list(needed(incident))
    add_task(incident, actor=manager, title="Look at the logs", owner=reviewer, due_on=today)
    assert MEASURE in list(needed(incident))
    measure = add_task(incident, actor=manager, title="Alarm on full disks", owner=reviewer, due_on=today, kind="preventive")
    assert MEASURE not in list(needed(incident))
    cancel_task(measure, actor=manager, reason="Another one does it")
    assert MEASURE in list(needed(incident))


def test_whoever_has_a_task_is_told_sees_the_incident_and_finishes_it(incident, manager, employee, today):
    assert not visible_to(employee).filter(pk=incident.pk).exists()
    task = add_task(incident, actor=manager, title="Call the provider", owner=employee, due_on=today)
    assert visible_to(employee).filter(pk=incident.pk).exists()
    mail = OutboxMessage.objects.get(to=employee.email)
    assert (mail.subject, "Call the provider" in mail.text) == (f"{incident.reference} has a task for you: Database down", True)
    (entry,) = waiting(employee)
    assert (entry.title, entry.due, entry.overdue) == (f"{incident.reference}: Call the provider", today, False)
    finish_task(task, actor=employee, outcome="They know")
    assert (task.refreshed().status, task.refreshed().ended_by_id, list(waiting(employee))) == ("done", employee.pk, [])
    reopen_task(task, actor=manager, reason="They forgot")
    assert (task.refreshed().status, task.refreshed().ended_at) == ("open", None)
    said = " | ".join(incident.entries.order_by("recorded_at").values_list("text", flat=True))
    for words in ("Task for Employee Acme", "Done: Call the provider", "To be done again: Call the provider"):
        assert words in said


def test_on_a_confidential_one_only_its_team_gets_tasks_and_no_mail_names_them(manager, approver, today):
    secret = open_incident(actor=manager, title="An insider", confidential=True, severity="high")
    with pytest.raises(ActionRefused, match="into its team first") as refusal:
        add_task(secret, actor=manager, title="Keep the laptop", owner=approver, due_on=today)
    assert refusal.value.field == "owner"
    lifecycle.add_to_team(secret, member=approver, actor=manager)
    add_task(secret, actor=manager, title="Keep the laptop", owner=approver, due_on=today)
    assert may_see(approver, secret)
    (entry,) = waiting(approver)
    assert entry.title == f"A task of {secret.reference}, which is confidential"
    mails = OutboxMessage.objects.filter(to=approver.email)
    assert not any("insider" in one.subject + one.text or "laptop" in one.subject + one.text for one in mails)


def test_a_task_has_a_day_to_come_and_a_title_and_is_changed_while_it_is_open(incident, manager, reviewer, today):
    with pytest.raises(ActionRefused, match="over"):
        add_task(incident, actor=manager, title="Late", owner=reviewer, due_on=today - dt.timedelta(days=1))
    with pytest.raises(ActionRefused, match="Say what"):
        add_task(incident, actor=manager, title=" ", owner=reviewer, due_on=today)
    task = add_task(incident, actor=manager, title="Look", owner=reviewer, due_on=today)
    edit_task(task, actor=manager, owner=manager, due_on=today + dt.timedelta(days=3))
    assert (task.refreshed().owner_id, task.refreshed().due_on) == (manager.pk, today + dt.timedelta(days=3))
    finish_task(task, actor=manager)
    with pytest.raises(ActionRefused, match="done"):
        edit_task(task.refreshed(), actor=manager, title="Look again")


def test_who_has_no_part_in_it_gives_out_nothing(incident, reviewer, today):
    with pytest.raises(ActionRefused, match="who work on the incident"):
        add_task(incident, actor=reviewer, title="Look", owner=reviewer, due_on=today)


def test_whoever_is_late_is_reminded_once_a_day(acme, incident, manager, reviewer, today):
    task = add_task(incident, actor=manager, title="Look", owner=reviewer, due_on=today)
    morning = dt.datetime.combine(today + dt.timedelta(days=1), dt.time(8), acme.tzinfo)
    remind(acme, morning.replace(hour=6))
    assert not OutboxMessage.objects.filter(to=reviewer.email, key__startswith="reminder").exists()
    remind(acme, morning)
    remind(acme, morning)
    (mail,) = OutboxMessage.objects.filter(to=reviewer.email, key__startswith="reminder")
    assert mail.subject == "Tasks of incidents: 1 is overdue"
    assert IncidentTask.objects.get(pk=task.pk).is_late(morning.date())


def test_reminders_come_the_day_before_the_day_after_and_weekly():
    due = dt.date(2026, 3, 10)
    days = {day: latest_milestone(due, dt.date(2026, 3, day), REMINDING.before) for day in (9, 10, 11, 17, 18, 24, 25)}
    assert days == {day: due.replace(day=told) for day, told in {9: 9, 10: 9, 11: 11, 17: 11, 18: 18, 24: 18, 25: 25}.items()}
