"""What a member may do to a change now: one primary act, the others, and why the primary one is not theirs."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from changes import rights
from changes.approving.separation import IMPLEMENT, VERIFY, why_not
from changes.lifecycle.completeness import missing
from changes.lifecycle.ending import needs_review
from changes.lifecycle.objecting import why_not_object
from changes.lifecycle.standing import Position
from changes.models import Change
from changes.models.change import ATTEMPTED

Status = Change.Status


@dataclass(frozen=True, slots=True)
class Move:
    """A button: a form in a dialog, or with `post` an act by itself. `key` presses it."""

    label: str
    name: str
    url: str
    tone: str = ""
    key: str = ""
    post: bool = False
    confirm: str = ""


@dataclass(frozen=True, slots=True)
class Moves:
    """What the head of the page offers."""

    primary: Move | None
    others: list[Move]
    reason: str = ""


def moves_of(position: Position) -> Moves:
    """What this member may do now, the most pressing first."""
    found = list(_moves(position))
    first = next((move for move in found if move.tone == "primary"), None)
    others = [move for move in found if move is not first]
    return Moves(first, [_quiet(move) for move in others], "" if first else _reason(position))


def _moves(position: Position) -> Iterator[Move]:
    change, member = position.change, position.member
    yield from _answering(position)
    owns, carries = rights.may_own(member, change), rights.may_carry_out(member, change)
    if owns and change.status == Status.DRAFT and not missing(change):
        words = f"Submit {change.reference}? It is put before its approvers as it is."
        # What could not wait is agreed to and carried out first; whoever has the time submits it all the same.
        tone = "" if change.type == Change.Type.EMERGENCY else "primary"
        yield Move("Submit", "submit", _url(change, "submit"), tone, post=True, confirm=words)
    if change.type == Change.Type.EMERGENCY and (owns or carries):
        yield from _emergency(position)
    if change.status in Change.IMPLEMENT.sources and (carries or owns):
        yield from _carrying(position, carries=carries)
    if change.status in ATTEMPTED and carries:
        yield from _undoing(change)
    if rights.may_verify(member, change) and not why_not(position.parts, position.somebody, VERIFY):
        yield from _ending(position)
    if owns:
        yield from _taking_back(change)


def _answering(position: Position) -> Iterator[Move]:
    """To what it says, and to being named."""
    change = position.change
    if position.waits and not position.why_not_approve:
        words = "Approve in writing" if position.in_writing else "Approve"
        yield _form(change, words, "approve", "primary", "a")
        yield _form(change, "Reject", "reject", "danger", "r")
    if not why_not_object(change, position.member, position.somebody):
        yield _form(change, "I did not agree", "not-agreed", "danger")


def _emergency(position: Position) -> Iterator[Move]:
    change = position.change
    agreed = change.agreed_at is not None and not change.is_disputed
    if change.status in {*Change.IMPLEMENT_FIRST.sources, *Change.IMPLEMENT.sources}:
        yield _form(change, "Who agreed" if agreed else "Record who agreed", "agree", "" if agreed else "primary")
    mine = rights.may_carry_out(position.member, change) and not why_not(position.parts, position.somebody, IMPLEMENT)
    if agreed and mine and change.status in Change.IMPLEMENT_FIRST.sources:
        yield _form(change, "Carried out before approval", "implement-first", "primary")


def _carrying(position: Position, *, carries: bool) -> Iterator[Move]:
    change = position.change
    if carries and not why_not(position.parts, position.somebody, IMPLEMENT):
        yield _form(change, "Carried out", "implement", "primary")
        yield _form(change, "Failed", "fail")
    if change.status == Status.APPROVED:
        yield _form(change, "Schedule", "schedule")


def _undoing(change: Change) -> Iterator[Move]:
    if change.status in Change.FAIL.sources:
        yield _form(change, "Failed", "fail")
    if change.status in Change.ROLL_BACK.sources:
        yield _form(change, "Rolled back", "roll-back")


def _ending(position: Position) -> Iterator[Move]:
    change = position.change
    if change.status in Change.REVIEW.sources and not position.in_writing:
        yield _form(change, "Review", "review", "primary")
    if change.status in Change.CLOSE.sources and not (change.status == Status.IMPLEMENTED and needs_review(change)):
        tone = "primary" if change.status == Status.REVIEWED else ""
        words = f"Close {change.reference}? Nothing more happens to it."
        yield Move("Close", "close", _url(change, "close"), tone, post=True, confirm=words)


def _taking_back(change: Change) -> Iterator[Move]:
    if change.status in Change.VOID.sources:
        yield _form(change, "Ask for approval again", "ask-again")
    if change.status in Change.REWORK.sources:
        yield _form(change, "Rework", "rework", "primary" if change.status == Status.REJECTED else "")
    if change.status in Change.WITHDRAW.sources:
        yield _form(change, "Withdraw", "withdraw")


def _reason(position: Position) -> str:
    """Why there is no primary act for this member, where they could expect one."""
    change, member = position.change, position.member
    if change.status == Status.DRAFT and rights.may_own(member, change):
        return "Before it can be submitted: " + " ".join(sentence for _, sentence in missing(change))
    if position.waits and (member.can("changes.approve") or rights.may_work(member, change)):
        return position.why_not_approve
    if change.status in Change.IMPLEMENT.sources and rights.may_carry_out(member, change):
        return why_not(position.parts, position.somebody, IMPLEMENT)
    if change.status in ATTEMPTED and rights.may_verify(member, change):
        return why_not(position.parts, position.somebody, VERIFY)
    return ""


def _quiet(move: Move) -> Move:
    return Move(move.label, move.name, move.url, "" if move.tone == "primary" else move.tone, move.key, move.post, move.confirm)


def _form(change: Change, label: str, name: str, tone: str = "", key: str = "") -> Move:
    url = _url(change, name)
    seen = f"?seen={change.content_hash}" if name in {"approve", "reject"} else ""
    return Move(label, name, f"{url}{seen}", tone, key)


def _url(change: Change, name: str) -> str:
    return reverse(f"changes:{name}", args=[change.pk])
