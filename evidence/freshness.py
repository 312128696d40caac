"""How fresh an item is: current, expiring within 30 days, stale, superseded or withdrawn."""

import datetime as dt

from django.db import models
from django.db.models import Q

from evidence.models import Evidence
from evidence.models.evidence import EXPIRING
from ui.components import Badge, Tone


class Freshness(models.TextChoices):
    """What an item is worth on a day."""

    CURRENT = "current", "Current"
    EXPIRING = "expiring", "Expiring"
    STALE = "stale", "Stale"
    SUPERSEDED = "superseded", "Superseded"
    WITHDRAWN = "withdrawn", "Withdrawn"


TONES: dict[Freshness, Tone] = {
    Freshness.CURRENT: "ok",
    Freshness.EXPIRING: "warn",
    Freshness.STALE: "bad",
    Freshness.SUPERSEDED: "muted",
    Freshness.WITHDRAWN: "muted",
}


def freshness(evidence: Evidence, today: dt.date) -> Freshness:
    """The freshness of one item. The last day on which it counts is `expires_on`."""
    if evidence.status != Evidence.Status.CURRENT:
        return Freshness(evidence.status)
    if evidence.expires_on is None or evidence.expires_on > today + EXPIRING:
        return Freshness.CURRENT
    return Freshness.EXPIRING if evidence.expires_on >= today else Freshness.STALE


def conditions(today: dt.date) -> dict[str, Q]:
    """The items of each freshness: the same rule for many."""
    current = Q(status=Evidence.Status.CURRENT)
    lasting = Q(expires_on__isnull=True) | Q(expires_on__gt=today + EXPIRING)
    return {
        Freshness.CURRENT: current & lasting,
        Freshness.EXPIRING: current & Q(expires_on__gte=today, expires_on__lte=today + EXPIRING),
        Freshness.STALE: current & Q(expires_on__lt=today),
        Freshness.SUPERSEDED: Q(status=Evidence.Status.SUPERSEDED),
        Freshness.WITHDRAWN: Q(status=Evidence.Status.WITHDRAWN),
    }


def badge(evidence: Evidence, today: dt.date) -> Badge:
    """The freshness as a badge."""
    found = freshness(evidence, today)
    return Badge(str(found.label), TONES[found])
