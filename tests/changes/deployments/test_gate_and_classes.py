"""What the gate answers at a moment and the class of a deployment at that moment are the same judgement."""

import datetime as dt
import json
from copy import copy

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.actions import action
from audit.actors import WORKER
from audit.record import record
from changes.calendar.actions import cancel_freeze, set_freeze
from changes.deployments.carrying import PIPELINE
from changes.deployments.classes import ALLOWED, CLASS_OF
from changes.deployments.gate import answer
from changes.deployments.judging import FREEZES, reason_sql
from changes.deployments.matching import TOGETHER
from changes.deployments.reconcile import for_all
from changes.lifecycle import actions
from changes.models import Change, ChangeFreezeOverride, Deployment, FreezeWindow
from inventory.models import Person, System
from tenancy.scope import current_tenant_id, now
from tests.cast import Cast
from tests.changes.deployments.world import MINUTE, a_system, approved, deployed, raised, sha

pytestmark = pytest.mark.usefixtures("in_acme")

AT = dt.datetime(2026, 10, 14, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
_HOURS = st.sampled_from(range(-6, 7)).map(lambda hours: (AT + hours * HOUR).isoformat())
_MOMENTS = {name: st.none() | _HOURS for name in (
    "approved_at", "approved_until", "agreed_recorded_at", "agreed_until", "written_at", "written_due_at", "over_at",
)}  # fmt: skip
CASES = st.fixed_dictionaries(
    {
        "type": st.sampled_from(Change.Type.values),
        "status": st.sampled_from([*Change.Status.values, "approved", "scheduled", "implemented", "closed"]),
        "window_from": st.none() | st.just((AT - 2 * HOUR).isoformat()),
        "window_until": st.none() | st.just((AT + 4 * HOUR).isoformat()),
        "head_sha": st.sampled_from(["", sha("head")]),
        "merge_sha": st.sampled_from(["", sha("merge")]),
        "environments": st.sampled_from([[], ["production"], ["Staging"]]),
        **_MOMENTS,
    }
)
ASKED = st.tuples(
    CASES,
    st.booleans(),  # whether the change lists its commits
    st.sampled_from([sha("head"), sha("head"), sha("merge"), sha("listed"), sha("strange")]),
    st.sampled_from(["production", "staging"]),
    st.sampled_from(range(-6, 7)).map(lambda hours: AT + hours * HOUR),
)
_CLASSED = f"""
WITH {FREEZES},
asked AS (SELECT * FROM jsonb_to_recordset(%(asked)s::jsonb) t(place int, id uuid, facts jsonb, commit text, environment text,
  at timestamptz))
SELECT {reason_sql()}
FROM asked JOIN changes_change base ON base.tenant_id = %(tenant)s AND base.id = asked.id
CROSS JOIN LATERAL jsonb_populate_record(base, asked.facts) c
CROSS JOIN LATERAL (SELECT gen_random_uuid() AS id, asked.commit, asked.environment, asked.at, false AS pushed,
  false AS named_other) d
{TOGETHER}
ORDER BY asked.place
"""


@action
def freeze(
    begins: int, ends: int, *, cancelled: int | None = None, set_at: int = -9, system: System | None = None
) -> FreezeWindow:
    """A freeze; all in hours from AT."""
    at = AT + cancelled * HOUR if cancelled else None
    made = FreezeWindow.objects.create(
        name="Sale", starts_at=AT + begins * HOUR, ends_at=AT + ends * HOUR, reason="Sale", set_at=AT + set_at * HOUR,
        cancelled_at=at, status="cancelled" if at else "active",
    )  # fmt: skip
    if system is not None:
        made.systems.create(system=system)
    record("freeze.create", made, actor=WORKER)
    return made


@action
def let_through(change: Change, held: FreezeWindow) -> None:
    """For an hour."""
    given = {"given_at": AT - 2 * HOUR, "withdrawn_at": AT - HOUR, "status": "withdrawn"}
    record(
        "freeze_override.give",
        ChangeFreezeOverride.objects.create(change=change, freeze=held, reason="Sale", **given),
        actor=WORKER,
    )


@pytest.fixture
def changes(in_acme):
    """One that lists commits, and one that does not, of a system with freezes over it: held, cancelled, let through."""
    found = {True: raised("with", head_sha=""), False: raised("without", head_sha="")}
    found[True].commits.create(sha=sha("listed"), is_bot=True)
    freeze(-5, -4)
    freeze(3, 5, cancelled=4)
    held = freeze(-3, 0, system=a_system())
    freeze(1, 2, system=a_system("Other"))
    freeze(-6, 6, set_at=5)
    for change in found.values():
        let_through(change, held)
    return found


def classed(asked, changes) -> list[str]:
    rows = [
        {
            "place": place,
            "id": str(changes[lists].pk),
            "facts": facts,
            "commit": commit,
            "environment": environment,
            "at": str(at),
        }
        for place, (facts, lists, commit, environment, at) in enumerate(asked)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_CLASSED, {"tenant": current_tenant_id(), "asked": json.dumps(rows)})
        return [reason for (reason,) in cursor.fetchall()]


def gated(change: Change, facts, commit: str, environment: str, at: dt.datetime):
    one = copy(change)
    for name, value in facts.items():
        is_moment = value is not None and name.endswith(("_at", "_until", "_from"))
        setattr(one, name, dt.datetime.fromisoformat(value) if is_moment else value)
    vars(one)["wrote_it"] = False  # who wrote it is judged as it is known now, by the gate alone
    return answer(one, commit, environment, at)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(ASKED, min_size=10, max_size=25))
