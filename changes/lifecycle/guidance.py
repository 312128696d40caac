"""What happens next to a change, said to whoever reads it: what they can do now, or whom it waits for."""

import datetime as dt

from changes import rights
from changes.approving.separation import VERIFY, why_not
from changes.calendar.freezes import why_not_planned
from changes.lifecycle.asking import waits_for
from changes.lifecycle.completeness import missing
from changes.lifecycle.describing import planned
from changes.lifecycle.ending import goes_without_review, needs_review
from changes.lifecycle.moves import Moves
from changes.lifecycle.objecting import why_not_object
from changes.lifecycle.standing import Position
from changes.models import Change
from inventory.models import Person
from tenancy.scope import now
from ui.values import exact, spelled

Status = Change.Status
_LATER = "its approval in writing is due by the end of the next business day after that"


def next_step(position: Position, today: dt.date, moves: Moves) -> tuple[str, str]:
    """(tone, sentence). `moves`: what the reader may do now; whoever may do nothing is told so."""
    tone, sentence = _step(position, today)
    ended = position.change.is_over
    if not ended and not (moves.primary or moves.others or moves.reason):
        sentence = f"{sentence} You have nothing to do here."
    return tone, sentence


def _step(position: Position, today: dt.date) -> tuple[str, str]:
    change = position.change
    if position.in_writing:
        return _in_writing(position)
    steps = {
        Status.DRAFT: _draft,
        Status.SUBMITTED: _submitted,
        Status.APPROVED: _approved,
        Status.SCHEDULED: _approved,
        Status.REVIEWED: _reviewed,
        Status.REJECTED: _rejected,
    }
    if (step := steps.get(Status(change.status))) is not None:
        return step(position)
    if change.status == Status.WITHDRAWN:
        again = "You can rework it" if rights.may_own(position.member, change) else "It can be reworked"
        return "info", f"Nothing: it was withdrawn, and nobody carries it out. {again} and submit it again."
    return ("ok", "It is over.") if change.is_over else _attempted(position, today)


def _draft(position: Position) -> tuple[str, str]:
    change = position.change
    if change.type == Change.Type.EMERGENCY:
        return _emergency(position)
    if not rights.may_own(position.member, change):
        return "info", f"A draft: {_asker(change)} submits it, and nobody approves it before."
    if missing(change):
        return "info", "A draft: write what is missing and submit it. Nobody approves it before."
    if change.type == Change.Type.STANDARD:
        return "info", "A draft. Submit it unchanged, and it is approved by its template at once."
    return "info", "A draft that says all it has to. Read it through and submit it: then it is put before its approvers."


def _emergency(position: Position) -> tuple[str, str]:
    """Before it is carried out: who agreed by word, or who records it."""
    change, member = position.change, position.member
    if change.is_disputed or change.agreed_at is None or change.agreed_by is None:
        begins = _denied(position) if change.is_disputed else "An emergency:"
        if rights.may_own(member, change) or rights.may_carry_out(member, change):
            return "warn", f"{begins} record who agreed by word before it is carried out, or submit it for approval."
        return (
            "warn",
            f"{begins} {_asker(change)} records who agreed by word before it is carried out, or submits it for approval.",
        )
    if not why_not_object(change, member, position.somebody):
        named = f"You are named as having agreed by word on {exact(change.agreed_at)}."
        return "warn", f"{named} Confirm it by approving in writing once that is asked for, or say that you did not."
    agreed = f"{change.agreed_by.name} agreed by word on {exact(change.agreed_at)}."
    return "info", f"{agreed} {_first(_carrier(position))} may carry it out now; {_LATER}."


def _denied(position: Position) -> str:
    change = position.change
    name = change.agreed_by.name if change.agreed_by else "Whoever is named"
    return f"{name} said on {exact(change.objected_at)} that they did not agree:" if change.objected_at else ""


def _submitted(position: Position) -> tuple[str, str]:
    change = position.change
    if change.merged_at is not None:
        return "bad", f"It was merged without approval. {waits_for(position)}"
    if change.type == Change.Type.STANDARD:
        owner = "edit it" if rights.may_own(position.member, change) else f"{_asker(change)} edits it"
        return "warn", f"It is not what its template says any more: {owner}."
    if change.type == Change.Type.EMERGENCY and change.agreed_at is not None:
        return "warn", f"{_emergency(position)[1]} {waits_for(position)}"
    return "warn", waits_for(position)


