"""Events against their leaves: every text gives its hash, every hash has its place, and what is searched is what was written."""

import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.db import DataError, connection, transaction
from django.db.models import Count
from django.db.models.functions import TruncMonth

from audit.models import AuditEvent, AuditHead, AuditLeaf
from audit.seal.checking.verdict import GRACE, SHOWN, Fault, Kind, Verdict
from audit.seal.retained import removed, span_of, under_a_head_a_year_before
from audit.seal.tree import leaf_hash
from tenancy.scope import current_tenant_id

MOST = 10_000  # altered events whose place is looked up
_BATCH = 10_000
# What has only one of the two, or another hash in each.
_APART = """
SELECT count(*) OVER (), l.position, coalesce(l.id, e.id), l.id IS NULL, e.id IS NULL, e.xid < %(horizon)s::text::xid8
FROM (SELECT id, position, leaf, at FROM audit_auditleaf WHERE tenant_id = %(tenant)s::uuid) l
FULL JOIN (SELECT id, leaf, xid, at FROM audit_event WHERE tenant_id = %(tenant)s::uuid) e ON e.id = l.id
WHERE l.id IS NULL AND (e.xid < %(horizon)s::text::xid8 OR e.at < %(young)s) OR l.leaf <> e.leaf
  OR e.id IS NULL AND (to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM') <> ALL(%(removed)s::text[]) OR l.position >= %(old)s)
ORDER BY l.position NULLS LAST, e.at LIMIT %(most)s
"""
_COLUMNS = """
SELECT count(*) OVER (), e.id FROM audit_event e, LATERAL (SELECT e.body::jsonb AS b OFFSET 0) AS said
WHERE e.tenant_id = %(tenant)s::uuid AND (
  b ->> 'id' <> e.id::text OR b ->> 'organization' <> e.tenant_id::text OR (b ->> 'at')::timestamptz <> e.at
  OR b ->> 'verb' <> e.verb OR b ->> 'result' <> e.result
  OR (b -> 'actor' ->> 'id') IS DISTINCT FROM e.actor_id::text OR b -> 'actor' ->> 'name' <> e.actor_name
  OR b -> 'object' ->> 'kind' <> e.object_kind OR (b -> 'object' ->> 'id') IS DISTINCT FROM e.object_id::text
  OR b -> 'object' ->> 'name' <> e.object_name
  OR (b ?& ARRAY['id', 'organization', 'at', 'verb', 'result', 'actor', 'object']) IS NOT TRUE)
LIMIT %(most)s
"""
Progress = Callable[[int], None]


def check_texts(verdict: Verdict, progress: Progress) -> None:
    """Hash every stored text: what does not give its leaf was altered."""
    altered: list[uuid.UUID] = []
    rows = AuditEvent.objects.order_by().values_list("id", "body", "leaf").iterator(chunk_size=_BATCH)
    for key, body, leaf in rows:
        verdict.events += 1
        if verdict.events % _BATCH == 0:
            progress(verdict.events)
        if leaf_hash(body.encode()) != bytes(leaf):
            altered.append(key)
    words = "Its text is not what was written."
    for key, position in _places(altered):
        verdict.add(Fault(Kind.ALTERED, words, event=key, position=position))
    verdict.found += max(0, len(altered) - MOST)


def check_removed(verdict: Verdict) -> tuple[list[str], int]:
    """The months that retention took out, and how many leaves, from the first on, were old enough to be of them.

    The trail says so, nothing of such a month is left, and the tree has as many leaves of it as were counted then.
    """
    said = removed()
    for month in said.too_young:
        verdict.add(Fault(Kind.MISSING, f"The trail says that retention took {month} out, which was not a year old then."))
    told = {month: count for month, count in said.taken.items() if not _left_of(verdict, month)}
    if not told:
        return [], 0
    rows = AuditLeaf.objects.annotate(month=TruncMonth("at", tzinfo=dt.UTC)).order_by().values_list("month")
    there = {f"{month:%Y-%m}": count for month, count in rows.annotate(count=Count("pk")) if f"{month:%Y-%m}" in told}
    for month, count in sorted(told.items()):
        found = there.get(month, 0)
        if found != count:
            words = f"Retention took {count:,} events of {month} out; the tree has {found:,} of that month."
            verdict.add(Fault(Kind.MISSING, words))
    span = f"{min(told)} to {max(told)}" if len(told) > 1 else min(told)
    verdict.notes.append(f"Retention took {sum(told.values()):,} events of {span} out; their hashes are still in the tree.")
    return list(told), under_a_head_a_year_before(said.told_at)


def _left_of(verdict: Verdict, month: str) -> bool:
    """Whether events of a month are there that the trail says was taken out: retention takes all of a month or nothing."""
    start, end = span_of(month)
    left = AuditEvent.objects.filter(at__gte=start, at__lt=end).count()
    if left:
        words = f"The trail says that retention took {month} out, which it does as a whole; {left:,} of its events are there."
        verdict.add(Fault(Kind.MISSING, words))
    return bool(left)


def check_places(verdict: Verdict) -> None:
    """What is in the tree and not in the trail is missing; what is in the trail and not in the tree came beside it."""
    months, old = check_removed(verdict)
    horizon = AuditHead.objects.order_by("-number").values_list("horizon", flat=True).first() or 0
    found = _rows(_APART, horizon=str(horizon), young=verdict.at - GRACE, most=SHOWN, removed=months, old=old)
    for _, position, key, beside, gone, settled in found:
        if gone:
            fault = Fault(Kind.MISSING, "It is in the tree, and not in the trail any more.", event=key, position=position)
        elif not beside:
            fault = Fault(Kind.ALTERED, "Its hash is not the one that was sealed.", event=key, position=position)
        elif settled:
            fault = Fault(Kind.INSERTED, "It was not there when its time was sealed.", event=key)
        else:
            fault = Fault(Kind.UNSEALED, "No head is over it, although it is old enough.", event=key)
        verdict.add(fault)
    verdict.found += max(0, found[0][0] - SHOWN) if found else 0


def check_columns(verdict: Verdict) -> None:
    """What is searched and shown in lists is a copy of the text: they have to agree."""
    try:
        with transaction.atomic():
            found = _rows(_COLUMNS, most=SHOWN)
    except DataError:  # a text that is no JSON: one by one
        found = [(1, key) for key in _unreadable()]
    keys = [key for _, key in found]
    for key, position in _places(keys):
        verdict.add(Fault(Kind.COLUMN, "What is searched of it is not what its text says.", event=key, position=position))
    verdict.found += max(0, found[0][0] - SHOWN) if found else 0


def _unreadable() -> Iterator[uuid.UUID]:
    for key, body in AuditEvent.objects.order_by("at").values_list("id", "body").iterator(chunk_size=_BATCH):
        try:
            json.loads(body)
        except ValueError:
            yield key


def _places(keys: list[uuid.UUID]) -> list[tuple[uuid.UUID, int | None]]:
    """Each with its place in the tree, if it has one, in their order."""
    known = dict(AuditLeaf.objects.filter(pk__in=keys[:MOST]).values_list("id", "position"))
    return sorted(((key, known.get(key)) for key in keys[:MOST]), key=lambda one: (one[1] is None, one[1] or 0))


def _rows(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"tenant": str(current_tenant_id()), **values})
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
