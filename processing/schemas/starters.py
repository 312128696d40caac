"""The schemas to start with: what a model asks a tool to do, and what a product keeps of a person."""

import json
from dataclasses import dataclass
from typing import Any

from processing.schemas.guarding import DIALECT

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Starter:
    """One of them."""

    key: str
    title: str
    description: str
    input_schema: str
    output_schema: str = ""


def _written(title: str, properties: Schema, required: list[str], **more: Any) -> str:
    schema = {
        "$schema": DIALECT,
        "title": title,
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": properties,
        **more,
    }
    return json.dumps(schema, indent=2)


def _text(words: str, longest: int, **more: Any) -> Schema:
    return {"type": "string", "description": words, "minLength": 1, "maxLength": longest, **more}


_CALL = _written(
    "Tool call",
    {
        "id": _text("The call's own id", 100),
        "tool": _text("Which tool is called", 64, pattern="^[A-Za-z][A-Za-z0-9_.-]*$"),
        "arguments": {
            "type": "object",
            "description": "What the tool is given: names of letters, digits and _",
            "maxProperties": 50,
            "propertyNames": {"pattern": "^[A-Za-z_][A-Za-z0-9_]{0,63}$"},
        },
        "requested_by": _text("The person or service on whose behalf", 200),
        "model": _text("Which model asks", 100),
        "session": _text("Within which conversation", 100),
        "requested_at": {"type": "string", "format": "date-time", "description": "When it was asked"},
    },
    ["id", "tool", "arguments"],
)
_ANSWER = _written(
    "Answer of a tool",
    {
        "call": _text("The id of the call", 100),
        "status": {"enum": ["ok", "error"], "description": "What came of it"},
        "result": {"description": "What the tool found"},
        "error": _text("Why it failed", 1000),
    },
    ["call", "status"],
    **{"if": {"properties": {"status": {"const": "error"}}}, "then": {"required": ["error"]}},
)
_USER = _written(
    "User data",
    {
        "id": _text("The user's own id", 100),
        "email": {"type": "string", "format": "email", "maxLength": 254, "description": "Where mail reaches them"},
        "name": _text("As they are called", 200),
        "phone": {"type": "string", "pattern": r"^\+[1-9][0-9]{6,14}$", "description": "In international form (E.164)"},
        "locale": {"type": "string", "pattern": "^[a-z]{2,3}(-[A-Z]{2})?$", "description": "Such as en or de-CH"},
        "country": {"type": "string", "pattern": "^[A-Z]{2}$", "description": "ISO 3166-1, two letters"},
        "birth_date": {"type": "string", "format": "date", "description": "When they were born"},
        "consents": {
            "type": "array",
            "description": "What they agreed to, and when",
            "maxItems": 50,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["purpose", "given_at"],
                "properties": {
                    "purpose": _text("To what", 100),
                    "given_at": {"type": "string", "format": "date-time", "description": "When"},
                    "withdrawn_at": {"type": ["string", "null"], "format": "date-time", "description": "When they took it back"},
                },
            },
        },
        "created_at": {"type": "string", "format": "date-time", "description": "Since when they are known"},
    },
    ["id", "email"],
)
STARTERS = (
    Starter(
        "tool_call",
        "Tool calls",
        "What a model asks a tool to do is checked before the tool runs, and what the tool answers before the model reads it.",
        _CALL,
        _ANSWER,
    ),
    Starter("user_data", "User data", "What is kept of a person is complete and in its form before it is stored.", _USER),
)
