"""The views of the list that people come back to: what each holds for a member."""

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from django.db.models import Q

from changes.approving.waiting import waiting_for
from changes.lifecycle.inbox import is_theirs
from changes.models.change import APPROVED
from inventory.models import Person
from ui.moments import day_begins

VIEWS = [("waiting", "Waiting for me"), ("mine", "My requests"), ("week", "This week"), ("review", "Overdue review")]
REVIEWABLE = ("implemented", "failed", "rolled_back")
OPEN = (
    "submitted",
    *sorted(APPROVED),
    *REVIEWABLE,
    "reviewed",
    "rejected",
)  # nothing waits in another state; said so that an index leads to these


class Views(Mapping[str, Q]):
    """The condition of each view, worked out when it is asked for: what waits takes queries of its own."""

    def __init__(self, member: Any) -> None:
        """For this member."""
        self.member = member

    def __getitem__(self, name: str) -> Q:
        """The condition. Raises KeyError for a view that is none."""
        if name not in dict(VIEWS):
            raise KeyError(name)
        found: Q = getattr(self, name)
        return found

    def __iter__(self) -> Iterator[str]:
        """Their names."""
        return iter(dict(VIEWS))

    def __len__(self) -> int:
        """How many."""
        return len(VIEWS)

    @cached_property
    def waiting(self) -> Q:
        """To approve, to carry out, to review, to close, to confirm, or rejected lately: what stands in their work."""
        return Q(status__in=("draft", *OPEN)) & (Q(pk__in=waiting_for(self.member).values("pk")) | is_theirs(self.member))

    @property
    def mine(self) -> Q:
        """What one raised or asked for. Whom one is on the roster is looked up before, so that an index finds each half."""
        people = list(Person.objects.filter(member=self.member.pk).order_by().values_list("pk", flat=True))
        return Q(raised_by=self.member.pk) | Q(requester__in=people)

    @property
    def week(self) -> Q:
        """Planned for a time from Monday to Sunday of the organization's week."""
        today: dt.date = self.member.organization.today()
        monday = today - dt.timedelta(days=today.weekday())
        start, end = day_begins(monday), day_begins(monday + dt.timedelta(days=7))
        return Q(window_from__lt=end) & (Q(window_until__gte=start) | Q(window_until=None, window_from__gte=start))

    @property
    def review(self) -> Q:
        """Carried out, and not reviewed by its day."""
        return Q(status__in=REVIEWABLE, review_due_on__lt=self.member.organization.today())
