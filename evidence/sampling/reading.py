"""The rows of a sample, read from the frozen file."""

from dataclasses import dataclass

from evidence.models import Sample
from evidence.populations.workbook import Cells, rows_of
from evidence.sampling.algorithm import ALGORITHM, draw


@dataclass(frozen=True, slots=True)
class Drawn:
    """Header and rows in the order of the draw, and whether the draw comes out the same now (None for a selection)."""

    header: Cells
    rows: list[Cells]
    same: bool | None


def drawn(sample: Sample) -> Drawn:
    """Read the population once, and draw again. Raises ActionRefused when its file is not what was frozen."""
    wanted = {key: place for place, key in enumerate(sample.keys)}
    found: dict[str, Cells] = {}
    keys: list[str] = []
    rows = rows_of(sample.population)
    header = next(rows, ())
    for cells in rows:
        keys.append(cells[0])
        if cells[0] in wanted:
            found[cells[0]] = cells
    again = draw(sample.seed, keys, sample.size) if sample.algorithm == ALGORITHM else None
    same = again == sample.keys if again is not None else None
    return Drawn(header, [found[key] for key in sample.keys if key in found], same)
