"""A document validated without a record of it."""

import json
from dataclasses import dataclass, field
from typing import Any

from processing.models import SchemaVersion
from processing.records.documents import Unreadable, digest_of, read_document
from processing.records.judging import Error, misfits


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it, or why it could not be read."""

    problem: str = ""
    sha256: str = ""
    errors: list[Error] = field(default_factory=list)
    count: int = 0

    @property
    def fits(self) -> bool:
        """Whether it fits its schema."""
        return not self.problem and not self.count


def try_text(version: SchemaVersion, text: str, against: str) -> Tried:
    """Validate a JSON text as input or output."""
    try:
        document = read_document(text)
    except json.JSONDecodeError as error:
        return Tried(problem=f"This is no JSON: {error.msg} in line {error.lineno}, column {error.colno}.")
    except RecursionError:
        return Tried(problem="It is nested too deep.")
    except ValueError as error:
        return Tried(problem=f"This cannot be taken: {error}.")
    return try_document(version, document, against)


def try_document(version: SchemaVersion, document: Any, against: str) -> Tried:
    """Validate a document as input or output."""
    try:
        digest = digest_of(document)
    except Unreadable as error:
        return Tried(problem=str(error))
    schema = version.output_schema if against == "output" else version.input_schema
    errors, count = misfits(schema, document) if schema else ([], 0)
    return Tried(sha256=digest, errors=errors, count=count)
