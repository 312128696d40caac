"""Who is limited to a span of days, such as the auditor of one period, is shown what belongs to it, on whatever path they ask.

A model says by `seen_within` how its rows belong to a span. Every query through its manager is held to that, as it is held to the
organization; for everybody else the SQL is the same as without it. What a shown row hangs on (`TenantForeignKey`) is named in
any case, and an action decides on everything there is: see `whole`.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FullResultSet
from django.db import models
from django.db.models.expressions import Expression
from django.db.models.lookups import Exact, GreaterThanOrEqual, In, IsNull, LessThan, LessThanOrEqual
from django.db.models.sql.where import AND, OR, WhereNode


@dataclass(frozen=True, slots=True)
class Span:
    """The days from `first` to `last`, both included, as instants too, and the record that they are of."""

    record_id: uuid.UUID
    first: dt.date
    last: dt.date
    begins_at: dt.datetime
    over_at: dt.datetime


_span: ContextVar[Span | None] = ContextVar("seen_span", default=None)


def current_span() -> Span | None:
    """What the present reader is limited to; None for everything."""
    return _span.get()


@contextmanager
def seeing(span: Span | None) -> Iterator[None]:
    """Read as somebody who is limited to a span; None: as somebody who is not."""
    token = _span.set(span)
    try:
        yield
    finally:
        _span.reset(token)


def whole() -> Any:
    """Read everything for a while: what is decided and derived must not depend on who asks."""
    return seeing(None)


def _all(*parts: Any, connector: str = AND) -> WhereNode:
    """A condition of lookups, which are nodes to the compiler though not to the type stubs."""
    return WhereNode(list(parts), connector)


class Rule:
    """How rows belong to a span, by columns of their own. Rows whose columns say nothing do not."""

    def __init__(self, *columns: str) -> None:
        self.columns = columns

    def held(self, columns: Sequence[Any], span: Span) -> WhereNode:
        """The condition, over the columns as the query has them."""
        raise NotImplementedError


class At(Rule):
    """What happened at one moment, or on one day, in the span."""

    def held(self, columns: Sequence[Any], span: Span) -> WhereNode:
        """It lies in the span."""
        return _all(_from(columns[0], span), _until(columns[0], span))


class Lasting(Rule):
    """What began by the end of the span and, if it is over, was not over before the span began."""

    def held(self, columns: Sequence[Any], span: Span) -> WhereNode:
        """The two overlap."""
        begins, ends = columns
        still = _all(IsNull(ends, True), _from(ends, span), connector=OR)  # noqa: FBT003 - Django's lookup takes no name
        return _all(_until(begins, span), still)


class Of(Rule):
    """What names the record that the span is of."""

    def held(self, columns: Sequence[Any], span: Span) -> WhereNode:
        """It is that one."""
        return _all(Exact(columns[0], span.record_id))


class Through(Rule):
    """What belongs to another record: it is shown with that one. `rows` gives the shown ones' keys; by default the parent's."""

    def __init__(self, column: str, rows: Callable[[], models.QuerySet[Any, Any]] | None = None) -> None:
        super().__init__(column)
        self.rows = rows

    def held(self, columns: Sequence[Any], _span: Span) -> WhereNode:
        """The other one is shown."""
        column = columns[0]
        rows = self.rows() if self.rows else column.target.related_model.objects.values("pk")
        return _all(In(column, rows.order_by().query))


class Either(Rule):
    """What belongs to the span by one of several rules."""

    def __init__(self, *rules: Rule) -> None:
        super().__init__(*(name for rule in rules for name in rule.columns))
        self.rules = rules

    def held(self, columns: Sequence[Any], span: Span) -> WhereNode:
        """At least one of them holds."""
        left = iter(columns)
        return _all(*(rule.held([next(left) for _ in rule.columns], span) for rule in self.rules), connector=OR)


class Seen(Expression):
    """Whether the present reader is shown the row, decided when SQL is compiled; without a limit it leaves no trace in it."""

    output_field = models.BooleanField()
    conditional = True

    def __init__(self, rule: Rule) -> None:
        super().__init__()
        self.rule = rule
        self.columns: list[Any] = [models.F(name) for name in rule.columns]

    def get_source_expressions(self) -> list[Any]:
        """The columns, which the query resolves and renames."""
        return self.columns

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        """Take them resolved."""
        self.columns = list(exprs)

    def as_sql(self, compiler: Any, _connection: Any) -> Any:
        """The rule's condition for whoever is limited. Otherwise raises FullResultSet: the clause passes over it."""
        span = current_span()
        if span is None:
            raise FullResultSet
        return compiler.compile(self.rule.held(self.columns, span))


def _is_instant(column: Any) -> bool:
    return isinstance(column.output_field, models.DateTimeField)


def _from(column: Any, span: Span) -> Any:
    """Not before the span."""
    return GreaterThanOrEqual(column, span.begins_at if _is_instant(column) else span.first)


def _until(column: Any, span: Span) -> Any:
    """Not after the span."""
    return LessThan(column, span.over_at) if _is_instant(column) else LessThanOrEqual(column, span.last)
