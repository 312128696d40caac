"""The words that lists are searched by: beginnings of words, which an index finds behind row-level security."""

import re
from collections.abc import Iterable, Iterator

LONGEST = 64
AFTER = "\U0010ffff"  # sorts behind every other character: what begins with a word lies between the word and this behind it
_PART = re.compile(r"\w+")
_MARKS = re.compile(r"^\W+|\W+$")


def words_of(texts: Iterable[str]) -> Iterator[str]:
    """Each word in lower case; of one with marks in it, such as EV-2026-0001, also what follows each mark."""
    for text in texts:
        for chunk in text.casefold().split():
            for part in _PART.finditer(chunk):
                yield chunk[part.start() :][:LONGEST]


def sought(text: str, most: int) -> list[str]:
    """The first `most` words of a search, each without the marks around it."""
    return [chunk for part in text.casefold().split() if (chunk := _MARKS.sub("", part)[:LONGEST])][:most]
