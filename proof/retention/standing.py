"""What one organization is told of the trail's retention."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings

from audit.seal.retained import removed
from proof.retention.rules import needs, old_months

OTHERS = "It is old enough. The night takes it out, unless the installation needs it."


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many months events are kept at least, what went, and the old months that stay, each with why."""

    months: int
    removed: list[tuple[str, int]]
    staying: list[tuple[str, list[str]]]

    @property
    def events(self) -> int:
        """How many events went."""
        return sum(count for _, count in self.removed)


def retention_of(today: dt.date) -> Retention:
    """Of the active organization. What others need a month for is theirs."""
    return Retention(
        months=settings.PLUMBLINE_TRAIL_MONTHS,
        removed=sorted(removed().months.items()),
        staying=[(month.name, list(needs(month, today)) or [OTHERS]) for month in old_months(today)],
    )
