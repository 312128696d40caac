"""Validators made from schemas, kept by the hash of their text."""

import functools
import json
from typing import Any

import jsonschema_rs

from api.problems import pointer

FORMATS = (
    "date-time", "date", "time", "duration", "email", "hostname", "ipv4", "ipv6", "uri", "uri-reference", "uuid", "json-pointer",
)  # fmt: skip
# The engine runs in time linear in the text: no look-around, no references to groups, and no automaton beyond this size in bytes.
_LINEAR = jsonschema_rs.RegexOptions(size_limit=256 * 1024, dfa_size_limit=1024 * 1024)


class Uncompilable(ValueError):
    """A text that is no schema: where, and why."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where, self.why = where, why


def compile_schema(schema: dict[str, Any] | str) -> jsonschema_rs.Draft202012Validator:
    """A validator that fetches nothing. Raises Uncompilable."""
    try:
        return jsonschema_rs.Draft202012Validator(
            schema, validate_formats=True, ignore_unknown_formats=False, pattern_options=_LINEAR, offline=True
        )
    except jsonschema_rs.ValidationError as error:
        raise Uncompilable(pointer(*(str(one) for one in error.instance_path)), _why(error)) from error
    except ValueError as error:
        raise Uncompilable(pointer(), "This is no JSON Schema 2020-12.") from error


def _why(error: jsonschema_rs.ValidationError) -> str:
    if (error.instance_path and error.instance_path[-1] == "pattern") or "regex" in error.message:
        return "This is no regular expression that runs in linear time: no look-around, no references to groups, no large counts."
    return f"This is no JSON Schema 2020-12: {error.message[:300]}."


@functools.lru_cache(maxsize=256)
def validator_of(text: str) -> jsonschema_rs.Draft202012Validator:
    """The validator of a text that was guarded when it was taken."""
    return compile_schema(text)


@functools.lru_cache(maxsize=256)
def names_in(text: str) -> frozenset[str]:
    """The property names that a schema itself writes down: they may stand in the place of an error, others may not."""
    found: set[str] = set()
    work: list[Any] = [json.loads(text)]
    while work:
        part = work.pop()
        if isinstance(part, list):
            work += part
        elif isinstance(part, dict):
            for name in ("properties", "dependentSchemas", "dependentRequired"):
                if isinstance(part.get(name), dict):
                    found.update(part[name])
            if isinstance(part.get("required"), list):
                found.update(one for one in part["required"] if isinstance(one, str))
            work += part.values()
    return frozenset(found)
