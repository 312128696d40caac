"""Where the boxes of a diagram stand and its arrows run. Pure geometry, in the units of the drawing.

Boxes are put into columns by their distance from the outside, so that an arrow joins neighbours only and crosses no box.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

WIDE, HIGH = 168, 58  # of a box
GAP, AIR = 84, 26  # between columns, between boxes of a column
EDGE = 8
Point = tuple[float, float]
COLUMNS = 4  # zones beside each other


@dataclass(frozen=True, slots=True)
class Box:
    """Something that is drawn as a box."""

    name: str
    note: str
    is_outside: bool = False


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one box to another, by name."""

    start: str
    end: str
    label: str


@dataclass(frozen=True, slots=True)
class Place:
    """The upper left corner of something."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Run:
    """Where an arrow runs: both ends, to which side it leaves and from which it arrives (1 right, -1 left), its number."""

    start: Point
    end: Point
    leaves: int
    enters: int
    label: str
    mark: Point


@dataclass(slots=True)
class Sketch:
    """A whole drawing."""

    width: int
    height: int
    places: list[tuple[Box, Place]] = field(default_factory=list)
    arrows: list[Run] = field(default_factory=list)
    zones: list[tuple[str, Place, float, float]] = field(default_factory=list)


def arranged(boxes: Sequence[Box], arrows: Sequence[Arrow]) -> Sketch:
    """Boxes in columns, and the arrows between them."""
    columns = _ordered(boxes, arrows)
    tallest = max((len(column) for column in columns), default=0)
    height = 2 * EDGE + tallest * (HIGH + AIR) - AIR
    loops = GAP // 2  # room for arrows within the last column
    width = 2 * EDGE + len(columns) * (WIDE + GAP) - GAP + loops
    places: dict[str, Place] = {}
    for across, column in enumerate(columns):
        top = (height - len(column) * (HIGH + AIR) + AIR) / 2
        for down, box in enumerate(column):
            places[box.name] = Place(EDGE + across * (WIDE + GAP), top + down * (HIGH + AIR))
    drawn = [(box, places[box.name]) for column in columns for box in column]
    return Sketch(width, height, drawn, _runs(arrows, places))


def zones(groups: Mapping[str, Sequence[Box]]) -> Sketch:
    """Groups as titled areas, their boxes below each other; the next area stands where there is most room."""
    sketch = Sketch(0, 0)
    inner, head = 14, 34
    wide = WIDE + 2 * inner
    columns = max(1, min(COLUMNS, len(groups)))
    down = [float(EDGE)] * columns
    for title, boxes in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        column = down.index(min(down))
        corner = Place(EDGE + column * (wide + inner), down[column])
        height = head + len(boxes) * (HIGH + inner)
        sketch.zones.append((title, corner, wide, height))
        for number, box in enumerate(boxes):
            sketch.places.append((box, Place(corner.x + inner, corner.y + head + number * (HIGH + inner))))
        down[column] += height + inner
    sketch.width = 2 * EDGE + columns * (wide + inner) - inner
    sketch.height = int(max(down) - inner + EDGE)
    return sketch


def _ordered(boxes: Sequence[Box], arrows: Sequence[Arrow]) -> list[list[Box]]:
    """Columns by distance, each in the order of what its boxes are joined to in the column before."""
    depth = _depths(boxes, arrows)
    columns: dict[int, list[Box]] = defaultdict(list)
    for box in boxes:
        columns[depth[box.name]].append(box)
    row: dict[str, float] = {}
    ordered = []
    for number in sorted(columns):
        near = {box.name: _near(box.name, arrows, row) for box in columns[number]}
        column = sorted(columns[number], key=lambda box: (near[box.name], box.name))
        row |= {box.name: place - len(column) / 2 for place, box in enumerate(column)}
        ordered.append(column)
    return ordered


def _near(name: str, arrows: Sequence[Arrow], row: Mapping[str, float]) -> float:
    joined = [row[end] for arrow in arrows if name in (arrow.start, arrow.end) for end in (arrow.start, arrow.end) if end in row]
    return sum(joined) / len(joined) if joined else 0.0


def _depths(boxes: Sequence[Box], arrows: Sequence[Arrow]) -> dict[str, int]:
    """How many steps each is from the outside, whichever way the arrows point; of what is not joined to it, from its source."""
    neighbours: dict[str, set[str]] = defaultdict(set)
    for arrow in arrows:
        neighbours[arrow.start].add(arrow.end)
        neighbours[arrow.end].add(arrow.start)
    entered = {arrow.end for arrow in arrows}
    begin = [box.name for box in boxes if box.is_outside]
    rest = sorted(
        (box.name for box in boxes if not box.is_outside), key=lambda name: (name in entered, -len(neighbours[name]), name)
    )
    depth: dict[str, int] = {}
    for roots in ([begin] if begin else []) + [[name] for name in rest]:
        layer = [name for name in roots if name not in depth]
        steps = 0
        while layer:
            depth |= dict.fromkeys(layer, steps)
            steps += 1
            layer = sorted({other for name in layer for other in neighbours[name]} - set(depth))
    return depth


def _runs(arrows: Sequence[Arrow], places: Mapping[str, Place]) -> list[Run]:
    """Each arrow with ports of its own on the sides of its boxes, in the order of what lies opposite."""
    sides: dict[tuple[str, int], list[tuple[float, int, bool]]] = defaultdict(list)
    directions = []
    for number, arrow in enumerate(arrows):
        one, two = places[arrow.start], places[arrow.end]
        leaves, enters = (1, 1) if one.x == two.x else (1, -1) if one.x < two.x else (-1, 1)
        directions.append((leaves, enters))
        sides[arrow.start, leaves].append((two.y, number, True))
        sides[arrow.end, enters].append((one.y, number, False))
    ports: dict[tuple[int, bool], Point] = {}
    for (name, side), ends in sides.items():
        place = places[name]
        x = place.x + (WIDE if side == 1 else 0)
        for turn, (_, number, is_start) in enumerate(sorted(ends), 1):
            ports[number, is_start] = (x, place.y + HIGH * turn / (len(ends) + 1))
    runs = []
    for number, arrow in enumerate(arrows):
        leaves, enters = directions[number]
        crowded = len(sides[arrow.start, leaves]) > len(sides[arrow.end, enters])
        both = (ports[number, True], ports[number, False])
        runs.append(_run(both, (leaves, enters), arrow.label, 0.72 if crowded else 0.3))
    return runs


def _run(ends: tuple[Point, Point], sides: tuple[int, int], label: str, along: float) -> Run:
    """The number stands on the curve, at the end where fewer arrows meet."""
    (start, end), (leaves, enters), reach = ends, sides, GAP * 0.55
    points = [start, (start[0] + leaves * reach, start[1]), (end[0] + enters * reach, end[1]), end]
    weights = [(1 - along) ** 3, 3 * along * (1 - along) ** 2, 3 * along**2 * (1 - along), along**3]
    x, y = (sum(weight * point[axis] for weight, point in zip(weights, points, strict=True)) for axis in (0, 1))
    return Run(start, end, leaves, enters, label, (round(x, 1), round(y, 1)))
