"""Lists of events, of alerts and of the rules that raise them."""

import datetime as dt
import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

from django.db.models import Count, Q, QuerySet

from audit.exports import RecordsExports
from controls.events.hiding import alerts_seen_by, events_seen_by
from controls.models import Alert, AlertRule, Control, EventBatch
from controls.models.event import EventKind, EventResult
from tenancy.models import Organization
from ui.screens import Column, DayFilter, Empty, Filter, ListScreen
from ui.values import exact

READ = "controls.read"
WRITE = "controls.write"


class _Uncounted(Filter):
    """A filter whose counts would cost more than they tell."""

    counted: ClassVar[bool] = False


class _OneControl(_Uncounted):
    """The one control that the address names: its page links here with it."""

    def options(self, screen: Any) -> list[tuple[str, str]]:
        """The control named, if there is one."""
        try:
            key = uuid.UUID(screen.request.GET.get(self.name, ""))
        except ValueError:
            return []
        return [(str(one.pk), str(one)) for one in Control.objects.filter(pk=key)]


class _Month(_Uncounted):
    """The one month that the address names, such as 2026-10."""

    def options(self, screen: Any) -> list[tuple[str, str]]:
        """The month named, if it is one."""
        typed = screen.request.GET.get(self.name, "")
        first = first_of(typed)
        return [(typed, f"{first:%B %Y}")] if first else []

    def condition(self, value: str) -> Q:
        """By the month that was written down; the instants around it let an index find it."""
        first = dt.date.fromisoformat(f"{value}-01")
        noon = dt.datetime.combine(first, dt.time(12), dt.UTC)
        return Q(month=first, occurred_at__gte=noon - dt.timedelta(days=2), occurred_at__lt=noon + dt.timedelta(days=33))


def first_of(month: str) -> dt.date | None:
    """The first day of a month such as 2026-10; None for anything else."""
    try:
        first = dt.date.fromisoformat(f"{month}-01")
    except ValueError:
        return None
    # Of the first and the last year a date knows, the instants around a month cannot all be told.
    return first if f"{first:%Y-%m}" == month and dt.MINYEAR < first.year < dt.MAXYEAR else None


def since(organization: Organization, day: dt.date) -> Q:
    """What occurred on a local day or later."""
    return Q(occurred_at__gte=organization.end_of(day - dt.timedelta(days=1)))


def until(organization: Organization, day: dt.date) -> Q:
    """What occurred on a local day or earlier."""
    return Q(occurred_at__lt=organization.end_of(day))