def _in_writing(position: Position) -> tuple[str, str]:
    change = position.change
    late = change.written_due_at is not None and change.written_due_at < now()
    due = exact(change.written_due_at) if change.written_due_at else ""
    words = f"It was carried out before it was approved. The approval in writing {'was' if late else 'is'} due by {due}."
    if change.is_disputed:
        return "bad", f"{_denied(position)} that is a finding. {words} {waits_for(position)}"
    if by := position.rejected_by:
        return "bad", f"{by} rejected in writing what was carried out. {words} {waits_for(position)}"
    if not why_not_object(change, position.member, position.somebody):
        words = f"{words} You are named as having agreed to it by word: approve it in writing, or say that you did not."
    return ("bad" if late else "warn"), f"{words} {waits_for(position)}"


def _approved(position: Position) -> tuple[str, str]:
    change = position.change
    owns = rights.may_own(position.member, change)
    if change.approved_until and change.approved_until < now():
        again = "ask for it again" if owns else f"{_asker(change)} asks for it again"
        return "bad", f"Its approval expired on {exact(change.approved_until)}: {again}."
    if held := why_not_planned(change):
        whose = "Move the window, or have" if owns else f"{_first(_asker(change))} moves the window, or has"
        return "warn", f"Its window is in a freeze. {held} {whose} it let through."
    by = _carrier(position)
    carries = "carry" if by == "you" else "carries"
    if change.window_from and change.window_until:
        return "info", f"{_first(by)} {carries} it out: {planned(change)}. {_recorded(by)}".strip()
    until = f", until {exact(change.approved_until)}" if change.approved_until else ""
    return "info", f"{_first(by)} may carry it out at any time{until}. {_recorded(by)}".strip()


def _recorded(by: str) -> str:
    return "Say here when it was done." if by == "you" else ""


def _attempted(position: Position, today: dt.date) -> tuple[str, str]:
    change = position.change
    if goes_without_review(change):
        who = "you" if _may_review(position) else "whoever asked for it"
        return "ok", f"It was carried out as approved. A request needs no review; {who} may close it."
    by = _reviewer(position)
    one = "review it" if needs_review(change) else "review or close it"
    what = one if by == "you" else one.replace("review", "reviews", 1).replace("close", "closes")
    if change.review_due_on is None:
        return "info", f"{_first(by)} {what}."
    late = change.review_due_on < today
    return ("bad" if late else "info"), f"{_first(by)} {what}, {'due since' if late else 'by'} {spelled(change.review_due_on)}."


def _reviewed(position: Position) -> tuple[str, str]:
    return "info", "It was reviewed: close it." if _may_review(position) else f"It was reviewed: {_reviewer(position)} closes it."


def _rejected(position: Position) -> tuple[str, str]:
    if rights.may_own(position.member, position.change):
        return "bad", "It was rejected. Rework it and submit it again, or leave it."
    return "bad", f"It was rejected. It is over, unless {_asker(position.change)} reworks it."


def _may_review(position: Position) -> bool:
    right = rights.may_verify(position.member, position.change)
    return right and not why_not(position.parts, position.somebody, VERIFY)


def _reviewer(position: Position) -> str:
    """Who reviews it, as the reader calls them."""
    change = position.change
    person = rights.reviewer_of(change)
    if person is not None and person.member_id == position.member.pk:
        return "you"
    if person is None and change.is_grave:
        nobody = "somebody who runs changes, and neither asked for it nor carried it out,"
        return "you" if _may_review(position) else nobody
    return change.verifier.name if change.verifier else _asker(change, position)


def _carrier(position: Position) -> str:
    """Who carries it out, as the reader calls them."""
    change = position.change
    if change.implementer is None and change.number is not None:
        return "a pipeline"
    if _is(position, change.implementer) or (change.implementer is None and rights.is_requester(position.member, change)):
        return "you"
    return change.implementer.name if change.implementer else _asker(change, position)


def _asker(change: Change, position: Position | None = None) -> str:
    if position is not None and rights.is_requester(position.member, change):
        return "you"
    if rights.is_nobodys(change):
        return "you" if position is not None and position.member.can(rights.RUN) else "whoever runs changes"
    return f"{change.requester.name}, who asked for it," if change.requester else "whoever asked for it"


def _is(position: Position, person: Person | None) -> bool:
    return person is not None and person.member_id == position.member.pk


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]
