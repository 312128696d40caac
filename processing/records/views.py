"""Screens of records: one of them, and what they add up to."""

import datetime as dt
import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.generic import TemplateView

from processing.models import ProcessingBreach, ProcessingRecord, ProcessingSchema
from processing.records import figures
from processing.records.figures import SPANS, Figures, Step
from processing.schemas.listing import READ
from tenancy.scope import now
from ui.charts import Point, Slice, bar, line
from ui.moments import zone_name
from ui.screens import DetailScreen
from ui.screens.base import Screen
from ui.values import spelled

HOME = ("Processing", "processing:figures")


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
        hourly = end - begin <= figures.BY_HOUR
        breaches = list(ProcessingBreach.objects.filter(status="open").select_related("schema", "event"))
        each = _by_schema(figures.between(begin, end))
        steps = figures.steps(rows, begin, end, self.request.organization)
        return super().get_context_data(
            **self.frame(),
            found=found,
            hours=str(hours),
            span=dict(SPANS)[str(hours)],
            spans=SPANS,
            chosen=chosen,
            schemas=each,
            low=[] if chosen else [one for one in figures.below(each) if one[0].pk not in {row.schema_id for row in breaches}],
            all_schemas=ProcessingSchema.objects.order_by("key"),
            breaches=breaches,
            charts=_charts(found, steps, hourly=hourly) if found.records else None,
            steps_words=f"Each point is {'an hour' if hourly else 'a day'}; times in {zone_name()}.",
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


def _charts(found: Figures, steps: list[Step], *, hourly: bool) -> dict[str, Any]:
    shares = [
        Slice("Success", found.succeeded, "ok"),
        Slice("Partial", found.partial, "warn"),
        Slice("Failure", found.failed, "bad"),
    ]
    # A rate is cut, not rounded: 99.6 % is not all of them.
    rates = [
        _point(one, None if one.figures.success_rate is None else int(one.figures.success_rate), hourly=hourly) for one in steps
    ]
    slow = [_point(one, None if one.figures.p95 is None else round(one.figures.p95), hourly=hourly) for one in steps]
    return {
        "shares": bar(shares, name="shares", title="Records by status"),
        "rates": _twice(rates, name="rates", title="Success rate in percent"),
        "slow": _twice(slow, name="slow", title="95th percentile of the duration in milliseconds") if found.timed else [],
    }


def _twice(points: list[Point], *, name: str, title: str) -> list[tuple[str, SafeString]]:
    """The line for a wide and for a narrow place, each with its class."""
    sizes = (("wide", 640, 220), ("narrow", 320, 200))
    return [
        (f"line-{kind}", line(points, name=f"{name}-{kind}", title=title, width=width, height=height))
        for kind, width, height in sizes
    ]


def _point(step: Step, value: int | None, *, hourly: bool) -> Point:
    local = timezone.localtime(step.begins)
    day = spelled(local.date())
    return Point(f"{day}, {local:%H:%M}", f"{local:%H:%M}", value) if hourly else Point(day, f"{local.day} {local:%b}", value)
