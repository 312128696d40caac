"""Reading XLSX: the values of the first sheet that has any."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from evidence.tables.errors import FormatError
from evidence.tables.text import printable
from evidence.tables.workbook_guard import BROKEN, inspect


def is_zip(file: BinaryIO) -> bool:
    """Tell by its first bytes whether the file is a zip container."""
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    return start in {b"PK\x03\x04", b"PK\x05\x06"}


def workbook_records(file: BinaryIO) -> tuple[Iterator[tuple[int, list[str]]], list[str]]:
    """Give (row number, cells) of the first sheet that has any, and notices. Raises FormatError."""
    inspect(file)
    file.seek(0)
    try:
        book = CalamineWorkbook.from_filelike(file)
        sheet, notices = _choose(book)
    except (CalamineError, ValueError, OSError, OverflowError) as error:
        raise FormatError(BROKEN) from error
    except BaseException as error:
        raise _translated(error) from error
    return _records(sheet), notices


def _translated(error: BaseException) -> BaseException:
    """A panic of the Rust reader is a BaseException without an importable name; anything else goes on unchanged."""
    return FormatError(BROKEN) if type(error).__name__ == "PanicException" else error


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
            raise FormatError(BROKEN) from error
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
