"""The workbook of a report: Overview and Detail. Text is never taken for a formula or a link."""

import datetime as dt
import io
from typing import Any

import xlsxwriter

from evidence.printing.words import Clock, day
from reviews.outputs import facts, register, sections
from reviews.outputs.data import ReportData
from reviews.outputs.front import front
from ui.screens.export import CELL_LIMIT, SAFE_WORKBOOK

_WIDTHS = {"No.": 6, "Meaning": 40, "Reason in words": 40, "Finding": 50, "Role or permission": 30, "Resource": 26, "Person": 24}


def make_workbook(data: ReportData) -> bytes:
    """The XLSX file; the same data gives the same bytes."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, SAFE_WORKBOOK) as book:
        book.set_properties(
            {
                "title": f"{data.reference} {data.title}",
                "subject": data.campaign.name,
                "author": data.organization,
                "comments": "Prepared from recorded evidence; a management report, not an auditor's report or opinion.",
                "created": dt.datetime.fromisoformat(data.as_of).replace(tzinfo=None),
            }
        )
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        _overview(book, data, bold, wrapped)
        _detail(book, data, bold)
    return buffer.getvalue()


def _overview(book: Any, data: ReportData, bold: Any, wrapped: Any) -> None:
    sheet = book.add_worksheet("Overview")
    sheet.set_column(0, 0, 46, wrapped)
    sheet.set_column(1, 9, 16, wrapped)
    for number, (row, format_) in enumerate(_overview_rows(data, bold, wrapped)):
        for column, cell in enumerate(row):
            _write(sheet, number, column, cell, format_)


def _overview_rows(data: ReportData, bold: Any, wrapped: Any) -> list[tuple[list[Any], Any]]:
    page, campaign, clock = front(data), data.campaign, Clock(data.zone)
    plain: list[list[Any]] = [
        ["Organization", data.organization],
        ["Review", f"{campaign.reference} {campaign.name}"],
        ["Report", data.reference],
        ["Period", f"{day(campaign.period_from)} to {day(campaign.period_to)}"],
        ["Data as of", clock.moment(data.as_of)],
        ["Signed off by", f"{campaign.signed_off_by}, {clock.moment(campaign.signed_off_at)}"],
        ["SHA-256 of the decisions", campaign.decision_digest],
        ["SHA-256 of this report's data", data.digest],
        ["Status", page.status],
        [],
    ]
    figures: list[list[Any]] = [[one.label, one.value, one.note] for one in page.figures]
    return [
        *((row, wrapped) for row in plain),
        *_block(["Figure", "Value", "Note"], figures, bold, wrapped),
        *_block(
            ["System", "Entitlements", "Keep", "Remove", "Change", "Not decided", "Flagged kept"], _systems(data), bold, wrapped
        ),
        *_block(
            ["Decided by", "Entitlements", "Keep", "Remove", "Change", "Kept in bulk", "When", "Remark"],
            _people(data),
            bold,
            wrapped,
        ),
        *_block(
            ["System", "What was checked", "As of (UTC)", "Extracted by", "Rows' SHA-256"], _populations(data), bold, wrapped
        ),
    ]


def _block(heading: list[Any], rows: list[list[Any]], bold: Any, wrapped: Any) -> list[tuple[list[Any], Any]]:
    return [(heading, bold), *((row, wrapped) for row in rows), ([], wrapped)]


def _systems(data: ReportData) -> list[list[Any]]:
    tallies = [*facts.by_system(data), facts.tally("All systems", data.items)]
    return [[one.name, one.total, one.keep, one.remove, one.change, one.not_decided, one.flagged_kept] for one in tallies]


def _people(data: ReportData) -> list[list[Any]]:
    return [
        [one.tally.name, one.tally.total, one.tally.keep, one.tally.remove, one.tally.change, one.bulk, one.span, one.remark]
        for one in sections.reviewer_lines(data)
    ]


def _populations(data: ReportData) -> list[list[Any]]:
    return [
        [one.facts.name, " ".join([one.statement, *one.notes]), one.facts.as_of, one.facts.extracted_by, one.facts.digest]
        for one in sections.scope_blocks(data)
    ]


def _detail(book: Any, data: ReportData, bold: Any) -> None:
    sheet = book.add_worksheet("Detail")
    names = register.header(data)
    for column, name in enumerate(names):
        sheet.set_column(column, column, _WIDTHS.get(name, 16))
        _write(sheet, 0, column, name, bold)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(data.items)), len(names) - 1)
    for number, row in enumerate(register.rows(data), start=1):
        for column, cell in enumerate(row):
            _write(sheet, number, column, cell, None)


def _write(sheet: Any, row: int, column: int, cell: Any, format_: Any) -> None:
    """Write by type: what came from a file is always a string, whatever it looks like."""
    if isinstance(cell, int):
        sheet.write_number(row, column, cell, format_)
    elif cell:
        sheet.write_string(row, column, str(cell)[:CELL_LIMIT], format_)
