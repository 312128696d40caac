"""What an event of each kind must say: a JSON Schema (draft 2020-12) for each, and the validators made from them."""

from typing import Any

import jsonschema_rs

from controls.models.event import EventKind

VERSION = 1
Schema = dict[str, Any]
REASONABLE = 9_007_199_254_740_991  # the largest whole number that every JSON reader keeps


def _text(words: str, longest: int = 200, **more: Any) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": longest, "description": words, **more}


def _perhaps(schema: Schema) -> Schema:
    """The same, or null: the sender knows the field, and that there is nothing to say."""
    return {**schema, "type": [schema["type"], "null"]}


def _one_of(words: str, *values: str) -> Schema:
    return {"type": "string", "enum": list(values), "description": words}


def _flag(words: str) -> Schema:
    return {"type": "boolean", "description": words}


def _count(words: str) -> Schema:
    return {"type": "integer", "minimum": 0, "maximum": REASONABLE, "description": words}


def _number(words: str, most: float = REASONABLE) -> Schema:
    return {"type": "number", "minimum": 0, "maximum": most, "description": words}


def _moment(words: str) -> Schema:
    return {"type": "string", "format": "date-time", "maxLength": 40, "description": words}


def _day(words: str) -> Schema:
    return {"type": "string", "format": "date", "description": words}


_ADDRESS: Schema = {
    "description": "From which IP address, version 4 or 6; null when there is none",
    "anyOf": [{"type": "null"}, {"type": "string", "format": "ipv4"}, {"type": "string", "format": "ipv6", "maxLength": 45}],
}
_EXTRA: Schema = {
    "type": "object",
    "maxProperties": 50,
    "propertyNames": {"maxLength": 100},
    "additionalProperties": {"type": ["string", "number", "boolean", "null"], "maxLength": 2000},
    "description": "What else the system knows: names with texts, numbers, yes and no",
}
# How far a change can have come. Production is another after those of CARRIED_OUT only; an event without a stage is one of them.
CARRIED_OUT = ("implemented", "failed", "rolled_back")
STAGES = ("draft", "submitted", "approved", "scheduled", *CARRIED_OUT, "reviewed", "closed", "rejected", "withdrawn")
_WORDS = 4000  # of a text that tells a story

