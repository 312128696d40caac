"""Whether the calendar lets a change go: its own window, and the freezes over it. Times are half open: the end is free.

Rule: a freeze holds for its systems, or for all where it names none. A change that names no system is held by the
freezes of all systems only. An override lets one change through one freeze, for the window that the change had then.
An emergency that was agreed by word goes through: the agreement and its reason say why.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

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
    named = FreezeSystem.objects.filter(freeze=OuterRef("pk"))
    own = ChangeSystem.objects.filter(change=change).values("system")
    given = GIVEN.filter(_same_window(change), change=change, freeze=OuterRef("pk"))
    held = _during(from_, until).filter(Exists(named.filter(system__in=own)) | ~Exists(named))
    return list(held.annotate(overridden=Exists(given)))


def held_by(change: Change, from_: dt.datetime, until: dt.datetime) -> list[FreezeWindow]:
    """The freezes that nobody has let this change through; none for an emergency that was agreed."""
    if is_agreed(change):
        return []
    return [one for one in freezes_of(change, from_, until) if not one.overridden]  # type: ignore[attr-defined] # annotated


def is_agreed(change: Change) -> bool:
    """Whether it is an emergency that somebody agreed to by word, and is still what they agreed to: freezes do not hold it."""
    return change.type == Change.Type.EMERGENCY and change.agreed_until is not None and change.agreed_until > now()


def why_not_planned(change: Change) -> str:
    """Why it cannot be scheduled for its window: the freezes over it that nobody let it through. Empty: it can."""
    if change.window_from is None or change.window_until is None:
        return ""
    return " ".join(frozen_words(one) for one in held_by(change, change.window_from, change.window_until))


def reasons_against(change: Change, at: dt.datetime) -> list[Reason]:
    """What the calendar has against this change going at `at`: before or after its window, or frozen. At most one query."""
    held = held_by(change, at, at + INSTANT)
    return [*outside_window(change, at), *(Reason("frozen", frozen_words(one)) for one in held)]


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


def _same_window(change: Change) -> Q:
    """Overrides given for the window that the change has now; no window is one, too."""
    return Q(**_is("window_from", change.window_from)) & Q(**_is("window_until", change.window_until))


def _is(name: str, value: dt.datetime | None) -> dict[str, object]:
    return {f"{name}__isnull": True} if value is None else {name: value}
