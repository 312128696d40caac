"""The kinds of populations: each area registers its own."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ui.refusals import ActionRefused


@dataclass(frozen=True, slots=True)
class Table:
    """Header and rows, all text, in a fixed order. The first column is the key of a row: never empty, never twice.

    `notes` are sentences about this very reading, added to the statement of the kind; `sources` are lines about the exports
    that it rests on: who extracted each, by which query and filters, and what the source itself counted.
    """

    header: Sequence[str]
    rows: Iterable[Sequence[str]]
    notes: Sequence[str] = ()
    sources: Sequence[str] = ()


Source = Callable[[dt.date, dt.date], Table]


@dataclass(frozen=True, slots=True)
class PopulationKind:
    """A kind: its key, what people call it, where its rows come from in a sentence or two, and the rows of a span of days."""

    key: str
    label: str
    statement: str
    source: Source

    @property
    def app(self) -> str:
        """The app whose records its rows are."""
        return self.source.__module__.partition(".")[0]


_kinds: dict[str, PopulationKind] = {}


def register_population(kind: str, label: str, statement: str, rows: Source) -> None:
    """Offer a population; call it from AppConfig.ready(). `rows(from, to)` is called in the organization's scope."""
    _kinds[kind] = PopulationKind(kind, label, statement, rows)


def kinds() -> list[PopulationKind]:
    """All kinds, by their label."""
    return sorted(_kinds.values(), key=lambda kind: kind.label)


def kind_of(key: str) -> PopulationKind:
    """The kind of a key. Raises ActionRefused for one that nobody registered."""
    if key not in _kinds:
        raise ActionRefused("There is no such population.", field="kind")
    return _kinds[key]
