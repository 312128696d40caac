"""The list of what was validated."""

import datetime as dt
import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

from django.db.models import Q, QuerySet

from audit.exports import RecordsExports
from processing.models import Outcome, ProcessingRecord, ProcessingSchema
from processing.records.figures import SPANS
from processing.schemas.listing import READ
from tenancy.models import Organization
from tenancy.scope import now
from ui.screens import Column, DayFilter, Empty, Filter, ListScreen
from ui.values import exact


class _Uncounted(Filter):
    """A filter whose counts would cost more than they tell."""

    counted: ClassVar[bool] = False


class _OneBatch(_Uncounted):
    """The one request that the address names: a record's page links here with it."""

    def options(self, screen: Any) -> list[tuple[str, str]]:
        """The request named, if it is one."""
        typed = screen.request.GET.get(self.name, "")
        try:
            return [(str(uuid.UUID(typed)), "One request")]
        except ValueError:
            return []


def since(organization: Organization, day: dt.date) -> Q:
    """What occurred on a local day or later."""
    return Q(occurred_at__gte=organization.end_of(day - dt.timedelta(days=1)))


def until(organization: Organization, day: dt.date) -> Q:
    """What occurred on a local day or earlier."""
    return Q(occurred_at__lt=organization.end_of(day))


def within(hours: int) -> Q:
    """What occurred in the last hours, as the figures count them."""
    return Q(occurred_at__gte=now() - dt.timedelta(hours=hours))


def duration_words(one: ProcessingRecord) -> str:
    """Such as "12.5 ms"."""
    return f"{one.duration_ms:,.1f} ms" if one.duration_ms is not None else ""


class RecordList(RecordsExports, ListScreen):
    """Every document that was validated, and what came of it."""

    permission = READ
    title = "Processing records"
    lede = "What other systems validated: hashes, outcome, where it did not fit. The documents themselves are not kept."
    noun = "records"
    noun_one = "record"
    columns = (
        Column("occurred_at", "Occurred", sort="occurred_at", link=True, text=lambda one: exact(one.occurred_at)),
        Column("operation", "Operation", sort="operation", wide=True),
        Column("schema.key", "Schema", whole=True, hide_below=700),
        Column("version.number", "Version", numeric=True, hide_below=1300),
        Column("outcome_badge", "Status", sort="outcome", text=lambda one: one.get_outcome_display()),
        Column("first_error", "Where it does not fit", hide_below=1000),
        Column("duration_ms", "Took", value=duration_words, numeric=True, sort="duration_ms", hide_below=1000),
        Column(
            "input_sha256", "Input", value=lambda one: one.input_sha256[:8], text=lambda one: one.input_sha256, hide_below=1300
        ),
        Column(
            "output_sha256",
            "Output",
            value=lambda one: one.output_sha256[:8],
            text=lambda one: one.output_sha256,
            hide_below=1500,
        ),
    )
    default_order = ("-occurred_at",)
    search_fields = ("operation", "input_sha256", "output_sha256")
    search_hint = "Operation, or SHA-256 of a document"
    empty = Empty(
        "Nothing was validated yet",
        "Other systems send documents with a token; each schema's page says how.",
        action=("Schemas", "processing:schema-list"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """With their schema and version."""
        return ProcessingRecord.objects.select_related("schema", "version").defer(
            "version__input_schema", "version__output_schema"
        )

    def get_filters(self) -> Sequence[Filter]:
        """Days are those of the organization."""
        if not hasattr(self, "_filters"):
            organization = self.request.organization
            schemas = [(str(key), name) for key, name in ProcessingSchema.objects.order_by("key").values_list("pk", "key")]
            self._filters = (
                Filter("status", "Status", choices=Outcome.choices, lookup="outcome", multiple=True),
                _Uncounted("schema", "Schema", choices=schemas, lookup="schema_id", multiple=True),
                _Uncounted("fit", "Fit", choices=[("no", "Does not fit its schema")], where={"no": Q(error_count__gt=0)}),
                _Uncounted("last", "Within", choices=SPANS, where={hours: within(int(hours)) for hours, _ in SPANS}),
                DayFilter("from", "From", within=partial(since, organization)),
                DayFilter("to", "To", within=partial(until, organization)),
                _OneBatch("request", "Request", choices=(), lookup="batch_id"),
            )
        return self._filters
