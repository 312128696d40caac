"""Changes as a population for testing, and as events that controls run on: those that were carried out."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet

from changes.models import Change
from controls.occurrences.cadence import Event
from controls.occurrences.calendar import spelled
from evidence.populations.registry import Table
from tenancy.models import current_organization

KIND, LABEL = "changes", "Changes"
STATEMENT = (
    "Every change that was carried out on these days, whatever became of it, from this installation's own database. What nobody "
    "raised as a change is not in it: the population of deployments is drawn from the pipelines."
)
_HEADER = (
    "Number", "Title", "Type", "Kind", "Risk", "State", "Asked for by", "Submitted (UTC)", "Approved (UTC)", "Carried out (UTC)",
    "Carried out by", "Approval in writing (UTC)", "SHA-256 of what was approved",
)  # fmt: skip


def carried_out(first: dt.date, last: dt.date) -> Table:
    """The changes in the order in which they were carried out."""
    return Table(_HEADER, _rows(_within(first, last).select_related("requester", "implementer")))


def events(first: dt.date, last: dt.date) -> Iterator[Event]:
    """Each change that was carried out on these days, by its id; its day is that of the organization."""
    zone = current_organization().tzinfo
    columns = ("pk", "reference", "title", "implemented_at")
    for key, reference, title, at in _within(first, last).values_list(*columns).iterator():
        on = at.astimezone(zone).date()
        yield Event(key.hex, f"{reference} {title}"[:170] + f", {spelled(on)}", on, Change._meta.label_lower, key)


def _within(first: dt.date, last: dt.date) -> QuerySet[Change]:
    organization = current_organization()
    begin, end = organization.end_of(first - dt.timedelta(days=1)), organization.end_of(last)
    return Change.objects.filter(implemented_at__gte=begin, implemented_at__lt=end).order_by("implemented_at", "pk")


def _rows(changes: QuerySet[Change]) -> Iterator[tuple[str, ...]]:
    for one in changes.iterator(chunk_size=2000):
        yield (
            one.reference,
            one.title,
            one.get_type_display(),
            one.get_kind_display(),
            one.get_risk_display(),
            one.get_status_display(),
            one.requester.name if one.requester else "",
            _instant(one.submitted_at),
            _instant(one.approved_at),
            _instant(one.implemented_at),
            one.implementer.name if one.implementer else "",
            _instant(one.written_at),
            one.content_hash,
        )


def _instant(at: dt.datetime | None) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S") if at else ""
