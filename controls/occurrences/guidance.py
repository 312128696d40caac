"""What happens next with an occurrence, in a sentence."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from controls.models import ControlEvidence, Occurrence
from controls.models.occurrence import State
from controls.occurrences.calendar import DAY, spelled
from controls.occurrences.states import TONES
from ui.components import Tone

Status = Occurrence.Status


def next_step(row: Occurrence, today: dt.date) -> tuple[Tone, str]:
    """The tone and the sentence, for a row loaded with who performed or stated it."""
    if row.status == Status.WITHDRAWN:
        return "muted", _of_withdrawn(row)
    state = row.state_on(today)
    if row.status == Status.OPEN:
        return TONES[state], _of_open(row, state)
    if row.status == Status.PERFORMED:
        return TONES[state], _of_performed(row, state)
    return TONES[state], _of_stated(row)


def _of_withdrawn(row: Occurrence) -> str:
    if row.kind == Occurrence.Kind.STATEMENT:
        return (
            "Nothing: something did occur in that time, which stands in the list by itself, or the control's frequency changed."
        )
    return "Nothing: the control's frequency or scope changed, and this is not expected any more."


def _of_open(row: Occurrence, state: State) -> str:
    what = {
        Occurrence.Kind.STATEMENT: "Say what occurred, or state that nothing did",
        Occurrence.Kind.CONFIGURATION: "Test the configuration, and record the test on the control",
    }.get(Occurrence.Kind(row.kind), "Do it, and add the evidence that shows it")
    if state == State.NOT_YET_DUE:
        return f"It is asked for from {spelled(row.opens_on)} and due on {spelled(row.due_on)}. It may be done before."
    if state == State.DUE:
        return f"{what}, by {spelled(row.due_on)}."
    if state == State.LATE:
        return f"It was due on {spelled(row.due_on)}. {what}, by {spelled(row.missed_after)}; after that it counts as missed."
    since = spelled(row.missed_after + DAY)
    return f"It was due on {spelled(row.due_on)} and counts as missed since {since}. {what}: it stays a deviation, with its date."


def _of_performed(row: Occurrence, state: State) -> str:
    day = spelled(row.performed_on) if row.performed_on else ""
    if row.late_by_word:
        return _of_word(row, day)
    done = f"Nothing more: it was performed on {day}{_by(row.performed_by)}"
    if state == State.PERFORMED:
        return f"{done}."
    return f"{done}, {'late' if state == State.LATE else 'after it had been missed'}: it was due on {spelled(row.due_on)}."


def _of_word(row: Occurrence, day: str) -> str:
    told = spelled(row.told_on) if row.told_on else ""
    return (
        f"It counts as late: that it was performed on {day} was said on {told}{_by(row.performed_by)}, and no evidence of that "
        "time shows it. Link evidence that was collected then, or have an item of that period validated by somebody else."
    )


def _of_stated(row: Occurrence) -> str:
    what = "that nothing occurred" if row.status == Status.DID_NOT_OCCUR else "that it does not apply"
    return f"Nothing more: it is stated{_by(row.stated_by)} {what}."


def _by(member: object) -> str:
    name = getattr(member, "name", "")
    return f" by {name}" if name else ""


def collected_late(row: Occurrence, proofs: Sequence[ControlEvidence], organization: Any) -> dt.date | None:
    """The day on which the first evidence of what was performed was collected, where that is after the day it was performed."""
    days = [organization.day_of(proof.evidence.collected_at) for proof in proofs]
    first = min(days, default=None)
    return first if first and row.performed_on and first > row.performed_on else None
