"""Finding events by the rare words of names, without reading the whole trail and without a word written when one is recorded.

The names that records and people have had are learned a few minutes later, each once: they are few where events are many. A
search for a word that few of them have asks for the events of these, and reads the latest events, whose names may be new. A
word that many have stands soon in any order of the trail, and needs no help.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Q, QuerySet

from audit.models import AuditEvent, AuditLearned, AuditWord
from tenancy.models import Organization
from ui.words import AFTER, sought, words_of

SETTLED = dt.timedelta(minutes=10)  # by then a transaction has ended; one that took longer is found by the next reading
OVERLAP = dt.timedelta(hours=6)
FEW = 100  # records and people that have a word
MOST_SOUGHT = 3  # words of a search that are looked up; the others only narrow
NOBODY = uuid.UUID(int=0)
_BATCH = 5_000


def learn(_organization: Organization, at: dt.datetime) -> None:
    """Learn the names of the events since the last time; may be repeated at will."""
    until = at - SETTLED
    known = AuditLearned.objects.select_for_update().first()
    events = AuditEvent.objects.filter(at__lte=until)
    if known is not None:
        events = events.filter(at__gt=known.until - OVERLAP)
    for batch in _batches(_words(events)):
        AuditWord.objects.bulk_create(batch, ignore_conflicts=True)
    if known is None:
        AuditLearned.objects.create(until=until)
    elif known.until < until:
        known.until = until
        known.save(update_fields=["until"])


def having(events: QuerySet[AuditEvent], text: str) -> QuerySet[AuditEvent]:
    """Those of `events` that may have every word of `text` in a name; one query here."""
    chunks = {f"having_{place}": _having(chunk) for place, chunk in enumerate(sought(text, MOST_SOUGHT))}
    learned = AuditLearned.objects.annotate(**chunks).first() if chunks else None
    if learned is None:
        return events
    for name in chunks:
        keys: list[uuid.UUID] = getattr(learned, name)
        if len(keys) <= FEW and NOBODY not in keys:
            events = events.filter(Q(object_id__in=keys) | Q(actor_id__in=keys) | Q(at__gt=learned.until))
    return events


def _having(chunk: str) -> ArraySubquery:
    """The first records and people with a word that begins so."""
    found = AuditWord.objects.filter(word__gte=chunk, word__lt=chunk + AFTER).order_by()
    return ArraySubquery(found.values("record_id").distinct()[: FEW + 1])


def _words(events: QuerySet[AuditEvent]) -> Iterator[AuditWord]:
    for key, name in (("object_id", "object_name"), ("actor_id", "actor_name")):
        rows: Any = events.order_by().values_list(F(key), F(name)).distinct()
        for record_id, text in rows.iterator(chunk_size=_BATCH):
            for word in dict.fromkeys(words_of([text])):
                yield AuditWord(record_id=record_id or NOBODY, word=word)


def _batches(rows: Iterable[AuditWord]) -> Iterator[list[AuditWord]]:
    batch: list[AuditWord] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    yield batch
