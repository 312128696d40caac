"""The charts of the dashboard, each part with the address of the rows it counts."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from controls.models.state import Design, Operation
from controls.status.readiness import FamilyReadiness, Share
from reports.bands import band_of
from reports.dashboard.figures import Figures
from reports.dashboard.links import Links
from ui.charts import Point, Slice, bar, donut, line
from ui.components import Tone

DESIGN: dict[Design, Tone] = {
    Design.IMPLEMENTED: "ok",
    Design.PARTIAL: "warn",
    Design.MISSING: "bad",
    Design.NOT_EVALUABLE: "muted",
}
OPERATION: dict[Operation, Tone] = {
    Operation.NO_DEVIATIONS: "ok",
    Operation.DEVIATIONS: "bad",
    Operation.NOT_TESTED: "warn",
    Operation.NOT_YET_DUE: "muted",
    Operation.DID_NOT_OCCUR: "muted",
}
WIDE, NARROW = (640, 220), (320, 200)


@dataclass(frozen=True, slots=True)
class Family:
    """A line of the chart by families: its bar, its share, and what is not in place in words that lead there."""

    title: str
    share: Share
    bar: SafeString
    url: str
    implemented: Slice
    others: list[Slice]


def by_design(figures: Figures, links: Links) -> list[Slice]:
    """Controls by whether they are in place."""
    counts = figures.readiness.by_design
    return [Slice(one.label, counts[one], tone, links.controls(design=one.value)) for one, tone in DESIGN.items()]


def by_operation(figures: Figures, links: Links) -> list[Slice]:
    """Controls by whether they worked in the period; what none of them is, is left out."""
    counts = figures.readiness.by_operation
    return [
        Slice(one.label, counts[one], tone, links.controls(operation=one.value)) for one, tone in OPERATION.items() if counts[one]
    ]


def ring(figures: Figures, links: Links) -> SafeString:
    """Controls by status around the readiness."""
    percent = figures.readiness.percent
    return donut(
        by_design(figures, links),
        name="by-status",
        title="Controls by status",
        centre="None" if percent is None else f"{percent} %",
        caption="in scope" if percent is None else band_of(percent).word,
    )


def families(figures: Figures, links: Links) -> list[Family]:
    """A bar for each family of criteria that has controls in scope."""
    return [_family(one, links) for one in figures.readiness.by_family if one.share.whole]


def uncovered(figures: Figures) -> list[str]:
    """Families in scope that no control answers to."""
    return [f"{one.family} {one.title}" for one in figures.readiness.by_family if not one.share.whole]


def _family(one: FamilyReadiness, links: Links) -> Family:
    slices = [
        Slice(design.label, one.by_design[design], tone, links.controls(scope=one.family, design=design.value))
        for design, tone in DESIGN.items()
    ]
    title = f"{one.family} {one.title}"
    return Family(
        title=title,
        share=one.share,
        bar=bar(slices, name=f"family-{one.family}", title=title),
        url=links.controls(scope=one.family),
        implemented=slices[0],
        others=[part for part in slices[1:] if part.value],
    )


def months(figures: Figures, links: Links | None) -> list[Point]:
    """Evidence by month; without links for those who may not see evidence."""
    return [
        Point(one.month.label, one.month.short, one.number, links.evidence(month=one.month.key) if links else "")
        for one in figures.collected
    ]


def trend(points: list[Point]) -> list[tuple[str, SafeString]]:
    """The line twice: for a wide and for a narrow place. Each with its class."""
    title = "Evidence collected per month"
    return [
        (f"line-{kind}", line(points, name=f"evidence-{kind}", title=title, width=width, height=height))
        for kind, (width, height) in (("wide", WIDE), ("narrow", NARROW))
    ]
