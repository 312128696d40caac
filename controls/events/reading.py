"""From what was sent to events that can be kept, each with its canonical text and hash, or with what is wrong with it."""

import datetime as dt
import hashlib
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema_rs

from api.parsers import write
from api.problems import pointer
from controls.events.facts import Facts, contradictions, facts_of, moment
from controls.events.schemas import SCHEMAS, VALIDATORS
from controls.models import Control
from controls.models.event import EventKind

LONGEST = 64 * 1024  # bytes of one event
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # as JSON writes it; behind a backslash of its own it is text
SKEW = dt.timedelta(minutes=5)  # by which the clock of a sender may be ahead
EARLIEST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
MOST_ERRORS = 20  # named for one event
Errors = list[tuple[str, str]]  # pairs of a JSON pointer within the event and a sentence


@dataclass(frozen=True, slots=True)
class Known:
    """A control that events may be logged for."""

    id: uuid.UUID
    code: str
    retired_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Fresh:
    """An event that can be kept."""

    event_id: str
    kind: str
    control: uuid.UUID
    occurred_at: dt.datetime
    month: dt.date
    body: str
    sha256: str
    facts: Facts


@dataclass(slots=True)
class Reading:
    """One event of a request as it was read: `event`, or `errors`."""

    event_id: str = ""
    event: Fresh | None = None
    errors: Errors = field(default_factory=list)


def controls_named(items: Iterable[Any]) -> dict[str, Known]:
    """The controls that the items name, by code and by id."""
    named = {one["control"] for one in items if isinstance(one, dict) and isinstance(one.get("control"), str)}
    named = {one for one in named if "\x00" not in one and one.isprintable()}
    keys = {key for one in named if (key := _key(one))}
    rows = Control.objects.filter(code__in=named) | Control.objects.filter(pk__in=keys)
    found: dict[str, Known] = {}
    for key, code, retired_on in rows.values_list("pk", "code", "retired_on"):
        found[str(key)] = found[code] = Known(key, code, retired_on)
    return found


def read(items: Sequence[Any], *, source: str, controls: Mapping[str, Known], zone: ZoneInfo, at: dt.datetime) -> list[Reading]:
    """Each item checked: its form, its schema, its sense, its control and its moment."""
    return [_read(item, source, controls, zone, at) for item in items]


def canonical(source: str, item: Mapping[str, Any]) -> str:
    """What is hashed: the event as it was sent, with its system, keys sorted, no white space, UTF-8 as it is.

    Raises ValueError for what is no text or no number, such as a lone surrogate or 1e999.
    """
    text = write({**item, "source": source})
    text.encode()
    return text


def _read(item: Any, source: str, controls: Mapping[str, Known], zone: ZoneInfo, at: dt.datetime) -> Reading:
    if not isinstance(item, dict):
        return Reading(errors=[(pointer(), "An event is a JSON object.")])
    reading = Reading(event_id=_shown(item.get("event_id")))
    try:
        body = canonical(source, item)
    except (ValueError, RecursionError):
        reading.errors = [(pointer(), "It holds characters or numbers that JSON does not have, or is nested too deep.")]
        return reading
    if len(raw := body.encode()) > LONGEST:
        reading.errors = [(pointer(), f"An event has at most {LONGEST:,} bytes.")]
        return reading
    reading.errors = _misfits(item)
    if reading.errors:
        return reading
    reading.errors = [(pointer("data", name), words) for name, words in contradictions(item["kind"], item["data"])]
    control, occurred_at = controls.get(item["control"]) or controls.get(item["control"].lower()), moment(item["occurred_at"])
    reading.errors += _misplaced(control, occurred_at, zone, at)
    if not reading.errors and "\\u0000" in body and _NUL.search(body):
        reading.errors = [(pointer(), "It holds the character NUL, which cannot be kept.")]
    if not reading.errors and control and occurred_at:
        month = occurred_at.astimezone(zone).date().replace(day=1)
        digest, facts = hashlib.sha256(raw).hexdigest(), facts_of(item["kind"], item["data"])
        reading.event = Fresh(item["event_id"], item["kind"], control.id, occurred_at, month, body, digest, facts)
    return reading


def _misfits(item: dict[str, Any]) -> Errors:
    """What does not fit the schema of its kind."""
    kind = item.get("kind")
    if not isinstance(kind, str) or (validator := VALIDATORS.get(kind)) is None:
        return [(pointer("kind"), f"One of: {', '.join(EventKind.values)}.")]
    if validator.is_valid(item):
        return []
    found = (pair for error in validator.iter_errors(item) for pair in _in_words(error, SCHEMAS[kind]))
    return [pair for pair, _ in zip(found, range(MOST_ERRORS), strict=False)]


def _in_words(error: jsonschema_rs.ValidationError, schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """An error as pointers and sentences; what was sent is not repeated."""
    kind: Any = error.kind  # one of a union, told apart by its name
    path, rule = error.instance_path, _rule(error, schema)
    match kind.name:
        case "required":
            yield pointer(*path, kind.property), "This is missing."
        case "additionalProperties":
            yield from ((pointer(*path, name[:200]), "There is no such field.") for name in kind.unexpected)
        case "enum":
            yield pointer(*path), f"One of: {', '.join(str(one) for one in rule['enum'])}."
        case "type":
            expected = rule["type"]
            yield pointer(*path), f"Expected: {expected if isinstance(expected, str) else ' or '.join(expected)}."
        case "format":
            yield pointer(*path), f"This is no {kind.format}."
        case "minLength" | "maxLength" | "minimum" | "maximum" | "maxProperties":
            yield pointer(*path), f"{_LIMITS[kind.name]} {rule[kind.name]:,}."
        case _:
            yield pointer(*path), f"Expected: {rule.get('description', 'what the schema says')}."


_LIMITS = {
    "minLength": "The fewest characters are",
    "maxLength": "The most characters are",
    "minimum": "The least is",
    "maximum": "The most is",
    "maxProperties": "The most fields are",
}


def _rule(error: jsonschema_rs.ValidationError, schema: dict[str, Any]) -> dict[str, Any]:
    """The part of the schema that the value does not fit."""
    rule: Any = schema
    for step in error.schema_path[:-1]:
        rule = rule[step]
    return rule  # type: ignore[no-any-return]


def _misplaced(control: Known | None, occurred_at: dt.datetime | None, zone: ZoneInfo, at: dt.datetime) -> Errors:
    """A control or a moment that cannot be."""
    found: Errors = []
    if control is None:
        found.append((pointer("control"), "There is no such control."))
    if occurred_at is None or occurred_at < EARLIEST:
        found.append((pointer("occurred_at"), "There is no such moment, or it lies before the year 2000."))
    elif occurred_at > at + SKEW:
        found.append((pointer("occurred_at"), "It lies in the future."))
    elif control and control.retired_on and occurred_at.astimezone(zone).date() > control.retired_on:
        found.append((pointer("control"), f"{control.code} was retired on {control.retired_on}."))
    return found


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if len(text) == len(str(uuid.UUID(int=0))) else None
    except ValueError:
        return None


def _shown(value: Any) -> str:
    """The sender's id for the answer, as far as it is one."""
    return value[:200] if isinstance(value, str) and value.isprintable() else ""
