"""The records of a span of days as a population for testing."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet

from evidence.populations.registry import Table
from processing.models import ProcessingRecord
from processing.records.listing import since, until
from tenancy.models import current_organization

KIND, LABEL = "processing_records", "Processing records"
STATEMENT = (
    "Every document that other systems sent to be validated and whose operation occurred on these days, whatever came of it, "
    "from this installation's own database. Documents are not kept: each row has the SHA-256 of what went in and came out. "
    "What a system did not send is not in it."
)
_HEADER = (
    "Record", "Occurred (UTC)", "Schema", "Version", "Operation", "Status", "Status as sent", "What does not fit", "First of it",
    "Milliseconds", "SHA-256 of the input", "SHA-256 of the output", "Received (UTC)",
)  # fmt: skip


def occurred(first: dt.date, last: dt.date) -> Table:
    """The records in the order in which they occurred."""
    organization = current_organization()
    rows = ProcessingRecord.objects.filter(since(organization, first) & until(organization, last))
    return Table(_HEADER, _rows(rows.select_related("schema", "version", "batch").order_by("occurred_at", "pk")))


def _rows(records: QuerySet[ProcessingRecord]) -> Iterator[tuple[str, ...]]:
    for one in records.iterator(chunk_size=2000):
        yield (
            str(one.pk),
            _instant(one.occurred_at),
            one.schema.key,
            str(one.version.number),
            one.operation,
            one.get_outcome_display(),
            one.get_said_display(),
            str(one.error_count),
            one.first_error,
            "" if one.duration_ms is None else str(one.duration_ms),
            one.input_sha256,
            one.output_sha256,
            _instant(one.batch.received_at),
        )


def _instant(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
