"""A document's dates, numbers and words. Whole sentences, never glued from parts of one."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass

from ui.values import percent_of


@dataclass(frozen=True, slots=True)
class Clock:
    """Instants and days as the organization writes them."""

    zone: str

    def local(self, instant: str) -> dt.datetime | None:
        """An ISO instant in the organization's zone; None for ""."""
        return dt.datetime.fromisoformat(instant).astimezone(zoneinfo.ZoneInfo(self.zone)) if instant else None

    def moment(self, instant: str) -> str:
        """3 Oct 2026, 09:05 EDT; "" for none."""
        local = self.local(instant)
        return f"{local.day} {local:%b %Y, %H:%M} {zone_name(local)}" if local else ""

    def short(self, instant: str) -> str:
        """3 Oct, 09:05, for tables whose year is said elsewhere."""
        local = self.local(instant)
        return f"{local.day} {local:%b, %H:%M}" if local else ""

    def date_of(self, instant: str) -> str:
        """The local day of an instant: 3 Oct 2026."""
        local = self.local(instant)
        return day(f"{local:%Y-%m-%d}") if local else ""

    def days_between(self, first: str, last: str) -> int | None:
        """Local days from one instant to another; None when either is missing."""
        begin, end = self.local(first), self.local(last)
        return (end.date() - begin.date()).days if begin and end else None

    def days_late(self, due: str, instant: str) -> int:
        """How many local days after `due` (an ISO day) the instant lies; 0 when on time or missing."""
        local = self.local(instant)
        return max(0, (local.date() - dt.date.fromisoformat(due)).days) if local and due else 0

    def window(self, first: str, last: str) -> str:
        """From one instant until another; "" when neither is set."""
        if first and last:
            return f"{self.moment(first)} until {self.moment(last)}"
        return f"from {self.moment(first)}" if first else f"until {self.moment(last)}" if last else ""


def zone_name(local: dt.datetime) -> str:
    """EST, or UTC+03:00 for zones without letters of their own."""
    name = local.tzname() or ""
    return name if name.isalpha() else f"UTC{name}"


def day(iso: str) -> str:
    """3 Oct 2026; "" for none."""
    if not iso:
        return ""
    value = dt.date.fromisoformat(iso)
    return f"{value.day} {value:%b %Y}"


def plural(number: int, one: str, many: str = "") -> str:
    """1 row, 12,345 rows."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


_SPELLED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def spelled(number: int, one: str) -> str:
    """three matters, 12 matters."""
    return f"{_SPELLED[number] if number < len(_SPELLED) else f'{number:,}'} {one if number == 1 else one + 's'}"


def share(part: int, whole: int) -> str:
    """551 of 600 (92 %); 0 of 0 of nothing. Never rounded up to all or down to none."""
    return f"{part:,} of {whole:,} ({percent_of(part, whole)} %)" if whole else "0 of 0"


def listed(parts: list[str]) -> str:
    """a, b and c."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
