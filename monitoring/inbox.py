"""What waits for those who run monitoring: checks that cannot be looked at, say nothing, or are degraded for long."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from monitoring.models import CLOCKS, Check, Health, known_at
from monitoring.models.check import EDITS
from tenancy.scope import now
from workflow.inbox import InboxEntry

LONG = dt.timedelta(hours=1)


def blind() -> Q:
    """The last look could not be made: Plumbline refused it, or could not do it from here."""
    return Q(status=Check.Status.ACTIVE, last_at__isnull=False, last_outcome=Health.UNKNOWN)


def unknown() -> Q:
    """In use for an hour, and nothing is known: nobody looks, or the job has never called."""
    moment = now()
    ahead = Q(last_at__gt=moment + CLOCKS)  # of a clock that was set back since
    silent = Q(covered_until=None) | Q(covered_until__lt=moment - LONG) | Q(health=Health.UNKNOWN) | ahead
    return Q(status=Check.Status.ACTIVE, made_at__lt=moment - LONG) & silent & ~blind()


def degraded() -> Q:
    """Degraded for an hour: a certificate that ends, or answers that are slow."""
    return known_at(now()) & Q(health=Health.DEGRADED, since__lt=now() - LONG)


def entries(member: Any) -> Iterator[InboxEntry]:
    """One for each kind: they are looked at together."""
    if not member.can(EDITS):
        return
    for condition, health, words, why in (
        (blind(), Health.UNKNOWN, "Plumbline cannot look at", "you run monitoring, and nobody is told while it does not look"),
        (unknown(), Health.UNKNOWN, "Nothing is known of", "nobody looks, or nobody has called"),
        (degraded(), Health.DEGRADED, "Degraded for over an hour:", "you run monitoring"),
    ):
        names = list(Check.objects.filter(condition).order_by("name").values_list("name", flat=True))
        if names:
            url = f"{reverse('monitoring:list')}?{urlencode({'health': health.value})}"
            yield InboxEntry(f"{words} {_listed(names)}", url, why, count=len(names), delegable=False)


def about(member: Any) -> list[QuerySet[Any] | bool]:
    """The rows that the entries are about."""
    return [Check.objects.filter(blind() | unknown() | degraded())] if member.can(EDITS) else []


def _listed(names: list[str]) -> str:
    return ", ".join(names[:2]) + (f" and {len(names) - 2:,} more" if len(names) > 2 else "")
