"""Keeping events: those that are new once, those that came before once and for all, in a few statements for any number."""

import datetime as dt
import hashlib
import uuid
from collections import Counter as Tally
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from django.db import connection, transaction
from prometheus_client import Counter

from accounts.models import Member
from api.problems import pointer
from audit.actions import action
from audit.actors import Actor, current_origin
from audit.record import record
from controls.events.reading import Fresh, Reading, controls_named, read
from controls.events.tasks import watch
from controls.models import ControlEvent, EventBatch
from tenancy.ids import uuid7
from tenancy.models import Organization
from tenancy.scope import current_tenant_id, now

MOST = 500
COUNTED = Counter("plumbline_control_events", "Control events that were kept, by kind, of all organizations.", ["kind"])
OWN = "plumbline"  # the source of what the product logs of its own records
Kept = tuple[uuid.UUID, str]  # id and SHA-256
_COLUMNS = (
    "id, tenant_id, batch_id, control_id, kind, source, event_id, occurred_at, month, body, sha256, result, notable, subject, "
    "actor, ip, measure"
)
_INCOMING = f"""
CREATE TEMPORARY TABLE event_incoming ON COMMIT DROP AS SELECT {_COLUMNS} FROM controls_controlevent WITH NO DATA
"""  # noqa: S608 - constants
_INSERT = f"""
INSERT INTO controls_controlevent ({_COLUMNS}) SELECT {_COLUMNS} FROM event_incoming ORDER BY event_id
ON CONFLICT (tenant_id, source, event_id) DO NOTHING
RETURNING event_id
"""  # noqa: S608 - constants


@dataclass(slots=True)
class Outcome:
    """What became of one event of a request, in its order."""

    status: Literal["accepted", "duplicate", "refused"]
    event_id: str = ""
    id: uuid.UUID | None = None
    sha256: str = ""
    errors: list[tuple[str, str]] = field(default_factory=list)


def log_events(items: Sequence[Any], *, source: str, organization: Organization, actor: Actor) -> list[Outcome]:
    """Check up to MOST events of a system, keep what is new, and say of each what became of it.

    An event is known by its system and the sender's own id. The same again is a duplicate and gets the answer of the
    first; another under the same id is refused. Nothing is recorded where nothing is new.
    """
    at = now()
    readings = read(items, source=source, controls=controls_named(items), zone=organization.tzinfo, at=at)
    fresh: dict[str, Fresh] = {}
    for reading in readings:
        if reading.event is not None:
            fresh.setdefault(reading.event.event_id, reading.event)
    added: dict[str, Kept] = {}
    if fresh:
        with suppress(_NothingNew):
            added = _keep(list(fresh.values()), source=source, at=at, actor=actor, readings=readings)
    before = _known(source, [name for name in fresh if name not in added])
    return _outcomes(readings, before, added)


class _NothingNew(Exception):
    """All of it was kept before: there is nothing to keep, nor to record."""


def _known(source: str, event_ids: list[str]) -> dict[str, Kept]:
    """Those that are kept already."""
    if not event_ids:
        return {}
    rows = ControlEvent.objects.filter(source=source, event_id__in=event_ids)
    return {name: (key, digest) for name, key, digest in rows.values_list("event_id", "pk", "sha256")}


def _outcomes(readings: list[Reading], before: dict[str, Kept], added: dict[str, Kept]) -> list[Outcome]:
    found: list[Outcome] = []
    answered: set[str] = set()
    for reading in readings:
        event = reading.event
        if event is None:
            found.append(Outcome("refused", reading.event_id, errors=reading.errors))
            continue
        key, digest = added.get(event.event_id) or before[event.event_id]
        if digest != event.sha256:
            found.append(Outcome("refused", event.event_id, errors=[(pointer("event_id"), "Another event has this id.")]))
            continue
        is_new = event.event_id in added and event.event_id not in answered
        answered.add(event.event_id)
        found.append(Outcome("accepted" if is_new else "duplicate", event.event_id, key, digest))
    return found


@action
def _keep(new: list[Fresh], *, source: str, at: dt.datetime, actor: Actor, readings: list[Reading]) -> dict[str, Kept]:
    """Add the events and the batch they came in, with one event of the trail for all. Returns what was added.

    Raises _NothingNew, which takes everything back. Of two requests with the same events the second waits for the first: both
    add them in one order, or each would wait for the other.
    """
    batch_id, keys = uuid7(), {event.event_id: uuid7() for event in new}
    common = (current_tenant_id(), batch_id, source)
    names = _insert([_row(keys[event.event_id], *common, event) for event in new])
    if not names:
        raise _NothingNew
    added = [event for event in new if event.event_id in names]
    refused = sum(reading.event is None for reading in readings)
    batch = EventBatch(
        pk=batch_id,
        source=source,
        sent_by=actor if isinstance(actor, Member) else None,
        token=current_origin().token or "",
        received_at=at,
        accepted=len(added),
        duplicates=len(readings) - refused - len(added),
        refused=refused,
        digest=digest_of((keys[event.event_id], event.control, event.sha256) for event in added),
    )
    batch.save(force_insert=True)
    facts = {name: getattr(batch, name) for name in ("source", "accepted", "duplicates", "refused", "digest")}
    record("event_batch.log", batch, actor=actor, after=facts)
    if any(event.facts.notable for event in added):
        watch.delay_on_commit(str(batch_id))
    transaction.on_commit(partial(_count, Tally(event.kind for event in added)))
    return {event.event_id: (keys[event.event_id], event.sha256) for event in added}


def _count(kinds: Tally[str]) -> None:
    for kind, number in kinds.items():
        COUNTED.labels(kind).inc(number)


def _insert(rows: Iterable[tuple[Any, ...]]) -> set[str]:
    """Add what is not there. COPY refuses a table under row-level security: go through a temporary one. The ids added."""
    with connection.cursor() as cursor:
        cursor.execute(_INCOMING)
        with cursor.copy("COPY event_incoming FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(_INSERT)
        names = {name for (name,) in cursor.fetchall()}
        cursor.execute("DROP TABLE event_incoming")
    return names


def _row(key: uuid.UUID, tenant_id: uuid.UUID, batch_id: uuid.UUID, source: str, event: Fresh) -> tuple[Any, ...]:
    """In the order of the columns."""
    facts = event.facts
    return (
        key,
        tenant_id,
        batch_id,
        event.control,
        event.kind,
        source,
        event.event_id,
        event.occurred_at,
        event.month,
        event.body,
        event.sha256,
        str(facts.result),
        facts.notable,
        facts.subject,
        facts.actor,
        facts.ip,
        facts.measure,
    )


def digest_of(rows: Iterable[tuple[uuid.UUID, uuid.UUID, str]]) -> str:
    """The SHA-256 over a line for each event in the order of their ids: its id, its control's id and its own hash."""
    lines = "".join(sorted(f"{key} {control} {digest}\n" for key, control, digest in rows))
    return hashlib.sha256(lines.encode()).hexdigest()
