"""What changes do by themselves, and what of them waits for whom."""

import datetime as dt

import pytest

from changes.approving.choices import chosen
from changes.drafting.named_views import Views
from changes.lifecycle import actions
from changes.lifecycle.inbox import waiting
from changes.lifecycle.periodic import REMINDING, expire, raise_unwritten, remind
from changes.lifecycle.ratio import months
from changes.models import Change
from changes.rights import visible_to
from controls.models import Finding
from inventory.models import System
from tenancy.scope import now
from tests.changes.making import a_draft, a_system, approved, person_of, submitted
from workflow.digests import latest_milestone
from workflow.models import OutboxMessage

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def billing(in_acme, manager) -> System:
    return a_system(manager)


@pytest.fixture
def carried_out_first(billing, employee, manager) -> Change:
    """An emergency that nobody approved in writing yet."""
    change = a_draft(employee, [billing], type="emergency")
    actions.record_agreement(change, actor=employee, agreed_by=person_of(manager), reason="Nobody could pay.")
    return actions.implement_first(change, actor=employee)


def titles(member) -> list[str]:
    return [entry.title.partition(": ")[2] for entry in waiting(member)]


def test_an_approval_that_is_not_used_ends(acme, billing, employee, approver):
    change = approved(employee, approver, [billing])
    later = now() + dt.timedelta(days=chosen().approval_days, hours=1)
    expire(acme, now())
    assert Change.objects.get(pk=change.pk).status == "approved"
    expire(acme, later)
    expire(acme, later)
    change.refresh_from_db()
    assert change.status == "submitted"
    assert [one.status for one in change.approvals.all()] == ["void"]
    assert OutboxMessage.objects.filter(key__startswith=f"change:{change.pk}:void").count() == 2  # who asked, who had approved


def test_an_emergency_without_its_approval_in_writing_becomes_one_finding(acme, carried_out_first, approver):
    raise_unwritten(acme, now())
    assert not Finding.objects.exists()
    for _ in range(2):
        raise_unwritten(acme, now() + dt.timedelta(days=5))
    assert [one.link for one in Finding.objects.all()] == [carried_out_first.get_absolute_url()]
    carried_out_first.refresh_from_db()
    actions.approve(carried_out_first, actor=approver, content_hash=carried_out_first.content_hash)
    raise_unwritten(acme, now() + dt.timedelta(days=5))
    assert Finding.objects.count() == 1


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-11-20T15:00:00-05:00", "2026-11-23T23:59:59-05:00"),  # a Friday: the Monday after
        ("2026-11-22T04:00:00+00:00", "2026-11-23T23:59:59-05:00"),  # Saturday where the organization lives
        ("2026-11-24T23:30:00-05:00", "2026-11-25T23:59:59-05:00"),
    ],
)
def test_the_approval_in_writing_is_due_by_the_end_of_the_next_business_day_there(at, due):
    assert actions.written_due(dt.datetime.fromisoformat(at)) == dt.datetime.fromisoformat(due)


def test_each_has_what_waits_for_them(billing, cast):
    change = submitted(cast.employee, [billing])
    assert titles(cast.approver) == ["Larger database waits for your approval"]
    assert titles(cast.employee) == []
    assert titles(cast.auditor) == []
    actions.approve(change, actor=cast.approver, content_hash=change.content_hash)
    assert titles(cast.approver) == []
    assert titles(cast.employee) == ["Larger database is to be carried out"]
    actions.implement(change, actor=cast.employee)
    assert titles(cast.employee) == ["Larger database is to be reviewed"]
    actions.review(change, actor=cast.employee, outcome="as_planned", effect="Faster.")
    assert titles(cast.employee) == ["Larger database is to be closed"]
    actions.close(change, actor=cast.employee)
    assert titles(cast.employee) == []


def test_an_emergency_waits_for_its_approval_before_its_review(carried_out_first, approver, employee):
    assert titles(approver) == ["Larger database waits for your approval in writing"]
    assert titles(employee) == []
    actions.approve(carried_out_first, actor=approver, content_hash=carried_out_first.content_hash)
    assert titles(employee) == []  # who asked for an emergency does not review it: those who run changes do
    assert titles(carried_out_first.agreed_by.member) == ["Larger database is to be reviewed"]


