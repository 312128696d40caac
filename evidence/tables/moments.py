"""Reading dates and times as exports write them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from evidence.tables.errors import FormatError
from evidence.tables.text import printable

DATE_ORDERS: Final = {"": "Year first, or named by its own form", "dmy": "Day, month, year", "mdy": "Month, day, year"}
# Words that stand where a date of last use would be. Four different facts, none turned into another.
STATES: Final = {
    "never": "never",
    "never logged in": "never",
    "never signed in": "never",
    "never used": "never",
    "never accessed": "never",
    "": "no_information",
    "no_information": "no_information",
    "no information": "no_information",
    "unknown": "no_information",
    "none": "no_information",
    "null": "no_information",
    "-": "no_information",
    "--": "no_information",
    "n/a": "not_applicable",
    "na": "not_applicable",
    "not applicable": "not_applicable",
    "not_applicable": "not_applicable",
    "not_supported": "not_supported",
    "not supported": "not_supported",
}
_CACHE_SIZE: Final = 20_000
_NUMERIC = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:(?:,\s*|\s+|T)(.+))?", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(?:\s*([ap])\.?m\.?)?(?:\s*(Z|UTC|GMT))?", re.ASCII | re.I)
_NAMED_DATES: Final = ("%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y", "%d-%b-%Y", "%Y-%b-%d")
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+", re.I)
_NAMED = re.compile(r"([\w-]+(?:\s+[\w-]+){0,2}?)(?:\s+(?:at\s+)?(\d{1,2}:\d{2}.*))?", re.ASCII)


class Moments:
    """Reads dates and times of one file: naive ones are in its zone, repeated texts are read once."""

    def __init__(self, zone: str = "UTC", date_order: str = "") -> None:
        """Zone is an IANA name; date_order is "", "dmy" or "mdy". Raises FormatError for an unknown zone."""
        try:
            self._zone: dt.tzinfo = ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise FormatError(f"{printable(zone, 50)} is not a known time zone.") from None
        self._order = date_order
        self._cache: dict[str, dt.datetime] = {}

    def moment(self, text: str) -> dt.datetime:
        """Give the instant in UTC. Raises ValueError with a sentence."""
        found = self._cache.get(text)
        if found is None:
            found = self._read(text)
            if len(self._cache) < _CACHE_SIZE:
                self._cache[text] = found
        return found

    def day(self, text: str) -> dt.date:
        """Give the calendar day that is written, whatever the zone. Raises ValueError with a sentence."""
        return self._parse(text.strip(), first_year=1900).date()

    def last_used(self, text: str) -> tuple[dt.datetime | None, str]:
        """Give (instant, state) of a last-used cell; the state is "known" only with an instant."""
        found = self._cache.get(text)
        if found is not None:
            return found, "known"
        state = STATES.get(text.strip().lower())
        if state is not None:
            return None, state
        return self.moment(text), "known"

    def optional(self, text: str) -> dt.datetime | None:
        """Give the instant, or None where the cell says nothing."""
        return None if text.strip().lower() in STATES else self.moment(text)

    def _read(self, text: str) -> dt.datetime:
        naive = self._parse(text.strip(), first_year=1970)
        aware = naive if naive.tzinfo is not None else naive.replace(tzinfo=self._zone)
        return aware.astimezone(dt.UTC)

    def _parse(self, text: str, *, first_year: int) -> dt.datetime:
        shown = printable(text, 60)
        if len(text) > 60:
            raise ValueError(f"“{shown}” is not a date.")
        found = _iso(text) or self._numeric(text, shown) or _named(text)
        if found is None:
            raise ValueError(f"“{shown}” is not a date that can be read; write it as 2026-01-31.")
        if not first_year <= found.year <= 2200:
            raise ValueError(f"“{shown}” is not a plausible date.")
        return found

    def _numeric(self, text: str, shown: str) -> dt.datetime | None:
        match = _NUMERIC.fullmatch(text)
        if match is None:
            return None
        first, mark, second, third, rest = match.groups()
        if len(first) == 4:
            year, month, day = int(first), int(second), int(third)
        elif len(third) != 4:
            raise ValueError(f"“{shown}” has no year of four digits.")
        else:
            year = int(third)
            day, month = self._day_and_month(int(first), int(second), mark, shown)
        try:
            return dt.datetime.combine(dt.date(year, month, day), _clock(rest))  # zone follows
        except ValueError:
            raise ValueError(f"“{shown}” is not a date in the calendar.") from None

    def _day_and_month(self, first: int, second: int, mark: str, shown: str) -> tuple[int, int]:
        order = self._order
        if not order and mark == ".":
            order = "dmy"  # dots are written day first wherever they are used
        if not order and (first > 12 or second > 12 or first == second):
            order = "mdy" if second > 12 else "dmy"
        if not order:
            raise ValueError(f"“{shown}” may be day first or month first; say in the mapping which it is.")
        return (first, second) if order == "dmy" else (second, first)


def _iso(text: str) -> dt.datetime | None:
    if text.isdigit() and len(text) != 8:  # fromisoformat would take the tenth digit for a separator
        return None
    if text.endswith((" UTC", " GMT")):
        text = text[:-4] + "+00:00"
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def _clock(text: str | None) -> dt.time:
    if not text:
        return dt.time()
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        raise ValueError("not a time")
    hour, minute, second, half, zone = match.groups()
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            raise ValueError("not a time")
        hours = hours % 12 + (12 if half.lower() == "p" else 0)
    return dt.time(hours, int(minute), int(second or 0), tzinfo=dt.UTC if zone else None)


def _named(text: str) -> dt.datetime | None:
    """Read forms with an English month name: "1 Oct 2026", "Oct 1, 2026 10:00 AM"."""
    match = _NAMED.fullmatch(_WEEKDAY.sub("", text).replace(",", " ").strip())
    if match is None:
        return None
    for form in _NAMED_DATES:
        try:
            day = dt.datetime.strptime(" ".join(match[1].split()), form).date()  # noqa: DTZ007 - a calendar day
            return dt.datetime.combine(day, _clock(match[2]))
        except ValueError:
            continue
    return None
