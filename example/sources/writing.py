"""Writing exports."""

import csv
import io
from collections.abc import Iterable


def csv_bytes(rows: Iterable[Iterable[str]], *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """Rows as a CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)
