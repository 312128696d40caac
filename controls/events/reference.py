"""The schemas as people read them, with an example that fits each."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from controls.events.schemas import SCHEMAS, Schema
from controls.models.event import EventKind

# One event of each kind that fits its schema; a test checks that it does.
EXAMPLES: dict[str, dict[str, Any]] = {
    EventKind.ACCESS: {
        "user": "ada@example.com",
        "resource": "Production database",
        "action": "login",
        "result": "denied",
        "ip": "203.0.113.7",
        "user_agent": "psql/16",
        "mfa_verified": False,
        "reason": "Second factor missing",
    },
    EventKind.CHANGE: {
        "title": "Raise the session limit",
        "change_kind": "config",
        "approver": "Ben Okafor",
        "implementer": "Ada Byron",
        "commit": "4f2a91c",
        "deployment": "web-2117",
        "rollback_plan": "Deploy web-2116 again",
        "testing_evidence": "https://ci.example.com/runs/2117",
    },
    EventKind.INCIDENT: {
        "incident": "INC-31",
        "severity": "high",
        "detected_by": "Monitoring",
        "responded_by": "Ada Byron",
        "detected_at": "2026-01-31T09:12:00+01:00",
        "resolved_at": "2026-01-31T10:02:00+01:00",
        "root_cause": "A full disk",
        "resolution": "Old logs were moved away",
        "prevention": "The disk alerts at 80 percent",
    },
    EventKind.BACKUP: {"system": "Production database", "result": "success", "backup_kind": "full", "verified": True},
    EventKind.REVIEW: {
        "review": "Administrators of the cloud account",
        "reviewer": "Ada Byron",
        "reviewed": 14,
        "revoked": 2,
        "findings": 0,
        "next_review": "2026-04-30",
    },
    EventKind.DELETION: {
        "data_type": "Support tickets",
        "count": 412,
        "retention": "24 months after closing",
        "method": "Deleted and vacuumed",
        "verification": "A count of 0 afterwards",
    },
    EventKind.AVAILABILITY: {
        "service": "Web application",
        "uptime": 99.95,
        "response_time_ms": 182,
        "error_rate": 0.02,
        "target": 99.9,
        "achieved": True,
    },
}


@dataclass(frozen=True, slots=True)
class FieldShown:
    """A field of an event: its name, what it holds, whether it must be there, and what it means."""

    name: str
    holds: str
    required: bool
    words: str


@dataclass(frozen=True, slots=True)
class KindShown:
    """A kind with its fields and its example as a request."""

    kind: str
    title: str
    words: str
    fields: Sequence[FieldShown]
    example: str


def example_of(kind: str, control: str = "AC-001") -> dict[str, Any]:
    """An event that fits the schema of this kind."""
    moment = "2026-01-31T10:15:00+01:00"
    return {"event_id": f"{kind}-0001", "kind": kind, "control": control, "occurred_at": moment, "data": EXAMPLES[kind]}


def shown_kinds() -> Iterator[KindShown]:
    """Every kind, for the page."""
    for kind, schema in SCHEMAS.items():
        data = schema["properties"]["data"]
        fields = [FieldShown(name, _holds(one), name in data["required"], one["description"]) for name, one in _fields(data)]
        request = json.dumps({"source": "your-system", "events": [example_of(kind)]}, indent=2)
        yield KindShown(kind, str(EventKind(kind).label), schema["description"], fields, request)


def said_in(kind: str, data: Schema) -> list[tuple[str, Any]]:
    """What an event says, field by field in the order of its schema; what its system knows beside comes last."""
    known = [(_label(name), data[name]) for name, _ in _fields(SCHEMAS[kind]["properties"]["data"]) if name in data]
    return [pair for pair in known if pair[0] != "Extra"] + sorted(data.get("extra", {}).items())


def _label(name: str) -> str:
    """A field's name in words: "MFA verified"."""
    words = name.replace("_", " ").replace("mfa", "MFA").replace(" ms", " (ms)").replace(" bytes", " (bytes)")
    return "IP address" if name == "ip" else words[0].upper() + words[1:]


def _fields(data: Schema) -> list[tuple[str, Schema]]:
    return list(data["properties"].items())


def _holds(schema: Schema) -> str:
    """Its type in a few words."""
    if "enum" in schema:
        return " | ".join(schema["enum"])
    if "anyOf" in schema:
        return "IP address or null"
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return " or ".join(str(schema.get("format", kind) if kind == "string" else kind) for kind in kinds)
