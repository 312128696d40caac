"""The PDF of a gap analysis: from its snapshot alone, so that the same snapshot gives the same bytes."""

import csv
import datetime as dt
import hashlib
import io
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from controls.criteria import Category
from controls.gaps.data import ControlRow, Gap, Snapshot
from controls.gaps.rules import action_of
from controls.models.control import Priority
from controls.models.state import Design, Operation
from controls.roadmap.plan import plan
from evidence.printing.images import address
from evidence.printing.printer import STYLE, Enclosure, make_pdf
from ui.charts import Slice, bar
from ui.components import Tone
from ui.screens.export import quoted

SHOWN = 100  # rows of a table on paper
_TONES: dict[Design, Tone] = {
    Design.IMPLEMENTED: "ok",
    Design.PARTIAL: "warn",
    Design.MISSING: "bad",
    Design.NOT_EVALUABLE: "muted",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its denominator, and what to read with it."""

    label: str
    value: str
    note: str
    url: str = ""  # where the page shows what is counted


def gap_html(snapshot: Snapshot, digest: str) -> str:
    """The analysis as one self-contained HTML page."""
    urgent = {priority: [gap for gap in snapshot.gaps if gap.priority == priority] for priority in Priority.values}
    context = {
        "data": snapshot,
        "digest": digest,
        "style": mark_safe(STYLE.read_text(encoding="utf-8")),  # noqa: S308 - our own file
        "period": _span(snapshot.period),
        "as_of": day(snapshot.as_of),
        "made_at": _moment(snapshot),
        "status": status_sentence(snapshot),
        "figures": figures(snapshot),
        "groups": _todos(urgent, snapshot),
        "designs": _designs(snapshot),
        "families": [(one, _share(one)) for one in snapshot.figures["families"]],
        "categories": ", ".join(str(Category(one).label) for one in snapshot.period["categories"]),
        "controls": [(row, Design(row.design).label, Operation(row.operation).label) for row in _paper_rows(snapshot)],
        "shown": SHOWN,
        "registers": registers_of(snapshot),
    }
    return render_to_string("controls/gap_pdf.html", context)


def _todos(urgent: dict[str, list[Gap]], snapshot: Snapshot) -> list[tuple[str, list[tuple[Gap, str, str]]]]:
    """By priority: each gap, what closes it, and by when the roadmap of its analysis has it."""
    reasons = {row.id: row.reasons for row in snapshot.controls}
    due = {task.key: task.due_on for task in plan(snapshot, dt.date.fromisoformat(snapshot.as_of))}
    return [
        (
            Priority(priority).label,
            [(gap, action_of(reasons.get(gap.control, [])), day(due[f"gap:{gap.key}"].isoformat())) for gap in gaps],
        )
        for priority, gaps in urgent.items()
        if gaps
    ]


def _designs(snapshot: Snapshot) -> dict[str, Any]:
    """Controls by status, as a bar and in words."""
    counts = snapshot.figures["controlsByDesign"]
    slices = [Slice(str(one.label), counts[one.value], tone) for one, tone in _TONES.items()]
    return {"picture": address(bar(slices, name="designs", title="Controls by status")), "slices": slices}


def _share(family: dict[str, Any]) -> str:
    """The bar of a family: in place, of those in scope."""
    missing = family["inScope"] - family["implemented"]
    slices = [Slice("In place", family["implemented"], "ok"), Slice("Not in place", missing, "bad")]
    return address(bar(slices, name="family", title=family["title"])) if family["inScope"] else ""


def gap_pdf(snapshot: Snapshot) -> bytes:
    """The PDF with the snapshot attached. Takes seconds; raises PrintingFailed."""
    content = snapshot.to_json()
    enclosures = [Enclosure(f"{snapshot.reference}.json", "The data this analysis was printed from", content)]
    enclosures += [
        Enclosure(name, "Every row of a table that is cut on paper", register)
        for name, register in registers_of(snapshot).values()
    ]
    html = gap_html(snapshot, hashlib.sha256(content).hexdigest())
    return make_pdf(html, made_at=snapshot.made_at, enclosures=enclosures)


def registers_of(snapshot: Snapshot) -> dict[str, tuple[str, bytes]]:
    """What paper has no room for, whole: name of the file and CSV, by the table."""
    gaps = [[one.code, one.sentence, one.priority, " ".join(one.criteria), one.owner] for one in snapshot.gaps]
    rows = [
        [row.code, row.title, row.owner, str(Design(row.design).label), str(Operation(row.operation).label), str(row.evidence)]
        for row in snapshot.controls
    ]
    tables = {
        "gaps": (["Control", "Gap", "Priority", "Criteria", "Owner"], gaps),
        "deviations": (["Control", "Deviation"], [[one.code, one.sentence] for one in snapshot.deviations]),
        "controls": (["Control", "Title", "Owner", "Design", "Operation", "Evidence"], rows),
    }
    return {
        name: (f"{snapshot.reference}-{name}.csv", _csv([header, *lines]))
        for name, (header, lines) in tables.items()
        if len(lines) > SHOWN
    }


def _csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([quoted(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _paper_rows(snapshot: Snapshot) -> list[ControlRow]:
    """All, or where they are too many the first of those that are not in place, and then of the others."""
    if len(snapshot.controls) <= SHOWN:
        return snapshot.controls
    return sorted(snapshot.controls, key=lambda row: row.design == Design.IMPLEMENTED)[:SHOWN]


def status_sentence(snapshot: Snapshot) -> str:
    """Where it stands, in one sentence."""
    count, critical = len(snapshot.gaps), snapshot.figures["criticalGaps"]
    if not count:
        return f"Readiness is {snapshot.readiness}: every control in scope is in place."
    gaps = "1 gap is open" if count == 1 else f"{count:,} gaps are open"
    grave = "none of them critical" if not critical else f"{critical:,} of them critical"
    return f"Readiness is {snapshot.readiness}; {gaps}, {grave}."


def figures(snapshot: Snapshot, *, findings: bool = False) -> list[Figure]:
    """The figures of the first page; those of findings lead to them with `findings`, for who may see them."""
    given = snapshot.figures
    activities, evidence, criteria, pending = (given[name] for name in ("activities", "evidence", "criteria", "findings"))
    without = len(criteria["withoutControl"])
    expected = activities["expected"]
    return [
        Figure(
            "Readiness: controls in place, of those in scope",
            snapshot.readiness,
            "what could not be evaluated stays in scope",
            "#controls",
        ),
        Figure(
            "Critical gaps",
            f"{given['criticalGaps']:,} of {len(snapshot.gaps):,} gaps",
            "controls of critical priority",
            "?priority=critical#gaps",
        ),
        Figure(
            "Criteria in scope that a control answers",
            f"{criteria['inScope'] - without:,} of {criteria['inScope']:,}",
            "",
            "#gaps",
        ),
        Figure(
            "Occurrences performed on time",
            f"{activities['onTime']:,} of {expected:,}" if expected else "None was due",
            f"{len(snapshot.deviations):,} controls with deviations",
            "#deviations" if snapshot.deviations else "",
        ),
        Figure(
            "Evidence linked to controls",
            f"{evidence['items']:,} links",
            f"{evidence['byHand']:,} collected by hand",
            "#controls",
        ),
        Figure(
            "Findings not over",
            f"{pending['pending']:,}",
            f"{pending['overdue']:,} overdue",
            "#findings" if findings and pending.get("open") else "",  # an analysis of before does not have them
        ),
    ]


def day(iso: str) -> str:
    """3 Oct 2026; empty for none."""
    value = dt.date.fromisoformat(iso) if iso else None
    return f"{value.day} {value:%b %Y}" if value else ""


def _span(period: dict[str, Any]) -> str:
    if period["from"] == period["to"]:
        return f"{period['type']} as of {day(period['from'])}"
    return f"{period['type']}, {day(period['from'])} to {day(period['to'])}"


def _moment(snapshot: Snapshot) -> str:
    local = dt.datetime.fromisoformat(snapshot.made_at).astimezone(ZoneInfo(snapshot.zone))
    return f"{local.day} {local:%b %Y, %H:%M} ({snapshot.zone})"
