"""Whether the calendar lets a change go: its own window, and the freezes over it. Times are half open: the end is free.

Rule: a freeze holds for its systems, or for all where it names none. A change that names no system is held by the
freezes of all systems only. An override lets one change through one freeze, for the window that the change had then.
An emergency that was agreed by word goes through: the agreement and its reason say why. What held at a moment stays so: a
freeze holds from when it was set until it is cancelled, an override lets through from when it was given until it is withdrawn.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Exists, OuterRef, Q, QuerySet

from changes.models import Change, ChangeFreezeOverride, ChangeSystem, FreezeSystem, FreezeWindow
from inventory.models import System
from tenancy.scope import now
from ui.values import exact

# What stands in the calendar: asked for or further, and not turned down. A draft is nobody's plan yet.
PLANNED = frozenset({"submitted", "approved", "scheduled", "implemented", "reviewed", "closed", "failed", "rolled_back"})
WAITING = frozenset({"submitted", "approved", "scheduled"})  # has its window before it, as far as anybody said
INSTANT = dt.timedelta(microseconds=1)
FOREVER = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
GIVEN = ChangeFreezeOverride.objects.filter(status=ChangeFreezeOverride.Status.GIVEN)


class Agreed(Protocol):
    """What of a change says whether an agreement by word counts."""

    @property
    def type(self) -> str: ...
    @property
    def agreed_recorded_at(self) -> dt.datetime | None: ...
    @property
    def agreed_until(self) -> dt.datetime | None: ...
    @property
    def written_due_at(self) -> dt.datetime | None: ...


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a change may not go now: `code` for programs (too_early, too_late, frozen), `words` for people."""

    code: str
    words: str


def freeze_over(systems: Iterable[System | uuid.UUID], from_: dt.datetime, until: dt.datetime) -> list[FreezeWindow]:
    """The freezes in the calendar that hold one of these systems at some time in [from_, until); one query."""
    keys = [one.pk if isinstance(one, System) else one for one in systems]
    named = FreezeSystem.objects.filter(freeze=OuterRef("pk"))
    return list(_during(from_, until).filter(Exists(named.filter(system__in=keys)) | ~Exists(named)))


def freezes_of(change: Change, from_: dt.datetime, until: dt.datetime) -> list[FreezeWindow]:
    """The freezes that hold this change in [from_, until), let through or not; `.overridden` says which. One query."""
    given = GIVEN.filter(_same_window(change), change=change, freeze=OuterRef("pk"))
    return list(_during(from_, until).filter(_about(change)).annotate(overridden=Exists(given)))


def held_by(change: Change, from_: dt.datetime, until: dt.datetime) -> list[FreezeWindow]:
    """The freezes that nobody has let this change through; none for an emergency that was agreed."""
    if is_agreed(change):
        return []
    return [one for one in freezes_of(change, from_, until) if not one.overridden]  # type: ignore[attr-defined] # annotated


def held_at(change: Change, at: dt.datetime) -> list[FreezeWindow]:
    """The freezes that held this change at a moment, by what was in the calendar and let through then. At most one query."""
    if is_agreed(change, at):
        return []
    let = ChangeFreezeOverride.objects.filter(_same_window(change), _not_before(at, "withdrawn_at"), given_at__lte=at)
    rows = FreezeWindow.objects.filter(_not_before(at, "cancelled_at"), set_at__lte=at, starts_at__lte=at, ends_at__gt=at)
    return list(rows.filter(_about(change)).exclude(Exists(let.filter(change=change, freeze=OuterRef("pk")))))


def is_agreed(change: Agreed, at: dt.datetime | None = None) -> bool:
    """Whether it is an emergency whose agreement by word counts at a moment, or now: freezes do not hold it.

    It counts from its recording until an edit or a rejection in writing ends it, and while the written approval is not overdue.
    """
    recorded, until = change.agreed_recorded_at, change.agreed_until
    if change.type != Change.Type.EMERGENCY or recorded is None or until is None:
        return False
    return recorded <= (at or now()) <= min(until, change.written_due_at or until)


