"""Page one: a sentence of status, a few numbers with the month before, at most three decisions. Pure; docs/monthly-report.md."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from controls.status.readiness import Share
from evidence.printing.words import listed, spelled
from reports.bands import FAIR, GOOD
from reports.monthly.data import Decision, Figure, Matter, Snapshot

MOST = 3
NOT_MEASURED = "Not measured"
READINESS = "readiness"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table of figures."""

    label: str
    now: str
    before: str
    change: str


def sentence(share: Share, before: Share | None, period: Mapping[str, Any], last: dt.date, matters: Sequence[Matter]) -> str:
    """Where it stands, and what an auditor could report, by name."""
    if not share.whole:
        why = f"nothing is in scope of {period['name']}" if period else "no audit period is set"
        named = _matters(matters)
        return f"Readiness was not measured, as {why}.{f' {named[0].upper()}{named[1:]}.' if matters else ''}"
    return f"{_opening(share, before, period, last)}, with {_matters(matters)}."


def _opening(share: Share, before: Share | None, period: Mapping[str, Any], last: dt.date) -> str:
    ends_on = dt.date.fromisoformat(period["to"])
    said = f"{share.part:,} of {share.whole:,} controls implemented, {share.percent} %"
    if last >= ends_on:
        return f"The period is over ({said})"
    month = f"{ends_on:%B}" if ends_on.year == last.year else f"{ends_on:%B %Y}"
    return f"On course for {month}" if on_course(share, before) else f"Not on course for {month} ({said})"


def on_course(share: Share, before: Share | None) -> bool:
    """Whether readiness is good, or fair and not lower than in the report before. A planning rule of this product."""
    percent = share.percent or 0
    fell = before is not None and before.whole > 0 and percent < (before.percent or 0)
    return percent >= GOOD or (percent >= FAIR and not fell)


def _matters(matters: Sequence[Matter]) -> str:
    if not matters:
        return "nothing that an auditor could report"
    count = spelled(len(matters), "matter")
    above_all = ", above all" if len(matters) > MOST else ""
    return f"{count} an auditor could report{above_all}: {listed([one.text for one in matters[:MOST]])}"


def rows(snapshot: Snapshot) -> list[Row]:
    """The table of figures."""
    return [_row(figure, snapshot) for figure in snapshot.figures]


def _row(figure: Figure, snapshot: Snapshot) -> Row:
    before = before_of(snapshot, figure.key)
    name = snapshot.before.get("short", "")
    earlier = f"{NOT_MEASURED} in {name}" if before is None else said(figure, before)
    now = (
        said(figure, figure.share)
        if figure.measured
        else f"{NOT_MEASURED} in {snapshot.short}"
        if snapshot.month
        else NOT_MEASURED
    )
    return Row(figure.label, now, earlier, change(figure, before))


def said(figure: Figure, share: Share) -> str:
    """51 of 58 (88 %); 3 of 12 open; None was due."""
    if not share.whole:
        return figure.none
    return f"{share.part:,} of {share.whole:,} {figure.unit}" if figure.unit else str(share)


def before_of(snapshot: Snapshot, key: str) -> Share | None:
    """A figure in the report of the month before; None where it was not measured."""
    found = snapshot.before.get("figures", {}).get(key)
    return Share(*found) if found else None


def change(figure: Figure, before: Share | None) -> str:
    """The exceptions where there are any to name, else the difference."""
    if not figure.measured:
        return ""
    if figure.note:
        return figure.note
    if before is None or not (before.whole and figure.whole):
        return ""
    difference = figure.part - before.part
    return "no change" if not difference else f"{'+' if difference > 0 else '−'}{abs(difference):,}"  # noqa: RUF001 - a minus


def asked(snapshot: Snapshot) -> list[Decision]:
    """The decisions of page one."""
    return snapshot.decisions[:MOST]
