"""Who is told of a version, what waits for whom, and when a review is reminded of."""

import datetime as dt

import pytest

from inventory.models import Person
from policies.models import Policy
from policies.publishing.days import months_after
from policies.publishing.reminding import remind
from policies.register.actions import edit_policy
from policies.rights import may_write
from policies.writing.actions import begin_version, submit_version
from policies.writing.approving import approve_version, return_version
from policies.writing.telling import waiting
from tests.policies.making import approved, draft, in_force
from workflow.absences.actions import set_absence
from workflow.models import OutboxMessage

pytestmark = pytest.mark.usefixtures("in_acme")


def told() -> dict[str, set[str]]:
    """Subjects of the mails, by whom they went to."""
    found: dict[str, set[str]] = {}
    for to, subject in OutboxMessage.objects.values_list("to", "subject"):
        found.setdefault(to.partition("@")[0], set()).add(subject)
    return found


def titles(member) -> list[str]:
    """What waits for somebody."""
    return [entry.title for entry in waiting(member)]


def test_those_who_may_approve_are_told_and_nobody_else(manager, approver, executive):
    version = submit_version(draft(manager), actor=manager)
    said = {"Access control, version 1 waits for approval"}
    assert told() == {"approver": said, "executive": said}
    assert titles(approver) == titles(executive) == ["Access control, version 1 waits for approval"]
    assert titles(manager) == []
    return_version(version, actor=approver, reason="Too short.")
    assert "Access control, version 1 was returned" in told()["manager"]
    assert titles(manager) == ["Access control, version 1 was returned"]
    assert titles(approver) == []


def test_what_is_approved_waits_for_its_day(manager, approver):
    approved(manager, approver)
    assert "Access control, version 1 is approved" in told()["manager"]
    assert titles(manager) == ["Access control, version 1 is approved: choose from when it holds"]
    assert titles(approver) == []


def test_one_of_two_approvals_leaves_it_with_the_other(manager, approver, executive):
    version = submit_version(draft(manager, quorum=2), actor=manager)
    approve_version(version, actor=approver, content_hash=version.content_hash)
    assert (titles(approver), len(titles(executive))) == ([], 1)


def test_the_owner_is_reminded_30_7_and_1_days_before_and_once_it_is_late(acme, manager, approver, employee):
    policy = in_force(manager, approver, owner=Person.objects.get(member=employee))
    day = policy.next_review_on
    assert day is not None
    OutboxMessage.objects.all().delete()
    reminded = []
    for days in (31, 30, 29, 8, 7, 6, 2, 1, 0, -1, -2, -8):
        at = dt.datetime.combine(day - dt.timedelta(days=days), dt.time(8), acme.tzinfo)
        before = OutboxMessage.objects.count()
        remind(acme, at)
        if OutboxMessage.objects.count() > before:
            reminded.append(days)
    assert reminded == [30, 7, 1, -1, -8]
    assert set(told()) == {"employee"}
    begin_version(policy, actor=manager)
    before = OutboxMessage.objects.count()
    remind(acme, dt.datetime.combine(day + dt.timedelta(days=15), dt.time(8), acme.tzinfo))
    assert OutboxMessage.objects.count() == before


def test_a_review_that_is_near_waits_for_the_owner(acme, manager, approver, employee):
    policy, today = in_force(manager, approver, owner=Person.objects.get(member=employee)), acme.today()
    assert titles(employee) == []
    edit_policy(policy, actor=manager, next_review_on=today - dt.timedelta(days=1))
    (entry,) = waiting(employee)
    assert (entry.title, entry.overdue) == ("Access control is to be reviewed", True)


def test_another_cadence_moves_the_next_review(acme, manager, approver):
    policy = in_force(manager, approver)
    edit_policy(policy, actor=manager, review_months=6)
    assert Policy.objects.get().next_review_on == months_after(acme.today(), 6)


def test_the_owners_deputy_writes_in_their_place_and_approves_nothing(acme, manager, employee, reviewer):
    policy = draft(manager, owner=Person.objects.get(member=reviewer)).policy
    assert may_write(reviewer, policy)
    assert not may_write(employee, policy)
    set_absence(actor=manager, member=reviewer, deputy=employee, starts_on=acme.today(), ends_on=acme.today(), note="Away")
    assert may_write(employee, policy)
