"""The areas of the report. Each adds its rows of page one, its section, what an auditor could report and what is to decide."""

from collections.abc import Callable
from dataclasses import dataclass, field

from reports.monthly.data import Decision, Figure, Matter, Section
from reports.monthly.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """What an area has to say of a span. `definitions` are terms with what they mean and where the rule is from."""

    figures: list[Figure] = field(default_factory=list)
    matters: list[Matter] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    definitions: list[tuple[str, str]] = field(default_factory=list)


Told = Callable[[Span], Area]
_areas: dict[str, tuple[int, Told]] = {}


def register_area(name: str, told: Told, *, order: int) -> None:
    """Add an area; call it from AppConfig.ready(). Its rows and sections stand in the order given."""
    _areas[name] = (order, told)


def areas_of(span: Span) -> list[Area]:
    """What every area has to say, in order."""
    return [told(span) for _, told in sorted(_areas.values(), key=lambda entry: entry[0])]
