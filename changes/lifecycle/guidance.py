"""What happens next to a change, and who has to act, as one sentence."""

import datetime as dt

from changes.approving.rules import is_complete
from changes.calendar.freezes import why_not_planned
from changes.lifecycle.ending import needs_review
from changes.lifecycle.standing import Position
from changes.models import Change
from tenancy.scope import now
from ui.values import exact, spelled

Status = Change.Status
NAMED = 4


def next_step(position: Position, today: dt.date) -> tuple[str, str]:
    """(tone, sentence)."""
    change = position.change
    if position.in_writing:
        return _in_writing(position)
    steps = {
        Status.DRAFT: _draft,
        Status.SUBMITTED: _submitted,
        Status.APPROVED: _approved,
        Status.SCHEDULED: _approved,
        Status.IMPLEMENTED: _attempted,
        Status.FAILED: _attempted,
        Status.ROLLED_BACK: _attempted,
    }
    if (step := steps.get(Status(change.status))) is not None:
        return step(position, today)
    if change.status == Status.REVIEWED:
        return "info", "It was reviewed: somebody closes it."
    words = {Status.REJECTED: "It was rejected. It can be reworked and submitted again.", Status.WITHDRAWN: "It was withdrawn."}
    return ("bad" if change.status == Status.REJECTED else "ok"), words.get(Status(change.status), "It is over.")


def _draft(position: Position, _today: dt.date) -> tuple[str, str]:
    change = position.change
    if change.type == Change.Type.EMERGENCY and change.agreed_at is None:
        return "warn", "An emergency: record who agreed by word before it is carried out, or submit it for approval."
    if change.type == Change.Type.STANDARD:
        return "info", "A draft. Submitted unchanged, it is approved by its template at once."
    return "info", "A draft: nobody approves it before it is submitted."


def _submitted(position: Position, _today: dt.date) -> tuple[str, str]:
    change = position.change
    if change.merged_at is not None:
        return "bad", f"It was merged without approval. {_waits_for(position)}"
    if change.type == Change.Type.STANDARD:
        return "warn", "It is not what its template says any more: edit it."
    return "warn", _waits_for(position)


def _in_writing(position: Position) -> tuple[str, str]:
    change = position.change
    late = change.written_due_at is not None and change.written_due_at < now()
    due = exact(change.written_due_at) if change.written_due_at else ""
    words = f"It was carried out before it was approved. The approval in writing {'was' if late else 'is'} due by {due}."
    return ("bad" if late else "warn"), f"{words} {_waits_for(position)}"


def _waits_for(position: Position) -> str:
    """Who may approve it, and how many still have to."""
    if not position.could:
        return "It waits for approval, and nobody here can give it: change the approval rules, or who has which role."
    if is_complete(position.standings):
        return f"It waits for one more approval, by {names(position.could)}: the rules have changed since the others."
    if position.given and all(one.is_author for one in position.given):
        return f"Only an author of its commits has approved it. It waits for {names(position.could)}."
    wanting = sum(one.needed - one.given for one in position.standings if not one.is_met)
    number = "an approval" if wanting == 1 else f"{wanting} approvals"
    return f"It waits for {number} by {names(position.could)}."


def _approved(position: Position, _today: dt.date) -> tuple[str, str]:
    change = position.change
    if change.approved_until and change.approved_until < now():
        return "bad", f"Its approval expired on {exact(change.approved_until)}: it has to be asked for again."
    by = change.implementer.name if change.implementer else "whoever asked for it"
    if held := why_not_planned(change):
        return "warn", f"Its window is in a freeze. {held} Move the window, or have it let through."
    if change.window_from and change.window_until:
        return "info", f"{_first(by)} carries it out from {exact(change.window_from)} to {exact(change.window_until)}."
    until = f", until {exact(change.approved_until)}" if change.approved_until else ""
    return "info", f"It may be carried out by {by} at any time{until}."


def _attempted(position: Position, today: dt.date) -> tuple[str, str]:
    change = position.change
    by = change.verifier.name if change.verifier else "whoever asked for it"
    what = "reviews it" if needs_review(change) else "reviews or closes it"
    if change.review_due_on is None:
        return "info", f"{_first(by)} {what}."
    late = change.review_due_on < today
    return ("bad" if late else "info"), f"{_first(by)} {what}, {'due since' if late else 'by'} {spelled(change.review_due_on)}."


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]


def names(several: list[str]) -> str:
    """Ann, Ben or Cem; the first few of many."""
    if len(several) > NAMED:
        return f"{', '.join(several[:NAMED])} or {len(several) - NAMED} others"
    return " or ".join([", ".join(several[:-1]), several[-1]]) if len(several) > 1 else several[0]
