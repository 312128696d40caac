"""A table out of a CSV or XLSX file: headers and rows, one at a time, numbered as in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain, islice
from types import TracebackType
from typing import BinaryIO, Final, TypeAlias, cast

from evidence.tables.errors import FormatError
from evidence.tables.rows import RowError, row_error
from evidence.tables.sources import Source, detect_encoding, opened
from evidence.tables.text import printable, storable
from evidence.tables.workbooks import is_zip, workbook_records

Record: TypeAlias = tuple[int, list[str]]

MOST_COLUMNS: Final = 1000
LONGEST_HEADER: Final = 200
_SAMPLE_ROWS: Final = 40
_SAMPLE_CHARACTERS: Final = 64 * 1024
_DELIMITERS: Final = (",", ";", "\t", "|")
_OPEN_QUOTE: Final = "The quotation mark opened in this row is never closed; all that follows was read as one cell."


class Table:
    """Headers (unique) and rows of one file. `rows` can be read once: (row number, cells) or RowError."""

    def __init__(self, headers: list[str], rows: Iterator[Record | RowError], notices: list[str], stack: ExitStack) -> None:
        """Take the parts and what is to be closed at the end."""
        self.headers = headers
        self.rows = rows
        self.notices = notices
        self._stack = stack

    def close(self) -> None:
        """Close the file if it was opened here."""
        self._stack.close()

    def __enter__(self) -> Table:
        """Give itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close."""
        self.close()


def open_table(source: Source, *, name: str = "", part: str = "", delimiter: str = "") -> Table:
    """Open a CSV or XLSX by its content, not its name; `part` is given to the errors. Raises FormatError.

    `delimiter` is that of a CSV where the caller knows it; else it is found out.
    """
    with ExitStack() as stack:
        file = stack.enter_context(opened(source))
        if is_zip(file):
            found, notices = workbook_records(file)
            records: Iterator[Record | RowError] = found
            check_text = True
        else:
            records, notices, check_text = _csv_records(file, part, stack, delimiter)
        headers, rest, header_notices = _find_header(records)
        notices += header_notices
        return Table(headers, _rows(rest, len(headers), part, check_text=check_text), notices, stack.pop_all())
    raise AssertionError  # pragma: no cover - opened() swallows nothing


def _csv_records(file: BinaryIO, part: str, stack: ExitStack, known: str) -> tuple[Iterator[Record | RowError], list[str], bool]:
    encoding, has_nul, notice = detect_encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    stack.callback(text.detach)  # or the wrapper would close a file that is not ours when it is collected
    try:
        sample = text.read(_SAMPLE_CHARACTERS)
    except (UnicodeError, ValueError) as error:
        raise FormatError("The file's text is damaged: it does not match its own encoding.") from error
    delimiter, skip = (known, False) if known else _delimiter(sample)
    text.seek(0)
    return _parse(text, delimiter, skip, part), [notice] if notice else [], has_nul


def _delimiter(sample: str) -> tuple[str, bool]:
    """Give (delimiter, whether the first line is Excel's "sep=;")."""
    first = sample.split("\n", 1)[0].strip().strip("\ufeff")
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4], True
    whole = sample if len(sample) < _SAMPLE_CHARACTERS else sample.rsplit("\n", 1)[0]
    return max(_DELIMITERS, key=lambda mark: _fit(whole, mark)), False


def _fit(sample: str, mark: str) -> tuple[float, int]:
    """Say how well a delimiter divides the sample: share of rows of the commonest width, and that width."""
    try:
        widths = Counter(
            len(row) for row in islice(csv.reader(io.StringIO(sample, newline=""), delimiter=mark), _SAMPLE_ROWS) if row
        )
    except csv.Error:
        return 0.0, 0
    divided = Counter({width: count for width, count in widths.items() if width > 1})
    if not divided:
        return 0.0, 0
    width, count = divided.most_common(1)[0]
    return round(count / sum(widths.values()), 1), width


