"""A page of the rows of a frozen population, read from its file, and what limits them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from evidence.models import Population
from evidence.populations.workbook import Cells, rows_of
from ui.screens.listing import ListQuery, read_query

PAGE = 50
_NO_COUNT = "None apart from the rows, which were counted as they were read"
_BY_EXPORT = "As said above for each export; the rows were counted as they were read"


@dataclass(frozen=True, slots=True)
class RowsPage:
    """Some of the rows that hold every word of the search, and how many of all do."""

    path: str
    query: ListQuery
    header: Cells
    rows: list[Cells]
    found: int
    searchable: bool = True

    @property
    def first(self) -> int:
        """The place of the first row shown among those found, from 1."""
        return (self.query.page - 1) * PAGE + 1

    @property
    def last(self) -> int:
        """The place of the last row shown."""
        return self.first + len(self.rows) - 1

    @property
    def previous(self) -> str:
        """The query of the page before; empty on the first."""
        return self.query.address(page=self.query.page - 1) if self.query.page > 1 else ""

    @property
    def next(self) -> str:
        """The query of the page after; empty on the last."""
        return self.query.address(page=self.query.page + 1) if self.last < self.found else ""


def page_of(population: Population, address: QueryDict) -> RowsPage:
    """The rows that an address asks for. Raises ActionRefused when the file is not what was frozen.

    All rows are read, however few are shown: the digest holds for the whole.
    """
    query = read_query(address, orders=set(), choices={}, size=PAGE)
    rows = rows_of(population)
    header = next(rows, ())
    found = list(_holding(rows, query.search.casefold().split()))
    pages = max(1, -(-len(found) // PAGE))
    query = replace(query, page=min(query.page, pages), size=PAGE)
    start = (query.page - 1) * PAGE
    return RowsPage(population.get_absolute_url(), query, header, found[start : start + PAGE], len(found))


def _holding(rows: Iterator[Cells], words: list[str]) -> Iterator[Cells]:
    return (row for row in rows if all(any(word in cell.casefold() for cell in row) for word in words))


def limits_of(population: Population) -> list[tuple[str, Any]]:
    """How its rows were taken, in an auditor's words."""
    exports = "\n" in population.statement  # a line for each that the rows rest on
    asked = f", asked by {population.made_by.name}" if population.made_by else ""
    return [
        ("Extracted by", f"Plumbline, from its own database{asked}"),
        ("Query", f"Everything of “{population.title}”, both days included"),
        ("Filters", "None but these days"),
        ("Count stated by the source", _BY_EXPORT if exports else _NO_COUNT),
    ]