# For each kind: title, what it is for, its required fields, and those that may be left out.
_KINDS: dict[str, tuple[str, str, Schema, Schema]] = {
    EventKind.ACCESS: (
        "Access",
        "Somebody used, or tried to use, something.",
        {
            "user": _perhaps(_text("Who, as the system names them; null when nobody was recognised")),
            "resource": _text("What was used"),
            "action": _text("What was done with it, such as login, read or delete", 100),
            "result": _one_of("What came of it", "success", "failure", "denied"),
            "ip": _ADDRESS,
            "user_agent": _perhaps(_text("The program that was used, as it names itself", 500)),
            "mfa_verified": _perhaps(_flag("Whether a second factor was verified; null when the system does not know")),
        },
        {"reason": _text("Why it failed or was denied", 500)},
    ),
    EventKind.CHANGE: (
        "Change",
        "Production was changed, or is about to be.",
        {
            "title": _text("What was changed"),
            "change_kind": _one_of("Of what kind it is", "code", "config", "infrastructure", "data", "access"),
            "approver": _perhaps(_text("Who approved it; null when nobody did")),
            "implementer": _perhaps(_text("Who carried it out; null as long as nobody has, see stage")),
            "commit": _perhaps(_text("The commit")),
            "deployment": _perhaps(_text("The deployment's own id")),
            "rollback_plan": _perhaps(_text("How it is taken back", _WORDS)),
            "testing_evidence": _perhaps(_text("What shows that it was tested, such as an address", _WORDS)),
        },
        {
            "requester": _text("Who asked for it"),
            "system": _text("What it was made to"),
            "emergency": _flag("Whether it went the way of emergencies"),
            "approved_at": _moment("When it was approved"),
            "stage": _one_of("How far it has come; left out: it was carried out", *STAGES),
        },
    ),
    EventKind.INCIDENT: (
        "Incident",
        "Something went wrong, or was resolved.",
        {
            "incident": _text("Its number, or its title"),
            "severity": _one_of("How grave it is", "critical", "high", "medium", "low"),
            "detected_by": _text("Who or what noticed it"),
            "responded_by": _perhaps(_text("Who took it on; null when nobody has yet")),
            "detected_at": _moment("When it was noticed"),
            "resolved_at": _perhaps(_moment("When it was over; null while it is not")),
            "root_cause": _perhaps(_text("What caused it", _WORDS)),
            "resolution": _perhaps(_text("What was done", _WORDS)),
            "prevention": _perhaps(_text("What keeps it from happening again", _WORDS)),
        },
        {"system": _text("What was affected")},
    ),
    EventKind.BACKUP: (
        "Backup",
        "A backup ran, or was restored for a test.",
        {
            "system": _text("What was backed up"),
            "result": _one_of("What came of it", "success", "failure", "partial"),
            "backup_kind": _one_of("Of what kind it is", "full", "incremental", "snapshot", "log", "restore_test"),
        },
        {
            "size_bytes": _count("How large it is"),
            "duration_seconds": _number("How long it took"),
            "location": _text("Where it is kept"),
            "encrypted": _flag("Whether it is encrypted"),
            "verified": _flag("Whether it was read back"),
            "error": _text("What went wrong", _WORDS),
        },
    ),
    EventKind.REVIEW: (
        "Review",
        "Access, logs, vendors or anything else was reviewed.",
        {
            "review": _text("What was reviewed"),
            "reviewer": _text("Who reviewed it"),
            "reviewed": _count("How many items were looked at"),
            "revoked": _count("How many of them were taken away or stopped"),
            "findings": _count("How many findings came of it"),
            "next_review": _perhaps(_day("When it is due again")),
        },
        {"note": _text("What was found", _WORDS)},
    ),
    EventKind.DELETION: (
        "Deletion",
        "Data was deleted.",
        {
            "data_type": _text("What kind of data"),
            "count": _count("How many records"),
            "retention": _text("Under which retention rule or request"),
            "method": _text("How it was deleted"),
            "verification": _perhaps(_text("How it was checked that nothing is left; null when it was not", _WORDS)),
        },
        {"deleted_by": _text("Who or what deleted it"), "system": _text("From where")},
    ),
    EventKind.AVAILABILITY: (
        "Availability",
        "How available a service was over a span of time.",
        {
            "service": _text("Which service"),
            "uptime": _number("Percent of the time in which it was up", 100),
            "response_time_ms": _perhaps(_number("Mean response time in milliseconds")),
            "error_rate": _perhaps(_number("Percent of the requests that failed", 100)),
            "target": _number("Percent of uptime that is promised, such as 99.9", 100),
            "achieved": _flag("Whether the target was met"),
        },
        {"from": _moment("Where the span begins"), "to": _moment("Where it ends")},
    ),
}


def _schema(kind: str) -> Schema:
    title, words, required, optional = _KINDS[kind]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:plumbline:control-event:{kind}:{VERSION}",
        "title": f"{title} event",
        "description": words,
        "type": "object",
        "additionalProperties": False,
        "required": ["event_id", "kind", "control", "occurred_at", "data"],
        "properties": {
            "event_id": _text("The sender's own id: an event that comes again under it is kept once", pattern=r"^[!-~]+$"),
            "kind": {"const": kind, "description": "The kind of the event"},
            "control": _text("The control it is logged for: its code, such as AC-001, or its id", 36),
            "occurred_at": _moment("When it happened, with its offset from UTC"),
            "data": {
                "type": "object",
                "additionalProperties": False,
                "required": list(required),
                "properties": {**required, **optional, "extra": _EXTRA},
                "description": "What happened",
            },
        },
    }


SCHEMAS: dict[str, Schema] = {kind: _schema(kind) for kind in EventKind.values}
VALIDATORS = {kind: jsonschema_rs.Draft202012Validator(schema, validate_formats=True) for kind, schema in SCHEMAS.items()}
