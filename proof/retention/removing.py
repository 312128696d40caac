"""Taking months out of the trail. Their leaves stay: what is left is checked as before, and the trail says itself what went."""

import datetime as dt
import logging

from django.db import connection, transaction

from audit.actions import action
from audit.actors import SCHEDULE
from audit.models import AuditEvent
from audit.record import record
from audit.seal.retained import REMOVE, removed
from privacy.retention.holding import place_no_more
from proof.retention.rules import Month, needs, old_months
from tenancy.models import Organization
from tenancy.scope import tenant

log = logging.getLogger(__name__)
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('audit_retention', 0))"


class Needed(Exception):
    """An organization needs the month."""


def remove_old_months(today: dt.date) -> list[Month]:
    """Take out every month that is old enough and that nobody needs. One that fails holds up no other."""
    gone = []
    for month in old_months(today):
        try:
            remove_month(month, today)
        except Needed:
            continue
        except Exception:
            log.exception("The month %s of the trail was not taken out.", month.name)
        else:
            gone.append(month)
    return gone


def remove_month(month: Month, today: dt.date) -> int:
    """Take a month out of the trail of all organizations, with an event in each that had any; returns how many events went.

    All of it in one transaction. Raises Needed.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        gone = 0
        for organization in Organization.objects.order_by("pk"):
            with tenant(organization):
                place_no_more()
                if why := next(needs(month, today), ""):
                    raise Needed(why)
                start, end = month.span
                if count := AuditEvent.objects.filter(at__gte=start, at__lt=end).count():
                    _say(organization, month, count)
                gone += count
        cursor.execute("SELECT audit_drop_month(%s, %s)", [month.first, gone])
    return gone


@action
def _say(organization: Organization, month: Month, count: int) -> None:
    """The event of one organization: how many of its events go, and all months that went before."""
    told = {**removed().taken, month.name: count}
    record(REMOVE, organization, actor=SCHEDULE, metadata={"month": month.name, "events": count, "removed": told})
