"""Charts as SVG, the same on a page and on paper: a ring, a stacked bar, a line.

Colours come from classes (`ui/charts.css`, light and dark); the attributes beside them are what paper shows, where no
style sheet reaches into an SVG. Links within a chart are for the pointer: the numbers beside it lead there by keyboard.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ui.components import Tone

PAPER: dict[str, str] = {"ok": "#2e8b57", "warn": "#c77700", "bad": "#c43131", "info": "#2b4fc7", "muted": "#7a8496"}
INK, SOFT, RULE, GROUND = "#161a23", "#565f70", "#e2e5eb", "#ffffff"
RING, HOLE, HALF = 92, 62, 100  # of the ring: outer and inner radius, half its side
BAR = 1000  # the length of a bar in its own units
NEAR = 38  # the least room of a label on the axis
FEW = 14  # so many points each say their value; of more, the highest and the last do
LETTER = 7  # how wide a letter is, at most


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a whole: its name, how many, its tone, and where exactly these are."""

    label: str
    value: int
    tone: Tone
    url: str = ""

    @property
    def words(self) -> str:
        """`Implemented: 51`."""
        return f"{self.label}: {_number(self.value)}"


@dataclass(frozen=True, slots=True)
class Point:
    """A place on a line: `short` stands on the axis, `label` in words; a value of None was not measured and is not drawn."""

    label: str
    short: str
    value: int | None
    url: str = ""

    @property
    def words(self) -> str:
        """`March 2026: 14`."""
        return f"{self.label}: {'not measured' if self.value is None else _number(self.value)}"


def donut(slices: Sequence[Slice], *, name: str, title: str, centre: str = "", caption: str = "") -> SafeString:
    """A ring of the slices that are not empty, with words in its middle. Its arcs are paths. `name` is its id on the page.

    Without anything to show it is an empty ring: say beside it that nothing was measured.
    """
    total = sum(one.value for one in slices)
    drawn, turned = [], 0.0
    for one in slices:
        if one.value:
            share = one.value / total
            drawn.append(_linked(one.words, one.url, _filled(_arc(turned, turned + share), one.tone)))
            turned += share
    ring = format_html_join("", "{}", ((part,) for part in drawn)) or _filled(_arc(0, 1), "muted", "blank")
    words = format_html(
        '<text class="centre" x="{0}" y="{1}" text-anchor="middle" font-size="34" font-weight="650" fill="{2}">{3}</text>'
        '<text class="caption" x="{0}" y="{4}" text-anchor="middle" font-size="13" fill="{5}">{6}</text>',
        HALF, HALF + (6 if caption else 12), INK, centre, HALF + 28, SOFT, caption,
    )  # fmt: skip
    size = (2 * HALF, 2 * HALF)
    return _svg("donut", format_html("{}{}", ring, words), size, name=name, title=title, told=_told(slices))


def bar(slices: Sequence[Slice], *, name: str, title: str) -> SafeString:
    """One bar of slices side by side, as long as its place."""
    total, counted, start = sum(one.value for one in slices), 0, 0
    drawn = []
    for one in slices:
        counted += one.value
        end = round(BAR * counted / total) if total else 0
        if one.value:
            drawn.append(_linked(one.words, one.url, _box(start, end - start, one.tone)))
        start = end
    inside = format_html_join("", "{}", ((part,) for part in drawn)) or _box(0, BAR, "muted", "blank")
    return _svg("bar", inside, (BAR, 20), name=name, title=title, told=_told(slices), stretched=True)


