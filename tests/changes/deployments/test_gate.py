"""What stands against a commit at the gate."""

import datetime as dt

import pytest

from changes.calendar.actions import set_freeze
from changes.deployments.gate import answer
from changes.lifecycle import actions
from changes.models import Change
from inventory.models import Person
from tenancy.scope import now
from tests.cast import Cast
from tests.changes.deployments.world import MINUTE, approved, raised, sha

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


def test_a_change_of_something_else_than_code_may_name_no_commit():
    assert codes(approved("a", head_sha="", kind="infrastructure")) == []


def test_an_emergency_goes_once_somebody_has_agreed(manager):
    change = raised("a", type="emergency", number=None, source="form")
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
