"""What the calendar says on the page of one change: when it goes, what holds it, what it meets."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from changes.calendar.board import clock, window_words
from changes.calendar.freezes import INSTANT, freezes_of, is_agreed
from changes.calendar.overriding import holding, why_not_override
from changes.calendar.pages import address
from changes.calendar.reading import Meeting, meetings_of
from changes.models import Change, ChangeFreezeOverride, FreezeWindow
from changes.rights import READ, RUN, visible_to
from tenancy.scope import now
from ui.moments import hours_of, zone_name


@dataclass(frozen=True, slots=True)
class Slot:
    """When it goes, and what the calendar has against it. `is_held`: it does not go unless somebody lets it through."""

    window: str
    calendar_url: str
    zone: str
    held_by: list[FreezeWindow]
    passed: list[FreezeWindow]  # freezes that it goes through as an emergency that was agreed
    overrides: list[ChangeFreezeOverride]
    meetings: list[Meeting]
    may_override: bool
    may_withdraw: bool

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to say but when."""
        return not (self.held_by or self.passed or self.overrides or self.meetings)


def slot(change: Change, member: Any) -> Slot:
    """The calendar's part of a change's page, at most five queries and those of who may let it through."""
    overrides = change.freeze_overrides.select_related("freeze", "given_by__user").order_by("-given_at")
    held, passed = ([], []) if change.is_over else _held(change)
    has_window = change.window_from is not None and change.window_until is not None
    meetings = meetings_of([change], visible_to(member), sees_all=member.can(READ)) if has_window and not change.is_over else {}
    runs = member.can(RUN)
    return Slot(
        window=_window(change),
        calendar_url=address("week", timezone.localdate(change.window_from), None) if change.window_from else "",
        zone=zone_name(),
        held_by=held,
        passed=passed,
        overrides=list(overrides) if getattr(change, "has_overrides", True) else [],  # annotated by the change's page
        meetings=meetings.get(change.pk, []),
        may_override=runs and not change.is_over and bool(holding(change)) and not why_not_override(change, member),
        may_withdraw=runs and not change.is_over,
    )


def _held(change: Change) -> tuple[list[FreezeWindow], list[FreezeWindow]]:
    """The freezes that hold it, and those that it goes through because it was agreed; without a window, those of now."""
    if change.window_from is None or change.window_until is None:
        met = freezes_of(change, now(), now() + INSTANT)
    else:
        met = freezes_of(change, change.window_from, change.window_until)
    open_ = [one for one in met if not one.overridden]  # type: ignore[attr-defined] # annotated
    return ([], open_) if is_agreed(change) else (open_, [])


def _window(change: Change) -> str:
    """`Tue 24 Nov 2026, 14:00 to 15:30`, with both days where it goes over night; empty without one."""
    if change.window_from is None or change.window_until is None:
        return ""
    starts, until = timezone.localtime(change.window_from), timezone.localtime(change.window_until)
    zone = any(hours_of(one) != 24 for one in {starts.date(), until.date()})
    if starts.date() == until.date():
        return f"{starts:%a} {starts.day} {starts:%b %Y}, {window_words(starts, until, zone=zone)}"
    return " to ".join(f"{one:%a} {one.day} {one:%b %Y}, {clock(one, zone=zone)}" for one in (starts, until))
