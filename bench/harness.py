"""Interleaved rounds of a case and its floor, medians, and a verdict that two runs must agree on."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection

ROUNDS = 15
# Transaction control and the tenant setting are no queries of the page (ARCHITECTURE.md).
UNCOUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SELECT SET_CONFIG", "SET CONSTRAINTS")

Step = Callable[[], object]


@dataclass(frozen=True)
class Case:
    """Something to measure. `prepare` is told "run" or "floor" before each round of that side, and is not timed."""

    name: str
    limit: float
    run: Step
    floor: Step
    prepare: Callable[[str], object] | None = None
    max_queries: int | None = None
    rounds: int = ROUNDS


@dataclass(frozen=True)
class Figure:
    """Something that has no floor but a figure to keep: `take` measures it, in the unit of `most`."""

    name: str
    most: float
    take: Callable[[], float]
    unit: str = "s"


@dataclass(frozen=True)
class Result:
    """What one line of `bin/bench --json` holds; seconds are medians."""

    case: str
    ratio: float
    limit: float
    queries: int
    seconds: float
    floor_seconds: float
    passed: bool

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


class QueryCounter:
    """Counts what a page asks of the database."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        """Count, unless it is transaction control."""
        if not sql.lstrip().upper().startswith(UNCOUNTED):
            self.count += 1
        return execute(sql, params, many, context)


@contextmanager
def counted() -> Iterator[QueryCounter]:
    """Count the queries of the block."""
    counter = QueryCounter()
    with connection.execute_wrapper(counter):
        yield counter


def measure(case: Case) -> Result:
    """Measure once; measure again when it is over the limit, and fail only if both runs agree."""
    first = _measure(case)
    if first.passed:
        return first
    second = _measure(case)
    return second if second.passed else first


def measure_figure(figure: Figure) -> Result:
    """Measure once; measure again when it is over, and fail only if both runs agree. The ratio is to what is allowed."""
    value = figure.take()
    if value > figure.most:
        value = min(value, figure.take())
    ratio = round(value / figure.most, 3)
    return Result(figure.name, ratio, 1.0, 0, round(value, 4), figure.most, value <= figure.most)


def _measure(case: Case) -> Result:
    queries = _queries(case)
    spent: dict[str, list[float]] = {"run": [], "floor": []}
    for number in range(case.rounds):
        sides = [("run", case.run), ("floor", case.floor)]
        for side, step in sides if number % 2 else reversed(sides):
            spent[side].append(_time(case, side, step))
    seconds, floor = statistics.median(spent["run"]), statistics.median(spent["floor"])
    ratio = seconds / floor
    passed = ratio <= case.limit and (case.max_queries is None or queries <= case.max_queries)
    return Result(case.name, round(ratio, 3), case.limit, queries, round(seconds, 4), round(floor, 4), passed)


def _queries(case: Case) -> int:
    """A warm-up of both sides; the case's queries are counted on the way."""
    for side, step in (("floor", case.floor), ("run", case.run)):
        if case.prepare:
            case.prepare(side)
        with counted() as counter:
            step()
    return counter.count


def _time(case: Case, side: str, step: Step) -> float:
    if case.prepare:
        case.prepare(side)
    began = time.perf_counter()
    step()
    return time.perf_counter() - began
