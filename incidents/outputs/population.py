"""Incidents and security events as populations for testing, and incidents as events that controls run on.

Confidential ones are in them with number, state, severity and times, and without a word of what they are about, nor of what
kind they are and with whom: who tests a population need not be of their team, and no row may be missing.
"""

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet

from controls.occurrences.cadence import Event
from controls.occurrences.calendar import spelled
from evidence.populations.registry import Table, register_population
from incidents.models import Incident, SecurityEvent
from tenancy.models import current_organization

INCIDENTS, EVENTS = "incidents", "security_events"
HIDDEN = "Confidential"
_OF_INCIDENTS = (
    "Every incident that was reported on these days, whatever became of it, from this installation's own database. Confidential "
    "ones are in it without what they are about. What nobody reported is not in it: the population of security events and the "
    "outages of checks are other ways to it."
)
_OF_EVENTS = (
    "Every security event that was reported on these days by people, monitoring, scans and other systems, and how it was "
    "evaluated, from this installation's own database. Confidential ones are in it without what they are about."
)
_HEADER = (
    "Number", "Title", "Kind", "Severity", "State", "Reported (UTC)", "Occurred (UTC)", "Detected (UTC)", "Acknowledged (UTC)",
    "Contained (UTC)", "Resolved (UTC)", "Closed (UTC)", "Acknowledge by (UTC)", "With", "Opened again", "Review due",
)  # fmt: skip
_EVENT_HEADER = (
    "Number", "Title", "Noticed by", "Source", "Kind", "Severity, as reported", "Reported (UTC)", "Seen", "Last seen (UTC)",
    "State", "Incident", "Why it is none", "Evaluated by", "Evaluated (UTC)",
)  # fmt: skip


def register() -> None:
    """Offer them."""
    register_population(INCIDENTS, "Incidents", _OF_INCIDENTS, reported)
    register_population(EVENTS, "Security events", _OF_EVENTS, noticed)


def reported(first: dt.date, last: dt.date) -> Table:
    """The incidents in the order in which they were reported."""
    rows = within(first, last).select_related("assigned_to__user").order_by("reported_at", "pk")
    return Table(_HEADER, _of_incidents(rows))


def noticed(first: dt.date, last: dt.date) -> Table:
    """The security events in the order in which they were reported."""
    begin, end = span(first, last)
    rows = SecurityEvent.objects.filter(reported_at__gte=begin, reported_at__lt=end)
    return Table(_EVENT_HEADER, _of_events(rows.select_related("incident", "evaluated_by__user").order_by("reported_at", "pk")))


def events(first: dt.date, last: dt.date) -> Iterator[Event]:
    """Each incident that was reported on these days and not dismissed, by its id. Its title may become confidential: no word."""
    zone = current_organization().tzinfo
    rows = within(first, last).exclude(status=Incident.Status.DISMISSED).order_by("reported_at", "pk")
    for one in rows.only("pk", "reference", "reported_at").iterator():
        on = one.reported_at.astimezone(zone).date()
        yield Event(one.pk.hex, f"{one.reference}, {spelled(on)}", on, Incident._meta.label_lower, one.pk)


def within(first: dt.date, last: dt.date) -> QuerySet[Incident]:
    """Those that were reported on these days, all of them."""
    begin, end = span(first, last)
    return Incident.objects.filter(reported_at__gte=begin, reported_at__lt=end)


def span(first: dt.date, last: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The instants of local days."""
    organization = current_organization()
    return organization.end_of(first - dt.timedelta(days=1)), organization.end_of(last)


def _of_incidents(rows: QuerySet[Incident]) -> Iterator[tuple[str, ...]]:
    for one in rows.iterator(chunk_size=2000):
        moments = ("occurred", "detected", "acknowledged", "contained", "resolved", "closed")
        yield (
            one.reference,
            HIDDEN if one.confidential else one.title,
            "" if one.confidential else one.get_kind_display(),
            one.severity_words,
            one.get_status_display(),
            _instant(one.reported_at),
            *(_instant(getattr(one, f"{name}_at")) for name in moments),
            _instant(one.acknowledge_due_at),
            one.assigned_to.name if one.assigned_to and not one.confidential else "",
            str(one.times_reopened),
            one.review_due_on.isoformat() if one.review_due_on else "",
        )


def _of_events(rows: QuerySet[SecurityEvent]) -> Iterator[tuple[str, ...]]:
    for one in rows.iterator(chunk_size=2000):
        hidden = one.confidential or (one.incident is not None and one.incident.confidential)
        yield (
            one.reference,
            HIDDEN if hidden else one.title,
            "" if hidden else one.reported_as,
            one.get_source_display(),
            "" if hidden else one.get_kind_display(),
            one.severity_words,
            _instant(one.reported_at),
            str(one.times_seen),
            _instant(one.last_seen_at),
            one.get_status_display(),
            one.incident.reference if one.incident else "",
            "" if hidden else one.reason,
            one.evaluated_by.name if one.evaluated_by else "",
            _instant(one.evaluated_at),
        )


def _instant(at: dt.datetime | None) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S") if at else ""
