"""The population of the evidence itself."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet

from evidence.models import Evidence
from evidence.populations.registry import Table
from tenancy.models import current_organization

KIND, LABEL = "evidence", "Evidence collected"
STATEMENT = (
    "Every item of the evidence vault that was collected on these days, whatever its state now, "
    "from this installation's own database."
)
_HEADER = ("Number", "Title", "Category", "State", "Source", "Collected", "Collected at (UTC)", "Collected by", "SHA-256")


def collected(period_from: dt.date, period_to: dt.date) -> Table:
    """The items, by number."""
    organization = current_organization()
    begin, end = organization.end_of(period_from - dt.timedelta(days=1)), organization.end_of(period_to)
    items = Evidence.objects.filter(collected_at__gte=begin, collected_at__lt=end).order_by("collected_at", "pk")
    return Table(_HEADER, _rows(items.select_related("file", "collected_by__user")))


def _rows(items: QuerySet[Evidence]) -> Iterator[tuple[str, ...]]:
    for item in items.iterator(chunk_size=2000):
        yield (
            item.reference,
            item.title,
            item.get_category_display(),
            item.get_status_display(),
            item.source,
            item.get_method_display(),
            item.collected_at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S"),
            item.collected_by.name if item.collected_by else item.collector,
            item.file.sha256,
        )
