"""The PDF of a report: from its snapshot alone, so that the same snapshot gives the same bytes."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from evidence.printing.images import address
from evidence.printing.printer import STYLE as PAPER
from evidence.printing.printer import Enclosure, make_pdf
from evidence.printing.words import Clock, day, listed
from reports.monthly import front
from reports.monthly.data import Bar, Column, Snapshot, Table
from reports.monthly.trends import trends
from ui.charts import Slice, bar
from ui.components import Tone

STYLE = Path(__file__).with_name("report.css")


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as it is drawn: words, or a picture with the words it stands for."""

    text: str
    numeric: bool
    picture: str = ""  # a data: address


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table ready to be drawn."""

    table: Table
    rows: list[list[Shown]]
    total: list[Shown]

    @property
    def key(self) -> list[tuple[str, str]]:
        """What the colours of its bars stand for: word and tone."""
        bars = [cell for row in self.table.rows for cell in row if isinstance(cell, Bar)]
        return list(dict.fromkeys((label, tone) for one in bars for label, _, tone in one.parts))

    @property
    def cut(self) -> str:
        """How many of how many are shown; empty for all."""
        return _cut(len(self.rows), self.table.left_out)


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section with its number."""

    number: int
    key: str
    title: str
    sentence: str
    tables: list[ShownTable]
    notes: list[str]


def report_html(snapshot: Snapshot, digest: str) -> str:
    """The report as one self-contained HTML page."""
    style = PAPER.read_text(encoding="utf-8") + STYLE.read_text(encoding="utf-8")
    return render_to_string("reports/monthly_pdf.html", {**context_of(snapshot, digest), "style": mark_safe(style)})  # noqa: S308 - our own files


def context_of(snapshot: Snapshot, digest: str) -> dict[str, Any]:
    """What paper and page both show."""
    clock, sections = Clock(snapshot.zone), sections_of(snapshot)
    return {
        "data": snapshot,
        "digest": digest,
        "rows": front.rows(snapshot),
        "asked": [(one, day(one.by)) for one in front.asked(snapshot)],
        "more_asked": _more(len(snapshot.decisions) + snapshot.more_decisions - len(front.asked(snapshot))),
        "decisions": [(one, day(one.by)) for one in snapshot.decisions],
        "cut_matters": _cut(len(snapshot.matters), snapshot.more_matters),
        "cut_decisions": _cut(len(snapshot.decisions), snapshot.more_decisions),
        "under": under(snapshot, clock),
        "covered": covered(snapshot),
        "as_of": clock.moment(snapshot.as_of),
        "days": f"{day(snapshot.first)} to {day(snapshot.last)}",
        "sections": sections,
        "trends": trends(snapshot),
        "trend_number": len(sections) + 3,
        "made_number": len(sections) + 4,
    }


def sections_of(snapshot: Snapshot) -> list[ShownSection]:
    """The sections, numbered after page one and the exceptions."""
    return [
        ShownSection(number, one.key, one.title, one.sentence, [_shown(table) for table in one.tables], one.notes)
        for number, one in enumerate(snapshot.sections, start=3)
    ]


def under(snapshot: Snapshot, clock: Clock) -> str:
    """The line below the title: the audit period, what is in scope, and as of when."""
    period, as_of = snapshot.period, f"data as of {clock.moment(snapshot.as_of)}"
    if not period:
        return f"No audit period · {as_of}"
    return f"{period['type']}, {_days(period)} · {', '.join(period['categories'])} · {as_of}"


def covered(snapshot: Snapshot) -> str:
    """The audit period's days and categories as a sentence's end; empty without a period."""
    period = snapshot.period
    return f"{period['type']}, {_days(period)}, with {listed(period['categories'])} in scope" if period else ""


def _days(period: dict[str, Any]) -> str:
    return day(period["from"]) if period["from"] == period["to"] else f"{day(period['from'])} to {day(period['to'])}"


def report_pdf(snapshot: Snapshot, register: bytes = b"") -> bytes:
    """The PDF with the snapshot attached, and the register it names. Takes seconds; raises PrintingFailed."""
    html = report_html(snapshot, hashlib.sha256(snapshot.to_json()).hexdigest())
    return make_pdf(html, made_at=snapshot.as_of, enclosures=enclosures_of(snapshot, register))


def enclosures_of(snapshot: Snapshot, register: bytes) -> list[Enclosure]:
    """The files inside the PDF."""
    figures = Enclosure(f"{snapshot.reference}.json", "The figures this report was printed from", snapshot.to_json())
    if not register:
        return [figures]
    return [figures, Enclosure(snapshot.register["name"], "Every row of the tables that are cut on paper", register)]


def _more(number: int) -> str:
    return f"{number:,}" if number else ""


def _cut(shown: int, left_out: int) -> str:
    return f"{shown:,} of {shown + left_out:,} shown" if left_out else ""


def _shown(table: Table) -> ShownTable:
    columns = table.columns
    rows = [[_cell(cell, column) for cell, column in zip(row, columns, strict=True)] for row in table.rows]
    return ShownTable(table, rows, [_cell(cell, column) for cell, column in zip(table.total, columns, strict=False)])


def _cell(cell: str | Bar, column: Column) -> Shown:
    if isinstance(cell, str):
        return Shown(cell, column.numeric)
    slices = [Slice(label, count, cast("Tone", tone)) for label, count, tone in cell.parts]
    return Shown(", ".join(one.words for one in slices), numeric=False, picture=address(bar(slices, name="bar", title="Parts")))
