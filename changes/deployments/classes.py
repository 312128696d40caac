"""What stands against a deployment of a change at a moment, and into which class it falls: one set of rules for the gate, which
asks before it, and for the reconciliation, which asks afterwards. Once in Python, once in SQL for any number of them.

docs/deployments.md has them in words. Tests compare the two over every combination of what they look at, and the gate with both.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from changes.calendar.freezes import is_agreed
from changes.models import Change
from changes.models.change import PAST
from changes.models.deployment import Classification, Reason

# A change in these states has been approved; the database refuses them otherwise.
IN_FORCE = ("approved", "scheduled", "implemented", "failed", "rolled_back", "reviewed", "closed", "withdrawn")
ENDED_BADLY = ("rejected", "withdrawn")


@dataclass(frozen=True, slots=True)
class Facts:
    """What of a change decides about a deployment of it."""

    type: str
    status: str
    approved_at: dt.datetime | None = None
    approved_until: dt.datetime | None = None
    agreed_recorded_at: dt.datetime | None = None
    agreed_until: dt.datetime | None = None
    written_at: dt.datetime | None = None
    written_due_at: dt.datetime | None = None
    over_at: dt.datetime | None = None
    window_from: dt.datetime | None = None
    window_until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """What the deployment and its change are to each other.

    `elsewhere`: the change is not meant for its environment; `no_commit`: it names a commit, its change none; `other_commit`: not
    the one that was approved; `frozen`: a freeze held the change, and nobody had let it through.
    """

    elsewhere: bool = False
    no_commit: bool = False
    other_commit: bool = False
    frozen: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """One class, and the one reason for it."""

    classification: Classification
    reason: Reason


NOTHING = Beside()


def facts_of(change: Change) -> Facts:
    """Those of a change."""
    return Facts(**{name: getattr(change, name) for name in Facts.__dataclass_fields__})


def against(facts: Facts, at: dt.datetime, beside: Beside = NOTHING) -> Iterator[Reason]:
    """All that stands against it at `at`, what decides its class first; nothing: it may go, or was approved when it went.

    The gate and the classes are both made of this.
    """
    over = facts.status in PAST and (facts.over_at is None or facts.over_at <= at)
    if over:
        yield Reason(facts.status) if facts.status in ENDED_BADLY else Reason.OVER
    for holds, reason in (
        (beside.elsewhere, Reason.ELSEWHERE),
        (beside.no_commit, Reason.NO_COMMIT),
        (beside.other_commit, Reason.OTHER_COMMIT),
    ):
        if holds:
            yield reason
    if not over:
        yield from _unapproved(facts, at)
    if facts.window_from is not None and at < facts.window_from:
        yield Reason.TOO_EARLY
    if facts.window_until is not None and at >= facts.window_until:
        yield Reason.TOO_LATE
    if beside.frozen:
        yield Reason.FROZEN


def _unapproved(facts: Facts, at: dt.datetime) -> Iterator[Reason]:
    """What its approval, or the agreement by word to an emergency, lacks at `at`."""
    given = _approved_at(facts)
    if given is not None and given <= at:
        if facts.approved_until is not None and facts.approved_until < at:
            yield Reason.EXPIRED
        return
    if is_agreed(facts, at):
        return
    yield Reason.APPROVED_LATER if given is not None else _unagreed(facts, at)


def _approved_at(facts: Facts) -> dt.datetime | None:
    if facts.status not in IN_FORCE:
        return None
    return facts.approved_at or (facts.written_at if facts.type == Change.Type.EMERGENCY else None)


def _unagreed(facts: Facts, at: dt.datetime) -> Reason:
    """Of a change that nobody has approved: why no agreement by word stands in for it."""
    recorded, due = facts.agreed_recorded_at, facts.written_due_at
    if facts.type != Change.Type.EMERGENCY or recorded is None:
        return Reason.NOT_APPROVED
    if recorded > at:
        return Reason.AGREED_LATER
    return Reason.UNWRITTEN if due is not None and due < at else Reason.AGREEMENT_OVER


def classify(
    facts: Facts | None, at: dt.datetime, beside: Beside = NOTHING, *, pushed: bool = False, named_other: bool = False
) -> Verdict:
    """Class and reason of a deployment at `at`. Without facts no change was found: it may be a direct push, or name another."""
    if facts is None:
        reason = Reason.PUSHED if pushed else Reason.NAMED_OTHER if named_other else Reason.NO_CHANGE
    else:
        reason = next(against(facts, at, beside), None) or _cleared(facts, at)
    return Verdict(Classification(CLASS_OF[reason]), reason)


def _cleared(facts: Facts, at: dt.datetime) -> Reason:
    """Of what nothing stands against: on what it went."""
    if is_agreed(facts, at):
        return Reason.AGREED
    return Reason.TEMPLATE if facts.type == Change.Type.STANDARD else Reason.APPROVED


def carried_class(facts: Facts, at: dt.datetime, *, elsewhere: bool) -> Verdict:
    """Of a change that another's deployment carried: only whether it was approved for there. Its window was for its own."""
    status = "implemented" if facts.status in PAST and facts.status not in ENDED_BADLY else facts.status
    own = replace(facts, status=status, window_from=None, window_until=None)
    return classify(own, at, Beside(elsewhere=elsewhere))


def carrying(own: Verdict, others: Iterable[Verdict]) -> Verdict:
    """The verdict of a deployment that carried other merges too: no better than the worst of them."""
    found = {one.classification for one in others}
    if own.classification in (Classification.UNAPPROVED, Classification.UNMATCHED):
        return own
    if Classification.UNAPPROVED in found:
        return Verdict(Classification.UNAPPROVED, Reason.CARRIES_NONE)
    if Classification.APPROVED_AFTER in found and own.classification != Classification.APPROVED_AFTER:
        return Verdict(Classification.APPROVED_AFTER, Reason.CARRIES_LATER)
    return own


CLASS_OF: dict[str, str] = {
    Reason.NO_CHANGE: Classification.UNMATCHED,
    Reason.NAMED_OTHER: Classification.UNMATCHED,
    Reason.PUSHED: Classification.UNAPPROVED,
    Reason.WITHDRAWN: Classification.UNAPPROVED,
    Reason.REJECTED: Classification.UNAPPROVED,
    Reason.OVER: Classification.UNAPPROVED,
    Reason.ELSEWHERE: Classification.UNAPPROVED,
    Reason.NO_COMMIT: Classification.UNAPPROVED,
    Reason.OTHER_COMMIT: Classification.UNAPPROVED,
    Reason.NOT_APPROVED: Classification.UNAPPROVED,
    Reason.AGREED_LATER: Classification.UNAPPROVED,
    Reason.AGREEMENT_OVER: Classification.UNAPPROVED,
    Reason.UNWRITTEN: Classification.UNAPPROVED,
    Reason.APPROVED_LATER: Classification.APPROVED_AFTER,
    Reason.EXPIRED: Classification.UNAPPROVED,
    Reason.TOO_EARLY: Classification.UNAPPROVED,
    Reason.TOO_LATE: Classification.UNAPPROVED,
    Reason.FROZEN: Classification.UNAPPROVED,
    Reason.AGREED: Classification.EMERGENCY,
    Reason.TEMPLATE: Classification.STANDARD,
    Reason.APPROVED: Classification.APPROVED_BEFORE,
    Reason.CARRIES_NONE: Classification.UNAPPROVED,
    Reason.CARRIES_LATER: Classification.APPROVED_AFTER,
}
# What the gate would have let through at its moment.
ALLOWED = (Classification.APPROVED_BEFORE, Classification.STANDARD, Classification.EMERGENCY)