class EventList(RecordsExports, ListScreen):
    """Every event that other systems logged for a control."""

    permission = READ
    title = "Control events"
    lede = "What other systems logged for the controls, each kept as it was sent, with its SHA-256."
    noun = "events"
    noun_one = "event"
    template_name = "controls/event_list.html"
    columns = (
        Column("occurred_at", "Occurred", sort="occurred_at", link=True, text=lambda one: exact(one.occurred_at)),
        Column("kind", "Category", sort="kind"),
        Column("subject", "About", sort="subject", wide=True),
        Column("actor", "By", sort="actor", hide_below=1000),
        Column("result_badge", "Result", sort="result", text=lambda one: one.get_result_display()),
        Column("control.code", "Control", sort="control__code", hide_below=700, whole=True),
        Column("source", "System", sort="source", hide_below=1000),
        Column("event_id", "Its id there", sort="event_id", hide_below=1300),
        Column("sha256", "SHA-256", value=lambda one: one.sha256[:8], text=lambda one: one.sha256, hide_below=1300),
    )
    default_order = ("-occurred_at",)
    search_fields = ("subject", "actor", "ip", "event_id")
    search_hint = "About, by, IP address or id"
    empty = Empty(
        "No system has logged an event yet",
        "Identity providers, pipelines, backup jobs and monitors log what happened through the API, for the control it shows.",
        action=("How to log events", "controls:event-schemas"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """With their controls."""
        return events_seen_by(self.request.member).select_related("control")

    def get_filters(self) -> Sequence[Filter]:
        """Days are those of the organization; systems are those that have sent something."""
        if not hasattr(self, "_filters"):
            organization = self.request.organization
            sources = EventBatch.objects.order_by("source").values_list("source", flat=True).distinct()
            self._filters = (
                Filter("category", "Category", choices=EventKind.choices, lookup="kind"),
                Filter("look", "Worth a look", choices=[("yes", "Worth a look")], where={"yes": Q(notable=True)}),
                _Uncounted("result", "Result", choices=EventResult.choices),
                _Uncounted("source", "System", choices=[(one, one) for one in sources]),
                _Month("month", "Month", choices=()),
                DayFilter("from", "From", within=partial(since, organization)),
                DayFilter("to", "To", within=partial(until, organization)),
                _OneControl("control", "Control", choices=(), lookup="control_id"),
            )
        return self._filters


class AlertList(RecordsExports, ListScreen):
    """What asked for a look, and what came of it."""

    permission = READ
    title = "Alerts"
    lede = "What the rules found in the events. Each is over once somebody has noted what they found."
    noun = "alerts"
    noun_one = "alert"
    columns = (
        Column("reference", "Alert", sort="reference", link=True, whole=True),
        Column("sentence", "What happened", wide=True),
        Column("rule.name", "Rule", sort="rule__name", hide_below=1000),
        Column("control.code", "Control", sort="control__code", hide_below=700, whole=True),
        Column("first_at", "Occurred", sort="first_at", text=lambda one: exact(one.first_at)),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
        Column("looked_by.name", "Looked at by", hide_below=1300),
        Column("found", "What was found", hide_below=1300),
    )
    default_order = ("-status", "-raised_at")
    filters = (
        Filter("state", "State", choices=Alert.Status.choices, lookup="status"),
        Filter("watches", "What", choices=AlertRule.Watches.choices),
        _OneControl("control", "Control", choices=(), lookup="control_id"),
    )
    search_fields = ("reference", "sentence")
    search_hint = "Number or words"
    empty = Empty(
        "Nothing has asked for a look",
        "Rules say when events raise an alert: failed accesses, critical incidents, failed backups and more.",
        action=("Alert rules", "controls:rule-list"),
    )
    template_name = "controls/alert_list.html"

    def get_queryset(self) -> QuerySet[Any]:
        """With rule, control and who looked."""
        return alerts_seen_by(self.request.member).select_related("rule", "control", "looked_by__user")


class RuleList(RecordsExports, ListScreen):
    """When events ask for a look."""

    permission = READ
    title = "Alert rules"
    lede = "A rule raises one alert for each window in which so many events of its kind belong together."
    noun = "rules"
    noun_one = "rule"
    columns = (
        Column("name", "Rule", sort="name", link=True),
        Column("watches", "Watches for", sort="watches"),
        Column("threshold", "How many", numeric=True, hide_below=700),
        Column("minutes", "Within minutes", numeric=True, hide_below=700),
        Column("by", "Counted by", hide_below=1000),
        Column("raised", "Alerts", numeric=True),
        Column("told", "Told by mail", value=lambda one: len(one.recipients), numeric=True, hide_below=1000),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
    )
    default_order = ("name",)
    filters = (Filter("state", "State", choices=AlertRule.Status.choices, lookup="status"),)
    search_fields = ("name",)
    search_hint = "Name"
    breadcrumbs = (("Alerts", "controls:alert-list"),)
    empty = Empty(
        "There is no rule yet",
        "Without a rule, failed accesses and critical incidents are counted, and nobody is told.",
        action=("Add a rule", "controls:rule-create"),
    )
    primary_action = ("Add a rule", "controls:rule-create", WRITE)

    def get_queryset(self) -> QuerySet[Any]:
        """With how many alerts each has raised."""
        seen = alerts_seen_by(self.request.member).order_by().values("pk")
        return AlertRule.objects.annotate(raised=Count("alerts", filter=Q(alerts__in=seen)))
