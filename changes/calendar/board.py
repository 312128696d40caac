"""The days of a page, each with its freezes as bands and its changes as entries."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from changes.calendar.reading import Found, Meeting
from changes.calendar.spans import DAY, Span
from changes.models import Change, FreezeWindow
from ui.components import Tone
from ui.moments import day_begins, hours_of

_MARKS: dict[str, Tone] = {
    "submitted": "warn",
    "closed": "ok",
    "failed": "bad",
    "rolled_back": "bad",
}
NAMED = 3  # changes that an entry names as overlapping


@dataclass(frozen=True, slots=True)
class Entry:
    """A change on one day."""

    change: Change
    time: str  # when it begins on that day, or that it goes on
    range: str  # the whole window
    systems: str
    meetings: list[Meeting]
    held: list[FreezeWindow]
    goes_on: bool  # it began before this day

    @property
    def tone(self) -> Tone:
        """By its state: not approved, to come, done, failed."""
        return _MARKS.get(self.change.status, "info")

    @property
    def named(self) -> list[Meeting]:
        """The first of those that it overlaps with."""
        return self.meetings[:NAMED]

    @property
    def unnamed(self) -> int:
        """How many more there are."""
        return len(self.meetings) - len(self.named)

    @property
    def overlap_words(self) -> str:
        """`Overlaps CHG-2026-0013 on Okta.`, for those whose time is to come."""
        if not self.meetings:
            return ""
        named = [f"{one.reference or 'another change'} on {', '.join(one.systems)}" for one in self.named]
        return f"Overlaps {'; '.join(named)}" + (f" and {self.unnamed} more. " if self.unnamed else ". ")

    @property
    def held_words(self) -> str:
        """`Held by Year end`, while nobody has let it through."""
        return f"Held by {' and '.join(one.name for one in self.held)}" if self.held else ""


@dataclass(frozen=True, slots=True)
class Band:
    """A freeze on one day. Its name is written where it begins in the row, as wide as `days` of the row."""

    freeze: FreezeWindow
    begins: bool
    ends: bool
    days: int  # 0: the name stands on an earlier day of the row

    @property
    def words(self) -> str:
        """For those who do not see the band."""
        names = ", ".join(self.freeze.system_names) or "all systems"  # type: ignore[attr-defined] # annotated
        return f"Freeze of {names}: {self.freeze.name}"


@dataclass(slots=True)
class Day:
    """A day of the page."""

    date: dt.date
    is_today: bool
    is_within: bool
    clocks: str  # what the clocks do, where they do something
    entries: list[Entry]
    more: int
    bands: list[Band | None] = field(default_factory=list)  # by lane; None keeps the place of a band of other days

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands on it."""
        return not self.entries and not any(self.bands)


def weeks_of(span: Span, found: Found, freezes: Sequence[FreezeWindow], *, today: dt.date, most: int) -> list[list[Day]]:
    """The rows of the page: weeks of seven days, or the one day."""
    days = [_day(day, span, found, today=today, most=most) for day in span.days]
    size = 1 if span.view == "day" else 7
    rows = [days[start : start + size] for start in range(0, len(days), size)]
    for row in rows:
        _lay_bands(row, freezes)
    return rows


def _day(day: dt.date, span: Span, found: Found, *, today: dt.date, most: int) -> Day:
    begins, ends = day_begins(day), day_begins(day + DAY)
    there = [one for one in found.changes if _meets(one.window_from, one.window_until, begins, ends)]
    entries = [entry_of(one, day, found) for one in there[:most]]
    return Day(day, day == today, span.holds(day), clocks_words(day), entries, found.on_day.get(day, 0) - len(entries))


def entry_of(change: Any, day: dt.date, found: Found) -> Entry:
    """A change that has a window, as it stands on one of its days. Load it `with_systems`."""
    starts, until = timezone.localtime(change.window_from), timezone.localtime(change.window_until)
    shows_zone = any(hours_of(one) != 24 for one in {starts.date(), until.date()})
    if starts.date() == day:
        time = clock(starts, zone=shows_zone)
    else:
        time = f"until {clock(until, zone=shows_zone)}" if until <= day_begins(day + DAY) else "all day"
    systems = ", ".join(change.system_names)
    return Entry(
        change,
        time,
        window_words(starts, until, zone=shows_zone),
        systems,
        found.meetings.get(change.pk, []),
        found.held.get(change.pk, []),
        goes_on=starts.date() < day,
    )


def window_words(starts: dt.datetime, until: dt.datetime, *, zone: bool) -> str:
    """`14:00 to 15:30`, over days `22 Nov 22:00 to 23 Nov 02:00`; with the zone where the clocks change."""
    if starts.date() == until.date():
        return f"{clock(starts, zone=zone)} to {clock(until, zone=zone)}"
    return f"{starts.day} {starts:%b} {clock(starts, zone=zone)} to {until.day} {until:%b} {clock(until, zone=zone)}"


def clock(local: dt.datetime, *, zone: bool) -> str:
    """`14:00`, or `01:30 EST` where the hour alone would not say which."""
    return f"{local:%H:%M %Z}" if zone else f"{local:%H:%M}"


def clocks_words(day: dt.date) -> str:
    """`Clocks go back: 25 hours`, on the days on which they do."""
    hours = hours_of(day)
    if hours == 24:
        return ""
    return f"Clocks go {'forward' if hours < 24 else 'back'}: {hours:g} hours"


def _lay_bands(row: list[Day], freezes: Iterable[FreezeWindow]) -> None:
    """Give each freeze one lane through the row, the first that is free."""
    lanes: list[set[int]] = []
    for freeze in freezes:
        places = [at for at, day in enumerate(row) if _is_frozen(freeze, day.date)]
        if places:
            lane = next((number for number, taken in enumerate(lanes) if taken.isdisjoint(places)), len(lanes))
            if lane == len(lanes):
                lanes.append(set())
            lanes[lane].update(places)
            for at in places:
                _put(row[at].bands, lane, _band(freeze, row[at].date, len(places) if at == places[0] else 0))


def _put(bands: list[Band | None], lane: int, band: Band) -> None:
    bands.extend([None] * (lane + 1 - len(bands)))
    bands[lane] = band


def _band(freeze: FreezeWindow, day: dt.date, days: int) -> Band:
    return Band(freeze, freeze.starts_at >= day_begins(day), freeze.ends_at <= day_begins(day + DAY), days)


def _is_frozen(freeze: FreezeWindow, day: dt.date) -> bool:
    return _meets(freeze.starts_at, freeze.ends_at, day_begins(day), day_begins(day + DAY))


def _meets(starts: dt.datetime | None, until: dt.datetime | None, begins: dt.datetime, ends: dt.datetime) -> bool:
    return starts is not None and until is not None and starts < ends and until > begins
