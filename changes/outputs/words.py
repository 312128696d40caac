"""A document's dates and words. Whole sentences, never glued from parts of one."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Clock:
    """Instants as the organization writes them."""

    zone: str

    def local(self, instant: str) -> dt.datetime | None:
        """An ISO instant in the organization's zone; None for ""."""
        return dt.datetime.fromisoformat(instant).astimezone(ZoneInfo(self.zone)) if instant else None

    def moment(self, instant: str) -> str:
        """3 Oct 2026, 09:05 EDT; "" for none."""
        local = self.local(instant)
        if local is None:
            return ""
        name = local.tzname() or ""
        return f"{local.day} {local:%b %Y, %H:%M} {name if name.isalpha() else f'UTC{name}'}"

    def window(self, first: str, last: str) -> str:
        """From one instant until another; "" when neither is set."""
        if first and last:
            return f"{self.moment(first)} until {self.moment(last)}"
        return f"from {self.moment(first)}" if first else f"until {self.moment(last)}" if last else ""


def listed(words: list[str]) -> str:
    """a, b and c"""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def plural(number: int, one: str, many: str = "") -> str:
    """1 row, 12,345 rows."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
