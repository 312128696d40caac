"""Months of a trail that are long over."""

import datetime as dt
import os

import psycopg
from django.db import connection

from audit.models import AuditEvent
from proof.retention.rules import Month
from tenancy.models import Organization
from tenancy.scope import tenant

OLDER, OLD = Month(dt.date(2024, 2, 1)), Month(dt.date(2024, 3, 1))
TODAY = dt.date(2026, 11, 23)


def partition(month: Month) -> None:
    """A place for a month long ago, as the product made it then."""
    part, (start, end) = f"audit_event_{month.first:%Y_%m}", month.span
    name = connection.settings_dict["NAME"]
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], dbname=name, autocommit=True) as owner:
        owner.execute(f"CREATE TABLE {part} PARTITION OF audit_event FOR VALUES FROM ('{start}') TO ('{end}')")
        owner.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {part}"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        )
        owner.execute(f"ALTER TABLE {part} ENABLE ROW LEVEL SECURITY")
        owner.execute(f"ALTER TABLE {part} FORCE ROW LEVEL SECURITY")


def left(organization: Organization) -> int:
    """How many events of those months an organization has."""
    with tenant(organization):
        return AuditEvent.objects.filter(verb="test.old").count()
