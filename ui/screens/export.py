"""CSV exports that carry their own filter, count, time and hash."""

import csv
import hashlib
import io
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO

# A cell that begins like this is a formula to a spreadsheet, and may come from anyone.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_INNER_FORMULA = re.compile(r"([,;|][\s\"]*)(?=[=+\-@])")
IN_MEMORY = 2 * 1024 * 1024


def quoted(text: str) -> str:
    """The text, harmless to a spreadsheet: a leading apostrophe where it would be a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


@dataclass(frozen=True)
class Export:
    """A finished CSV: a file at its start, its number of rows, and the SHA-256 of the table.

    The hash covers the bytes before the trailer, whose lines begin with `#`.
    """

    file: IO[bytes]
    count: int
    sha256: str


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]], notes: Sequence[tuple[str, str]]) -> Export:
    """Write header and rows, then a trailer with the notes, the row count and the hash."""
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (the response closes it)
    digest = hashlib.sha256()
    count = 0
    for block in _blocks(header, rows):
        data, lines = block
        digest.update(data)
        file.write(data)
        count += lines
    sha256 = digest.hexdigest()
    trailer = [*notes, ("Rows", str(count)), ("SHA-256 of the lines above", sha256)]
    file.write("".join(f"# {name}: {_one_line(text)}\r\n" for name, text in trailer).encode())
    file.seek(0)
    return Export(file, count, sha256)


def _blocks(header: Sequence[str], rows: Iterable[Sequence[str]], size: int = 1000) -> Iterable[tuple[bytes, int]]:
    """The CSV in pieces of up to `size` rows, each with its number of rows."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([quoted(text) for text in header])
    lines = 0
    for row in rows:
        writer.writerow([quoted(text) for text in row])
        lines += 1
        if lines == size:
            yield buffer.getvalue().encode(), lines
            buffer.seek(0)
            buffer.truncate()
            lines = 0
    yield buffer.getvalue().encode(), lines


def _one_line(text: str) -> str:
    """On one line, and no formula where a spreadsheet cuts the line into cells."""
    return _INNER_FORMULA.sub(r"\1'", " ".join(text.split()))
