"""Values of JSON that somebody else wrote: what is not of the expected kind is as if it were not there."""

import datetime as dt
import json
import math
from collections.abc import Iterator
from typing import Any

from evidence.tables.errors import FormatError

MOST = 50 * 1024 * 1024
MOST_VALUES = 5_000_000  # objects, lists and what is in them: small ones take ten times the memory of the file
MOST_FOUND = 20_000
_EARLIEST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def document(content: bytes) -> Any:
    """The JSON of a file, in UTF-8 or, as PowerShell writes it, UTF-16. Raises FormatError."""
    if len(content) > MOST:
        raise FormatError("The file is larger than 50 MB: scan fewer things at once.")
    if sum(content.count(sign) for sign in b"{[,") > MOST_VALUES:
        raise FormatError(f"The file holds more than {MOST_VALUES:,} values: no scanner writes so many.")
    try:
        return json.loads(content, parse_constant=_no_number)
    except UnicodeDecodeError:
        raise FormatError("The file is not text in UTF-8 or UTF-16.") from None
    except RecursionError:
        raise FormatError("The file is nested deeper than any scanner writes.") from None
    except ValueError as error:
        raise FormatError(f"The file is not JSON: {_where(error)}. Was it cut short, or does it hold other output?") from None


def _where(error: ValueError) -> str:
    return f"line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else "a number in it is none"


def _no_number(name: str) -> float:
    raise ValueError(name)


def text(value: object, most: int = 300) -> str:
    """A string without control characters, cut; "" for anything else."""
    if not isinstance(value, str):
        return ""
    return _clean(value, keep="").strip()[:most]


def prose(value: object, most: int = 10_000) -> str:
    """Text with its lines; "" for anything else."""
    return _clean(value, keep="\n\t").strip()[:most] if isinstance(value, str) else ""


def _clean(value: str, keep: str) -> str:
    if value.isprintable():
        return value
    return "".join(c if (c.isprintable() or c in keep) and not "\ud800" <= c <= "\udfff" else " " for c in value)


def inside(value: object, *path: str) -> Any:
    """What stands at a path of names; None where there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def rows(value: object) -> Iterator[dict[str, Any]]:
    """The objects of a list."""
    for one in value if isinstance(value, list) else []:
        if isinstance(one, dict):
            yield one


def words(value: object, most: int = 300) -> list[str]:
    """The strings of a list."""
    return [said for one in value if (said := text(one, most))] if isinstance(value, list) else []


def count(value: object) -> int | None:
    """A number of things; None for anything else."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        return None
    return min(value, 2_000_000_000)


def score(value: object) -> float | None:
    """A CVSS score above 0, as a number or as text; None for anything else: 0 says that there is none."""
    try:
        given = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else 0.0
    except (ValueError, OverflowError):
        return None
    return given if math.isfinite(given) and 0 < given <= 10 else None


def moment(value: object) -> dt.datetime | None:
    """An instant in ISO 8601 with its offset, as scanners in Go write it, with up to nine digits; None for anything else."""
    said = text(value, 60)
    if "." in said:
        head, _, tail = said.partition(".")
        digits = len(tail) - len(tail.lstrip("0123456789"))
        said = f"{head}.{tail[:digits][:6]}{tail[digits:]}"
    try:
        at = dt.datetime.fromisoformat(said)
        return at.astimezone(dt.UTC) if at.tzinfo and at.astimezone(dt.UTC) > _EARLIEST else None
    except (ValueError, OverflowError):
        return None


def web(value: object) -> str:
    """An address on the web; "" for anything else."""
    said = text(value, 500)
    return said if said.startswith(("https://", "http://")) and " " not in said else ""
