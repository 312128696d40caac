"""Before and after, compared for reading."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString
from django.utils.text import capfirst

from ui.values import at, display

_WORDS = re.compile(r"\s+|\S+")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
PLAIN = 300  # words beyond which those that are everywhere begin no match: repeated ones would take the square again and again
MOST = 1_500  # lines that differ, beyond which one text is shown after the other
FINE = 4_000  # words and spaces beyond which lines are compared, as comparing words takes the square of their number


@dataclass(frozen=True)
class Change:
    """One key that differs. `before` or `after` is None when the key was absent there."""

    label: str
    before: str | SafeString | None
    after: str | SafeString | None


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """The keys whose values differ, in the order of `after`, then those that went away."""
    keys = [*after, *(key for key in before if key not in after)]
    return [
        Change(
            capfirst(key.replace("_", " ").removesuffix(" id")),
            _shown(before[key]) if key in before else None,
            _shown(after[key]) if key in after else None,
        )
        for key in keys
        if before.get(key) != after.get(key)
    ]


def _shown(value: Any) -> Any:
    """As a cell shows it, but times exactly: two that are compared are not told by how long ago they were."""
    return at(value) if isinstance(value, datetime) else display(value)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words: `how` is "same", "gone" or "new"."""

    how: str
    words: str


def compare(before: str, after: str) -> list[Piece]:
    """What became of which words; in long texts the lines that differ are found first."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) <= FINE:
        return list(_pieces(old, new))
    return list(_trimmed(_LINES.findall(before), _LINES.findall(after)))


def _trimmed(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    """Without the lines that both begin and end with, which need no looking for."""
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    tail = next((at for at in range(shorter - head) if old[-1 - at] != new[-1 - at]), shorter - head)
    middle = old[head : len(old) - tail], new[head : len(new) - tail]
    if head:
        yield Piece("same", "".join(old[:head]))
    if max(map(len, middle)) > MOST:
        yield from _told("replace", "".join(middle[0]), "".join(middle[1]))
    else:
        yield from _by_lines(*middle)
    if tail:
        yield Piece("same", "".join(old[len(old) - tail :]))


def _by_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for how, a, b, c, d in difflib.SequenceMatcher(None, old, new).get_opcodes():
        gone, added = "".join(old[a:b]), "".join(new[c:d])
        few = len(_WORDS.findall(gone)) <= FINE // 2 and len(_WORDS.findall(added)) <= FINE // 2
        if how == "replace" and few:
            yield from _pieces(_WORDS.findall(gone), _WORDS.findall(added))
        else:
            yield from _told(how, gone, added)


def _pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for how, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=len(new) > PLAIN).get_opcodes():
        yield from _told(how, "".join(old[a:b]), "".join(new[c:d]))


def _told(how: str, gone: str, added: str) -> Iterator[Piece]:
    if how == "equal":
        yield Piece("same", gone)
        return
    if gone:
        yield Piece("gone", gone)
    if added:
        yield Piece("new", added)