def why_not_planned(change: Change) -> str:
    """Why it cannot be scheduled for its window: the freezes over it that nobody let it through. Empty: it can."""
    if change.window_from is None or change.window_until is None:
        return ""
    return " ".join(frozen_words(one) for one in held_by(change, change.window_from, change.window_until))


def reasons_against(change: Change, at: dt.datetime) -> list[Reason]:
    """What the calendar has against this change going at `at`: before or after its window, or frozen. At most one query."""
    return [*outside_window(change, at), *(Reason("frozen", frozen_words(one)) for one in held_at(change, at))]


def outside_window(change: Change, at: dt.datetime) -> list[Reason]:
    """What its own window has against it going at `at`; no query."""
    found = []
    if change.window_from is not None and at < change.window_from:
        found.append(Reason("too_early", f"Its window begins on {exact(change.window_from)}."))
    if change.window_until is not None and at >= change.window_until:
        found.append(Reason("too_late", f"Its window ended on {exact(change.window_until)}."))
    return found


def beside_window(change: Change) -> str:
    """Whether it was carried out before its window ("too_early") or after ("too_late"); empty: inside, or not at all."""
    against = outside_window(change, change.implemented_at) if change.implemented_at else []
    return against[0].code if against else ""


def may_go(change: Change, at: dt.datetime) -> str:
    """Why the calendar does not let this change go at `at`, as sentences; empty when it does. At most one query."""
    return " ".join(one.words for one in reasons_against(change, at))


def overlaps(change: Change) -> list[Change]:
    """The other planned changes of one of its systems whose windows meet this one's, by when they begin. One query."""
    if change.window_from is None or change.window_until is None:
        return []
    shared = ChangeSystem.objects.filter(
        change=OuterRef("pk"), system__in=ChangeSystem.objects.filter(change=change).values("system")
    )
    others = between(change.window_from, change.window_until).filter(Exists(shared), status__in=PLANNED)
    return list(others.exclude(pk=change.pk).order_by("window_from", "id"))


def held_in(freeze: FreezeWindow) -> QuerySet[Any]:
    """The changes whose window meets a freeze that is about them, whatever their state; `.overridden`: let through."""
    covered = FreezeSystem.objects.filter(freeze=freeze)
    touched = ChangeSystem.objects.filter(change=OuterRef("pk"), system__in=covered.values("system"))
    same = {"window_from": OuterRef("window_from"), "window_until": OuterRef("window_until")}
    given = GIVEN.filter(freeze=freeze, change=OuterRef("pk"), **same)
    held = between(freeze.starts_at, freeze.ends_at).filter(Exists(touched) | ~Exists(covered))
    return held.annotate(overridden=Exists(given))


def between(from_: dt.datetime, until: dt.datetime) -> QuerySet[Change]:
    """The changes whose window meets [from_, until)."""
    return Change.objects.filter(window_from__lt=until, window_until__gt=from_)


def frozen_words(freeze: FreezeWindow) -> str:
    """Which freeze it is, until when and why, as a sentence."""
    reason = freeze.reason.strip().rstrip(".")
    return f"{freeze.name} holds until {exact(freeze.ends_at)}: {reason}."


def _during(from_: dt.datetime, until: dt.datetime) -> QuerySet[FreezeWindow]:
    return FreezeWindow.objects.filter(status=FreezeWindow.Status.ACTIVE, starts_at__lt=until, ends_at__gt=from_)


def _about(change: Change) -> Q:
    """The freezes of one of its systems, or of all."""
    named = FreezeSystem.objects.filter(freeze=OuterRef("pk"))
    return Q(Exists(named.filter(system__in=ChangeSystem.objects.filter(change=change).values("system")))) | Q(~Exists(named))


def _not_before(at: dt.datetime, name: str) -> Q:
    """What had not ended by then."""
    return Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gt": at})


def _same_window(change: Change) -> Q:
    """Overrides given for the window that the change has now; no window is one, too."""
    return Q(**_is("window_from", change.window_from)) & Q(**_is("window_until", change.window_until))


def _is(name: str, value: dt.datetime | None) -> dict[str, object]:
    return {f"{name}__isnull": True} if value is None else {name: value}
