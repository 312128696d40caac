"""How many of the changes carried out in a month were emergencies."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth

from changes.models import Change
from tenancy.models import Organization
from ui.values import percent_of

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """One month where the organization lives."""

    first: dt.date
    emergencies: int
    changes: int

    @property
    def words(self) -> str:
        """Such as "1 of 24 (4 %)"."""
        return f"{self.emergencies} of {self.changes} ({percent_of(self.emergencies, self.changes)} %)"


def months(organization: Organization, today: dt.date) -> list[Month]:
    """The last twelve months in which something was carried out, the latest first; one query."""
    year, month = divmod(today.year * 12 + today.month - MONTHS, 12)
    first = dt.datetime(year, month + 1, 1, tzinfo=organization.tzinfo)
    rows = (
        Change.objects.filter(implemented_at__gte=first)
        .annotate(month=TruncMonth("implemented_at", tzinfo=organization.tzinfo))
        .values("month")
        .annotate(emergencies=Count("pk", filter=Q(type=Change.Type.EMERGENCY)), changes=Count("pk"))
        .order_by("-month")
    )
    return [Month(row["month"].date(), row["emergencies"], row["changes"]) for row in rows]
