"""The list of schemas."""

import datetime as dt
from typing import Any

from django.db.models import Count, F, FilteredRelation, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from audit.exports import RecordsExports
from processing.models import Outcome, ProcessingRecord, ProcessingSchema, SchemaVersion
from processing.models.schema import WRITE
from processing.records.figures import HOURS, percent
from tenancy.scope import now
from ui.screens import Column, Empty, Filter, ListScreen

READ = "processing.read"


class SchemaList(RecordsExports, ListScreen):
    """What documents are validated against."""

    permission = READ
    title = "Schemas"
    lede = "What documents look like, in versions. Other systems send documents and are told where they do not fit."
    noun = "schemas"
    noun_one = "schema"
    template_name = "processing/schema_list.html"
    columns = (
        Column("key", "Name", sort="key", link=True, whole=True),
        Column("title", "What it is", sort="title", wide=True),
        Column("in_force", "Version in force", value=lambda one: one.in_force or "None", hide_below=700),
        Column("recent", "Records, 24 hours", numeric=True, hide_below=700),
        Column("rate", "Succeeded", value=lambda one: percent(one.recent_succeeded, one.recent), numeric=True),
        Column(
            "alert_below",
            "Alert below",
            value=lambda one: f"{one.alert_words} %" if one.alert_words else "Off",
            numeric=True,
            hide_below=1000,
        ),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
    )
    default_order = ("key",)
    filters = (
        Filter("state", "State", choices=ProcessingSchema.Status.choices, lookup="status"),
        Filter("force", "In force", choices=[("no", "No version in force")], where={"no": Q(in_force=None)}),
    )
    search_fields = ("key", "title")
    search_hint = "Name or title"
    empty = Empty(
        "There is no schema yet",
        "A schema says what a document must look like before a system works with it. Two are ready to start with: tool calls and "
        "user data.",
        action=("Register a schema", "processing:schema-create"),
    )
    primary_action = ("Register a schema", "processing:schema-create", WRITE)

    def get_queryset(self) -> QuerySet[Any]:
        """With the version in force, and what came of the last day."""
        return with_figures(ProcessingSchema.objects.all())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether those to start with are offered."""
        may_write = self.request.member.can(WRITE)
        return super().get_context_data(offer_starters=may_write and not ProcessingSchema.objects.exists(), **kwargs)


def with_figures(schemas: QuerySet[ProcessingSchema]) -> QuerySet[Any]:
    """With `in_force`, `recent` and `recent_succeeded`."""
    since = now() - dt.timedelta(hours=HOURS)
    rows = ProcessingRecord.objects.filter(schema=OuterRef("pk"), occurred_at__gte=since).order_by().values("schema")
    return schemas.annotate(
        version_in_force=FilteredRelation("versions", condition=Q(versions__status=SchemaVersion.Status.ACTIVE)),
        in_force=F("version_in_force__number"),
        recent=_number(rows.annotate(n=Count("pk"))),
        recent_succeeded=_number(rows.filter(outcome=Outcome.SUCCESS).annotate(n=Count("pk"))),
    )


def _number(rows: Any) -> Coalesce:
    return Coalesce(Subquery(rows.values("n"), output_field=IntegerField()), 0)
