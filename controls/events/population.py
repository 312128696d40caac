"""The control events of a span of days as a population for testing."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet

from controls.events.hiding import hidden_keys
from controls.events.listing import since, until
from controls.models import ControlEvent
from evidence.hiding import Outsider
from evidence.populations.registry import Table
from tenancy.models import current_organization

KIND, LABEL = "control_events", "Control events"
STATEMENT = (
    "Every event that other systems logged through the API and that occurred on these days, whatever it says, from this "
    "installation's own database. Those about confidential records are in it without what they are about. What a system did not "
    "send is not in it."
)
_HEADER = (
    "Event", "Category", "Occurred (UTC)", "Control", "About", "By", "IP address", "Result", "System", "Its id there",
    "Received (UTC)", "SHA-256",
)  # fmt: skip


def occurred(first: dt.date, last: dt.date) -> Table:
    """The events in the order in which they occurred."""
    organization = current_organization()
    within = ControlEvent.objects.filter(since(organization, first) & until(organization, last))
    return Table(_HEADER, _rows(within.select_related("control", "batch").order_by("occurred_at", "pk")))


def _rows(events: QuerySet[ControlEvent]) -> Iterator[tuple[str, ...]]:
    confidential = hidden_keys(Outsider())
    for one in events.iterator(chunk_size=2000):
        about = ("Confidential", "", "") if one.pk in confidential else (one.subject, one.actor, one.ip)
        yield (
            str(one.pk),
            one.get_kind_display(),
            _instant(one.occurred_at),
            one.control.code,
            *about,
            one.get_result_display(),
            one.source,
            one.event_id,
            _instant(one.batch.received_at),
            one.sha256,
        )


def _instant(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
