"""Every move that a state or a role does not allow is refused and changes nothing: generated from the transitions themselves."""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Member
from audit.models import AuditEvent
from changes.lifecycle import actions
from changes.models import Approval, Change, ChangeVersion
from tenancy.scope import now
from tests.api.conftest import Program, make_token
from tests.cast import ROLES, Cast
from tests.changes.making import a_draft, a_system, person_of
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage
from workflow.transitions import Transition

LONG = os.environ.get("PLUMBLINE_TEST_ROUNDS") == "long"
Act = Callable[[Change, Member], Any]

# Each transition, the act that makes it, and who has the part that it needs. The requester is the employee, who carries it out is
# the reviewer, and the executive reviews it afterwards; the administrator and the compliance manager run changes.
RUN = {"administrator", "manager"}
OWN, CARRY, VERIFY, APPROVE = RUN | {"employee"}, RUN | {"reviewer"}, RUN | {"executive"}, {"manager", "approver", "executive"}
ACTS: dict[str, tuple[Act, set[str]]] = {
    "SUBMIT": (lambda change, by: actions.submit(change, actor=by), OWN),
    "APPROVE": (lambda change, by: actions.approve(change, actor=by, content_hash=change.content_hash), APPROVE),
    "REJECT": (lambda change, by: actions.reject(change, actor=by, content_hash=change.content_hash, reason="No."), APPROVE),
    "VOID": (lambda change, by: actions.ask_again(change, actor=by, reason="Again."), OWN),
    "SCHEDULE": (lambda change, by: actions.schedule(change, actor=by), OWN | CARRY),
    "IMPLEMENT": (lambda change, by: actions.implement(change, actor=by, reason="Late."), CARRY),
    "IMPLEMENT_FIRST": (lambda change, by: actions.implement_first(change, actor=by), CARRY),
    "FAIL": (lambda change, by: actions.fail(change, actor=by, reason="It broke."), CARRY),
    "ROLL_BACK": (lambda change, by: actions.roll_back(change, actor=by, reason="It broke."), CARRY),
    "REVIEW": (lambda change, by: actions.review(change, actor=by, outcome="as_planned", effect="E", lessons="L"), VERIFY),
    "CLOSE": (lambda change, by: actions.close(change, actor=by), VERIFY),
    "WITHDRAW": (lambda change, by: actions.withdraw(change, actor=by, reason="No."), OWN),
    "REWORK": (lambda change, by: actions.rework(change, actor=by), OWN),
}
TRANSITIONS = {name: one for name, one in vars(Change).items() if isinstance(one, Transition)}
# What must happen before a change stands in a state, from a draft.
PATHS: dict[str, list[str]] = {
    "draft": [],
    "submitted": ["SUBMIT"],
    "approved": ["SUBMIT", "APPROVE"],
    "scheduled": ["SUBMIT", "APPROVE", "SCHEDULE"],
    "implemented": ["SUBMIT", "APPROVE", "IMPLEMENT"],
    "failed": ["SUBMIT", "APPROVE", "FAIL"],
    "rolled_back": ["SUBMIT", "APPROVE", "IMPLEMENT", "ROLL_BACK"],
    "reviewed": ["SUBMIT", "APPROVE", "IMPLEMENT", "REVIEW"],
    "closed": ["SUBMIT", "APPROVE", "IMPLEMENT", "CLOSE"],
    "rejected": ["SUBMIT", "REJECT"],
    "withdrawn": ["SUBMIT", "WITHDRAW"],
}


# A change that failed or was undone has that as its outcome.
NOT_SO = {("failed", "REVIEW"), ("rolled_back", "REVIEW")}


def standing(status: str, cast: Cast, **facts: Any) -> Change:
    """A change in a state, brought there by the acts."""
    parts = {"implementer": person_of(cast.reviewer), "verifier": person_of(cast.executive)}
    change = a_draft(cast.employee, [a_system(cast.manager)], **parts, **facts)
    for name in PATHS[status]:
        if name == "SCHEDULE":
            at = now()
            actions.schedule(change, actor=cast.manager, window_from=at, window_until=at + dt.timedelta(hours=1))
            continue
        by = cast.approver if name in {"APPROVE", "REJECT"} else cast.manager
        ACTS[name][0](change, by)
    assert change.status == status
    return change


def illegal(status: str, roles: list[str]) -> Iterator[tuple[str, str]]:
    """(transition, role) that a normal change in this state refuses: by its state, or to this role."""
    for name, (_, able) in ACTS.items():
        for role in roles:
            refused_by_state = status not in TRANSITIONS[name].sources or name == "IMPLEMENT_FIRST"
            if refused_by_state or role not in able:
                yield name, role


