"""Deployments approved beforehand, this month and the last: asked for beside what waits, in one query."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, DateField, Min, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.http import urlencode

from changes.deployments.coverage import CLEARED, IN_FILES, ON_WORD
from changes.deployments.environments import counting
from changes.models import Deployment, DeploymentBatch
from changes.models.deployment import Note
from controls.status.readiness import Share
from reports.dashboard.waiting import Waiting
from reports.monthly.span import month_before, month_end
from tenancy.models import Organization

NOW, BEFORE, STATED = "deployed now", "deployed before", ", as stated"
UNACCOUNTED = ("unapproved", "unmatched")


@dataclass(frozen=True, slots=True)
class Deployed:
    """A month: how many deployments were approved beforehand, of all, and how many had no approval.

    Of those approved beforehand `on_word` rest on the moment that a pipeline stated, and `from_files` on that in a file.
    """

    first: dt.date
    share: Share
    without: int
    on_word: int = 0
    from_files: int = 0

    @property
    def name(self) -> str:
        """October"""
        return f"{self.first:%B}"

    @property
    def on_word_url(self) -> str:
        """The rows that rest on the pipeline's word."""
        return self._url(note=Note.ON_WORD.value)

    @property
    def from_files_url(self) -> str:
        """The rows that came in files."""
        return self._url(via=DeploymentBatch.Via.FILE.value)

    def _url(self, **chosen: str) -> str:
        days = {"from": self.first.isoformat(), "to": month_end(self.first).isoformat()}
        query = {"class": [one.value for one in CLEARED], "counts": "yes", **days, **chosen}
        return f"{reverse('changes:deployment-list')}?{urlencode(query, doseq=True)}"


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


def deployed_since(organization: Organization) -> list[QuerySet[Any]]:
    """Rows for reports.dashboard.waiting, two of either month.

    All ("number"), without approval ("late") and cleared ("critical"); and of the cleared those on the pipeline's word ("number")
    and those from files ("late").
    """
    before, now = (organization.end_of(first - dt.timedelta(days=1)) for first in _months(organization)[::-1])
    months = {NOW: Q(deployed_at__gte=now), BEFORE: Q(deployed_at__gte=before, deployed_at__lt=now)}
    return [rows for what, when in months.items() for rows in (_counted(what, when), _stated(what + STATED, when))]


def changes_of(organization: Organization, found: Mapping[str, Waiting]) -> Changes:
    """Of the whole organization: changes belong to no period."""
    this, last = _months(organization)
    now, before = (_deployed(first, found[what], found[what + STATED]) for first, what in ((this, NOW), (last, BEFORE)))
    return Changes(now, before, reverse("changes:reconciliation"))


def _months(organization: Organization) -> tuple[dt.date, dt.date]:
    """The first days of the present month and the one before."""
    this = organization.today().replace(day=1)
    return this, month_before(this)


def _deployed(first: dt.date, found: Waiting, stated: Waiting) -> Deployed:
    return Deployed(first, Share(found.critical, found.number), found.late, on_word=stated.number, from_files=stated.late)


def _counted(what: str, when: Q) -> QuerySet[Any]:
    return _rows(what, when, Count("pk"), Q(classification__in=UNACCOUNTED), Q(classification__in=CLEARED))


def _stated(what: str, when: Q) -> QuerySet[Any]:
    """Of those approved beforehand: on the pipeline's word, and from files."""
    return _rows(what, when & Q(classification__in=CLEARED), Count("pk", filter=ON_WORD), IN_FILES, Q(pk__isnull=True))


def _rows(what: str, when: Q, number: Count, late: Q, critical: Q) -> QuerySet[Any]:
    rows: Any = Deployment.objects.filter(counting() & when).order_by().values(what=Value(what, output_field=CharField()))
    found: QuerySet[Any] = rows.annotate(
        number=number,
        late=Count("pk", filter=late),
        oldest=Min(Cast(Value(None), DateField())),
        critical=Count("pk", filter=critical),
    )
    return found
