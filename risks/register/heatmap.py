"""The heat map: how many risks stand where on the scale in force, as a picture and as a table, each place a link to its list.

Colours come from classes, and the attributes beside them are what paper shows; see ui/charts.py.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from risks.models import Risk, RiskScale
from ui.charts import GROUND, INK, PAPER, SOFT

KINDS = {"inherent": "Without controls", "residual": "With the controls", "target": "Target"}
TONES = {"low": "ok", "medium": "warn", "high": "bad", "critical": "bad"}
SHADE = {"low": "0.25", "medium": "0.35", "high": "0.45", "critical": "0.75"}
LEFT, TOP, WIDE, HIGH, FOOT = 150, 8, 96, 56, 64
Counts = Mapping[tuple[int, int], int]


@dataclass(frozen=True, slots=True)
class Place:
    """A likelihood and an impact with how many risks stand there, what that level is called, and where they are listed."""

    likelihood: int
    impact: int
    count: int
    level: str
    word: str
    url: str
    words: str


def places(scale: RiskScale, counts: Counts, kind: str = "", *, within: Mapping[str, str] | None = None) -> list[list[Place]]:
    """Rows from the likeliest down, each from the least impact. With a `kind` each leads to its list, narrowed by `within`."""
    likelihoods, impacts = range(len(scale.likelihood), 0, -1), range(1, len(scale.impact) + 1)
    return [[_place(scale, counts, (one, other), kind, within or {}) for other in impacts] for one in likelihoods]


def _place(scale: RiskScale, counts: Counts, step: tuple[int, int], kind: str, within: Mapping[str, str]) -> Place:
    rated, count = scale.rated(*step), counts.get(step, 0)
    words = f"{count:,} {'risk' if count == 1 else 'risks'}: {rated.likelihood_word}, {rated.impact_word} ({rated.word})"
    chosen = {kind: f"{step[0]}-{step[1]}", "state": "pending", **within}
    url = f"{reverse('risks:list')}?{urlencode(chosen)}" if kind and count else ""
    return Place(*step, count, rated.level, rated.word, url, words)


def counted(risks: QuerySet[Risk], kind: str, scale: RiskScale) -> Counter[tuple[int, int]]:
    """How many of these stand where, of those rated on a scale that means the same; one query."""
    comparable = risks.filter(scale__generation=scale.generation).order_by()
    likelihood, impact = f"{kind}_likelihood", f"{kind}_impact"
    rows = comparable.filter(**{f"{likelihood}__gt": 0}).values_list(likelihood, impact).annotate(count=Count("pk"))
    return Counter({(one, other): count for one, other, count in rows})


def drawn(scale: RiskScale, rows: list[list[Place]], *, name: str, title: str) -> SafeString:
    """The map as SVG; its places in words, and links for the pointer: the table beside it leads there by keyboard."""
    width, height = LEFT + WIDE * len(scale.impact) + 8, TOP + HIGH * len(scale.likelihood) + FOOT
    inside = [_cell(place, at, line) for line, row in enumerate(rows) for at, place in enumerate(row)]
    inside += [_side(str(one["word"]), line) for line, one in enumerate(reversed(scale.likelihood))]
    inside += [_foot(str(one["word"]), at, len(scale.likelihood)) for at, one in enumerate(scale.impact)]
    told = "; ".join(place.words for row in rows for place in row if place.count) or "No risk is rated on this scale"
    parts = format_html_join("", "{}", ((one,) for one in inside))
    return format_html(
        '<svg class="chart heat" role="{role}" aria-labelledby="{name}-title {name}-desc" viewBox="0 0 {w} {h}" '
        'width="{w}" height="{h}" xmlns="http://www.w3.org/2000/svg"><title id="{name}-title">{title}</title>'
        '<desc id="{name}-desc">{told}</desc>{parts}</svg>',
        role="group" if "<a " in parts else "img",
        name=name, w=width, h=height, title=title, told=told, parts=parts,
    )  # fmt: skip


def _cell(place: Place, at: int, line: int) -> SafeString:
    x, y, tone = LEFT + WIDE * at, TOP + HIGH * line, TONES[place.level]
    box = format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" fill="{}" fill-opacity="{}" stroke="{}" stroke-width="2"/>',
        f"{tone} {place.level}", x, y, WIDE, HIGH, PAPER[tone], SHADE[place.level], GROUND,
    )  # fmt: skip
    number = format_html(
        '<text class="value" x="{}" y="{}" text-anchor="middle" font-size="18" font-weight="650" fill="{}">{}</text>',
        x + WIDE // 2, y + HIGH // 2 + 6, INK, f"{place.count:,}",
    ) if place.count else ""  # fmt: skip
    named = format_html("<g><title>{}</title>{}{}</g>", place.words, box, number)
    return format_html('<a href="{}" tabindex="-1" aria-label="{}">{}</a>', place.url, place.words, named) if place.url else named


def _side(word: str, line: int) -> SafeString:
    y = TOP + HIGH * line + HIGH // 2 + 4
    return format_html(
        '<text class="axis" x="{}" y="{}" text-anchor="end" font-size="12" fill="{}">{}</text>', LEFT - 8, y, SOFT, _cut(word, 20)
    )


def _foot(word: str, at: int, lines: int) -> SafeString:
    x, y = LEFT + WIDE * at + WIDE // 2, TOP + HIGH * lines + 20 + (18 if at % 2 else 0)
    return format_html(
        '<text class="axis" x="{}" y="{}" text-anchor="middle" font-size="12" fill="{}">{}</text>', x, y, SOFT, _cut(word, 26)
    )


def _cut(word: str, most: int) -> str:
    return word if len(word) <= most else f"{word[: most - 1]}…"
