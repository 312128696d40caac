"""How far a review is: by reviewer, by system, as a whole. One query counts it all."""

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count

from inventory.models import Person, System
from reviews.models import Campaign, Item
from ui.values import percent_of


@dataclass(slots=True)
class Tally:
    """Items under one heading: how many, and what was decided about them."""

    label: str
    person: Person | None = None
    system: System | None = None
    decisions: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """All items."""
        return self.decisions.total()

    @property
    def decided(self) -> int:
        """Those with a decision; what sign-off recorded as not decided is none."""
        return self.kept + self.removed + self.changed

    @property
    def open(self) -> int:
        """Those without, or recorded as not decided."""
        return self.total - self.decided

    @property
    def kept(self) -> int:
        """Decided to keep."""
        return self.decisions[Item.Decision.RETAIN]

    @property
    def removed(self) -> int:
        """Decided to remove."""
        return self.decisions[Item.Decision.REVOKE]

    @property
    def changed(self) -> int:
        """Decided to change."""
        return self.decisions[Item.Decision.MODIFY]

    @property
    def not_decided(self) -> int:
        """Recorded as not decided at sign-off."""
        return self.decisions[Item.Decision.NOT_DECIDED]

    @property
    def percent(self) -> int:
        """The share that is decided, never rounded up to all."""
        return percent_of(self.decided, self.total) or 0

    @property
    def decided_of(self) -> str:
        """Such as 412 of 600."""
        return f"{self.decided:,} of {self.total:,}"

    @property
    def percent_words(self) -> str:
        """Such as 69 %."""
        return f"{self.percent} %"


@dataclass(slots=True)
class Progress:
    """A campaign's progress; `nobody` counts the items that have no reviewer."""

    whole: Tally
    reviewers: list[Tally]
    systems: list[Tally]
    nobody: Tally
    days_late: int = 0

    @property
    def days_late_words(self) -> str:
        """Such as 3 days late."""
        return f"{self.days_late} day{'' if self.days_late == 1 else 's'} late"


def progress_of(campaign: Campaign, today: dt.date) -> Progress:
    """Count a campaign's items by reviewer, system and decision."""
    counts = campaign.items.order_by().values_list("reviewer_id", "system_id", "decision").annotate(n=Count("pk"))
    whole, by_reviewer, by_system = Tally("All"), _Tallies(), _Tallies()
    for reviewer, system, decision, count in counts:
        whole.decisions[decision] += count
        by_reviewer.of(reviewer).decisions[decision] += count
        by_system.of(system).decisions[decision] += count
    nobody = by_reviewer.found.pop(None, Tally("Nobody yet"))
    people = Person.objects.select_related("manager").in_bulk(list(by_reviewer.found))
    systems = System.objects.in_bulk(list(by_system.found))
    for key, tally in by_reviewer.found.items():
        tally.person = people[key]
        tally.label = tally.person.name
    for key, tally in by_system.found.items():
        tally.system = systems[key]
        tally.label = tally.system.name
    late = (today - campaign.due_on).days if campaign.status == Campaign.Status.ACTIVE else 0
    return Progress(whole, by_reviewer.ordered(), by_system.ordered(), nobody, max(0, late))


class _Tallies:
    """Tallies by key, made when first asked for."""

    def __init__(self) -> None:
        self.found: dict[uuid.UUID | None, Tally] = {}

    def of(self, key: uuid.UUID | None) -> Tally:
        return self.found.setdefault(key, Tally(""))

    def ordered(self) -> list[Tally]:
        """Most open first, then by name."""
        return sorted(self.found.values(), key=lambda tally: (-tally.open, tally.label))
