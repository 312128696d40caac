"""50,000 documents recorded through the API against bare validation, COPY to a temporary table and INSERT..SELECT."""

import datetime as dt
import gc
import json
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.actions import create_token
from audit.actions import action
from audit.record import record
from bench.harness import Case
from bench.world import PRODUCT, undone, world
from processing.models import ProcessingRecord, ProcessingSchema, RecordBatch, SchemaVersion
from processing.records.actions import MOST
from processing.schemas.actions import add_starters
from processing.schemas.compiling import validator_of
from tenancy.ids import uuid7
from tenancy.measuring import plan_anew
from tenancy.scope import now, settle_constraints, tenant

RECORDS = 50_000
_COLUMNS = (
    "id, tenant_id, batch_id, schema_id, version_id, operation, occurred_at, outcome, said, input_sha256, output_sha256, errors, "
    "error_count, duration_ms"
)


def processing_records() -> Case:
    """50 requests of 1,000 tool calls with their answers; and the same rows without the API."""
    place = world()
    settings.PLUMBLINE_API_RATE = 10**9
    with tenant(place.organization):
        add_starters(actor=place.manager)
        schema = ProcessingSchema.objects.get(key="tool_call")
        version = SchemaVersion.objects.get(schema=schema)
        batch = RecordBatch(
            schema=schema, version=version, received_at=now(), accepted=RECORDS, failures=0, refused=0, digest="0" * 64
        )
        until = place.organization.today() + dt.timedelta(days=30)
        _, text = create_token(
            place.manager, name="Processing", scopes=["processing.record"], expires_on=until, actor=place.manager
        )
    items = [_item(number) for number in range(RECORDS)]
    bodies = [json.dumps({"records": items[start : start + MOST]}) for start in range(0, RECORDS, MOST)]
    rows = [_row(item, batch) for item in items]
    headers = {"Authorization": f"Bearer {text}"}
    gc.collect()
    gc.freeze()  # what is made ready here is no part of what a server holds, and would be looked through again and again

    def run() -> None:
        with undone(place):
            client = Client()
            for body in bodies:
                answer = client.post("/api/processing/tool_call", body, content_type="application/json", headers=headers)
                if answer.json()["success"] != MOST:
                    raise RuntimeError(answer.content[:500])

    def floor() -> None:
        with undone(place):
            accepts = validator_of(version.input_schema)
            answers = validator_of(version.output_schema)
            for item in items:
                if not (accepts.is_valid(item["input"]) and answers.is_valid(item["output"])):
                    raise RuntimeError(item)
            _insert(rows, batch)

    return Case("processing_records", 1 / 0.3, run, floor, rounds=5)


def _item(number: int) -> dict[str, Any]:
    """A call of a tool and what it answered."""
    return {
        "operation": "ticket.create",
        "duration_ms": 12.5 + number % 100,
        "occurred_at": (now() - dt.timedelta(seconds=number)).isoformat(),
        "input": {
            "id": f"call-{number}",
            "tool": "create_ticket",
            "arguments": {"title": "Printer on fire", "priority": number % 5, "labels": ["office", "urgent"]},
            "requested_by": "ada@bench.example",
        },
        "output": {"call": f"call-{number}", "status": "ok", "result": {"ticket": number, "cost": 0.25}},
    }


def _row(item: dict[str, Any], batch: RecordBatch) -> tuple[Any, ...]:
    """As it is kept, with hashes that nobody has to work out."""
    return (
        uuid7(),
        batch.tenant_id,
        batch.pk,
        batch.schema_id,
        batch.version_id,
        item["operation"],
        item["occurred_at"],
        "success",
        "success",
        "0" * 64,
        "0" * 64,
        "[]",
        0,
        item["duration_ms"],
    )


@action
def _insert(rows: list[tuple[Any, ...]], batch: RecordBatch) -> None:
    table = ProcessingRecord._meta.db_table
    batch.save(force_insert=True)
    record("processing.record", batch, actor=PRODUCT)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE processing_rows ON COMMIT DROP AS SELECT {_COLUMNS} FROM {table} WHERE false")
        with cursor.copy("COPY processing_rows FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"INSERT INTO {table} ({_COLUMNS}) SELECT {_COLUMNS} FROM processing_rows")
        cursor.execute("DROP TABLE processing_rows")
    plan_anew(len(rows), ProcessingRecord)
    settle_constraints()
