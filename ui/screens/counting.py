"""The counts beside a list's filters, loaded as a second fragment so that no page waits for them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.db.models import Count, QuerySet

from ui.screens.listing import Filter

Counted = dict[tuple[str, str], int]


def count_choices(
    filters: Sequence[Filter],
    options: Mapping[str, Sequence[tuple[str, str]]],
    chosen: Collection[str],
    rows_without: Callable[[str], QuerySet[Any]],
) -> tuple[Counted, int]:
    """Rows per (filter name, value) under the other filters, and the total of matching rows.

    Filters that are not in use share one query; each one in use needs its own,
    without itself, or its other choices would all read zero.
    """
    idle = [f for f in filters if f.name not in chosen and f.counted]
    counts, total = _count(rows_without(""), idle, options)
    for filter_ in filters:
        if filter_ not in idle and filter_.counted:
            counts |= _count(rows_without(filter_.name), [filter_], options)[0]
    return counts, total


def _count(
    rows: QuerySet[Any], filters: Sequence[Filter], options: Mapping[str, Sequence[tuple[str, str]]]
) -> tuple[Counted, int]:
    keys = [(f, value) for f in filters for value, _ in options[f.name]]
    wanted = {f"count_{i}": Count("pk", filter=f.condition(v)) for i, (f, v) in enumerate(keys)}
    found = rows.order_by().aggregate(count_all=Count("pk"), **wanted)
    named = {(f.name, value): found[f"count_{i}"] for i, (f, value) in enumerate(keys)}
    return named, found["count_all"]
