"""What stands against a commit at the gate."""

import datetime as dt

import pytest

from changes.calendar.actions import set_freeze
from changes.deployments.carrying import PIPELINE
from changes.deployments.gate import answer
from changes.deployments.reconcile import for_all
from changes.drafting.actions import edit_change
from changes.lifecycle import actions
from changes.models import Change, Deployment
from inventory.models import Person
from tenancy.scope import now
from tests.cast import Cast
from tests.changes.deployments.world import MINUTE, approved, deployed, raised, sha
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("in_acme")


def codes(change: Change | None, word: str = "a", *, at: dt.datetime | None = None, environment: str = "production") -> list[str]:
    return [one.code for one in answer(change, sha(word), environment, at or now()).reasons]


def test_an_approved_change_goes_with_its_own_commit():
    change = approved("a", environments=["Production"])
    found = answer(change, sha("a").upper(), "production", now())
    assert (found.allowed, found.reasons) == (True, ())
    assert codes(change, "b") == ["other_commit"]
    assert codes(change, environment="staging") == ["other_environment"]
    assert codes(None) == ["no_change"]


def test_what_is_not_approved_does_not_go():
    change = raised("a")
    assert codes(change) == ["not_approved"]
    actions.submit(change, actor=Cast().manager)
    assert codes(change) == ["not_approved"]
    actions.withdraw(change, actor=Cast().manager, reason="No")
    assert codes(change) == ["over"]


def test_an_approval_ends():
    change = approved("a")
    assert change.approved_until is not None
    assert codes(change, at=change.approved_until) == []
    assert codes(change, at=change.approved_until + MINUTE) == ["expired"]


def test_it_goes_inside_its_window_only():
    begin = now() + 60 * MINUTE
    change = approved("a", window_from=begin, window_until=begin + 60 * MINUTE)
    assert codes(change, at=begin - MINUTE) == ["too_early"]
    assert codes(change, at=begin) == []
    assert codes(change, at=begin + 60 * MINUTE) == ["too_late"]


def test_a_freeze_holds_it(manager):
    change = approved("a")
    set_freeze(
        actor=manager, name="Year end", starts_at=now() - MINUTE, ends_at=now() + 60 * MINUTE, reason="Invoices run", systems=[]
    )
    assert codes(change) == ["frozen"]


def test_a_commit_is_looked_for_among_those_of_the_change():
    change = approved("a", head_sha="")
    assert codes(change) == ["commit_unknown"]
    change.commits.create(sha=sha("a"))
    assert codes(change) == []
    assert codes(change, "b") == ["other_commit"]


def test_a_change_of_anything_names_its_commit_before_one_goes():
    change = approved("a", head_sha="", kind="infrastructure")
    assert codes(change) == ["commit_unknown"]
    one = deployed("a", change=change.reference)
    assert (one.change, one.classification, one.reason) == (change, "unapproved", "no_commit")
    edit_change(change, actor=Cast().manager, head_sha=sha("a"))
    change.refresh_from_db()
    assert change.status == "submitted"


def test_a_deployment_to_an_environment_that_its_change_does_not_name_is_not_approved():
    change = approved("a", environments=["Staging"])
    assert deployed("a", id="run-1", environment="staging").classification == "approved_before"
    one = deployed("a", id="run-2")
    assert (one.change, one.classification, one.reason) == (change, "unapproved", "elsewhere")


def agreed(word: str = "a", *, at: dt.datetime | None = None, by: str = "executive", **facts) -> Change:
    """An emergency that somebody has agreed to by word, as recorded by the manager who asks for it."""
    facts = {"environments": ["production"], "number": None, "source": "form", **facts}
    change = raised(word, type="emergency", **facts)
    who = Person.objects.get(member=getattr(Cast(), by))
    actions.record_agreement(change, actor=Cast().manager, agreed_by=who, agreed_at=at, reason="Customers cannot pay")
    change.refresh_from_db()
    return change


@pytest.mark.parametrize("by", ["reviewer", "employee", "manager"])
def test_only_somebody_who_may_approve_it_agrees_to_an_emergency(by):
    """A reviewer and an employee approve no changes; the manager asks for this one."""
    with pytest.raises(ActionRefused):
        agreed(by=by)


@pytest.mark.parametrize("missing", ["description", "environments"])
def test_an_agreement_counts_only_where_the_emergency_says_what_it_is(missing):
    change = agreed(description="") if missing == "description" else agreed(environments=[])
    found = answer(change, sha("a"), "production", now())
    assert [one.code for one in found.reasons] == ["incomplete"]
    assert deployed("a", at=now()).reason == "agreement_over"


def test_an_agreement_ends_with_an_edit_and_with_the_next_business_day():
    change = agreed()
    assert codes(change) == []
    assert change.agreed_until is not None
    assert codes(change, at=change.agreed_until + MINUTE) == ["agreement_over"]
    assert deployed("a", id="run-1").reason == "agreed"
    edit_change(change, actor=Cast().manager, description="Something else")
    change.refresh_from_db()
    assert codes(change) == ["agreement_changed"]
    assert deployed("a", id="run-2").reason == "agreement_over"
    assert Deployment.objects.get(external_id="run-1").reason == "agreed"


def test_an_agreement_that_was_recorded_afterwards_accounts_for_nothing():
    one = deployed("a", at=now() - 120 * MINUTE)
    change = agreed(at=now() - 180 * MINUTE)
    for_all(actor=PIPELINE)
    one.refresh_from_db()
    assert (one.change, one.classification, one.reason) == (change, "unapproved", "agreed_later")


@pytest.mark.parametrize("minutes", [-25 * 60, 5])
def test_an_agreement_is_recorded_within_a_day_of_its_being_given(minutes):
    with pytest.raises(ActionRefused) as refused:
        agreed(at=now() + minutes * MINUTE)
    assert refused.value.field == "agreed_at"


def test_an_emergency_goes_once_somebody_has_agreed(manager):
    change = raised("a", type="emergency", number=None, source="form", environments=["production"])
    assert codes(change) == ["not_approved"]
    boss = Person.objects.get(member=Cast().executive)
    actions.record_agreement(change, actor=manager, agreed_by=boss, reason="Customers cannot pay")
    change.refresh_from_db()
    assert codes(change) == []
    actions.implement_first(change, actor=manager)
    change.refresh_from_db()
    assert codes(change) == []
    assert change.written_due_at is not None
    assert codes(change, at=change.written_due_at + MINUTE) == ["written_overdue"]
    actions.reject(change, actor=Cast().approver, content_hash=change.content_hash, reason="It was none.")
    change.refresh_from_db()
    assert codes(change) == ["written_rejected"]
    actions.approve(change, actor=Cast().approver, content_hash=change.content_hash)
    change.refresh_from_db()
    assert codes(change) == []


def test_an_approval_lasts_ninety_days_at_most():
    change = approved("a", window_from=now() - MINUTE, window_until=now() + dt.timedelta(days=3650))
    assert change.approved_until is not None
    assert now() + dt.timedelta(days=89) < change.approved_until <= now() + dt.timedelta(days=90)
    assert codes(change, at=now() + dt.timedelta(days=91)) == ["expired"]
