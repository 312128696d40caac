"""Reading XLSX, including files made to hurt."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from inventory.formats.errors import FormatError
from inventory.formats.text import printable

MOST_ENTRIES: Final = 5000
MOST_UNPACKED: Final = 768 << 20
SUSPICIOUS_SIZE: Final = 32 << 20
MOST_RATIO: Final = 150
MOST_CELLS: Final = 20_000_000
_CHUNK: Final = 1 << 20
_OVERLAP: Final = 64
# Where cells say they stand. The reader allocates the rectangle between the first and the last of them, so two
# cells in opposite corners of a 1 kB file would cost 17 billion cells.
_PLACE: Final = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,8})(\d{1,12})["']""")
_BROKEN: Final = "The workbook is damaged or is not an Excel file. Open it in a spreadsheet and save it as .xlsx again."
_BOMB: Final = "The workbook unpacks to far more data than an export has. It was not opened."


def is_zip(file: BinaryIO) -> bool:
    """Tell by its first bytes whether the file is a zip container."""
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    return start in {b"PK\x03\x04", b"PK\x05\x06"}


def workbook_records(file: BinaryIO) -> tuple[Iterator[tuple[int, list[str]]], list[str]]:
    """Give (row number, cells) of the first sheet that has any, and notices. Raises FormatError."""
    _inspect(file)
    file.seek(0)
    try:
        book = CalamineWorkbook.from_filelike(file)
        sheet, notices = _choose(book)
    except (CalamineError, ValueError, OSError, OverflowError) as error:
        raise FormatError(_BROKEN) from error
    except BaseException as error:
        raise _translated(error) from error
    return _records(sheet), notices


def _translated(error: BaseException) -> BaseException:
    """A panic of the Rust reader is a BaseException without an importable name; anything else goes on unchanged."""
    return FormatError(_BROKEN) if type(error).__name__ == "PanicException" else error


def _choose(book: CalamineWorkbook) -> tuple[CalamineSheet, list[str]]:
    metadata = [m for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
    visible = [m.name for m in metadata if m.visible == SheetVisibleEnum.Visible]
    hidden = [m.name for m in metadata if m.name not in visible]
    for name in visible + hidden:
        sheet = book.get_sheet_by_name(name)
        if sheet.end is not None:
            return sheet, _sheet_notices(name, visible, hidden)
    raise FormatError("The workbook has no sheet with data.")


def _sheet_notices(chosen: str, visible: list[str], hidden: list[str]) -> list[str]:
    shown = printable(chosen, 100)
    if chosen in hidden:
        return [f"Only the hidden sheet “{shown}” has data; it was read."]
    others = len(visible) + len(hidden) - 1
    return [f"The workbook has {others + 1} sheets; only “{shown}” was read."] if others else []


def _records(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    rows = sheet.iter_rows()  # begins at row 1 even when the first rows are blank
    number = 1
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except (CalamineError, ValueError, OverflowError) as error:
            raise FormatError(_BROKEN) from error
        except BaseException as error:
            raise _translated(error) from error
        yield number, [cell if type(cell) is str else _text(cell) for cell in row]
        number += 1


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def _inspect(file: BinaryIO) -> None:
    """Refuse what must not reach the reader: bombs, endless rectangles, other kinds of zip. Raises FormatError."""
    file.seek(0, 2)
    packed = file.tell()
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_kind(entries)
            declared = sum(entry.file_size for entry in entries)
            if len(entries) > MOST_ENTRIES or _too_much(declared, packed):
                raise FormatError(_BOMB)
            _unpack(archive, entries, packed)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, OverflowError) as error:
        raise FormatError(_BROKEN) from error


def _check_kind(entries: list[zipfile.ZipInfo]) -> None:
    names = {entry.filename.replace("\\", "/").lstrip("/").lower() for entry in entries}
    if "xl/workbook.bin" in names:
        raise FormatError("This is a binary workbook (.xlsb). Save it as .xlsx or CSV.")
    if "xl/workbook.xml" not in names:
        raise FormatError("This zip file is not an Excel workbook (.xlsx). Upload the files in it one by one.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise FormatError("The workbook is protected by a password. Save it without one.")


def _too_much(unpacked: int, packed: int) -> bool:
    return unpacked > MOST_UNPACKED or (unpacked > SUSPICIOUS_SIZE and unpacked > packed * MOST_RATIO)


def _unpack(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], packed: int) -> None:
    """Unpack everything once, keeping nothing: declared sizes can lie, and cells can stand anywhere."""
    total = 0
    for entry in entries:
        entry.file_size = MOST_UNPACKED + 1  # read to the real end, not to the declared one
        columns, rows, tail = 0, 0, b""
        with archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                total += len(chunk)
                if _too_much(total, packed):
                    raise FormatError(_BOMB)
                columns, rows = _extent(tail + chunk, columns, rows)
                tail = chunk[-_OVERLAP:]
        if columns * rows > MOST_CELLS:
            raise FormatError("A sheet spreads over more cells than an export has. Delete stray cells, or save it as CSV.")


def _extent(chunk: bytes, columns: int, rows: int) -> tuple[int, int]:
    places = _PLACE.findall(chunk)
    if not places:
        return columns, rows
    names, numbers = zip(*places, strict=True)
    return max(columns, *map(_column, set(names))), max(rows, *map(int, set(numbers)))


def _column(name: bytes) -> int:
    number = 0
    for letter in name.upper():
        number = number * 26 + letter - 64
    return number
