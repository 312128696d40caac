import datetime as dt

import pytest

from audit.models import AuditEvent
from controls.models import Occurrence
from controls.models.control import Cadence
from controls.occurrences.actions import not_applicable
from controls.occurrences.reminders import reminder_day, send_reminders
from inventory.models import Person
from tests.controls.occurrences.made import make_control, make_period
from workflow.models import OutboxMessage

pytestmark = pytest.mark.usefixtures("in_acme")


def day(text):
    return dt.date.fromisoformat(text)


@pytest.fixture
def at(acme, on):
    """`at("2026-06-23")`: the schedule's turn at nine in the morning of that day."""

    def turn(text, hour=9):
        on(text)
        send_reminders(acme, dt.datetime.combine(day(text), dt.time(hour), acme.tzinfo))

    return turn


@pytest.fixture
def quarterly(manager, employee, on):
    """A quarterly control of the employee; its first quarter is excused."""
    make_period(manager, day("2026-01-01"), day("2026-12-31"))
    control = make_control(manager, cadence=Cadence.QUARTERLY, owner=Person.objects.get(member=employee))
    not_applicable(Occurrence.objects.get(key="2026-Q1"), actor=manager, reason="Before the product.")
    return control


def subjects(member):
    return list(OutboxMessage.objects.filter(to=member.email).order_by("created_at").values_list("subject", flat=True))


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2026-06-22", None),
        ("2026-06-23", "2026-06-23"),
        ("2026-06-28", "2026-06-23"),
        ("2026-06-29", "2026-06-29"),
        ("2026-06-30", "2026-06-29"),
        ("2026-07-01", "2026-07-01"),
        ("2026-07-07", "2026-07-01"),
        ("2026-07-08", "2026-07-08"),
        ("2026-08-01", "2026-07-29"),
    ],
)
def test_the_days_of_reminders(today, expected):
    assert reminder_day(day("2026-05-31"), day("2026-06-30"), day(today)) == (day(expected) if expected else None)


def test_nobody_is_reminded_of_what_is_not_asked_for_yet():
    assert reminder_day(day("2026-06-30"), day("2026-06-30"), day("2026-06-29")) is None


def test_owners_are_written_to_before_it_is_due_and_each_week_after(at, employee, quarterly):
    for text in ("2026-06-22", "2026-06-23", "2026-06-24", "2026-06-29", "2026-06-30", "2026-07-01", "2026-07-02", "2026-07-08"):
        at(text)
    assert subjects(employee) == [
        "Controls: 1 occurrence is due soon",
        "Controls: 1 occurrence is due soon",
        "Controls: 1 occurrence is overdue",
        "Controls: 1 occurrence is overdue",
    ]


def test_the_mail_says_what_waits_and_leads_there(at, employee, quarterly):
    at("2026-06-23")
    text = OutboxMessage.objects.get(to=employee.email).text
    row = Occurrence.objects.get(key="2026-Q2")
    assert "- AC-001 Access is reviewed: Q2 2026. Due 30 June." in text
    assert f"/o/acme/controls/occurrences/{row.pk}/" in text


def test_not_before_seven_and_once_a_day(at, employee, quarterly):
    at("2026-06-23", hour=6)
    assert subjects(employee) == []
    at("2026-06-23", hour=7)
    at("2026-06-23", hour=8)
    assert len(subjects(employee)) == 1


def test_a_host_that_was_down_makes_up_for_it_once(at, employee, quarterly):
    at("2026-06-26")
    at("2026-06-27")
    assert len(subjects(employee)) == 1


def test_the_controls_say_who_was_reminded(at, employee, quarterly):
    at("2026-06-23")
    event = AuditEvent.objects.get(verb="control.remind")
    assert event.object_id == quarterly.pk
    assert event.data["metadata"] == {"day": "2026-06-23", "reminded": [employee.email]}


def test_who_cannot_enter_is_not_written_to(at, employee, quarterly):
    employee.user.is_active = False
    employee.user.save()
    at("2026-06-23")
    assert subjects(employee) == []
