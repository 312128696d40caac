"""The three diagrams as SVG, drawn from the systems in use and what goes between them: the same on a page and on paper.

Colours come from classes (`controls/binder.css`, light and dark); the attributes beside them are what paper shows.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from controls.binder.layout import GAP, HIGH, WIDE, Arrow, Box, Place, Run, Sketch, arranged, zones
from controls.models import Diagram, SystemFlow

INK, SOFT, RULE, PAPER, WASH, MARK = "#161a23", "#565f70", "#c9cfd8", "#ffffff", "#f3f5f8", "#2b4fc7"
LINE = 18  # characters that fit into a box
_KINDS = {
    Diagram.Kind.DATA_FLOW: frozenset({SystemFlow.Kind.DATA.value}),
    Diagram.Kind.INTEGRATION: frozenset({SystemFlow.Kind.ACCESS.value, SystemFlow.Kind.INTEGRATION.value}),
}
_TITLES = {
    Diagram.Kind.ARCHITECTURE: "Architecture: the systems in use, by what they do",
    Diagram.Kind.DATA_FLOW: "Data flow: where customers' data goes",
    Diagram.Kind.INTEGRATION: "Integration: how systems reach each other and who signs in where",
}


def shown_flows(kind: str, flows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The flows that a diagram shows, in the order of their numbers."""
    wanted = _KINDS.get(Diagram.Kind(kind), frozenset())
    return [one for one in flows if one["kind"] in wanted]


def draw(kind: str, systems: Sequence[Mapping[str, Any]], flows: Sequence[Mapping[str, Any]]) -> SafeString:
    """One of the diagrams; systems and flows as `controls.binder.gathering` gives them."""
    if kind == Diagram.Kind.ARCHITECTURE:
        return _architecture(systems)
    numbered = shown_flows(kind, flows)
    known = {one["name"]: one for one in systems}
    boxes = [
        Box(name, known[name]["kindName"] if name in known else "Outside", is_outside=name not in known)
        for name in dict.fromkeys(end for one in numbered for end in (one["from"], one["to"]))
    ]
    arrows = [Arrow(one["from"], one["to"], str(number)) for number, one in enumerate(numbered, 1)]
    told = "; ".join(f"{number}: {words(one)}" for number, one in enumerate(numbered, 1))
    return _drawn(kind, arranged(boxes, arrows), told)


def words(flow: Mapping[str, Any]) -> str:
    """Customers to Console: orders, protected by TLS 1.3."""
    protected = f", protected by {flow['protection']}" if flow["protection"] else ""
    return f"{flow['from']} to {flow['to']}: {flow['carries']}{protected}"


def _architecture(systems: Sequence[Mapping[str, Any]]) -> SafeString:
    groups: dict[str, list[Box]] = {}
    for one in systems:
        note = f"{one['criticality']} criticality"
        groups.setdefault(one["kindName"], []).append(Box(one["name"], note))
    told = "; ".join(f"{title}: {', '.join(box.name for box in boxes)}" for title, boxes in groups.items())
    return _drawn(Diagram.Kind.ARCHITECTURE, zones(groups), told)


def _drawn(kind: str, sketch: Sketch, told: str) -> SafeString:
    inside = format_html_join(
        "",
        "{}",
        [
            *((_zone(*zone),) for zone in sketch.zones),
            *((_arrow(arrow, kind),) for arrow in sketch.arrows),
            *((_box(box, place),) for box, place in sketch.places),
            *((_number(arrow.label, arrow.mark),) for arrow in sketch.arrows),
        ],
    )
    return format_html(
        '<svg class="diagram" role="img" aria-labelledby="{name}-title {name}-desc" viewBox="0 0 {w} {h}" '
        'width="{w}" height="{h}" xmlns="http://www.w3.org/2000/svg"><title id="{name}-title">{title}</title>'
        '<desc id="{name}-desc">{told}</desc>'
        '<defs><marker id="{name}-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path class="head" d="M0 0.5L8 4L0 7.5Z" fill="{soft}"/></marker></defs>{inside}</svg>',
        name=kind.replace("_", "-"),
        w=sketch.width,
        h=sketch.height,
        title=_TITLES[Diagram.Kind(kind)],
        told=told,
        soft=SOFT,
        inside=inside,
    )


def _box(box: Box, place: Place) -> SafeString:
    lines = wrapped(box.name)
    middle = place.x + WIDE / 2
    top = place.y + HIGH / 2 - 7 * len(lines) + 7
    texts = format_html_join(
        "",
        '<text class="name" x="{}" y="{}" text-anchor="middle" font-size="13" font-weight="600" fill="{}">{}</text>',
        ((f"{middle:g}", f"{top + 15 * number - 2:g}", INK, line) for number, line in enumerate(lines)),
    )
    return format_html(
        '<g><title>{full}</title><rect class="box{out}" x="{x}" y="{y}" width="{w}" height="{h}" rx="{r}" fill="{fill}" '
        'stroke="{rule}"/>{texts}<text class="note" x="{m}" y="{below}" text-anchor="middle" font-size="11" '
        'fill="{soft}">{note}</text></g>',
        full=f"{box.name} ({box.note})",
        out=" outside" if box.is_outside else "",
        x=f"{place.x:g}", y=f"{place.y:g}", w=WIDE, h=HIGH, r=HIGH // 2 if box.is_outside else 6,
        fill=WASH if box.is_outside else PAPER, rule=RULE,
        texts=texts, m=f"{middle:g}", below=f"{top + 15 * len(lines):g}", soft=SOFT, note=cut(box.note, LINE + 4),
    )  # fmt: skip


def _zone(title: str, place: Place, width: float, height: float) -> SafeString:
    return format_html(
        '<rect class="zone" x="{}" y="{}" width="{}" height="{}" rx="10" fill="{}" stroke="{}"/>'
        '<text class="lane" x="{}" y="{}" font-size="12" font-weight="600" fill="{}">{}</text>',
        f"{place.x:g}", f"{place.y:g}", f"{width:g}", f"{height:g}", WASH, RULE,
        f"{place.x + 14:g}", f"{place.y + 22:g}", SOFT, title,
    )  # fmt: skip


def _arrow(arrow: Run, kind: str) -> SafeString:
    (x1, y1), (x2, y2) = arrow.start, arrow.end
    reach = GAP * 0.55
    one, two = (x1 + arrow.leaves * reach, y1), (x2 + arrow.enters * reach, y2)
    return format_html(
        '<path class="flow" d="M{} {}C{} {} {} {} {} {}" fill="none" stroke="{}" stroke-width="1.4" marker-end="url(#{}-head)"/>',
        *(f"{number:g}" for number in (x1, y1, *one, *two, x2, y2)), SOFT, kind.replace("_", "-"),
    )  # fmt: skip


def _number(label: str, at: tuple[float, float]) -> SafeString:
    return format_html(
        '<circle class="mark" cx="{0}" cy="{1}" r="9" fill="{2}"/><text class="digit" x="{0}" y="{3}" text-anchor="middle" '
        'font-size="11" font-weight="650" fill="{4}">{5}</text>',
        f"{at[0]:g}", f"{at[1]:g}", MARK, f"{at[1] + 4:g}", PAPER, label,
    )  # fmt: skip


def wrapped(name: str) -> list[str]:
    """A name in at most two lines."""
    if len(name) <= LINE:
        return [name]
    first = ""
    parts = name.split()
    while parts and len(f"{first} {parts[0]}".strip()) <= LINE:
        first = f"{first} {parts.pop(0)}".strip()
    return [first, cut(" ".join(parts), LINE)] if first else [cut(name, LINE)]


def cut(text: str, most: int) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
