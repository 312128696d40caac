"""A schema in force, and a program that sends documents for it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from processing.models import ProcessingSchema, SchemaVersion
from processing.records.actions import Kept, record_outcomes
from processing.schemas.actions import activate, create_schema
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token

TICKET = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "kind"],
    "properties": {
        "id": {"type": "string", "maxLength": 10},
        "kind": {"enum": ["bug", "wish"]},
        "lines": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer", "minimum": 1}}}},
        "notes": {"type": "object", "additionalProperties": {"type": "string"}},
        "amount": {"type": "number"},
    },
}
FITTING: dict[str, Any] = {"id": "T-1", "kind": "bug"}


@pytest.fixture
def schema(acme, manager) -> ProcessingSchema:
    """Tickets, version 1 in force."""
    with tenant(acme):
        made = create_schema(
            actor=manager,
            key="ticket",
            title="Tickets",
            input_schema=json.dumps(TICKET, indent=1),
            output_schema='{"type": "object", "required": ["stored"]}',
        )
        activate(SchemaVersion.objects.get(schema=made), actor=manager)
        return made


@pytest.fixture
def sender(manager, schema) -> Program:
    """A program that may record and nothing else."""
    return Program(make_token(manager, "processing.record")[1])


@pytest.fixture
def record(in_acme, manager, schema) -> Callable[..., list[Kept]]:
    """`record({...}, {...})`: recorded for tickets, within acme."""

    def act(*items: Any) -> list[Kept]:
        return record_outcomes(schema, list(items), actor=manager)[1]

    return act
