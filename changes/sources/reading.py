"""Values out of a payload that somebody else made: of the right type, of bounded length, or said to be missing."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from changes.sources.facts import Unreadable

TITLE, TEXT, LINE, NAME = 200, 20_000, 300, 200
_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REPOSITORY = re.compile(r"[\w.-]+(?:/[\w.-]+){1,19}", re.ASCII)
_UNPRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_EARLIEST, _LATEST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC), dt.datetime(2200, 1, 1, tzinfo=dt.UTC)
_ADDRESS_LENGTH = 500


def inside(data: object, *path: str) -> Any:
    """What lies at the end of a path of names, or None."""
    for name in path:
        if not isinstance(data, Mapping):
            return None
        data = data.get(name)
    return data


def text(data: object, *path: str, most: int = LINE) -> str:
    """A text, cut where it is too long; empty where there is none."""
    found = inside(data, *path)
    if not isinstance(found, str):
        return ""
    clean = _UNPRINTED.sub("", found.encode("utf-8", "replace").decode()).replace("\r\n", "\n").strip()
    return clean if len(clean) <= most else f"{clean[: most - 1]}…"


def first_line(data: object, *path: str) -> str:
    """The first line of a text."""
    return text(data, *path, most=TEXT).partition("\n")[0][:LINE].strip()


def number(data: object, *path: str, words: str) -> int:
    """A positive number. Raises Unreadable."""
    found = inside(data, *path)
    if isinstance(found, bool) or not isinstance(found, int) or not 0 < found < 2**31:
        raise Unreadable(f"It does not say {words}.")
    return found


def key(data: object, *path: str) -> str:
    """What a source tells a thing by: a number or a text. Raises Unreadable."""
    found = inside(data, *path)
    if isinstance(found, bool) or not isinstance(found, (int, str)) or not 0 < len(str(found)) <= 100:
        raise Unreadable("It lacks an id.")
    if not str(found).isprintable():
        raise Unreadable("Its id is not one.")
    return str(found)


def yes(data: object, *path: str) -> bool:
    """Whether it says so."""
    return inside(data, *path) is True


def rows(data: object, *path: str, most: int = 5_000) -> Iterator[Mapping[str, Any]]:
    """The objects of a list."""
    found = inside(data, *path)
    for one in (found if isinstance(found, list) else [])[:most]:
        if isinstance(one, Mapping):
            yield one


def sha(data: object, *path: str) -> str:
    """A commit's full hash; empty where there is none."""
    found = inside(data, *path)
    return found if isinstance(found, str) and _SHA.fullmatch(found) else ""


def needed_sha(data: object, *path: str, words: str) -> str:
    """A commit's hash. Raises Unreadable."""
    if not (found := sha(data, *path)):
        raise Unreadable(f"It does not say {words}.")
    return found


def repository(data: object, *path: str) -> str:
    """A repository such as larkfield/billing. Raises Unreadable."""
    found = inside(data, *path)
    if not isinstance(found, str) or len(found) > NAME or not _REPOSITORY.fullmatch(found):
        raise Unreadable("It does not name its repository.")
    return found


def address(data: object, *path: str) -> str:
    """A web address; empty for anything else."""
    found = inside(data, *path)
    if not isinstance(found, str) or len(found) > _ADDRESS_LENGTH or not found.isprintable():
        return ""
    try:
        parts = urlsplit(found)
    except ValueError:
        return ""
    return found if parts.scheme in {"http", "https"} and parts.hostname else ""


def moment(data: object, *path: str) -> dt.datetime | None:
    """An instant in UTC: ISO 8601 with a zone, or GitLab's "2026-10-02 09:15:00 UTC"; None for anything else."""
    found = inside(data, *path)
    if not isinstance(found, str) or len(found) > 40:
        return None
    try:
        at = dt.datetime.fromisoformat(found.removesuffix(" UTC") + ("+00:00" if found.endswith(" UTC") else ""))
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    try:
        at = at.astimezone(dt.UTC)
    except OverflowError:
        return None
    return at if _EARLIEST <= at <= _LATEST else None


def needed_moment(data: object, *path: str, words: str) -> dt.datetime:
    """An instant. Raises Unreadable."""
    if (found := moment(data, *path)) is None:
        raise Unreadable(f"It does not say {words}.")
    return found
