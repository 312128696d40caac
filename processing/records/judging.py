"""Where a document does not fit its schema, told without what it says: places, rules and what the rules ask for."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import jsonschema_rs

from api.parsers import write
from api.problems import pointer
from processing.records.documents import DEEPEST
from processing.schemas.compiling import names_in, validator_of
from processing.schemas.guarding import weight

MOST = 20  # errors that are kept; the others are counted
COUNTED = 1_000  # so far errors are counted
TOO_MUCH = "It does not fit. It is too large, and has too many rules, to say where."
_LIMITS = {
    "minLength": "The fewest characters are",
    "maxLength": "The most characters are",
    "minimum": "The least is",
    "maximum": "The most is",
    "exclusiveMinimum": "It is more than",
    "exclusiveMaximum": "It is less than",
    "minItems": "The fewest items are",
    "maxItems": "The most items are",
    "minProperties": "The fewest fields are",
    "maxProperties": "The most fields are",
}
Error = dict[str, str]  # pointer, rule, detail


class Effort:
    """What may be spent on naming errors, in bytes of the documents times what can be said of each.

    Each error holds the part that it is about: a hundred of a large document are a hundred large documents.
    """

    ONE, ALL = 8 * 1024 * 1024, 64 * 1024 * 1024  # for a document, and for those of a request

    def __init__(self) -> None:
        self.left = self.ALL

    def allows(self, cost: int) -> bool:
        """Whether there is enough left; then it is spent."""
        allowed = cost <= min(self.ONE, self.left)
        self.left -= cost if allowed else 0
        return allowed


def misfits(text: str, document: Any, *within: str, effort: Effort | None = None) -> tuple[list[Error], int]:
    """What does not fit the schema of this text: the first MOST, and how many in all.

    Where naming them would cost more than the `effort` that is left, it is said once that it does not fit.
    """
    validator = validator_of(text)
    if validator.is_valid(document):
        return [], 0
    if not (effort or Effort()).allows(weight(text, DEEPEST) * len(write(document))):
        return [{"pointer": pointer(*within), "rule": "schema", "detail": TOO_MUCH}], 1
    known = names_in(text)
    found: list[Error] = []
    count = 0
    for error in islice(validator.iter_errors(document), COUNTED):
        count += 1
        if len(found) < MOST:
            found.append(_in_words(error, known, within))
    return found, count


def _in_words(error: jsonschema_rs.ValidationError, known: frozenset[str], within: tuple[str, ...]) -> Error:
    kind: Any = error.kind  # one of a union, told apart by its name
    path = [*within, *_shown(error.instance_path, known)]
    if kind.name == "required":
        path.append(kind.property)  # the schema's own word
    return {"pointer": pointer(*path), "rule": kind.name, "detail": _detail(kind)}


def _shown(path: list[str | int], known: frozenset[str]) -> Iterator[str | int]:
    """Names that the schema writes down, and places in lists; a name that only the document has may be personal data."""
    for step in path:
        yield step if isinstance(step, int) or step in known else "*"


def _detail(kind: Any) -> str:
    """What the rule asks for. Only the schema's words: never the document's."""
    if kind.name in _LIMITS:
        return f"{_LIMITS[kind.name]} {kind.limit}."
    words = _WORDS.get(kind.name)
    return words(kind)[:300] if words else f"It does not fit the schema's rule {kind.name}."


def _too_many(kind: Any) -> str:
    count = len(kind.unexpected)
    return "It has a field that the schema does not have." if count == 1 else f"It has {count:,} fields too many."


_WORDS: dict[str, Callable[[Any], str]] = {
    "required": lambda _: "This is missing.",
    "additionalProperties": _too_many,
    "unevaluatedProperties": _too_many,
    "enum": lambda kind: f"One of: {', '.join(str(one) for one in kind.options)}.",
    "const": lambda kind: f"Only: {kind.expected_value}.",
    "type": lambda kind: f"Expected: {' or '.join(kind.types)}.",
    "format": lambda kind: f"This is no {kind.format}.",
    "pattern": lambda kind: f"It does not match {kind.pattern}.",
}
