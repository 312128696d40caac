"""The yearly fail-over: it is asked for by itself, of whoever may record it, and the page says when the next is due."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import AuditEvent
from monitoring.models import RecoveryTest
from monitoring.recovery.actions import record_test
from monitoring.recovery.failover import failover_on, remind
from tenancy.models import Organization
from tenancy.scope import tenant
from ui.values import spelled
from workflow.inbox import InboxEntry, inbox_of
from workflow.models import OutboxMessage

BASE = "/o/acme/monitoring/recovery/"
DAY = dt.timedelta(days=1)
PASSED: dict[str, Any] = {
    "kind": "failover", "what": "The whole service", "system": None, "works": True, "rto_target_minutes": 60, "rto_minutes": 20,
    "rpo_target_minutes": 5, "rpo_minutes": 0, "notes": "",
}  # fmt: skip


def recorded(actor: Any, on: dt.date, **facts: Any) -> RecoveryTest:
    """A fail-over that passed, unless other facts are given."""
    return record_test(actor=actor, uploads=[SimpleUploadedFile("log.txt", b"over")], tested_on=on, **PASSED | facts)


def asked(member: Any) -> list[InboxEntry]:
    """What waits for a member about recovery."""
    return [one for one in inbox_of(member) if one.url == BASE]


def morning(organization: Organization, day: dt.date, hour: int = 8) -> dt.datetime:
    """An hour of a day where the organization lives."""
    return dt.datetime.combine(day, dt.time(hour), organization.tzinfo)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (0, (False, False, "Tested", "ok")),
        (335, (False, False, "Tested", "ok")),
        (336, (True, False, "Due soon", "warn")),
        (365, (True, False, "Due soon", "warn")),
        (366, (True, True, "Overdue", "bad")),
    ],
)
@pytest.mark.usefixtures("in_acme")
def test_it_is_asked_for_after_335_days_and_late_after_365(acme, manager, age, expected):
    today, (waits, overdue, _, _) = acme.today(), expected
    test = recorded(manager, today - age * DAY)
    found = failover_on(today)
    assert (found.asked_for, found.overdue, found.badge.label, found.badge.tone) == expected
    assert found.due_on == test.tested_on + 365 * DAY
    assert [(one.due, one.overdue) for one in asked(manager)] == ([(found.due_on, overdue)] if waits else [])


def test_one_that_failed_does_not_count(acme, manager, in_acme):
    today = acme.today()
    passed = recorded(manager, today - 340 * DAY)
    recorded(manager, today - 3 * DAY, rto_minutes=90)
    (entry,) = asked(manager)
    assert (entry.title, passed.reference in entry.why) == ("Test the yearly fail-over", True)
    recorded(manager, today)
    assert asked(manager) == []


def test_another_kind_of_recovery_does_not_count(acme, manager, in_acme):
    recorded(manager, acme.today() - 340 * DAY)
    recorded(manager, acme.today(), kind="restore")
    assert len(asked(manager)) == 1


def test_while_none_was_tested_that_is_said_and_never_green(acme, manager, in_acme):
    today = acme.today()
    nothing = failover_on(today)
    assert (nothing.words, nothing.badge.tone, nothing.asked_for) == ("No fail-over was tested yet.", "warn", False)
    assert asked(manager) == []
    recorded(manager, today - 10 * DAY, kind="restore")
    recorded(manager, today, kind="point")
    (entry,) = asked(manager)
    assert (entry.title, entry.due, entry.overdue) == ("No fail-over was tested yet", today + 355 * DAY, False)
    found = failover_on(today)
    assert found.badge.tone == "warn"
    due = spelled(today + 355 * DAY)
    assert found.words == f"No fail-over was tested yet; one is due by {due}, a year after the first recovery test."
    recorded(manager, today, works=False, rto_minutes=None)
    found = failover_on(today)
    assert (found.title, found.badge.label, found.badge.tone) == ("No fail-over has passed yet", "Failed", "warn")


def test_without_any_for_a_year_it_is_overdue(acme, manager, in_acme):
    recorded(manager, acme.today() - 366 * DAY, kind="restore")
    (entry,) = asked(manager)
    assert entry.overdue
    assert "was due by" in failover_on(acme.today()).words


def test_it_waits_for_those_who_may_record_it_only(acme, cast, in_acme):
    recorded(cast.manager, acme.today() - 400 * DAY)
    assert [len(asked(one)) for one in (cast.manager, cast.administrator, cast.viewer, cast.auditor)] == [1, 1, 0, 0]


def test_another_organization_is_not_asked(acme, globex, manager, cast):
    with tenant(acme):
        recorded(manager, acme.today() - 400 * DAY)
    other = cast.of("globex", "manager")
    with tenant(globex):
        assert failover_on(globex.today()).due_on is None
        assert [one for one in inbox_of(other) if "fail-over" in one.title] == []


def test_the_page_says_when_the_next_is_due(acme, manager, viewer, client_of):
    client = client_of(viewer)
    assert "No fail-over was tested yet." in client.get(BASE).content.decode()
    with tenant(acme):
        test = recorded(manager, acme.today() - 100 * DAY)
    page = client.get(BASE).content.decode()
    due = spelled(acme.today() + 265 * DAY)
    assert f"The next fail-over is due by {due}, a year after {test.reference}, the last that passed." in page
    assert "Test the yearly fail-over" not in client_of(manager).get("/o/acme/").content.decode()


def test_my_work_names_it(acme, manager, client_of):
    with tenant(acme):
        recorded(manager, acme.today() - 340 * DAY)
    assert "Test the yearly fail-over" in client_of(manager).get("/o/acme/").content.decode()


def test_people_are_reminded_by_mail_in_time_and_then_each_week(acme, manager, in_acme):
    first = dt.date(2026, 1, 5)
    test = recorded(manager, first)
    due, written = first + 365 * DAY, []
    for days in range(-40, 17):
        before = OutboxMessage.objects.filter(to=manager.email, subject__startswith="Fail-over").count()
        remind(acme, morning(acme, due + days * DAY, hour=6))
        remind(acme, morning(acme, due + days * DAY))
        remind(acme, morning(acme, due + days * DAY, hour=15))
        if OutboxMessage.objects.filter(to=manager.email, subject__startswith="Fail-over").count() > before:
            written.append(days)
    assert written == [-29, -7, -1, 1, 8, 15]
    events = AuditEvent.objects.filter(verb="recovery_test.remind")
    assert {one.object_id for one in events} == {test.pk}
    assert events.count() == len(written)  # one event, however many people are written to
    subjects = OutboxMessage.objects.filter(to=manager.email).order_by("created_at").values_list("subject", flat=True)
    assert (subjects[0], subjects[len(written) - 1]) == ("Fail-over: 1 is due soon", "Fail-over: 1 is overdue")


def test_nobody_is_reminded_while_it_is_fresh_or_nothing_was_ever_tested(acme, manager, in_acme):
    remind(acme, morning(acme, acme.today()))
    recorded(manager, acme.today())
    remind(acme, morning(acme, acme.today()))
    assert not OutboxMessage.objects.filter(subject__startswith="Fail-over").exists()


def test_the_schedule_asks():
    from workflow.schedule import periodic_names

    assert "monitoring.remind_of_failover" in periodic_names()
