"""Mail to whoever has to take a course: before the day, the day after, and each week it is late."""

import datetime as dt
from collections.abc import Iterator

from inventory.models import Person
from policies.training.standing import everybody_owing, required
from tenancy.models import Organization
from workflow.reminding import Due, Reminding

REMINDING = Reminding("Training to take", "training.remind", (14, 7, 1))


def remind(organization: Organization, at: dt.datetime) -> None:
    """Write 14 days, 7 days and a day before a course is due, the day after, and each week it is late. Idempotent."""
    REMINDING.run(organization, at, _due)


def _due(today: dt.date) -> Iterator[Due]:
    """One for each person: the course that is due first."""
    first: dict[object, dt.date] = {}
    for _, person, day in everybody_owing(list(required()), today):
        first[person] = min(day, first.get(person, day))
    for one in Person.objects.filter(pk__in=first).order_by("pk"):
        if one.member_id is not None:
            yield Due(one.member_id, one, first[one.pk])
