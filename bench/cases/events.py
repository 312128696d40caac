"""100,000 control events through the API against bare validation, COPY to a temporary table and INSERT..SELECT."""

import datetime as dt
import gc
import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.actions import create_token
from audit.actions import action
from audit.record import record
from bench.harness import Case
from bench.world import PRODUCT, undone, world
from controls.catalogue.actions import create_control
from controls.events.actions import MOST
from controls.events.facts import facts_of
from controls.events.reading import canonical
from controls.events.reference import EXAMPLES
from controls.events.schemas import VALIDATORS
from controls.models import ControlEvent, EventBatch
from tenancy.ids import uuid7
from tenancy.measuring import plan_anew
from tenancy.scope import now, settle_constraints, tenant

EVENTS = 100_000
CONTROLS = 100
KINDS = list(EXAMPLES)
SOURCE = "benchmark"
_COLUMNS = (
    "id, tenant_id, batch_id, control_id, kind, source, event_id, occurred_at, month, body, sha256, result, notable, subject, "
    "actor, ip, measure"
)


def control_events_100k() -> Case:
    """200 requests of 500 events, of all kinds and for a hundred controls; and the same rows without the API."""
    place = world()
    settings.PLUMBLINE_API_RATE = 10**9
    with tenant(place.organization):
        codes = _controls()
        until = place.organization.today() + dt.timedelta(days=30)
        batch = EventBatch(source=SOURCE, received_at=now(), accepted=EVENTS, duplicates=0, refused=0, digest="0" * 64)
        _, text = create_token(place.manager, name="Benchmark", scopes=["events.write"], expires_on=until, actor=place.manager)
    events = [_event(number, list(codes)) for number in range(EVENTS)]
    bodies = [json.dumps({"source": SOURCE, "events": events[start : start + MOST]}) for start in range(0, EVENTS, MOST)]
    rows = [_row(event, codes, batch) for event in events]
    headers = {"Authorization": f"Bearer {text}"}
    gc.collect()
    gc.freeze()  # what is made ready here is no part of what a server holds, and would be looked through again and again

    def run() -> None:
        with undone(place):
            client = Client()
            for body in bodies:
                answer = client.post("/api/control-events", body, content_type="application/json", headers=headers)
                if answer.json()["accepted"] != MOST:
                    raise RuntimeError(answer.content[:500])

    def floor() -> None:
        with undone(place):
            for event in events:
                if not VALIDATORS[event["kind"]].is_valid(event):
                    raise RuntimeError(event)
            _insert(rows, batch)

    return Case("control_events_100k", 1 / 0.3, run, floor, rounds=5)


def _controls() -> dict[str, UUID]:
    """Their ids by code."""
    since = dt.date(now().year, 1, 1)
    made = [
        create_control(actor=PRODUCT, code=f"EV-{number:03d}", title="Logged", cadence="yearly", in_scope_since=since)
        for number in range(CONTROLS)
    ]
    return {one.code: one.pk for one in made}


def _event(number: int, codes: list[str]) -> dict[str, Any]:
    """One of each kind in turn, a minute apart."""
    kind = KINDS[number % len(KINDS)]
    at = now() - dt.timedelta(minutes=number)
    return {
        "event_id": f"e{number}",
        "kind": kind,
        "control": codes[number % len(codes)],
        "occurred_at": at.isoformat(),
        "data": EXAMPLES[kind],
    }


def _row(event: dict[str, Any], codes: dict[str, UUID], batch: EventBatch) -> tuple[Any, ...]:
    """As it is kept, with a hash that nobody has to work out."""
    facts, at = facts_of(event["kind"], event["data"]), event["occurred_at"]
    return (
        uuid7(),
        batch.tenant_id,
        batch.pk,
        codes[event["control"]],
        event["kind"],
        SOURCE,
        event["event_id"],
        at,
        f"{at[:7]}-01",
        canonical(SOURCE, event),
        "0" * 64,
        str(facts.result),
        facts.notable,
        facts.subject,
        facts.actor,
        facts.ip,
        facts.measure,
    )


@action
def _insert(rows: list[tuple[Any, ...]], batch: EventBatch) -> None:
    table = ControlEvent._meta.db_table
    batch.save(force_insert=True)
    record("event_batch.log", batch, actor=PRODUCT)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE event_incoming ON COMMIT DROP AS SELECT {_COLUMNS} FROM {table} WHERE false")
        with cursor.copy("COPY event_incoming FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"INSERT INTO {table} ({_COLUMNS}) SELECT {_COLUMNS} FROM event_incoming")
        cursor.execute("DROP TABLE event_incoming")
    plan_anew(len(rows), ControlEvent)
    settle_constraints()
