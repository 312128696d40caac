"""What the work of an interval has to cover before it is done: an area says which parts are covered, and which are not."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from controls.models import Occurrence


@dataclass(frozen=True, slots=True)
class Coverage:
    """The parts of an interval's work by name: done, and not. `unit` is the word for them in the plural, such as "Systems"."""

    unit: str
    covered: Sequence[str]
    missing: Sequence[str]


Provider = Callable[[dt.date, dt.date], Coverage]
_providers: dict[str, Provider] = {}


def register_coverage(kind: str, provider: Provider) -> None:
    """Let intervals of controls that an area's work performs say what is covered; `provider(first, last)`, both included."""
    _providers[kind] = provider


def coverage_of(row: Occurrence, kind: str) -> Coverage | None:
    """What of an interval is covered by work of a kind; None where there is nothing to cover."""
    provider = _providers.get(kind)
    if provider is None or row.kind != Occurrence.Kind.INTERVAL:
        return None
    return provider(row.starts_on, row.ends_on)