def line(points: Sequence[Point], *, name: str, title: str, width: int = 640, height: int = 220) -> SafeString:
    """A line over equal steps from nothing to a round number. A step that was not measured has no point.

    Each of a few points says its value where there is room; of more than `FEW` the highest and the last do.
    """
    left, right, top, bottom = 44, width - 16, 24, height - 28
    most = _round_up(max((one.value or 0 for one in points), default=0))
    step = (right - left) / max(1, len(points) - 1)
    across = [left + step * at for at in range(len(points))]
    places = [
        (one, x, bottom - (bottom - top) * one.value / most)
        for one, x in zip(points, across, strict=True)
        if one.value is not None
    ]
    telling = _telling(places)
    room = max([NEAR, *(LETTER * len(one.short) + 6 for one in points)])
    every = math.ceil(room / step)
    parts = [
        *(_rule(most * n // 2, bottom - (bottom - top) * (most * n // 2) / most, left, right) for n in (0, 1, 2)),
        *(_foot(one.short, x, height - 8) for one, x in list(zip(points, across, strict=True))[::every]),
        _stroke(places),
        *(_dot(one, x, y, step if len(places) <= FEW else NEAR, telling=x in telling) for one, x, y in places),
    ]
    inside = format_html_join("", "{}", ((one,) for one in parts))
    return _svg("line", inside, (width, height), name=name, title=title, told=_told(points))


def _svg(
    kind: str, inside: SafeString, size: tuple[int, int], *, name: str, title: str, told: str, stretched: bool = False
) -> SafeString:
    """The frame. A chart with links is a group, because nothing within an image can be reached."""
    return format_html(
        '<svg class="chart {kind}" role="{role}" aria-labelledby="{name}-title {name}-desc" viewBox="0 0 {w} {h}" '
        'width="{w}" height="{h}"{fit} xmlns="http://www.w3.org/2000/svg"><title id="{name}-title">{title}</title>'
        '<desc id="{name}-desc">{told}</desc>{inside}</svg>',
        kind=kind,
        role="group" if "<a " in inside else "img",
        name=name,
        w=size[0],
        h=size[1],
        fit=SafeString(' preserveAspectRatio="none"') if stretched else "",
        title=title,
        told=told,
        inside=inside,
    )


def _linked(words: str, url: str, shape: SafeString) -> SafeString:
    """A shape that says what it is when pointed at, and leads there."""
    named = format_html("<g><title>{}</title>{}</g>", words, shape)
    return format_html('<a href="{}" tabindex="-1" aria-label="{}">{}</a>', url, words, named) if url else named


def _filled(path: str, tone: Tone, more: str = "") -> SafeString:
    return format_html(
        '<path class="{}" d="{}" fill="{}" stroke="{}" stroke-width="1.5" fill-rule="evenodd"/>',
        f"{tone} {more}".strip(), path, RULE if more else PAPER[tone], GROUND,
    )  # fmt: skip


def _box(start: int, width: int, tone: Tone, more: str = "") -> SafeString:
    colour = RULE if more else PAPER[tone]
    return format_html(
        '<rect class="{}" x="{}" y="0" width="{}" height="20" fill="{}"/>', f"{tone} {more}".strip(), start, width, colour
    )


def _arc(begin: float, end: float) -> str:
    """A part of the ring between two turns (0 is the top, 1 once around), clockwise."""
    if end - begin > 0.9999:  # an arc from a point to itself would be nothing
        return " ".join(
            f"M{HALF} {HALF - r}A{r} {r} 0 1 1 {HALF} {HALF + r}A{r} {r} 0 1 1 {HALF} {HALF - r}Z" for r in (RING, HOLE)
        )
    large = int(end - begin > 0.5)
    outside, inside = (_on(begin, RING), _on(end, RING)), (_on(end, HOLE), _on(begin, HOLE))
    return f"M{outside[0]}A{RING} {RING} 0 {large} 1 {outside[1]}L{inside[0]}A{HOLE} {HOLE} 0 {large} 0 {inside[1]}Z"  # and back


def _on(turn: float, radius: int) -> str:
    angle = 2 * math.pi * turn
    return f"{HALF + radius * math.sin(angle):.2f} {HALF - radius * math.cos(angle):.2f}"


def _rule(value: int, y: float, left: int, right: int) -> SafeString:
    return format_html(
        '<line class="rule" x1="{}" x2="{}" y1="{y}" y2="{y}" stroke="{}"/>'
        '<text class="axis" x="{}" y="{}" text-anchor="end" font-size="12" fill="{}">{}</text>',
        left, right, RULE, left - 8, f"{y + 4:.1f}", SOFT, _number(value), y=f"{y:.1f}",
    )  # fmt: skip


def _foot(words: str, x: float, y: int) -> SafeString:
    return format_html(
        '<text class="axis" x="{}" y="{}" text-anchor="middle" font-size="12" fill="{}">{}</text>', f"{x:.1f}", y, SOFT, words
    )


def _stroke(places: Sequence[tuple[Point, float, float]]) -> SafeString:
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for _, x, y in places) if places else ""
    return format_html('<path class="stroke" d="{}" fill="none" stroke="{}" stroke-width="2"/>', path, PAPER["info"])


def _telling(places: Sequence[tuple[Point, float, float]]) -> list[float]:
    """Where the points stand that say their value."""
    across = [x for _, x, _ in places]
    if len(places) <= FEW:
        return across
    highest = min(places, key=lambda place: place[2])[1]
    return [highest, across[-1]] if across[-1] - highest >= NEAR else [highest]


def _dot(point: Point, x: float, y: float, step: float, *, telling: bool) -> SafeString:
    """A point that is easy to hit, with its value where there is room."""
    value = _number(point.value or 0)
    shown = telling and step >= LETTER * len(value) + 6
    drawn = format_html(
        '<circle class="reach" cx="{x}" cy="{y}" r="12" fill="{ground}" fill-opacity="0"/>'
        '<circle class="dot" cx="{x}" cy="{y}" r="3.5" fill="{colour}"/>{words}',
        x=f"{x:.1f}", y=f"{y:.1f}", ground=GROUND, colour=PAPER["info"],
        words=_value(value, x, y) if shown else "",
    )  # fmt: skip
    return _linked(point.words, point.url, drawn)


def _value(words: str, x: float, y: float) -> SafeString:
    return format_html(
        '<text class="value" x="{}" y="{}" text-anchor="middle" font-size="12" fill="{}">{}</text>',
        f"{x:.1f}", f"{y - 9:.1f}", INK, words,
    )  # fmt: skip


def _told(parts: Sequence[Slice] | Sequence[Point]) -> str:
    return "; ".join(one.words for one in parts) or "Nothing to show"


def _round_up(value: int) -> int:
    """The next of 2, 4, 10, 20, 40, 60, 100 ...: a round number with a whole half."""
    if value <= 2:
        return 2
    size = 10 ** int(math.log10(value))
    return next(int(size * n) for n in (1, 2, 4, 6, 8, 10, 20) if size * n >= value and size * n % 2 == 0)


def _number(value: int) -> str:
    return str(number_format(value, force_grouping=True))
