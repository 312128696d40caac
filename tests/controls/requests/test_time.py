"""What waits for whom, and whom the mail of the day reminds."""

import datetime as dt

import pytest

from audit.models import AuditEvent
from controls.models import AuditRequest
from controls.requests import actions
from controls.requests.giving import give_back
from controls.requests.inbox import waiting
from controls.requests.periodic import remind
from tests.controls.requests.helpers import fresh, submitted
from tests.inventory.snapshots.helpers import person_of
from workflow.models import OutboxMessage

DUE = dt.date(2026, 7, 19)


@pytest.fixture
def due(asked) -> AuditRequest:
    """The request, due on 19 July."""
    AuditRequest.objects.filter(pk=asked.pk).update(due_on=DUE)
    return fresh(asked)


def morning(day: dt.date, hour: int = 8) -> dt.datetime:
    """In New York, where acme is."""
    return dt.datetime(day.year, day.month, day.day, hour + 4, tzinfo=dt.UTC)


def mails() -> list[str]:
    return list(OutboxMessage.objects.filter(key__startswith="reminder:").order_by("id").values_list("subject", flat=True))


def test_it_waits_for_whoever_has_it_then_for_the_auditor_then_for_nobody(asked, employee, auditor):
    (mine,) = waiting(employee)
    assert (mine.title, mine.why, mine.overdue) == ("PBC-2: List of leavers", "it is with you", False)
    assert list(waiting(auditor)) == []
    submitted(asked, employee)
    assert list(waiting(employee)) == []
    (theirs,) = waiting(auditor)
    assert (theirs.title, theirs.count) == ("PBC-2 was submitted to you", 1)
    assert theirs.url.endswith("/controls/requests/?state=submitted")


def test_a_returned_one_says_so(asked, employee, auditor):
    give_back(submitted(asked, employee), actor=auditor, reason="More.")
    assert [entry.why for entry in waiting(employee)] == ["the auditor returned it to you"]


def test_what_is_with_nobody_waits_for_who_runs_the_list(period, manager, auditor, today):
    yesterday = today - dt.timedelta(days=1)
    for number in range(2):
        actions.raise_request(actor=auditor, title="A", reference=f"A-{number}", period=period, due_on=yesterday)
    (entry,) = waiting(manager)
    assert (entry.title, entry.overdue, entry.count) == ("A-0 and 1 more are with nobody", True, 2)


def test_one_without_a_day_is_not_late(period, manager, auditor, employee):
    actions.raise_request(actor=auditor, title="A", reference="A", period=period, assignee=person_of(employee))
    (entry,) = waiting(employee)
    assert (entry.due, entry.overdue) == (None, False)


@pytest.mark.parametrize(
    ("day", "subject"),
    [
        (dt.date(2026, 7, 11), None),
        (dt.date(2026, 7, 12), "Auditor's requests: 1 is due soon"),
        (dt.date(2026, 7, 18), "Auditor's requests: 1 is due soon"),
        (dt.date(2026, 7, 20), "Auditor's requests: 1 is overdue"),
    ],
)
def test_reminders_go_7_days_and_a_day_before_and_on_the_day_after(due, acme, day, subject):
    remind(acme, morning(day, 6))
    assert mails() == []
    for _ in range(2):
        remind(acme, morning(day))
    assert mails() == ([subject] if subject else [])
    reminded = AuditEvent.objects.filter(object_id=due.pk, verb="audit_request.remind")
    assert reminded.count() == (1 if subject else 0)


def test_each_week_it_is_late_and_not_between(due, acme):
    for days in range(1, 16):
        remind(acme, morning(DUE + dt.timedelta(days=days)))
    assert len(mails()) == 3


def test_nobody_is_reminded_of_what_waits_for_the_auditor(due, acme, employee):
    submitted(due, employee)
    remind(acme, morning(DUE + dt.timedelta(days=1)))
    assert mails() == []
