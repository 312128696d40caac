"""What a known format declares about itself, and what a file looks like from outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from evidence.tables.errors import FormatError
from evidence.tables.reading import open_table
from evidence.tables.sources import Source
from evidence.tables.text import header_key
from inventory.formats.documents import beginning_of, looks_like_json
from inventory.formats.rows import EntitlementRow, ReadResult


class Upload(NamedTuple):
    """A file as somebody named it, and where its bytes are."""

    name: str
    source: Source


@dataclass(frozen=True, slots=True)
class Part:
    """One of the files that make up an export."""

    key: str
    label: str
    extensions: tuple[str, ...]
    how: str
    required: bool = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Probe:
    """A file from outside: its name, its headers as written and as header_key, or how its JSON begins."""

    name: str
    headers: tuple[str, ...] = ()
    keys: frozenset[str] = frozenset()
    document: Any = None


Parts: TypeAlias = Mapping[str, Source]
Claim: TypeAlias = Callable[[Probe], str]
Reader: TypeAlias = Callable[[Parts, str], ReadResult[EntitlementRow]]


@dataclass(frozen=True, slots=True)
class Format:
    """A known export: its files, what it covers and lacks (shown on screen), and which account states are no access."""

    key: str
    label: str
    parts: tuple[Part, ...]
    covers: tuple[str, ...]
    lacks: tuple[str, ...]
    no_access_states: tuple[str, ...]
    stated_count_label: str
    claim: Claim
    read: Reader

    def part(self, key: str) -> Part:
        """Give a part by its key; KeyError when there is none."""
        return {part.key: part for part in self.parts}[key]


def probe(upload: Upload) -> Probe:
    """Look at a file from outside; a file that cannot be read looks like nothing."""
    try:
        if looks_like_json(upload.source):
            return Probe(upload.name, document=beginning_of(upload.source))
        with open_table(upload.source) as table:
            return Probe(upload.name, tuple(table.headers), frozenset(map(header_key, table.headers)))
    except FormatError:
        return Probe(upload.name)


def require(columns: set[str], label: str, **alternatives: tuple[str, ...]) -> None:
    """Raise FormatError unless each named column is there under one of its header_key forms."""
    missing = [name.replace("_", " ") for name, keys in alternatives.items() if not columns.intersection(keys)]
    if missing:
        raise FormatError(f"The file “{label}” has no column for: {', '.join(missing)}.")
