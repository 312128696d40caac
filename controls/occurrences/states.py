"""The states of occurrences as of a day: as conditions that an index serves, and as words in a tone."""

import datetime as dt

from django.db.models import Q

from controls.models import AuditPeriod, Occurrence
from controls.models.occurrence import State, done_after
from controls.occurrences.calendar import first_of
from ui.components import Badge, Tone

Status = Occurrence.Status
LED_UP = 11  # further months that led to the day of a Type I
OPEN = Q(status=Status.OPEN)
EXPECTED = ~Q(status=Status.WITHDRAWN)
TONES: dict[str, Tone] = {
    State.NOT_YET_DUE: "muted",
    State.DUE: "info",
    State.PERFORMED: "ok",
    State.LATE: "warn",
    State.MISSED: "bad",
    State.DID_NOT_OCCUR: "muted",
    State.NOT_APPLICABLE: "muted",
}
# Worst first: what a month shows of several.
WORST = [
    State.MISSED,
    State.LATE,
    State.DUE,
    State.PERFORMED,
    State.DID_NOT_OCCUR,
    State.NOT_APPLICABLE,
    State.NOT_YET_DUE,
]


def of_period(period: AuditPeriod) -> Q:
    """What a period asks for: what ends in it. A Type I is judged on one day, and asks for all that ends until then."""
    if period.kind == AuditPeriod.Kind.TYPE_1:
        return Q(ends_on__lte=period.ends_on)
    return Q(ends_on__range=(period.starts_on, period.ends_on))


def shown_from(period: AuditPeriod) -> dt.date:
    """The first day that pages by month show of a period: of a Type I, that of the twelve months that lead to its day."""
    return first_of(period.starts_on, months=-LED_UP) if period.kind == AuditPeriod.Kind.TYPE_1 else period.starts_on


def asked_for(today: dt.date) -> Q:
    """What is to be done now: open, and asked for."""
    return OPEN & Q(opens_on__lte=today)


def overdue(today: dt.date) -> Q:
    """What should have been done: open, and late or missed."""
    return OPEN & Q(due_on__lt=today)


def of_state(state: str, today: dt.date) -> Q:
    """The occurrences of a state on a day; the rule of `state_as_of`, without computing it for every row."""
    performed = Q(status=Status.PERFORMED)
    found: dict[str, Q] = {
        State.NOT_YET_DUE: OPEN & Q(opens_on__gt=today),
        State.DUE: OPEN & Q(opens_on__lte=today, due_on__gte=today),
        State.LATE: OPEN & Q(due_on__lt=today, missed_after__gte=today)
        | performed & done_after("due_on") & ~done_after("missed_after"),
        State.MISSED: OPEN & Q(missed_after__lt=today) | done_after("missed_after"),
        State.PERFORMED: performed & ~done_after("due_on"),
        State.DID_NOT_OCCUR: Q(status=Status.DID_NOT_OCCUR),
        State.NOT_APPLICABLE: Q(status=Status.NOT_APPLICABLE),
    }
    return found[state]


def badge_of(row: Occurrence, today: dt.date) -> Badge:
    """Its state on a day, as a word in a tone; what was done all the same says so."""
    if row.status == Status.WITHDRAWN:
        return Badge("Not expected any more")
    state = row.state_on(today)
    if row.late_by_word:
        return Badge("Late, by the owner's word", TONES[state])
    done = row.status == Status.PERFORMED and state != State.PERFORMED
    return Badge(
        f"{'Performed late' if state == State.LATE else 'Performed after missed'}" if done else state.label, TONES[state]
    )
