"""What happens next to a change, and who has to act, as one sentence."""

import datetime as dt

from changes.approving.rules import is_complete
from changes.calendar.freezes import why_not_planned
from changes.lifecycle.completeness import missing
from changes.lifecycle.describing import planned
from changes.lifecycle.ending import goes_without_review, needs_review
from changes.lifecycle.standing import Asked, Position
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
    ended = {
        Status.REJECTED: ("bad", "It was rejected. It can be reworked and submitted again."),
        Status.WITHDRAWN: (
            "info",
            "Nothing: it was withdrawn, and nobody carries it out. It can be reworked and submitted again.",
        ),
    }
    return ended.get(Status(change.status), ("ok", "It is over."))


def _draft(position: Position, _today: dt.date) -> tuple[str, str]:
    change = position.change
    if change.type == Change.Type.EMERGENCY:
        return _emergency(change)
    if change.type == Change.Type.STANDARD:
        return "info", "A draft. Submitted unchanged, it is approved by its template at once."
    if missing(change):
        return "info", "A draft: nobody approves it before it is submitted."
    return "info", "A draft that says all it has to. Read it through and submit it: then it is put before its approvers."


def _emergency(change: Change) -> tuple[str, str]:
    if change.agreed_at is None or change.agreed_by is None:
        return "warn", "An emergency: record who agreed by word before it is carried out, or submit it for approval."
    after = "It may be carried out now; its approval in writing is due by the end of the next business day after that."
    return "info", f"{change.agreed_by.name} agreed by word on {exact(change.agreed_at)}. {after}"


def _submitted(position: Position, _today: dt.date) -> tuple[str, str]:
    change = position.change
    if change.merged_at is not None:
        return "bad", f"It was merged without approval. {_waits_for(position)}"
    if change.type == Change.Type.STANDARD:
        return "warn", "It is not what its template says any more: edit it."
    if change.type == Change.Type.EMERGENCY and change.agreed_at is not None:
        return "warn", f"{_emergency(change)[1]} {_waits_for(position)}"
    return "warn", _waits_for(position)


def _in_writing(position: Position) -> tuple[str, str]:
    change = position.change
    late = change.written_due_at is not None and change.written_due_at < now()
    due = exact(change.written_due_at) if change.written_due_at else ""
    words = f"It was carried out before it was approved. The approval in writing {'was' if late else 'is'} due by {due}."
    if by := position.rejected_by:
        return "bad", f"{by} rejected in writing what was carried out. {words} {_waits_for(position)}"
    return ("bad" if late else "warn"), f"{words} {_waits_for(position)}"


def _waits_for(position: Position) -> str:
    """Who may approve it, and how many still have to."""
    if not position.could:
        return "It waits for approval, and nobody here can give it: change the approval rules, or who has which role."
    if is_complete(position.standings):
        return f"It waits for one more approval, by {names(position.could)}: the rules have changed since the others."
    if position.given and all(one.is_author for one in position.given):
        return f"Only somebody who wrote some of it has approved it. It waits for {names(position.could)}."
    wanting = [one for one in position.asked if not one.standing.is_met]
    return f"It waits for {_and([_wanted(one, position.member.name) for one in wanting])}."


def _wanted(one: Asked, reader: str) -> str:
    """Such as "an approval by you, Ann or Ben"; whoever reads it first."""
    number = one.standing.needed - one.standing.given
    what = "an approval" if number == 1 else f"{number} approvals"
    if not one.could:
        return f"{what} ({one.standing.name}) that nobody here can give"
    others = [name for name in one.could if name != reader]
    return f"{what} by {names(['you', *others] if reader in one.could else others)}"


def _and(several: list[str]) -> str:
    return ", and ".join([", ".join(several[:-1]), several[-1]]) if len(several) > 1 else several[0]


def _approved(position: Position, _today: dt.date) -> tuple[str, str]:
    change = position.change
    if change.approved_until and change.approved_until < now():
        return "bad", f"Its approval expired on {exact(change.approved_until)}: it has to be asked for again."
    by = change.implementer.name if change.implementer else _asker(change)
    if held := why_not_planned(change):
        return "warn", f"Its window is in a freeze. {held} Move the window, or have it let through."
    if change.window_from and change.window_until:
        return "info", f"{_first(by)} carries it out: {planned(change)}."
    until = f", until {exact(change.approved_until)}" if change.approved_until else ""
    return "info", f"It may be carried out by {by} at any time{until}."


def _attempted(position: Position, today: dt.date) -> tuple[str, str]:
    change = position.change
    if goes_without_review(change):
        return "ok", "It was carried out as approved. A request needs no review; whoever asked for it may close it."
    by = change.verifier.name if change.verifier else _asker(change)
    what = "reviews it" if needs_review(change) else "reviews or closes it"
    if change.review_due_on is None:
        return "info", f"{_first(by)} {what}."
    late = change.review_due_on < today
    return ("bad" if late else "info"), f"{_first(by)} {what}, {'due since' if late else 'by'} {spelled(change.review_due_on)}."


def _asker(change: Change) -> str:
    return f"{change.requester.name}, who asked for it," if change.requester else "whoever asked for it"


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]


def names(several: list[str]) -> str:
    """Ann, Ben or Cem; the first few of many."""
    if len(several) > NAMED:
        return f"{', '.join(several[:NAMED])} or {len(several) - NAMED} others"
    return " or ".join([", ".join(several[:-1]), several[-1]]) if len(several) > 1 else several[0]