def _parse(text: io.TextIOWrapper, delimiter: str, skip: bool, part: str) -> Iterator[Record | RowError]:  # noqa: FBT001
    ended: list[bool] = []

    def end() -> Iterator[str]:
        ended.append(True)
        yield from ()

    # csv.reader asks for a further line only inside quotes: a row handed out after the end was never closed.
    reader = csv.reader(chain(text, end()), delimiter=delimiter)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if ended:
                yield row_error(number, part, cells, _OPEN_QUOTE)
            elif number > 1 or not skip:
                yield number, cells
    except csv.Error as error:
        raise FormatError(_csv_sentence(number + 1, str(error))) from error
    except UnicodeError as error:
        raise FormatError(f"The text after row {number} is damaged: it does not match the file's encoding.") from error


def _csv_sentence(number: int, problem: str) -> str:
    if "field limit" in problem:
        return (
            f"Row {number} has a cell of more than {csv.field_size_limit():,} characters; a quotation mark may be missing there."
        )
    return f"Row {number} cannot be read as CSV."


def _find_header(records: Iterator[Record | RowError]) -> tuple[list[str], Iterator[Record | RowError], list[str]]:
    """Take the header off: the first row that reaches as far as rows commonly do and is half filled."""
    sample = list(islice(records, _SAMPLE_ROWS))
    filled = [(i, r) for i, r in enumerate(sample) if not isinstance(r, RowError) and any(map(str.strip, r[1]))]
    if not filled:
        raise FormatError("The file has no rows that can be read." if sample else "The file is empty.")
    width = _common_reach([record[1] for _, record in filled])
    index, (number, cells) = next((f for f in filled if _is_header(f[1][1], width)), filled[0])
    notices = []
    above = [i for i, _ in filled if i < index]
    if above:
        notices.append(f"Row {number} was taken for the header; {len(above)} rows above it were skipped.")
    headers, more = _unique(cells)
    before = [r for r in sample[:index] if isinstance(r, RowError)]
    return headers, chain(before, sample[index + 1 :], records), notices + more


def _is_header(cells: list[str], width: int) -> bool:
    return _reach(cells) >= width and 2 * sum(map(bool, map(str.strip, cells))) >= width


def _common_reach(rows: list[list[str]]) -> int:
    """Give how far most rows reach, the farther on a tie; rows of one cell are titles unless all are."""
    reaches = Counter(map(_reach, rows))
    several = {reach: count for reach, count in reaches.items() if reach > 1} or reaches
    return max(several, key=lambda reach: (several[reach], reach))


def _reach(cells: list[str]) -> int:
    """Give the width without blank cells at the end, which exports leave or drop at will."""
    return max((position for position, cell in enumerate(cells, 1) if cell.strip()), default=0)


def _unique(cells: list[str]) -> tuple[list[str], list[str]]:
    """Give headers made unique, and notices: "Role", "Role (2)"; a header without a name becomes "Column 4"."""
    if len(cells) > MOST_COLUMNS:
        raise FormatError(f"The file has more than {MOST_COLUMNS} columns.")
    headers: list[str] = []
    notices = []
    for position, cell in enumerate(cells, 1):
        plain = " ".join(cell.strip().strip("\ufeff").split()) or f"Column {position}"
        plain = header = printable(plain, LONGEST_HEADER)
        times = 1
        while header in headers:
            times += 1
            header = f"{plain} ({times})"
        if times > 1:
            notices.append(f"The header “{plain}” occurs more than once; column {position} is shown as “{header}”.")
        headers.append(header)
    return headers, notices


def _rows(records: Iterator[Record | RowError], width: int, part: str, *, check_text: bool) -> Iterator[Record | RowError]:
    for record in records:
        if record.__class__ is RowError:
            yield record
            continue
        number, cells = cast("Record", record)
        if not any(cells) or not any(map(str.strip, cells)):
            continue
        if len(cells) > width and not any(map(str.strip, cells[width:])):
            cells = cells[:width]
        if len(cells) != width:
            yield row_error(number, part, cells, f"The row has {len(cells)} cells where the header has {width}.")
        elif check_text and not all(map(storable, cells)):
            yield row_error(number, part, cells, "The row has characters that cannot be stored (NUL or half a character).")
        else:
            yield number, cells
