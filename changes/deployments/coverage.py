"""What the deployments of a span of days add up to: how many of all fall into which class."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Func, Q, QuerySet

from changes.deployments.environments import counted
from changes.deployments.listing import since, until
from changes.models import Classification, Deployment, DeploymentBatch
from changes.models.deployment import Note
from tenancy.models import Organization, current_organization

CLEARED = (Classification.APPROVED_BEFORE, Classification.STANDARD)  # approved beforehand
ON_WORD = Q(notes__contains=[Note.ON_WORD.value])  # their class rests on the moment that the pipeline stated
IN_FILES = Q(batch__via=DeploymentBatch.Via.FILE)  # when they were deployed is what a file says
FROM_FILES = "{:,} of {} came in imported files: when these were deployed is what their files say."


@dataclass(frozen=True, slots=True)
class Accounted:
    """Deployments by class. Every class is in `counts`, with 0 if there is none; in `words` and `files` those that occurred."""

    counts: Mapping[str, int]
    words: Mapping[str, int]  # whose class rests on the moment that the pipeline stated
    files: Mapping[str, int]  # that came in imported files

    @property
    def total(self) -> int:
        """All deployments that count."""
        return sum(self.counts.values())

    @property
    def beforehand(self) -> int:
        """Approved beforehand, each by itself or by its template."""
        return _cleared(self.counts)

    @property
    def on_word(self) -> int:
        """Of those approved beforehand: on the pipeline's word."""
        return _cleared(self.words)

    @property
    def listed(self) -> int:
        """Of those approved beforehand: from files."""
        return _cleared(self.files)

    @property
    def from_files(self) -> int:
        """Of all: when these were deployed is what a file says."""
        return sum(self.files.values())

    @property
    def unaccounted(self) -> int:
        """Without an approval, or without a change."""
        return self.counts[Classification.UNAPPROVED] + self.counts[Classification.UNMATCHED]


@dataclass(frozen=True, slots=True)
class Coverage(Accounted):
    """Of the local days from `first` to `last`, with their notes."""

    first: dt.date
    last: dt.date
    notes: Mapping[str, int]


def within(organization: Organization, first: dt.date, last: dt.date) -> QuerySet[Deployment]:
    """The deployments of the local days from `first` to `last` to environments that count."""
    return Deployment.objects.filter(since(organization, first) & until(organization, last), counted())


def coverage(first: dt.date, last: dt.date, organization: Organization | None = None) -> Coverage:
    """The deployments of these days by class and note; three queries, four without the organization."""
    here = organization or current_organization()
    rows = within(here, first, last).order_by()
    found = accounted(rows)
    return Coverage(found.counts, found.words, found.files, first, last, _by_note(rows))


def accounted(rows: QuerySet[Deployment]) -> Accounted:
    """Deployments by class, in one query."""
    numbers = {"number": Count("pk"), "word": Count("pk", filter=ON_WORD), "file": Count("pk", filter=IN_FILES)}
    each: Any = rows.order_by().values("classification").annotate(**numbers)
    found = {row["classification"]: row for row in each}
    counts = {one.value: found[one]["number"] if one in found else 0 for one in Classification}
    words, files = ({one: row[name] for one, row in found.items()} for name in ("word", "file"))
    return Accounted(counts, words, files)


def _cleared(numbers: Mapping[str, int]) -> int:
    return sum(numbers.get(one, 0) for one in CLEARED)


def _by_note(rows: QuerySet[Deployment]) -> dict[str, int]:
    each: Any = rows.annotate(note=Func(F("notes"), function="unnest")).values_list("note").annotate(count=Count("pk"))
    found: dict[str, int] = dict(each)
    return {one.value: found.get(one, 0) for one in Note}
