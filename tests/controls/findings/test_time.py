"""What findings do by themselves: acceptances end, and whoever a finding is with is reminded."""

import datetime as dt

import pytest

from audit.models import AuditEvent
from controls.findings.actions import accept
from controls.findings.inbox import waiting
from controls.findings.periodic import REMINDING, end_acceptances, remind
from controls.models import Finding
from tests.controls.findings.test_actions import handed_in
from workflow.digests import latest_milestone
from workflow.models import OutboxMessage

DUE = dt.date(2026, 7, 19)


@pytest.fixture
def due(finding) -> Finding:
    """The finding, due on 19 July."""
    Finding.objects.filter(pk=finding.pk).update(due_on=DUE)
    return Finding.objects.get(pk=finding.pk)


def morning(day: dt.date, hour: int = 8) -> dt.datetime:
    """In New York, where acme is."""
    return dt.datetime(day.year, day.month, day.day, hour + 4, tzinfo=dt.UTC)


def test_an_acceptance_ends_once_the_day_after_its_end(finding, approver, acme, today):
    until = today + dt.timedelta(days=10)
    accept(finding, actor=approver, reason="Small.", until=until)
    end_acceptances(acme, morning(until))
    assert Finding.objects.get(pk=finding.pk).status == "accepted"
    for _ in range(2):
        end_acceptances(acme, morning(until + dt.timedelta(days=1)))
    again = Finding.objects.get(pk=finding.pk)
    assert (again.status, again.times_reopened, again.due_on) == ("open", 1, finding.due_on)
    event = AuditEvent.objects.get(object_id=finding.pk, verb="finding.lapse")
    assert event.actor_name == "Plumbline (schedule)"


@pytest.mark.parametrize(
    ("day", "milestone"),
    [
        (dt.date(2026, 7, 11), None),
        (dt.date(2026, 7, 12), dt.date(2026, 7, 12)),
        (dt.date(2026, 7, 17), dt.date(2026, 7, 12)),
        (dt.date(2026, 7, 18), dt.date(2026, 7, 18)),
        (dt.date(2026, 7, 19), dt.date(2026, 7, 18)),
        (dt.date(2026, 7, 20), dt.date(2026, 7, 20)),
        (dt.date(2026, 7, 26), dt.date(2026, 7, 20)),
        (dt.date(2026, 7, 27), dt.date(2026, 7, 27)),
    ],
)
def test_milestones(day, milestone):
    assert latest_milestone(DUE, day, REMINDING.before) == milestone


def mails() -> list[str]:
    return list(OutboxMessage.objects.filter(key__startswith="reminder:").order_by("id").values_list("subject", flat=True))


def test_one_mail_for_each_milestone_however_often_it_is_asked(due, acme):
    remind(acme, morning(dt.date(2026, 7, 1)))
    assert mails() == []
    for day in (12, 13, 14):
        remind(acme, morning(dt.date(2026, 7, day)))
    assert mails() == ["Findings: 1 is due soon"]
    remind(acme, morning(dt.date(2026, 7, 20), hour=6))
    assert len(mails()) == 1
    for day in (20, 21, 27):
        remind(acme, morning(dt.date(2026, 7, day)))
    assert mails()[1:] == ["Findings: 1 is overdue"] * 2


def test_a_host_that_was_down_makes_up_with_one_mail(due, acme):
    for day in (16, 17):
        remind(acme, morning(dt.date(2026, 7, day)))
    assert mails() == ["Findings: 1 is due soon"]


def test_nobody_is_reminded_of_what_waits_for_its_retest(due, employee, acme):
    handed_in(due, employee)
    remind(acme, morning(dt.date(2026, 7, 12)))
    assert mails() == []


def test_the_inbox_names_it_for_its_owner_then_for_those_who_retest(finding, employee, reviewer, manager):
    assert [entry.title for entry in waiting(employee)] == [f"{finding}: The second quarter was not reviewed"]
    assert [entry.title for entry in waiting(reviewer)] == []
    handed_in(finding, employee)
    assert list(waiting(employee)) == []
    assert [entry.title for entry in waiting(reviewer)] == [f"{finding.reference} waits for its retest"]
    assert [entry.title for entry in waiting(manager)] == [f"{finding.reference} waits for its retest"]


def test_what_nobody_has_is_with_those_who_run_findings(finding, manager, reviewer):
    Finding.objects.filter(pk=finding.pk).update(owner=None)
    assert [entry.title for entry in waiting(manager)] == [f"{finding.reference} is with nobody"]
    assert list(waiting(reviewer)) == []
