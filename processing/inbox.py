"""What of processing waits for those who look after schemas: those of which too little succeeds."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from processing.models import ProcessingBreach
from processing.models.schema import WRITE
from workflow.inbox import SHOWN, InboxEntry, Rows


def waiting(member: Any) -> Iterator[InboxEntry]:
    """One line for each schema; whoever runs incidents has the security event of it besides."""
    if not member.can(WRITE):
        return
    for breach in _lasting()[:SHOWN]:
        title = f"Too little of what “{breach.schema.key}” checks succeeds: below {breach.threshold_words} %"
        yield InboxEntry(title, breach.schema.get_absolute_url(), "you look after schemas", delegable=False)


def about(member: Any) -> Rows:
    """The rows behind `waiting`."""
    if member.can(WRITE):
        yield _lasting()


def _lasting() -> QuerySet[ProcessingBreach]:
    return (
        ProcessingBreach.objects.filter(status=ProcessingBreach.Status.OPEN).select_related("schema").order_by("began_at", "pk")
    )
