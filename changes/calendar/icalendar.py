"""The calendar as a file that other calendars read (iCalendar, RFC 5545), all times in UTC."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings

from changes.models import Change, FreezeWindow

TYPE = "text/calendar; charset=utf-8"
_WIDTH = 75  # octets of a line, its end not counted (3.1)


def written(changes: Iterable[Change], freezes: Iterable[FreezeWindow], *, at: dt.datetime) -> str:
    """The file; `at` is when it was made. Changes need a window, and both need `.system_names`."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Plumbline//Changes//EN", "CALSCALE:GREGORIAN"]
    for change in changes:
        lines += _change(change, at)
    for freeze in freezes:
        lines += _freeze(freeze, at)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in folded(line))


def _change(change: Any, at: dt.datetime) -> list[str]:
    about = ", ".join(change.system_names)
    state = "TENTATIVE" if change.status == Change.Status.SUBMITTED else "CONFIRMED"
    return [
        *_begin(change, at, change.window_from, change.window_until),
        f"SUMMARY:{escaped(f'{change.reference} {change.title}')}",
        f"DESCRIPTION:{escaped(' · '.join(filter(None, [change.get_status_display(), about])))}",
        f"STATUS:{state}",
        "END:VEVENT",
    ]


def _freeze(freeze: Any, at: dt.datetime) -> list[str]:
    about = ", ".join(freeze.system_names) or "all systems"
    return [
        *_begin(freeze, at, freeze.starts_at, freeze.ends_at),
        f"SUMMARY:{escaped(f'Freeze: {freeze.name}')}",
        f"DESCRIPTION:{escaped(f'Freeze of {about}: {freeze.reason}')}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _begin(record: Change | FreezeWindow, at: dt.datetime, starts: dt.datetime, ends: dt.datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{record.pk}@plumbline",
        f"DTSTAMP:{_instant(at)}",
        f"DTSTART:{_instant(starts)}",
        f"DTEND:{_instant(ends)}",
        f"URL:{settings.PLUMBLINE_BASE_URL}{record.get_absolute_url()}",
    ]


def _instant(value: dt.datetime) -> str:
    return f"{value.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """A text value (3.3.11): what would end it, or a line, is written with a backslash."""
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return "\\n".join(text.splitlines())


def folded(line: str) -> Iterator[str]:
    """The line in parts of at most 75 octets, whole characters each; those after the first begin with a space."""
    part, size = "", 0
    for mark in line:
        width = len(mark.encode())
        if size + width > _WIDTH:
            yield part
            part, size = " ", 1
        part, size = part + mark, size + width
    yield part
