"""The trail on screen: what happened, who did it, and what it changed."""

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.text import capfirst

from audit import words
from audit.exports import RecordsExports
from audit.hiding import events_seen_by, part_seen_by
from audit.masking import shown_body, without_masked
from audit.models import AuditEvent
from audit.people import who_filter
from audit.queries import verbs_and_actors
from audit.sentences import about, actor, area, deed, did, record_name
from audit.values import readable, shown_data
from tenancy.models import Organization
from ui.components import Badge
from ui.screens import Column, DayFilter, DetailScreen, Empty, Filter, ListScreen
from ui.values import at, exact


def _result(event: AuditEvent) -> Badge:
    return Badge("Done", "ok") if event.result == "success" else Badge("Refused or failed", "bad")


class EventList(RecordsExports, ListScreen):
    """Everything that was done here."""

    permission = "audit.read"
    title = "Audit trail"
    lede = "Everything that was done here, by whom, and what it changed. Events are only ever added."
    noun = "events"
    noun_one = "event"
    columns: Sequence[Column] = (
        Column("at", "When", sort="at", link=True, value=lambda event: at(event.at), text=lambda event: event.at),
        Column("actor", "Who", value=actor),
        Column("deed", "Did", value=did, sort=("verb", "-at")),
        Column("object_name", "What", value=about),
        Column("change", "Before and after", template="audit/cells/change.html", text=shown_body, hide_below=1300),
        Column("verb", "Code", hide_below=1600, whole=True),
        Column("result", "Result", value=_result, text=lambda event: event.result, hide_below=1000),
    )
    default_order = ("-at",)
    search_fields = ("object_name", "actor_name")  # what is found among the candidates of audit.words
    search_hint = "Record or person"
    empty = Empty("Nothing has happened yet", "What people and the product itself do here is recorded as it happens.")

    def get_queryset(self) -> QuerySet[Any]:
        """All events of the organization, but for those about what this member must not know of."""
        return events_seen_by(self.request.member)

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """By the beginnings of words, where they are rare by way of the records and people that have them."""
        # Nobody who was erased is found by the name that they had.
        return without_masked(super().search(words.having(queryset, text), text))

    def get_filters(self) -> Sequence[Filter]:
        """Built once for each request: what the trail holds decides the choices."""
        if not hasattr(self, "_filters"):
            self._filters = list(self._build_filters())
        return self._filters

    def _build_filters(self) -> Iterable[Filter]:
        verbs, actors = verbs_and_actors(part_seen_by(self.request.member))
        areas = {verb.partition(".")[0]: area(verb) for verb in verbs}
        within = {key: Q(verb__in=[verb for verb in verbs if verb.partition(".")[0] == key]) for key in areas}
        yield Filter("result", "Result", choices=[("success", "Done"), ("failure", "Refused or failed")])
        yield Filter("area", "Area", choices=list(areas.items()), where=within)
        yield Filter("verb", "What was done", choices=[(verb, f"{area(verb)}: {deed(verb)}") for verb in verbs])
        yield who_filter(actors)
        yield from days_within(self.request.organization)
        if record := self._record():
            yield Filter("object", "Record", choices=[record], lookup="object_id")

    def _record(self) -> tuple[str, str] | None:
        """The one record the address names, if its trail was asked for."""
        try:
            key = uuid.UUID(self.request.GET.get("object", ""))
        except ValueError:
            return None
        latest = events_seen_by(self.request.member).filter(object_id=key).order_by("-at").first()
        return (str(key), about(latest)) if latest else None

    def row_url(self, obj: AuditEvent) -> str:
        """The event's page."""
        return reverse("audit:detail", args=[obj.pk])


def days_within(organization: Organization) -> Iterable[Filter]:
    """The filters by time: the latest days, and from one day to another."""
    recent = _recent(organization)
    yield Filter(
        "when",
        "When",
        choices=[(key, label) for key, (label, _) in recent.items()],
        where={key: since for key, (_, since) in recent.items()},
    )
    yield DayFilter("from", "From", within=partial(_from, organization))
    yield DayFilter("to", "To", within=partial(_until, organization))


def _recent(organization: Organization) -> dict[str, tuple[str, Q]]:
    """Today and the latest days, as days of the organization's zone."""
    today = organization.today()
    spans = (("today", "Today", 0), ("7", "Last 7 days", 6), ("30", "Last 30 days", 29))
    return {key: (label, _from(organization, today - dt.timedelta(days=days))) for key, label, days in spans}


def _from(organization: Organization, day: dt.date) -> Q:
    return Q(at__gte=organization.end_of(day - dt.timedelta(days=1)))


def _until(organization: Organization, day: dt.date) -> Q:
    return Q(at__lt=organization.end_of(day))


class EventDetail(DetailScreen):
    """One event, with the exact record that is hashed."""

    permission = "audit.read"
    template_name = "audit/event_detail.html"
    breadcrumbs = (("Audit trail", "audit:list"),)
    object: AuditEvent

    def get_object(self, queryset: Any = None) -> AuditEvent:
        """Find it near the time that its key carries, since the trail is partitioned by time."""
        key: uuid.UUID = self.kwargs["pk"]
        try:
            at = dt.datetime.fromtimestamp((key.int >> 80) / 1000, dt.UTC)
            near = (at - dt.timedelta(days=1), at + dt.timedelta(days=1))
        except (ValueError, OverflowError) as error:  # no key of our own making lies beyond the calendar
            raise Http404 from error
        event = events_seen_by(self.request.member).filter(pk=key, at__range=near).first()
        if event is None:
            raise Http404
        return event

    def get_title(self) -> str:
        """The event as a sentence."""
        return f"{actor(self.object)} {did(self.object)}: {about(self.object)}".removesuffix(": ")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what happened in words, and the body as it is hashed."""
        event = self.object
        body = shown_data(event)
        who, shown = body["actor"], readable(event)
        facts = [
            ("Who", actor(event)),
            ("E-mail", who["email"]),
            ("In the role of", ", ".join(who["roles"])),
            ("When", exact(event.at)),
            ("Action", f"{area(event.verb)}: {did(event)}"),
            ("Record", record_name(event)),
            ("Result", _result(event)),
            ("From the address", who["ip"]),
            ("By the token", who.get("token", "")),
            ("Note", shown.note),
            ("Masked", "Somebody in it was erased. The record stays as it was hashed." if any(event.pseudonyms) else ""),
        ]
        return super().get_context_data(
            facts=[(term, value) for term, value in facts if value],
            readable=shown,
            details=[(capfirst(label), value) for label, value in shown.details.items()],
            body=json.dumps(body, indent=2, ensure_ascii=False),
            leaf=bytes(event.leaf).hex(),
            **kwargs,
        )
