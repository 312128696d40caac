"""What the deployments of a span of days add up to: how many of all fall into which class."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Func, QuerySet

from changes.deployments.environments import counted
from changes.deployments.listing import since, until
from changes.models import Classification, Deployment, DeploymentBatch
from changes.models.deployment import Note
from tenancy.models import Organization, current_organization

CLEARED = (Classification.APPROVED_BEFORE, Classification.STANDARD)  # approved beforehand


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of the local days from `first` to `last`. Every class is in `counts`, those that never occurred with 0."""

    first: dt.date
    last: dt.date
    counts: Mapping[str, int]
    notes: Mapping[str, int]
    from_files: int = 0  # of all: when these were deployed is what a file says

    @property
    def total(self) -> int:
        """All deployments that count."""
        return sum(self.counts.values())

    @property
    def beforehand(self) -> int:
        """Approved beforehand, each by itself or by its template."""
        return sum(self.counts[one] for one in CLEARED)

    @property
    def unaccounted(self) -> int:
        """Without an approval, or without a change."""
        return self.counts[Classification.UNAPPROVED] + self.counts[Classification.UNMATCHED]


def within(organization: Organization, first: dt.date, last: dt.date) -> QuerySet[Deployment]:
    """The deployments of the local days from `first` to `last` to environments that count."""
    return Deployment.objects.filter(since(organization, first) & until(organization, last), counted())


def coverage(first: dt.date, last: dt.date, organization: Organization | None = None) -> Coverage:
    """The deployments of these days by class and note; four queries, five without the organization."""
    here = organization or current_organization()
    rows = within(here, first, last).order_by()
    return Coverage(first, last, _by_class(rows), _by_note(rows), rows.filter(batch__via=DeploymentBatch.Via.FILE).count())


def counts_between(first: dt.date, last: dt.date, organization: Organization | None = None) -> dict[str, int]:
    """How many deployments of these days fall into each class; two queries, three without the organization."""
    here = organization or current_organization()
    return _by_class(within(here, first, last).order_by())


def _by_class(rows: QuerySet[Deployment]) -> dict[str, int]:
    found: dict[str, int] = dict(rows.values_list("classification").annotate(count=Count("pk")))
    return {one.value: found.get(one, 0) for one in Classification}


def _by_note(rows: QuerySet[Deployment]) -> dict[str, int]:
    each: Any = rows.annotate(note=Func(F("notes"), function="unnest")).values_list("note").annotate(count=Count("pk"))
    found: dict[str, int] = dict(each)
    return {one.value: found.get(one, 0) for one in Note}
