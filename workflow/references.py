"""References that people read, such as AR-2026-Q1 or CHG-2026-0001."""

import re

from django.db import connection

from tenancy.ids import uuid7
from tenancy.scope import current_tenant_id

_DRAW = """
INSERT INTO workflow_referencecounter AS counter (id, tenant_id, prefix, series, last) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (tenant_id, prefix, series) DO UPDATE SET last = counter.last + excluded.last RETURNING last
"""
_RESERVE = """
INSERT INTO workflow_referencecounter AS counter (id, tenant_id, prefix, series, last) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (tenant_id, prefix, series) DO UPDATE SET last = greatest(counter.last, excluded.last)
"""
_YEARLY = re.compile(r"([A-Z]+)-(\d{4})-(\d{4,6})")


def next_references(prefix: str, year: str, count: int) -> list[str]:
    """The next `count` of a year, such as CHG-2026-0001 and on."""
    return [f"{prefix}-{year}-{number:04d}" for number in _draw(prefix, year, count)]


def next_reference(prefix: str, year: str) -> str:
    """Such as CHG-2026-0001."""
    return next_references(prefix, year, 1)[0]


def reserve_reference(reference: str) -> None:
    """See that a number which a file brings, such as CHG-2026-0001, is never drawn again. Another form is none of ours."""
    if found := _YEARLY.fullmatch(reference):
        prefix, year, number = found.groups()
        with connection.cursor() as cursor:
            cursor.execute(_RESERVE, [uuid7(), current_tenant_id(), prefix, year, int(number)])


def is_of_another(reference: str, prefix: str) -> bool:
    """Say whether it is a number as ours are, such as CHG-2026-0001, with another prefix than this."""
    found = _YEARLY.fullmatch(reference)
    return found is not None and found[1] != prefix


def plain_reference(prefix: str) -> str:
    """Such as R-10, counted over all years."""
    return f"{prefix}-{_draw(prefix, '', 1)[0]}"


def period_reference(prefix: str, period: str) -> str:
    """Such as AR-2026-Q1; the second of the same period is AR-2026-Q1-2."""
    (number,) = _draw(prefix, period, 1)
    return f"{prefix}-{period}" if number == 1 else f"{prefix}-{period}-{number}"


def _draw(prefix: str, series: str, count: int) -> range:
    """The next numbers of a series, from 1, in one query. It locks the series until the commit: draw late in an action."""
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, [uuid7(), current_tenant_id(), prefix, series, count])
        last: int = cursor.fetchone()[0]
    return range(last - count + 1, last + 1)
