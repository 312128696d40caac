"""References that people read, such as AR-2026-Q1 or CHG-2026-0001."""

from django.db import connection

from tenancy.ids import uuid7
from tenancy.scope import current_tenant_id

_DRAW = """
INSERT INTO workflow_referencecounter (id, tenant_id, prefix, series, last) VALUES (%s, %s, %s, %s, 1)
ON CONFLICT (tenant_id, prefix, series) DO UPDATE SET last = workflow_referencecounter.last + 1 RETURNING last
"""


def draw(prefix: str, series: str) -> int:
    """The next number of a series, from 1. Draw last in an action: it locks the series until the commit."""
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, [uuid7(), current_tenant_id(), prefix, series])
        number: int = cursor.fetchone()[0]
    return number


def next_reference(prefix: str, year: str) -> str:
    """Such as CHG-2026-0001."""
    return f"{prefix}-{year}-{draw(prefix, year):04d}"


def period_reference(prefix: str, period: str) -> str:
    """Such as AR-2026-Q1; the second of the same period is AR-2026-Q1-2."""
    number = draw(prefix, period)
    return f"{prefix}-{period}" if number == 1 else f"{prefix}-{period}-{number}"