def test_the_gate_allows_what_is_classed_as_allowed_and_nothing_else(changes, asked):
    for one, reason in zip(asked, classed(asked, changes), strict=True):
        facts, lists, *question = one
        found = gated(changes[lists], facts, *question)
        assert found.allowed == (CLASS_OF[reason] in ALLOWED), (one, reason, found)
        codes = {"too_early", "too_late", "frozen", "other_commit", "expired", "over"} & {reason}
        assert codes <= {each.code for each in found.reasons}


def test_freezes_hold_as_they_stood_at_the_moment(changes):
    facts = {"type": "normal", "status": "approved", "approved_at": (AT - 9 * HOUR).isoformat(), "environments": []}
    hours = range(-6, 7)
    asked = [(facts, True, sha("listed"), "production", AT + hour * HOUR) for hour in hours]
    held = [hour for hour, reason in zip(hours, classed(asked, changes), strict=True) if reason == "frozen"]
    assert held == [-5, -3, -1, 3, 5]
    assert [one[-1] for one in asked if not gated(changes[True], facts, *one[2:]).allowed] == [AT + hour * HOUR for hour in held]


def code_and_class(change: Change, at: dt.datetime, number: int) -> tuple[list[str], str, str]:
    """What the gate says of `a` at a moment, and the class and reason of its deployment then."""
    change.refresh_from_db()
    codes = [one.code for one in answer(change, sha("a"), "production", at).reasons]
    one = deployed("a", id=f"run-{number}", at=at)
    return codes, one.classification, one.reason


def test_what_went_after_its_change_was_closed_is_not_approved():
    change = approved("a")
    before = now()
    assert code_and_class(change, now(), 1) == ([], "approved_before", "approved")
    change.refresh_from_db()
    actions.close(change, actor=Cast().manager)
    assert code_and_class(change, now(), 2) == (["over"], "unapproved", "over")
    assert code_and_class(change, before, 3) == ([], "approved_before", "approved")


@pytest.mark.parametrize("end", ["fail", "roll_back"])
def test_what_failed_or_was_rolled_back_lets_nothing_through_from_then_on(end):
    change = approved("a")
    actions.implement(change, actor=Cast().manager)
    before = now()
    getattr(actions, end)(change, actor=Cast().manager, reason="It did not start")
    assert code_and_class(change, now(), 1) == (["over"], "unapproved", "over")
    assert code_and_class(change, before, 2) == ([], "approved_before", "approved")


def test_what_went_outside_of_its_window_is_not_approved_and_carries_nothing_out():
    begin = now() - 30 * MINUTE
    change = approved("a", window_from=begin, window_until=begin + 20 * MINUTE)
    Change.objects.filter(pk=change.pk).update(approved_at=begin - 60 * MINUTE)
    assert code_and_class(change, begin - MINUTE, 1) == (["too_early"], "unapproved", "too_early")
    assert code_and_class(change, now(), 2) == (["too_late"], "unapproved", "too_late")
    change.refresh_from_db()
    assert change.status == "approved"
    assert code_and_class(change, begin, 3)[1:] == ("approved_before", "approved")


def test_what_went_in_a_freeze_is_not_approved_even_when_the_freeze_is_taken_away_later(manager):
    change = approved("a")
    begins, ends = now() - MINUTE, now() + HOUR
    made = set_freeze(actor=manager, name="Year end", reason="Invoices run", starts_at=begins, ends_at=ends)
    assert code_and_class(change, now(), 1) == (["frozen"], "unapproved", "frozen")
    cancel_freeze(made, actor=manager, reason="Done early")
    for_all(actor=PIPELINE)
    assert Deployment.objects.get(external_id="run-1").reason == "frozen"
    assert code_and_class(change, now(), 2) == ([], "approved_before", "approved")


def test_a_commit_of_a_change_that_is_not_its_last_is_not_what_was_approved():
    change = approved("b")
    change.commits.create(sha=sha("a"))
    assert code_and_class(change, now(), 1) == (["other_commit"], "unapproved", "other_commit")


def test_an_approval_that_was_used_ends_all_the_same():
    change = approved("a")
    deployed("a")
    until = now() - MINUTE
    Change.objects.filter(pk=change.pk).update(approved_at=until - 60 * MINUTE, approved_until=until)
    assert code_and_class(change, now(), 2) == (["expired"], "unapproved", "expired")


def test_the_gate_of_an_emergency_that_was_rejected_in_writing_ends_with_the_rejection():
    change = raised("a", type="emergency", number=None, source="form", environments=["production"])
    boss = Person.objects.get(member=Cast().executive)
    actions.record_agreement(change, actor=Cast().manager, agreed_by=boss, reason="Customers cannot pay")
    assert code_and_class(change, now(), 1) == ([], "emergency", "agreed")
    change.refresh_from_db()
    before = now()
    actions.reject(change, actor=Cast().approver, content_hash=change.content_hash, reason="It was none.")
    assert code_and_class(change, now(), 2) == (["written_rejected"], "unapproved", "agreement_over")
    assert code_and_class(change, before, 3) == ([], "emergency", "agreed")
