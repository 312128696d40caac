"""Documents as they are hashed: RFC 8785 (JSON Canonicalization Scheme), after a look at how deep and how large they are."""

import hashlib
import json
import re
from typing import Any

import rfc8785
from rest_framework.exceptions import ParseError

from api.parsers import StrictJSONParser, write

DEEPEST = 32  # objects and lists within each other
LONGEST = 256 * 1024  # bytes of one document in canonical form
_EXACT = 2**53 - 1  # whole numbers beyond are not the same for every reader


class Unreadable(ValueError):
    """A document that cannot be taken, in words for whoever sent it."""


class DocumentParser(StrictJSONParser):
    """JSON in which no name stands twice in an object: two readers would see two documents."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """The object. Raises ParseError."""
        try:
            data = read_document(stream.read().decode())
        except RecursionError as error:
            raise ParseError("The body is nested too deep.") from error
        except ValueError as error:
            raise ParseError(f"JSON parse error - {error}") from error
        if not isinstance(data, dict):
            raise ParseError("The body must be a JSON object.")
        return data


def read_document(text: str) -> Any:
    """The JSON of a text. Raises ValueError for what is none, or names something twice; RecursionError."""
    return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def digest_of(document: Any) -> str:
    """The SHA-256 of a document's canonical form. Raises Unreadable when it is too deep, too large or has no such form."""
    raw = canonical(document)
    if len(raw) > LONGEST:
        raise Unreadable(f"A document has at most {LONGEST:,} bytes.")
    return hashlib.sha256(raw).hexdigest()


def canonical(document: Any) -> bytes:
    """A document by RFC 8785. Raises Unreadable.

    Where both write the same bytes, the standard library does it twenty times as fast. Most documents show by their text that it
    does; the others are looked through.
    """
    try:
        text = write(document)
    except (ValueError, RecursionError):
        text = ""
    if text and _is_plain(text):
        return text.encode()
    simple = _look(document, 0)
    try:
        return write(document).encode() if simple else rfc8785.dumps(document)
    except ValueError as error:
        raise Unreadable("It holds a text or a number that JSON does not have, such as half a character or 1e999.") from error


# What may be a number that the two write in different ways, or too large a one. In a text it is harmless, and costs a look.
_ODD = re.compile(r"\d{16}|\.0(?:[,\]}]|$)|\de[-+\d]")


def _is_plain(text: str) -> bool:
    """Whether the text alone shows that it is canonical: ASCII, not deep, and no number that could be written otherwise."""
    return text.isascii() and text.count("{") + text.count("[") <= DEEPEST and _ODD.search(text) is None


def _look(value: Any, depth: int) -> bool:
    """Whether the standard library writes it canonically. Raises Unreadable.

    It does for names in ASCII (others may be in another order), for whole numbers, and for fractions that are written without
    an exponent by both: Python from 1e-4 to 1e16, the standard from 1e-6 to 1e21.
    """
    kind = type(value)
    if kind is dict or kind is list:
        if depth == DEEPEST:
            raise Unreadable(f"A document has at most {DEEPEST} objects and lists within each other.")
        simple = kind is list or all(map(str.isascii, value))
        for part in value if kind is list else value.values():
            simple = _look(part, depth + 1) and simple
        return simple
    if kind is int and not -_EXACT <= value <= _EXACT:
        raise Unreadable("Whole numbers lie between -9007199254740991 and 9007199254740991: send others as texts.")
    return kind is not float or (1e-4 <= abs(value) < 1e16 and not value.is_integer())
