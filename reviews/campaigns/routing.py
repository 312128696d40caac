"""Who may be asked to decide."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from accounts.models import Member
from inventory.models import Person
from workflow.absences.standing import stood_in_for

SECOND_REVIEWER = "second_reviewer"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who decides for a member: their own row of the roster, and those of the people for whom they stand in today."""

    person: Person | None
    away: tuple[Person, ...] = ()

    @property
    def ids(self) -> list[UUID]:
        """Whose items this member may decide."""
        return [one.pk for one in ((self.person, *self.away) if self.person else ())]


def asked_of(member: Member) -> Asked:
    """In one query. Whoever is nobody on the roster decides for nobody."""
    found = list(Person.objects.filter(Q(member=member) | Q(member__in=stood_in_for(member))).order_by("name", "pk"))
    own = next((one for one in found if one.member_id == member.pk), None)
    return Asked(own, tuple(one for one in found if one.member_id != member.pk))
