"""A table whose whole state is in its address: search, filters, order, pages."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from ui.screens.base import Screen, path_to
from ui.screens.bulk import BulkResult
from ui.screens.listing import SIZES, Column, DayFilter, Empty, Filter, FilterBar, Header, ListQuery, Option, Row, read_query

RESERVED = {"q", "order", "page", "size", "export", "fragment"}


class TableScreen(Screen, abstract=True):
    """Rows that a subclass declares by queryset, columns, filters and search.

    The page and the fragment `rows` are the same markup; without JavaScript
    every control is a link or a form. The page query never counts.
    """

    queryset: QuerySet[Any] | None = None
    template_name = "ui/list.html"
    rows_template = "ui/list.html#rows"
    row_template = "ui/list/row.html"
    columns: Sequence[Column] = ()
    filters: Sequence[Filter] = ()
    search_fields: Sequence[str] = ()
    search_hint = "Search"
    default_order: Sequence[str] = ()
    page_size = 50
    noun = "rows"
    noun_one = ""
    empty = Empty("Nothing here yet")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if clash := RESERVED & {f.name for f in cls.filters}:
            message = f"{cls.__qualname__}: a filter cannot be called {', '.join(sorted(clash))}."
            raise ImproperlyConfigured(message)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.choices: dict[str, list[tuple[str, str]]] = {}
        self.query = ListQuery()

    # What a subclass may say

    def get_queryset(self) -> QuerySet[Any]:
        """All rows this list is about."""
        if self.queryset is None:
            message = f"{type(self).__qualname__} has no queryset."
            raise ImproperlyConfigured(message)
        return self.queryset.all()

    def get_columns(self) -> Sequence[Column]:
        return self.columns

    def get_filters(self) -> Sequence[Filter]:
        return self.filters

    def get_empty(self) -> Empty:
        return self.empty

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Rows that hold every word in one of `search_fields`."""
        for word in text.split():
            anywhere = Q()
            for name in self.search_fields:
                lookup = name if name.rsplit("__", 1)[-1] in _LOOKUPS else f"{name}__icontains"
                anywhere |= Q(**{lookup: word})
            queryset = queryset.filter(anywhere)
        return queryset

    def row_url(self, row: Any) -> str:
        """Where Enter and the linked cell lead; empty when the record has no page."""
        found = getattr(row, "get_absolute_url", None)
        return found() if found is not None else ""

    def row_label(self, row: Any) -> str:
        """The row's name for screen readers and results."""
        return str(row)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**self.frame(), "view": self, **kwargs}

    # The rows

    def read_address(self) -> None:
        self.choices = {f.name: f.options(self) for f in self.get_filters()}
        self.query = read_query(
            self.request.GET,
            orders={c.name for c in self.get_columns() if c.sort},
            choices={name: {v for v, _ in options} for name, options in self.choices.items()},
            size=self.page_size,
            typed=frozenset(f.name for f in self.get_filters() if isinstance(f, DayFilter)),
        )

    def filtered(self, *, without: str = "") -> QuerySet[Any]:
        """The rows that match search and filters (but for the filter named `without`)."""
        rows = self.get_queryset()
        if self.query.search:
            rows = self.search(rows, self.query.search)
        for filter_ in self.get_filters():
            if filter_.name != without and (values := self.query.chosen.get(filter_.name)):
                condition = Q()
                for value in values:
                    condition |= filter_.condition(value)
                rows = rows.filter(condition)
        return rows

    def ordered(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """A total order: the chosen column or the default, then the key the same way, so that one index serves both ways."""
        keys = self._order()
        return rows.order_by(*keys, "-pk" if keys and keys[0].startswith("-") else "pk")

    def _order(self) -> list[str]:
        name = self.query.order.removeprefix("-")
        for column in self.get_columns():
            if name and column.name == name:
                keys = column.sort_keys
                return [_reversed(k) for k in keys] if self.query.order != name else list(keys)
        return list(self.default_order)

    # What the template draws

    def listing(self, result: BulkResult | None = None) -> dict[str, Any]:
        """What the table's templates draw, as the context variable `listing`."""
        query = self.query
        start = (query.page - 1) * query.size
        found = list(self.ordered(self.filtered())[start : start + query.size + 1])
        rows = [self.row(one, result) for one in found[: query.size]]
        more = len(found) > query.size
        return {
            "query": query,
            "path": self.request.path,
            "address": query.address(page=query.page if query.page > 1 else ""),
            "rows": rows,
            "headers": [self._header(column) for column in self.get_columns()],
            "first": start + 1,
            "last": start + len(rows),
            "known_total": None if more or (not rows and start) else start + len(rows),
            "previous": query.address(page=query.page - 1) if query.page > 1 else "",
            "next": query.address(page=query.page + 1) if more else "",
            "sizes": [(size, query.address(size=size)) for size in SIZES],
            "searchable": self._searchable() and bool(rows or query.narrowed or start),
            "filters": self.filter_bars({}),
            "counts_address": query.address(fragment="counts"),
            "empty": self._empty(),
        }

    def row(self, row: Any, result: BulkResult | None = None) -> Row:
        said = result.of(row.pk) if result is not None else None
        key = str(row.pk)
        # A bulk action that was refused as a whole keeps its ticks.
        ticked = result is None and key in self.request.POST.getlist("selected")
        return Row(row, key, self.row_url(row), self.row_label(row), self.get_columns(), said, ticked)

    def _header(self, column: Column) -> Header:
        if not column.sort:
            return Header(column, "", "")
        order = self.query.order
        ascending, descending = order == column.name, order == f"-{column.name}"
        href = self.query.address(order=f"-{column.name}" if ascending else column.name)
        return Header(column, href, "ascending" if ascending else "descending" if descending else "none")

    def filter_bars(self, counts: dict[tuple[str, str], int]) -> list[FilterBar]:
        return [
            FilterBar(
                f.name,
                f.label,
                [
                    Option(
                        value,
                        label,
                        self.query.toggled(f, value),
                        value in self.query.chosen.get(f.name, ()),
                        counts.get((f.name, value)),
                    )
                    for value, label in self.choices[f.name]
                ],
                as_day=isinstance(f, DayFilter),
            )
            for f in self.get_filters()
        ]

    def _searchable(self) -> bool:
        return bool(self.search_fields) or type(self).search is not TableScreen.search

    def _empty(self) -> dict[str, Any]:
        """Why there is nothing; what to do about it unless the primary action, the same, is not allowed."""
        empty = self.get_empty()
        action = (empty.action[0], path_to(empty.action[1])) if empty.action else None
        primary = self.get_primary_action()
        if action and primary and path_to(primary[1]) == action[1] and self._allowed_action() is None:
            action = None
        return {
            "title": empty.title,
            "reason": empty.reason,
            "action": action,
            "sample": (empty.sample[0], path_to(empty.sample[1])) if empty.sample else None,
        }

    def described(self) -> str:
        """Search and filters in words: `search "anna", State: Active`, or `none`."""
        parts = [f'search "{self.query.search}"'] if self.query.search else []
        for filter_ in self.get_filters():
            labels = dict(self.choices[filter_.name])
            if values := self.query.chosen.get(filter_.name):
                parts.append(f"{filter_.label}: {' or '.join(labels[v] for v in values)}")
        return ", ".join(parts) or "none"


_LOOKUPS = {"startswith", "istartswith", "exact", "iexact", "contains", "icontains"}


def _reversed(key: str) -> str:
    return key[1:] if key.startswith("-") else f"-{key}"
