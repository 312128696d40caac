"""The parts of a list: columns, filters, and the state that lives in its address."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Q
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from ui.values import display, plain, spelled

SIZES = (25, 50, 100)  # Rows per page.
COUNT_CAP = 10_000
FIRST_YEAR, LAST_YEAR = 2000, 2999  # of days that are typed
SELECT_FROM = 9  # So many choices and more are a select instead of chips.
Choices = Sequence[tuple[Any, Any]]


@dataclass(frozen=True)
class Column:
    """One column. `name` is an attribute, or a dotted path, unless `value` computes it.

    `sort` is the order_by expression (or several), `hide_below` a width in
    pixels (700, 1000, 1300, 1500 or 1600), `template` draws the cell, `text` its text in exports.
    """

    name: str
    label: str
    sort: str | Sequence[str] = ""
    value: Callable[[Any], Any] | None = None
    template: str = ""
    text: Callable[[Any], Any] | None = None
    numeric: bool = False
    link: bool = False
    hide_below: int = 0
    export: bool = True
    wide: bool = False  # Holds sentences: gets room where there is some.
    names: bool = False  # Holds names: wide enough that an ordinary word is not broken.
    whole: bool = False  # Holds a number, a code or one word: never broken.
    on_cards: bool = False  # The cards of a narrow screen show it, however wide the table has to be for it.

    def raw(self, row: Any) -> Any:
        """The value of this column in a row; None where a step of the path is None."""
        if self.value is not None:
            return self.value(row)
        *path, last = self.name.split(".")
        for step in path:
            row = getattr(row, step)
            if row is None:
                return None
        shown = getattr(row, f"get_{last}_display", None)
        found = shown() if shown is not None else getattr(row, last, None)
        return found() if callable(found) else found

    def exported(self, row: Any) -> str:
        return plain(self.text(row) if self.text is not None else self.raw(row))

    @property
    def sort_keys(self) -> tuple[str, ...]:
        return (self.sort,) if isinstance(self.sort, str) else tuple(self.sort)

    @property
    def classes(self) -> str:
        hide = f"hide-{self.hide_below}" if self.hide_below else ""
        told = {
            "num": self.numeric, "wide": self.wide, "names": self.names, "nowrap": self.whole, hide: hide,
            "on-card": self.on_cards and hide,
        }  # fmt: skip
        return " ".join(name for name, holds in told.items() if holds)


@dataclass(frozen=True)
class Filter:
    """A choice among rows. `where` gives a Q per value, else `lookup` (or `name`) equals it.

    `choices` may be a function of the screen. With `multiple` several may hold at once.
    """

    name: str
    label: str
    choices: Choices | Callable[[Any], Choices]
    lookup: str = ""
    where: Mapping[str, Q] | None = None
    multiple: bool = False
    counted: ClassVar[bool] = True

    def options(self, screen: Any) -> list[tuple[str, str]]:
        choices = self.choices(screen) if callable(self.choices) else self.choices
        return [(str(value), str(label)) for value, label in choices]

    def condition(self, value: str) -> Q:
        if self.where is not None:
            return self.where[value]
        return Q(**{self.lookup or self.name: value})


@dataclass(frozen=True)
class DayFilter(Filter):
    """A day that is typed: its one choice is the day in the address. `within` gives the Q of a day."""

    choices: Choices = ()
    within: Callable[[dt.date], Q] = Q
    counted: ClassVar[bool] = False

    def options(self, screen: Any) -> list[tuple[str, str]]:
        typed = screen.request.GET.get(self.name, "")
        day = _day(typed)
        return [(typed, spelled(day))] if day else []

    def condition(self, value: str) -> Q:
        return self.within(dt.date.fromisoformat(value))


def _day(typed: str) -> dt.date | None:
    """The day as a date field sends it; None for anything else, and for years still being typed."""
    try:
        day = dt.date.fromisoformat(typed)
    except ValueError:
        return None
    return day if day.isoformat() == typed and FIRST_YEAR <= day.year <= LAST_YEAR else None


@dataclass(frozen=True)
class Empty:
    """Why a list is empty, the one thing to do about it, and a sample to try it with."""

    title: str
    reason: str = ""
    action: tuple[str, str] | None = None
    sample: tuple[str, str] | None = None


@dataclass(frozen=True)
class ListQuery:
    """The state of a list: all of it is in the address."""

    search: str = ""
    order: str = ""
    page: int = 1
    size: int = 50
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    default_size: int = 50
    fields: frozenset[str] = frozenset()  # Filters drawn as a field of the search form.

    @property
    def narrowed(self) -> bool:
        return bool(self.search or self.chosen)

    def pairs(self) -> list[tuple[str, str]]:
        """Parameters that differ from the defaults, in a fixed order."""
        pairs = [("q", self.search)] if self.search else []
        pairs += [(name, value) for name, values in self.chosen.items() for value in values]
        pairs += [("order", self.order)] if self.order else []
        pairs += [("size", str(self.size))] if self.size != self.default_size else []
        return pairs + ([("page", str(self.page))] if self.page > 1 else [])

    @property
    def state(self) -> list[tuple[str, str]]:
        """What a search keeps: everything but the search itself, the page, and filters that are its fields."""
        return [(k, v) for k, v in self.pairs() if k not in ("q", "page", *self.fields)]

    def address(self, **changes: str | int) -> str:
        """`?...` with parameters added or replaced; page starts over unless it is named."""
        kept = [(k, v) for k, v in self.pairs() if k not in changes and k != "page"]
        added = [(k, str(v)) for k, v in changes.items() if v not in ("", None)]
        return f"?{urlencode(kept + added)}"

    def toggled(self, filter_: Filter, value: str) -> str:
        """The address after choosing a value, or after choosing it again."""
        now = self.chosen.get(filter_.name, ())
        without = tuple(v for v in now if v != value)
        before = now if filter_.multiple else ()
        after = without if value in now else (*before, value)
        changed = replace(self, page=1, chosen={**self.chosen, filter_.name: after})
        return f"?{urlencode(changed.pairs())}"


def read_query(
    data: QueryDict, *, orders: set[str], choices: Mapping[str, set[str]], size: int, typed: frozenset[str] = frozenset()
) -> ListQuery:
    """The state in an address. What is unknown or malformed counts as absent. `typed` are the filters without a list."""
    order = data.get("order", "")
    page = data.get("page", "")
    wanted = data.get("size", "")
    chosen = {name: tuple(v for v in dict.fromkeys(data.getlist(name)) if v in allowed) for name, allowed in choices.items()}
    return ListQuery(
        search=data.get("q", "").replace("\x00", "").strip()[:200],
        order=order if order.removeprefix("-") in orders else "",
        page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
        size=int(wanted) if wanted in {str(s) for s in SIZES} else size,
        chosen={name: values for name, values in chosen.items() if values},
        default_size=size,
        fields=typed | {name for name, allowed in choices.items() if len(allowed) >= SELECT_FROM},
    )


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    href: str
    active: bool
    count: int | None

    @property
    def counted(self) -> str:
        return capped(self.count)


@dataclass(frozen=True)
class FilterBar:
    """A filter as drawn: chips, a select when there are many choices, or a day to type."""

    name: str
    label: str
    options: list[Option]
    as_day: bool = False

    @property
    def as_select(self) -> bool:
        return len(self.options) >= SELECT_FROM


@dataclass(frozen=True)
class Header:
    column: Column
    href: str
    direction: str  # "", "ascending" or "descending", as aria-sort says it


@dataclass(frozen=True)
class Cell:
    column: Column
    value: Any
    url: str

    @property
    def blank(self) -> bool:
        """Nothing to show: a card leaves it out."""
        return self.value in ([], ()) or (not self.column.template and self.value in (None, ""))

    @property
    def html(self) -> str | SafeString:
        return display(self.value)


@dataclass(frozen=True)
class Row:
    object: Any
    key: str
    url: str
    label: str
    columns: Sequence[Column]
    result: str | None = None  # The sentence of a bulk action; "" is done.
    ticked: bool = False

    @cached_property
    def cells(self) -> list[Cell]:
        return [Cell(c, c.raw(self.object), self.url if c.link else "") for c in self.columns]


def capped(count: int | None) -> str:
    """A count with thousands separated, "10,000+" above the cap, empty when not counted yet."""
    if count is None:
        return ""
    return f"{COUNT_CAP:,}+" if count > COUNT_CAP else f"{count:,}"
