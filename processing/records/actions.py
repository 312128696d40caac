"""Keeping what was validated: many records in a few statements, one event of the trail for a request."""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor, current_origin
from audit.record import record
from processing.alerts.tasks import watch_soon
from processing.models import Outcome, ProcessingBreach, ProcessingSchema, RecordBatch, SchemaVersion
from processing.records.reading import Fresh, Reading, read
from tenancy.ids import uuid7
from tenancy.scope import current_tenant_id, now
from ui.refusals import ActionRefused

MOST = 1_000
_SUCCESS = Outcome.SUCCESS.value
RECORD = "processing.record"
_COLUMNS = (
    "id, tenant_id, batch_id, schema_id, version_id, operation, occurred_at, outcome, said, input_sha256, output_sha256, errors, "
    "error_count, duration_ms"
)
_INCOMING = f"""
CREATE TEMPORARY TABLE processing_incoming ON COMMIT DROP AS SELECT {_COLUMNS} FROM processing_processingrecord WITH NO DATA
"""  # noqa: S608 - constants
_INSERT = f"""
INSERT INTO processing_processingrecord ({_COLUMNS}) SELECT {_COLUMNS} FROM processing_incoming
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one item of a request: the id of its record, or why there is none."""

    reading: Reading
    id: uuid.UUID | None = None


def version_in_force(schema: ProcessingSchema) -> SchemaVersion:
    """The version that documents are validated against. Raises ActionRefused when there is none."""
    if schema.status == ProcessingSchema.Status.RETIRED:
        raise ActionRefused(f"The schema {schema.key} is retired.")
    version = SchemaVersion.objects.filter(schema=schema, status=SchemaVersion.Status.ACTIVE).first()
    if version is None:
        raise ActionRefused(f"No version of the schema {schema.key} is in force.")
    return version


def record_outcomes(schema: ProcessingSchema, items: Sequence[Any], *, actor: Actor) -> tuple[SchemaVersion, list[Kept]]:
    """Validate up to MOST documents, keep hashes and outcome of each, and say of each what became of it.

    Documents themselves are never kept. Raises ActionRefused when the actor may not, or no version is in force.
    """
    if not actor.can(RECORD):
        raise ActionRefused("Your role does not allow this.")
    version, at = version_in_force(schema), now()
    readings = read(items, version, at)
    kept = [Kept(one, uuid7() if one.record else None) for one in readings]
    if any(one.id for one in kept):
        _keep(schema, version, kept, at=at, actor=actor)
    return version, kept


@action
def _keep(schema: ProcessingSchema, version: SchemaVersion, kept: list[Kept], *, at: dt.datetime, actor: Actor) -> None:
    found = [(one.id, one.reading.record) for one in kept if one.id and one.reading.record]
    failures = sum(fresh.outcome != _SUCCESS for _, fresh in found)
    batch = RecordBatch(
        schema=schema,
        version=version,
        sent_by=actor if isinstance(actor, Member) else None,
        token=current_origin().token or "",
        received_at=at,
        accepted=len(found),
        failures=failures,
        refused=len(kept) - len(found),
        digest=digest_of_records(found),
    )
    batch.save(force_insert=True)
    common = (current_tenant_id(), batch.pk, schema.pk, version.pk)
    _insert(_row(key, common, fresh) for key, fresh in found)
    facts = {name: getattr(batch, name) for name in ("accepted", "failures", "refused", "digest")}
    record("processing.record", batch, actor=actor, after={"schema": schema.key, "version": version.number, **facts})
    if failures or ProcessingBreach.objects.filter(schema=schema, status=ProcessingBreach.Status.OPEN).exists():
        watch_soon(schema.pk)


def _insert(rows: Iterable[tuple[Any, ...]]) -> None:
    """COPY refuses a table under row-level security: go through a temporary one."""
    with connection.cursor() as cursor:
        cursor.execute(_INCOMING)
        with cursor.copy("COPY processing_incoming FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(_INSERT)
        cursor.execute("DROP TABLE processing_incoming")


def _row(key: uuid.UUID, common: tuple[uuid.UUID, ...], fresh: Fresh) -> tuple[Any, ...]:
    """In the order of the columns."""
    return (
        key,
        *common,
        fresh.operation,
        fresh.occurred_at,
        fresh.outcome,
        fresh.said,
        fresh.input_sha256,
        fresh.output_sha256,
        json.dumps(fresh.errors, ensure_ascii=False) if fresh.errors else "[]",
        fresh.error_count,
        fresh.duration_ms,
    )


def digest_of_records(rows: Iterable[tuple[uuid.UUID, Fresh]]) -> str:
    """The SHA-256 over a line for each record in their order: id, both hashes and outcome."""
    digest = hashlib.sha256()
    for key, one in rows:
        digest.update(f"{key} {one.input_sha256} {one.output_sha256 or '-'} {one.outcome}\n".encode())
    return digest.hexdigest()
