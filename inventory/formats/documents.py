"""JSON exports, and tables and JSON seen alike as records with named values."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from evidence.tables.errors import FormatError, RowProblem
from evidence.tables.reading import open_table
from evidence.tables.rows import RowError, row_error
from evidence.tables.sources import BLOCK, Source, blocks, opened
from evidence.tables.text import header_key, storable

Flatten: TypeAlias = Callable[[object], Iterator[dict[str, Any]]]

_TRUNCATED: Final = "The JSON file is damaged or cut off{place}. Export it again."
_DEEP: Final = "The JSON file is nested more deeply than any export is."
_LONGEST_TEXT: Final = 100_000
_DEEPEST_BEGINNING: Final = 10
_BETWEEN: Final = re.compile(r"[\s,:]*")


@dataclass
class Records:
    """Records of one file: (row number, values by header_key of their names), or an error of one row."""

    columns: set[str]
    rows: Iterator[tuple[int, dict[str, Any]] | RowError]
    notices: list[str] = field(default_factory=list)


def looks_like_json(source: Source) -> bool:
    """Tell by the first characters whether the file is JSON, in UTF-8 or UTF-16."""
    with opened(source) as file:
        start = file.read(64).lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    return start[:1] in {b"{", b"["}


def read_json(source: Source) -> Any:
    """Read a JSON file; arrays that follow one another (`gh api --paginate`) become one. Raises FormatError."""
    with opened(source) as file:
        data = b"".join(blocks(file))
    try:
        text = data.decode(json.detect_encoding(data)).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        raise FormatError("The JSON file's text is damaged: it is not UTF-8.") from error
    return parse_json(text)


def beginning_of(source: Source) -> Any:
    """What a JSON file shows in its first block: all of a small one; a large one as if it ended there. Raises FormatError."""
    with opened(source) as file:
        data = file.read(BLOCK)
    if len(data) < BLOCK:
        return read_json(source)
    text = codecs.getincrementaldecoder(json.detect_encoding(data))(errors="replace").decode(data).lstrip("\ufeff")
    return _cut_off(text, _skip(text, 0))


def _cut_off(text: str, position: int, depth: int = 0) -> Any:
    """The value that begins at a place and does not end: what there is of a list or an object; of a text nothing, as ""."""
    opening = text[position : position + 1]
    if opening == '"':
        return ""
    if opening not in {"[", "{"} or depth > _DEEPEST_BEGINNING:
        return None
    values: list[Any] = []
    position = _skip(text, position + 1)
    decoder = json.JSONDecoder()
    try:
        while True:
            value, position = decoder.raw_decode(text, position)
            values.append(value)
            position = _skip(text, position)
    except (ValueError, RecursionError):
        values.append(_cut_off(text, position, depth + 1))
    if opening == "[":
        return [value for value in values if value is not None]
    return {str(key): value for key, value in zip(values[::2], values[1::2], strict=False)}


def _skip(text: str, position: int) -> int:
    """Past blanks, and what stands between values."""
    between = _BETWEEN.match(text, position)
    return between.end() if between else position


def parse_json(text: str) -> Any:
    """Parse JSON text. Raises FormatError."""
    decoder = json.JSONDecoder()
    documents: list[Any] = []
    position, end = 0, len(text)
    try:
        while True:
            while position < end and text[position] in " \t\r\n":
                position += 1
            if position >= end:
                break
            document, position = decoder.raw_decode(text, position)
            documents.append(document)
    except json.JSONDecodeError as error:
        raise FormatError(_TRUNCATED.format(place=f" at line {error.lineno}")) from error
    except RecursionError as error:
        raise FormatError(_DEEP) from error
    except ValueError as error:  # a number of more digits than Python converts
        raise FormatError(_TRUNCATED.format(place="")) from error
    return _joined(documents)


def _joined(documents: list[Any]) -> Any:
    if not documents:
        raise FormatError("The file is empty.")
    if len(documents) == 1:
        return documents[0]
    joined: list[Any] = []
    for document in documents:
        joined.extend(document if isinstance(document, list) else [document])
    return joined


def text_of(value: object, name: str = "value") -> str:
    """Give a JSON or table value as stripped text, "" for null. Raises RowProblem for what is no text or cannot be stored."""
    if isinstance(value, str):
        if len(value) > _LONGEST_TEXT or not storable(value):
            raise RowProblem(f"The {name} is too long or has characters that cannot be stored.")
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    raise RowProblem(f"The {name} is not a text.")


def objects(value: object) -> list[dict[str, Any]]:
    """Give the objects of a JSON list; whatever else stands there is left out."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


@contextmanager
def open_records(source: Source, part: str, flatten: Flatten | None = None) -> Iterator[Records]:
    """Open a CSV, XLSX or a JSON list of objects as records; `flatten` lays nested JSON flat first. Raises FormatError."""
    if looks_like_json(source):
        document = read_json(source)
        yield json_records(list(flatten(document)) if flatten else document, part)
        return
    with open_table(source, part=part) as table:
        keys = [header_key(header) for header in table.headers]
        yield Records(set(keys), _table_rows(table.rows, keys), table.notices)


def _table_rows(
    rows: Iterator[tuple[int, list[str]] | RowError], keys: list[str]
) -> Iterator[tuple[int, dict[str, Any]] | RowError]:
    # Of two columns that mean the same, the first counts.
    backwards = keys[::-1]
    for row in rows:
        if isinstance(row, RowError):
            yield row
        else:
            yield row[0], dict(zip(backwards, row[1][::-1], strict=True))


def json_records(document: object, part: str) -> Records:
    """See a JSON list of objects as records; positions are counted from 1. Raises FormatError."""
    if not isinstance(document, list):
        raise FormatError("The JSON file is not a list of records.")
    columns = {header_key(key) for item in document[:1000] if isinstance(item, dict) for key in item}
    return Records(columns, _json_rows(document, part))


def _json_rows(document: list[Any], part: str) -> Iterator[tuple[int, dict[str, Any]] | RowError]:
    for number, item in enumerate(document, 1):
        if isinstance(item, dict):
            yield number, {header_key(key): value for key, value in item.items()}
        else:
            yield row_error(number, part, _shown(item), "The entry is not a record.")


def _shown(item: object) -> str:
    return item[:200] if isinstance(item, str) else type(item).__name__