def test_a_rejection_waits_for_whoever_asked(billing, employee, approver):
    change = submitted(employee, [billing])
    actions.reject(change, actor=approver, content_hash=change.content_hash, reason="Not in December.")
    assert titles(employee) == ["Larger database was rejected"]


def test_what_waits_is_asked_in_few_queries(billing, cast, django_assert_max_num_queries):
    for _ in range(3):
        submitted(cast.employee, [billing])
    approver = cast.approver
    with django_assert_max_num_queries(5):
        assert len(list(waiting(approver))) == 3


def test_whoever_reviews_is_reminded_of_what_is_late(acme, billing, employee, approver):
    change = approved(employee, approver, [billing])
    actions.implement(change, actor=employee)
    assert change.review_due_on is not None
    morning = dt.datetime.combine(change.review_due_on, dt.time(8), acme.tzinfo)
    remind(acme, morning - dt.timedelta(days=3))
    assert not OutboxMessage.objects.filter(subject__startswith="Reviews").exists()
    for days in (1, 1, 2, 8):
        remind(acme, morning + dt.timedelta(days=days))
    assert OutboxMessage.objects.filter(subject="Reviews of changes: 1 is overdue").count() == 2


def test_the_days_worth_a_mail():
    due = dt.date(2026, 11, 20)
    days = [latest_milestone(due, due + dt.timedelta(days=number), REMINDING.before) for number in (-1, 0, 1, 7, 8)]
    assert days == [due.replace(day=day) for day in (19, 19, 21, 21, 28)]


def test_whoever_asked_is_told_of_a_rejection_with_its_reason_and_who_rejected_is_not(billing, employee, approver):
    change = submitted(employee, [billing])
    actions.reject(change, actor=approver, content_hash=change.content_hash, reason="Not in December.")
    mails = OutboxMessage.objects.filter(subject__contains="is rejected")
    assert [mail.to for mail in mails] == [employee.email]
    assert "Not in December." in mails[0].text


def test_the_share_of_emergencies_is_told_by_month(acme, carried_out_first, billing, employee, approver):
    actions.implement(approved(employee, approver, [billing]), actor=employee)
    (month,) = months(acme, acme.today())
    assert (month.first, month.words) == (acme.today().replace(day=1), "1 of 2 (50 %)")
    assert months(acme, acme.today() + dt.timedelta(days=400)) == []


def test_a_rejection_in_writing_raises_the_finding_at_once_and_only_once(carried_out_first, acme, approver):
    change = carried_out_first
    for reason in ("The provider blocks it.", "Still."):
        actions.reject(change, actor=approver, content_hash=change.content_hash, reason=reason)
    found = Finding.objects.get()
    assert "rejected in writing" in found.title
    assert "The provider blocks it." in found.risk
    raise_unwritten(acme, now() + dt.timedelta(days=5))
    assert Finding.objects.count() == 1
    change.refresh_from_db()
    assert (change.status, change.written_finding) == ("implemented", found)
    mails = OutboxMessage.objects.filter(subject__contains="is rejected in writing")
    assert set(mails.values_list("to", flat=True)) == {change.raised_by.email}


def test_whoever_is_named_as_having_agreed_is_told(carried_out_first):
    mail = OutboxMessage.objects.get(subject__contains="names you as who agreed by word")
    assert mail.to == carried_out_first.agreed_by.member.email


def test_the_view_of_what_waits_holds_what_stands_in_ones_work(billing, cast, carried_out_first):
    rejected = submitted(cast.employee, [billing])
    actions.reject(rejected, actor=cast.approver, content_hash=rejected.content_hash, reason="No.")
    submitted(cast.employee, [billing])
    for reviewed in (False, True):
        done = submitted(cast.employee, [billing])
        actions.approve(done, actor=cast.approver, content_hash=done.content_hash)
        if reviewed:
            actions.implement(done, actor=cast.employee)
            actions.review(done, actor=cast.employee, outcome="as_planned", effect="Faster.")
    for member in (cast.employee, cast.approver, cast.manager, cast.auditor):
        shown = set(visible_to(member).filter(Views(member)["waiting"]))
        assert {one.get_absolute_url() for one in shown} == {entry.url for entry in waiting(member)}
