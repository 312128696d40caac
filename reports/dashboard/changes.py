"""Deployments approved beforehand, this month and the last: asked for beside what waits, in one query."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, DateField, Exists, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse

from changes.deployments.coverage import CLEARED
from changes.models import ChangeSettings, Deployment
from controls.status.readiness import Share
from reports.dashboard.waiting import Waiting
from reports.monthly.span import month_before
from tenancy.models import Organization

NOW, BEFORE = "deployed now", "deployed before"
UNACCOUNTED = ("unapproved", "unmatched")


@dataclass(frozen=True, slots=True)
class Deployed:
    """A month: how many deployments were approved beforehand, of all, and how many had no approval."""

    first: dt.date
    share: Share
    without: int

    @property
    def name(self) -> str:
        """October"""
        return f"{self.first:%B}"


@dataclass(frozen=True, slots=True)
class Changes:
    """The two months, and where they lead. `known` is False as long as no pipeline has reported anything."""

    now: Deployed
    before: Deployed
    url: str

    @property
    def months(self) -> tuple[Deployed, Deployed]:
        """The present one first."""
        return self.now, self.before

    @property
    def known(self) -> bool:
        """Whether anything was reported in either month."""
        return bool(self.now.share.whole or self.before.share.whole)


def deployed_since(organization: Organization) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Rows for reports.dashboard.waiting: of either month all ("number"), without approval ("late"), cleared ("critical")."""
    before, now = (organization.end_of(first - dt.timedelta(days=1)) for first in _months(organization)[::-1])
    return _counted(NOW, Q(deployed_at__gte=now)), _counted(BEFORE, Q(deployed_at__gte=before, deployed_at__lt=now))


def changes_of(organization: Organization, found: Mapping[str, Waiting]) -> Changes:
    """Of the whole organization: changes belong to no period."""
    this, last = _months(organization)
    return Changes(_deployed(this, found[NOW]), _deployed(last, found[BEFORE]), reverse("changes:reconciliation"))


def _months(organization: Organization) -> tuple[dt.date, dt.date]:
    """The first days of the present month and the one before."""
    this = organization.today().replace(day=1)
    return this, month_before(this)


def _deployed(first: dt.date, found: Waiting) -> Deployed:
    return Deployed(first, Share(found.critical, found.number), found.late)


def _counted(what: str, when: Q) -> QuerySet[Any]:
    chosen = ChangeSettings.objects.exclude(counted_environments=[])
    counts = ~Exists(chosen) | Exists(chosen.filter(counted_environments__contains=[OuterRef("environment")]))
    rows: Any = Deployment.objects.filter(counts & when).order_by().values(what=Value(what, output_field=CharField()))
    found: QuerySet[Any] = rows.annotate(
        number=Count("pk"),
        late=Count("pk", filter=Q(classification__in=UNACCOUNTED)),
        oldest=Min(Cast(Value(None), DateField())),
        critical=Count("pk", filter=Q(classification__in=CLEARED)),
    )
    return found
