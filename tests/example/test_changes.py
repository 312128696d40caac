"""What people are told of Larkfield's changes: the figures of its reports, every state, and a founder alone."""

from collections import Counter

import pytest

from changes.deployments.coverage import coverage
from changes.models import ApprovalRule, Change, ChangeTemplate, Deployment, FreezeWindow
from controls.models import ControlEvent, Finding
from example.dates import Calendar
from example.pull_requests import pipeline_since
from reports.monthly.span import month_end
from tenancy.scope import tenant
from tests.example.test_larkfield import _database, clinics, here, made  # noqa: F401 - fixtures

pytestmark = pytest.mark.slow
Status = Change.Status


@pytest.fixture
def calendar(here) -> Calendar:  # noqa: F811
    return Calendar.of(here)


def classes(first, last):
    return {name: count for name, count in coverage(first, last).counts.items() if count}


def test_in_the_month_before_all_171_deployments_were_approved_beforehand(calendar):
    first = pipeline_since(calendar)
    assert classes(first, month_end(first)) == {"approved_before": 171}


def test_187_of_189_were_approved_beforehand_with_one_emergency_and_one_push_of_the_bot(calendar):
    first, last = calendar.fourth.first, month_end(calendar.fourth.first)
    found = classes(first, last)
    if calendar.today > last:
        assert found == {"approved_before": 187, "emergency": 1, "unapproved": 1}
    assert found.get("unapproved", 0) <= 1
    for one in Deployment.objects.filter(classification="unapproved"):
        assert (one.is_bot, one.change, one.notes) == (True, None, ["direct_push", "bot"])


def test_the_emergency_was_agreed_to_first_and_approved_in_writing_the_next_day(calendar):
    for one in Change.objects.filter(type="emergency"):
        moments = [one.agreed_at, one.implemented_at, one.written_at, one.written_due_at]
        assert moments == sorted(at for at in moments if at)
        assert one.status == Status.CLOSED


def test_there_is_a_change_in_every_state_and_of_every_type(here):  # noqa: F811
    assert set(Change.objects.values_list("status", flat=True)) == set(Status.values)
    assert {"normal", "standard"} <= set(Change.objects.values_list("type", flat=True))
    assert len(set(Change.objects.values_list("kind", flat=True))) == 5
    assert Counter(ChangeTemplate.objects.values_list("status", flat=True)) == {"approved": 1, "submitted": 1}
    assert (ApprovalRule.objects.count(), FreezeWindow.objects.count() >= 1) == (4, True)


def test_nobody_approved_a_change_of_their_own(here):  # noqa: F811
    for change in Change.objects.prefetch_related("approvals", "commits"):
        authors = {one.person_id for one in change.commits.all()}
        for approval in change.approvals.all():
            assert approval.approver_person_id not in {change.requester_id, *authors}, change


def test_every_move_was_logged_for_its_control(here):  # noqa: F811
    logged = ControlEvent.objects.filter(source="plumbline", kind="change")
    carried_out = Change.objects.filter(implemented_at__isnull=False).count()
    results = Counter(logged.values_list("result", flat=True))
    assert results["self_approved"] == 0
    assert results["approved"] + results["unapproved"] >= carried_out
    assert set(logged.values_list("control__code", flat=True)) == {"CHG-001"}


def test_the_deployment_without_approval_is_a_finding(calendar):
    expected = Deployment.objects.filter(classification="unapproved").count()
    assert Finding.objects.filter(deployments__isnull=False).count() == expected


def test_the_founder_of_the_clinics_cannot_approve_what_she_asked_for(clinics):  # noqa: F811
    with tenant(clinics):
        change = Change.objects.get()
        assert (change.status, change.approvals.count()) == ("submitted", 0)
