"""When the calendar is against a change that is being recorded as carried out: for the form that asks for it."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from changes.calendar.freezes import INSTANT, held_by
from changes.lifecycle.describing import planned
from changes.models import Change
from tenancy.scope import now

LOCAL = "%Y-%m-%dT%H:%M"  # as the browser's own picker writes it


@dataclass(frozen=True, slots=True)
class Against:
    """In words, such as "outside of its window"; and the same as local times, which the page compares."""

    words: str
    times: dict[str, str]


def when_against(change: Change) -> Against | None:
    """At which times since its approval it needs a reason to have gone ahead; None: at none, as for an emergency. One query."""
    if change.type == Change.Type.EMERGENCY:
        return None
    moment = now()
    freezes = held_by(change, change.approved_at or moment, moment + INSTANT)
    words, times = [], {"needed-now": _local(moment)}
    if change.window_from or change.window_until:
        words.append(f"outside of its window ({planned(change)})")
        times["needed-outside"] = f"{_local(change.window_from)}/{_local(change.window_until)}"
    if freezes:
        words.append(f"in the freeze {', '.join(one.name for one in freezes)}")
        times["needed-inside"] = " ".join(f"{_local(one.starts_at)}/{_local(one.ends_at)}" for one in freezes)
    return Against(" or ".join(words), times) if words else None


def _local(at: dt.datetime | None) -> str:
    return timezone.localtime(at).strftime(LOCAL) if at else ""
