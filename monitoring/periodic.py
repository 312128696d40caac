"""What is forgotten in time: single results. Hours, spans and outages stay."""

import datetime as dt

from django.db import connection

from tenancy.models import Organization
from tenancy.scope import current_tenant_id

KEPT = dt.timedelta(days=35)
AT_ONCE = 100_000  # rows in a round of fifteen minutes: more than 1,000 checks leave in that time
_FORGET = """
DELETE FROM monitoring_checkresult WHERE tenant_id = %s AND id IN (
  SELECT id FROM monitoring_checkresult WHERE tenant_id = %s AND due_at < %s LIMIT %s)
"""


def forget_results(_organization: Organization, at: dt.datetime) -> None:
    """Delete results that are older than 35 days."""
    key = current_tenant_id()
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [key, key, at - KEPT, AT_ONCE])
