"""Strangers at an organization's addresses: their first tries in an hour have an event each, and the rest one that says how many.

An organization's trail is not for somebody who is no member of it to fill.
"""

import datetime as dt
from typing import Any

from django.core.cache import cache

from accounts.counting import count_up
from accounts.models import User
from audit.models import AuditEvent
from audit.record import record_failure
from tenancy.models import Organization
from tenancy.scope import now

MOST = 20  # tries of one account at one organization in an hour that have an event each
HOUR = dt.timedelta(hours=1)
_BACK = 3  # hours that are over and may wait to be told; the counts are kept for longer
_SECONDS = (_BACK + 2) * 60 * 60
VERB = "access.deny"


def note_knock(organization: Organization, user: User, **metadata: Any) -> None:
    """Count a try of somebody who is no member, and record it unless there were too many."""
    if count_up(_key(organization, user.pk, _hour_of(now())), _SECONDS) <= MOST:
        record_failure(VERB, organization=organization, actor=user, metadata=metadata)


def tell_the_rest(organization: Organization, at: dt.datetime) -> None:
    """Record how many tries had no event of their own, once for each account and hour that is over. Idempotent."""
    this, first = _hour_of(at), _hour_of(at) - _BACK * HOUR
    found = AuditEvent.objects.filter(verb=VERB, at__gte=first, actor_id__isnull=False)
    for user in User.objects.filter(pk__in=set(found.values_list("actor_id", flat=True))):
        for hour in (first + number * HOUR for number in range(_BACK)):
            _tell(organization, user, hour, this)


def _tell(organization: Organization, user: User, hour: dt.datetime, this: dt.datetime) -> None:
    key = _key(organization, user.pk, hour)
    more = cache.get(key, 0) - MOST
    if hour < this and more > 0 and cache.delete(key):
        metadata = {"more": more, "from": hour.isoformat()}
        record_failure(VERB, organization=organization, actor=user, metadata=metadata)


def _hour_of(at: dt.datetime) -> dt.datetime:
    return at.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)


def _key(organization: Organization, user: Any, hour: dt.datetime) -> str:
    return f"knocked:{organization.pk}:{user}:{hour:%Y%m%d%H}"
