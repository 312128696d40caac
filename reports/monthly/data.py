"""What a report holds: plain values in canonical JSON, from which alone it is printed: the same data gives the same bytes.

Instants are ISO 8601 in UTC, days ISO dates, "" where there is none.
"""

import dataclasses
import json
from dataclasses import dataclass, field
from typing import Any

from audit.record import canonical
from controls.status.readiness import Share

FORMAT = "plumbline.monthly-report/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number of page one with its denominator. `measured` is False where nobody could tell; then there is no number."""

    key: str
    label: str
    part: int = 0
    whole: int = 0
    measured: bool = True
    unit: str = ""  # after the denominator, instead of a percentage: "open"
    none: str = "None"  # when there was nothing to count: "None was due"
    note: str = ""  # the exceptions, instead of the difference
    rests_on: dict[str, int] = field(default_factory=dict)  # of the part, how many rest on somebody's word; left out where empty

    @property
    def share(self) -> Share:
        """As one."""
        return Share(self.part, self.whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """Something that an auditor could report: a sentence without a full stop that can stand among others. 1 is the gravest."""

    rank: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Something to decide: what (a sentence), by whom and by when (a day)."""

    rank: int
    what: str
    who: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table; its width in percent of the table's."""

    label: str
    width: int
    numeric: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A cell that is a bar of parts: (label, count, tone)."""

    parts: list[tuple[str, int, str]]

    @property
    def words(self) -> str:
        """Its parts as text."""
        return ", ".join(f"{label}: {count:,}" for label, count, _ in self.parts)


Cell = str | Bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table. `left_out` is how many rows there are beside those here; `attached` says that the register has all of them.

    An area gives all rows, the gravest first; what paper has no room for is cut when the figures are frozen.
    """

    title: str
    columns: list[Column]
    rows: list[list[Cell]]
    total: list[str] = field(default_factory=list)
    left_out: int = 0
    attached: bool = False
    none: str = "There is none."
    exceptions: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """An area in the report: a sentence, its exceptions first, then the rest."""

    key: str
    title: str
    sentence: str
    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A figure in an earlier report, for the trend; None was not measured."""

    month: str  # 2026-10
    reference: str
    values: dict[str, list[int] | None]  # part and whole by the figure's key


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A whole report. `register` is {} or the workbook of the tables that were cut: its name and SHA-256."""

    format: str = FORMAT
    reference: str
    organization: str
    zone: str
    kind: str
    month: str
    first: str
    last: str
    name: str  # October 2026
    short: str  # October
    as_of: str
    asked_by: str
    period: dict[str, Any]  # {} where there is none
    sentence: str
    others: str
    figures: list[Figure]
    before: dict[str, Any]  # {} or the month before: its name, and the figures of its report where it has one
    matters: list[Matter]
    decisions: list[Decision]
    sections: list[Section]
    definitions: list[tuple[str, str]]
    trend: list[Point]
    more_matters: int = 0
    more_decisions: int = 0
    register: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """Canonical JSON, UTF-8."""
        data = dataclasses.asdict(self)
        data["figures"] = [_without_nothing(one) for one in data["figures"]]
        return (canonical(data) + "\n").encode()

    @classmethod
    def from_json(cls, content: bytes) -> "Snapshot":
        """Read back what `to_json` wrote. Raises ValueError for another format."""
        data: dict[str, Any] = json.loads(content)
        if data.get("format") != FORMAT:
            raise ValueError("This is no report of a format that is known.")
        return cls(
            **{
                **data,
                "figures": [Figure(**one) for one in data["figures"]],
                "matters": [Matter(**one) for one in data["matters"]],
                "decisions": [Decision(**one) for one in data["decisions"]],
                "sections": [_section(one) for one in data["sections"]],
                "definitions": [(term, text) for term, text in data["definitions"]],
                "trend": [Point(**one) for one in data["trend"]],
            }
        )


def _without_nothing(figure: dict[str, Any]) -> dict[str, Any]:
    """Without what reports of earlier versions did not have: theirs stay the same bytes."""
    return {name: value for name, value in figure.items() if name != "rests_on" or value}


def _section(data: dict[str, Any]) -> Section:
    return Section(**{**data, "tables": [_table(one) for one in data["tables"]]})


def _table(data: dict[str, Any]) -> Table:
    rows = [[_cell(cell) for cell in row] for row in data["rows"]]
    return Table(**{**data, "columns": [Column(**one) for one in data["columns"]], "rows": rows})


def _cell(data: Any) -> Cell:
    if isinstance(data, str):
        return data
    return Bar(parts=[(label, count, tone) for label, count, tone in data["parts"]])