def everything(change: Change) -> Any:
    """All that a move could leave behind."""
    row = Change.objects.filter(pk=change.pk).values().get()
    counts = [model.objects.count() for model in (ChangeVersion, AuditEvent, OutboxMessage)]
    return row, list(Approval.objects.order_by("pk").values()), counts


def refused(name: str, change: Change, member: Member) -> bool:
    """Whether the act is refused with a sentence; anything else that is raised is a fault."""
    try:
        with transaction.atomic():
            ACTS[name][0](Change.objects.get(pk=change.pk), member)
    except ActionRefused as refusal:
        return bool(refusal.sentence)
    return False


def undone(name: str, change: Change, member: Member) -> bool:
    """Whether the act goes through; it is taken back."""
    with transaction.atomic():
        through = not refused(name, change, member)
        transaction.set_rollback(True)
    return through


def tried(status: str) -> list[str]:
    """Every role in a long run; else those that may most, and two others that take turns from state to state."""
    if LONG:
        return list(ROLES)
    turn = list(PATHS).index(status)
    others = [role for role in ROLES if role not in {"administrator", "manager"}]
    return ["manager", others[turn % len(others)], others[(turn + 3) % len(others)]]


def test_every_transition_of_a_change_has_its_act():
    automatic = {"PREAPPROVE"}  # the product itself does it, at submission
    assert set(TRANSITIONS) == set(ACTS) | automatic
    assert set(PATHS) == set(Change.Status.values)


@pytest.mark.parametrize("status", PATHS)
def test_every_illegal_move_by_every_role_is_refused_and_changes_nothing(in_acme, cast, status):
    change = standing(status, cast)
    members = {role: getattr(cast, role) for role in tried(status)}
    before = everything(change)
    for name, role in illegal(status, list(members)):
        assert refused(name, change, members[role]), f"{name} of a change that is {status} by the {role} went through"
    assert everything(change) == before
    # What is refused is refused for its state or role, and not because nothing ever works.
    for name, (_, able) in ACTS.items():
        if status in TRANSITIONS[name].sources and name not in {"IMPLEMENT_FIRST", "SCHEDULE"} and (status, name) not in NOT_SO:
            assert any(undone(name, change, getattr(cast, role)) for role in sorted(able)), name


SENT: dict[str, dict[str, str]] = {
    "REJECT": {"reason": "No."},
    "FAIL": {"reason": "It broke."},
    "ROLL_BACK": {"reason": "It broke."},
    "REVIEW": {"outcome": "as_planned", "effect": "E", "lessons": "L"},
    "WITHDRAW": {"reason": "No."},
    "REWORK": {"reason": "Again."},
    "VOID": {"reason": "Again."},
}
SHUT = {403, 404, 409, 422}


@pytest.mark.parametrize("status", PATHS)
def test_the_api_refuses_them_as_well(in_acme, cast, status):
    change = standing(status, cast)
    roles = tried(status) if LONG else tried(status)[1:2]
    before = everything(change)[:2]
    for role in roles:
        program = Program(make_token(getattr(cast, role))[1])
        for name, _ in illegal(status, [role]):
            operation = "ask_again" if name == "VOID" else name.lower()
            hashes = {"content_hash": change.content_hash} if name in {"APPROVE", "REJECT"} else {}
            answer = program.post(f"changes/{change.pk}/{operation}", {**SENT.get(name, {}), **hashes}, If_Match="*")
            assert answer.status_code in SHUT, (name, role, answer.status_code, answer.content[:200])
    assert everything(change)[:2] == before


def test_an_emergency_is_refused_before_its_agreement_and_its_end_before_the_approval_in_writing(in_acme, cast):
    members = {role: getattr(cast, role) for role in ROLES}
    parts = {"implementer": person_of(cast.reviewer), "verifier": person_of(cast.executive)}
    change = a_draft(cast.employee, [a_system(cast.manager)], type="emergency", **parts)
    before = everything(change)
    assert all(
        refused(name, change, one) for name in ("IMPLEMENT", "IMPLEMENT_FIRST", "FAIL", "REVIEW") for one in members.values()
    )
    assert everything(change) == before
    actions.record_agreement(change, actor=cast.employee, agreed_by=person_of(cast.manager), reason="Nobody could pay.")
    actions.implement_first(change, actor=cast.reviewer)
    before = everything(change)
    assert all(refused(name, change, one) for name in ("REVIEW", "CLOSE", "WITHDRAW", "REWORK") for one in members.values())
    assert refused("APPROVE", change, cast.reviewer)
    assert refused("APPROVE", change, cast.employee)
    assert everything(change) == before
