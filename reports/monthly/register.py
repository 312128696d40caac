"""What paper has no room for: the tables that a report cuts, whole, as a workbook inside the PDF.

Paper shows the first rows of each and says how many there are; the workbook has all of them.
"""

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import xlsxwriter

from evidence.populations.workbook import clean
from reports.monthly.data import Cell, Column, Decision, Matter, Section, Table
from ui.screens.export import SAFE_WORKBOOK, SHEET_ROWS

SHOWN = 25  # rows of a table on paper
MATTERS, DECISIONS = "What an auditor could report", "Decisions needed"
_NAME_LENGTH = 31  # of a sheet, by the format
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def too_long(sections: Iterable[Section], matters: Sequence[Matter], decisions: Sequence[Decision]) -> list[Table]:
    """The tables that paper cuts, with all their rows, in the order of the report."""
    return [one for one in _tables(sections, matters, decisions) if len(one.rows) > SHOWN]


def _tables(sections: Iterable[Section], matters: Sequence[Matter], decisions: Sequence[Decision]) -> Iterator[Table]:
    yield Table(title=MATTERS, columns=[Column(label="What", width=100)], rows=[[one.text] for one in matters])
    columns = [Column(label="What", width=64), Column(label="Who", width=22), Column(label="By", width=14)]
    yield Table(title=DECISIONS, columns=columns, rows=[[one.what, one.who, one.by] for one in decisions])
    for section in sections:
        yield from section.tables


def cut(section: Section) -> Section:
    """The section as it fits on paper. A table that an area has cut itself stays as it is."""
    return replace(section, tables=[_cut(table) for table in section.tables])


def _cut(table: Table) -> Table:
    more = len(table.rows) - SHOWN
    return replace(table, rows=table.rows[:SHOWN], left_out=more, attached=True) if more > 0 else table


def workbook(tables: Sequence[Table], *, title: str, author: str, moment: dt.datetime) -> bytes:
    """The XLSX file: a sheet for each table, and one that says what they are. The same tables give the same bytes."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, SAFE_WORKBOOK) as book:
        created = moment.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)
        book.set_properties({"title": clean(title), "author": clean(author), "created": created})
        bold, as_text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"quote_prefix": True})
        contents, names = book.add_worksheet("Contents"), {"contents"}
        contents.set_column(0, 1, 60)
        _write(contents, 0, ["Table", "Sheet", "Rows"], bold)
        for number, (name, table, rows) in enumerate(_sheets(tables, names), start=1):
            _write(contents, number, [table.title, name, f"{len(rows):,}"], as_text)
            _fill(book.add_worksheet(name), table, rows, bold, as_text)
    return buffer.getvalue()


def _sheets(tables: Iterable[Table], names: set[str]) -> Iterator[tuple[str, Table, list[list[Cell]]]]:
    """Each table under a name of its own, and over several sheets where one cannot hold it."""
    for table in tables:
        for start in range(0, len(table.rows), SHEET_ROWS - 1):
            yield _name(table.title, names), table, table.rows[start : start + SHEET_ROWS - 1]


def _name(title: str, names: set[str]) -> str:
    """As the format wants it: short, without brackets and the like, and unlike every other."""
    plain = clean(title.partition(".")[0].translate(_FORBIDDEN))[:_NAME_LENGTH].strip() or "Table"
    name, number = plain, 1
    while name.lower() in names:
        number += 1
        name = f"{plain[: _NAME_LENGTH - 5].strip()} {number}"
    names.add(name.lower())
    return name


def _fill(sheet: Any, table: Table, rows: Iterable[list[Cell]], bold: Any, as_text: Any) -> None:
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, max(14, column.width))
    sheet.freeze_panes(1, 0)
    _write(sheet, 0, [column.label for column in table.columns], bold)
    for number, row in enumerate(rows, start=1):
        _write(sheet, number, [cell if isinstance(cell, str) else cell.words for cell in row], as_text)


def _write(sheet: Any, number: int, cells: Iterable[str], style: Any) -> None:
    for column, text in enumerate(cells):
        sheet.write_string(number, column, clean(text), style)
