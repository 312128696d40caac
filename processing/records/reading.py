"""From what was sent to records that can be kept, or what is wrong with it."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from api.problems import pointer
from processing.models import Outcome, SchemaVersion
from processing.records.documents import Unreadable, digest_of
from processing.records.judging import MOST, Effort, Error, misfits

SKEW = dt.timedelta(minutes=5)  # by which the clock of a sender may be ahead
OLDEST = dt.timedelta(days=400)
LONGEST_MS = 31 * 86_400_000
FIELDS = ("operation", "input", "output", "status", "error", "duration_ms", "occurred_at")
OPERATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._:/-]{0,99}")
_STATUSES = frozenset(Outcome.values)
_FAILURE, _SUCCESS = Outcome.FAILURE.value, Outcome.SUCCESS.value
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
Problems = list[tuple[str, str]]  # pairs of a JSON pointer within the record and a sentence


@dataclass(frozen=True, slots=True)
class Fresh:
    """A record that can be kept."""

    operation: str
    occurred_at: dt.datetime
    outcome: str
    said: str
    input_sha256: str
    output_sha256: str
    errors: list[Error]
    error_count: int
    duration_ms: float | None


@dataclass(slots=True)
class Reading:
    """One item of a request: a record, or why it is none."""

    record: Fresh | None = None
    problems: Problems = field(default_factory=list)


def read(items: Sequence[Any], version: SchemaVersion, at: dt.datetime) -> list[Reading]:
    """Each item checked, hashed and validated."""
    effort = Effort()
    return [_read(item, version, at, effort) for item in items]


def _read(item: Any, version: SchemaVersion, at: dt.datetime, effort: Effort) -> Reading:
    if not isinstance(item, dict):
        return Reading(problems=[(pointer(), "A record is a JSON object.")])
    occurred_at = _moment(item.get("occurred_at"), at)
    if problems := _problems(item, occurred_at):
        return Reading(problems=problems)
    digests = {}
    for name in ("input", "output"):
        try:
            digests[name] = digest_of(item[name]) if name in item else ""
        except Unreadable as error:
            return Reading(problems=[(pointer(name), str(error))])
    said = item.get("status", _SUCCESS)
    errors, count = _judged(item, version, effort)
    return Reading(
        Fresh(
            operation=item["operation"],
            occurred_at=occurred_at or at,
            outcome=_FAILURE if count else said,
            said=said,
            input_sha256=digests["input"],
            output_sha256=digests["output"],
            errors=[*errors, *_said(item)],
            error_count=count,
            duration_ms=item.get("duration_ms"),
        )
    )


def _judged(item: Mapping[str, Any], version: SchemaVersion, effort: Effort) -> tuple[list[Error], int]:
    """What of input and output does not fit."""
    errors, count = misfits(version.input_schema, item["input"], "input", effort=effort)
    if version.output_schema and "output" in item:
        more, others = misfits(version.output_schema, item["output"], "output", effort=effort)
        errors, count = errors + more, count + others
    return errors, count


def _said(item: Mapping[str, Any]) -> list[Error]:
    """The sender's own word for what went wrong."""
    code = item.get("error")
    return [{"pointer": "", "rule": "sender", "detail": code}] if code else []


def _problems(item: Mapping[str, Any], occurred_at: dt.datetime | None) -> Problems:
    strange = (name[:100].encode("utf-8", "replace").decode() for name in item if name not in FIELDS)
    found: Problems = [(pointer(name), "There is no such field.") for name in islice(strange, MOST)]
    operation, status, code = item.get("operation"), item.get("status", "success"), item.get("error")
    if not isinstance(operation, str) or OPERATION.fullmatch(operation) is None:
        found.append((pointer("operation"), "Name the operation in letters, digits, spaces and . _ : / -, at most 100."))
    if "input" not in item:
        found.append((pointer("input"), "This is missing."))
    if not isinstance(status, str) or status not in _STATUSES:
        found.append((pointer("status"), f"One of: {', '.join(Outcome.values)}."))
    if code is not None and (not isinstance(code, str) or CODE.fullmatch(code) is None):
        found.append((pointer("error"), "A code of letters, digits and . _ : -, at most 100: no sentence, and no data."))
    if not _is_duration(item.get("duration_ms")):
        found.append((pointer("duration_ms"), f"Milliseconds from 0 to {LONGEST_MS:,}."))
    if occurred_at is None:
        found.append((pointer("occurred_at"), "A moment with its offset from UTC, not in the future, of the last 400 days."))
    return found


def _is_duration(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LONGEST_MS)


def _moment(text: Any, at: dt.datetime) -> dt.datetime | None:
    """When it occurred: `at` when nothing is said, None for what cannot be."""
    if text is None:
        return at
    try:
        moment = dt.datetime.fromisoformat(text) if isinstance(text, str) and len(text) <= 40 else None
    except ValueError:
        return None
    if moment is None or moment.tzinfo is None:
        return None
    try:
        return moment if at - OLDEST <= moment <= at + SKEW else None
    except OverflowError:
        return None
