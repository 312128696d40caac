"""People who were erased: their pseudonym stands wherever an event of theirs, or about them, is shown.

The records stay as they were hashed: nothing of the trail is written again, so its hashes hold. What is masked is shown as such.
Texts of events about other records, such as who had a task, stay as they were recorded.
"""

import uuid
from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet, Subquery

from audit.models import AuditEvent, AuditPseudonym, AuditWord
from audit.record import canonical
from audit.values import shown_data


def mask_people(keys: Iterable[uuid.UUID], pseudonym: str) -> None:
    """From now on show `pseudonym` for the actors and records with these ids. Part of a caller's action."""
    found = set(keys)
    AuditPseudonym.objects.bulk_create(
        [AuditPseudonym(record_id=key, pseudonym=pseudonym) for key in sorted(found)], ignore_conflicts=True
    )
    AuditWord.objects.filter(record_id__in=found).delete()


def with_masks(events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
    """The events with the pseudonyms of who acted and of what they are about; no query of its own."""
    return events.annotate(actor_mask=_pseudonym("actor_id"), object_mask=_pseudonym("object_id"))


def without_masked(events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
    """The events by and about nobody who was erased; one query here, so that the database plans as if nobody was."""
    erased = list(AuditPseudonym.objects.values_list("record_id", flat=True))
    return events.exclude(actor_id__in=erased).exclude(object_id__in=erased) if erased else events


def _pseudonym(field: str) -> Subquery:
    return Subquery(AuditPseudonym.objects.filter(record_id=OuterRef(field)).values("pseudonym")[:1])


def shown_body(event: AuditEvent) -> str:
    """The exact text that is hashed; for somebody who was erased, the text that stands in its place."""
    return canonical(shown_data(event)) if any(event.pseudonyms) else event.body
