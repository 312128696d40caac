"""Screens of records: one of them, and what they add up to."""

import datetime as dt
import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.views.generic import TemplateView

from processing.models import ProcessingBreach, ProcessingRecord, ProcessingSchema
from processing.records import figures
from processing.records.figures import Figures, Step
from processing.schemas.listing import READ
from tenancy.scope import now
from ui.charts import Point, Slice, bar, line
from ui.screens import DetailScreen
from ui.screens.base import Screen

HOME = ("Processing", "processing:figures")
SPANS = (("24", "24 hours"), ("168", "7 days"), ("720", "30 days"), ("2160", "90 days"))


class RecordDetail(DetailScreen):
    """One record: what came of it, where it did not fit, and the hashes of what went in and out."""

    permission = READ
    template_name = "processing/record_detail.html"
    breadcrumbs = (HOME, ("Records", "processing:record-list"))
    object: ProcessingRecord

    def get_queryset(self) -> QuerySet[Any]:
        """With all that the page says."""
        return ProcessingRecord.objects.select_related("schema", "version", "batch__sent_by__user")

    def get_title(self) -> str:
        """What was done, to what."""
        return str(self.object)


class FiguresPage(Screen, TemplateView):
    """What the documents of the last hours or days add up to, for all schemas and for each."""

    permission = READ
    title = "Processing"
    template_name = "processing/figures.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Figures, two charts, a row for each schema, and breaches that last."""
        hours = asked_hours(self.request.GET.get("hours", ""))
        chosen = _schema(self.request.GET.get("schema", ""))
        end = now()
        begin = end - dt.timedelta(hours=hours)
        rows = figures.between(begin, end, chosen.pk if chosen else None)
        found = figures.figures_of(rows)
        steps = figures.steps(rows, begin, end, self.request.organization)
        return super().get_context_data(
            **self.frame(),
            found=found,
            hours=str(hours),
            span=dict(SPANS)[str(hours)],
            spans=SPANS,
            chosen=chosen,
            first=begin.astimezone(self.request.organization.tzinfo).date(),
            schemas=_by_schema(figures.between(begin, end)),
            all_schemas=ProcessingSchema.objects.order_by("key"),
            breaches=ProcessingBreach.objects.filter(status="open").select_related("schema", "event"),
            charts=_charts(found, steps) if found.records else None,
            may_see_events=self.request.member.can("incidents.read"),
            **kwargs,
        )


def asked_hours(typed: str) -> int:
    """One of the spans; a day unless it is named."""
    return int(typed) if typed in dict(SPANS) else figures.HOURS


def _schema(typed: str) -> ProcessingSchema | None:
    try:
        return ProcessingSchema.objects.filter(pk=uuid.UUID(typed)).first()
    except ValueError:
        return None


def _by_schema(rows: QuerySet[ProcessingRecord]) -> list[tuple[ProcessingSchema, Figures]]:
    """A row for each schema in use, and for retired ones that have records."""
    found = figures.by_schema(rows)
    schemas = ProcessingSchema.objects.order_by("key")
    in_use = ProcessingSchema.Status.ACTIVE
    return [(one, found.get(one.pk, Figures())) for one in schemas if one.pk in found or one.status == in_use]


def _charts(found: Figures, steps: list[Step]) -> dict[str, SafeString]:
    shares = [
        Slice("Success", found.succeeded, "ok"),
        Slice("Partial", found.partial, "warn"),
        Slice("Failure", found.failed, "bad"),
    ]
    # A rate is cut, not rounded: 99.6 % is not all of them.
    rates = [_point(one, int(one.figures.success_rate) if one.figures.success_rate is not None else None) for one in steps]
    slow = [_point(one, round(one.figures.p95) if one.figures.p95 is not None else None) for one in steps]
    return {
        "shares": bar(shares, name="shares", title="Records by status"),
        "rates": line(rates, name="rates", title="Success rate in percent"),
        "slow": line(slow, name="slow", title="95th percentile of the duration in milliseconds")
        if found.timed
        else SafeString(""),
    }


def _point(step: Step, value: int | None) -> Point:
    local = step.begins
    if local.tzinfo is dt.UTC or local.tzinfo is None or local.hour or local.minute:
        return Point(f"{local:%Y-%m-%d %H:%M}", f"{local:%H}", value)
    return Point(f"{local:%Y-%m-%d}", f"{local:%d}", value)
