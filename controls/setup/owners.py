"""Who owns what: a person of the roster for each of the roles that starter controls name."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from accounts.models import Member
from controls.library import StarterControl
from controls.library.starter import OwnerRole
from evidence.tables.text import email_key
from inventory.models import Person
from inventory.people.actions import create_person, link_member
from ui.refusals import ActionRefused

ROLES: tuple[str, ...] = get_args(OwnerRole)
MYSELF = "me"
# Beyond so many people a list to choose from is of no use, and eight of them are a heavy page.
MOST_LISTED = 300
# Words of job titles that say that somebody leads the area, and other words for an area.
_LEADS = {"lead", "head", "vp", "director", "chief", "manager", "officer", "founder"}
_AREAS: dict[str, set[str]] = {
    "Chief executive": {"ceo", "executive", "founder"},
    "Security lead": {"security", "ciso"},
    "IT lead": {"it"},
    "Engineering lead": {"engineering", "cto"},
    "Platform lead": {"platform", "infrastructure", "devops"},
    "People lead": {"people", "hr", "personnel"},
    "Privacy lead": {"privacy", "legal", "dpo"},
    "Support lead": {"support", "customer"},
}
_ABBREVIATED = {"ceo", "ciso", "cto", "dpo"}  # they say both


@dataclass(frozen=True, slots=True)
class Roster:
    """Those who work here, as a form offers them."""

    people: list[Person]
    myself: Person | None

    @classmethod
    def of(cls, member: Member) -> "Roster":
        """As it is now: two queries, the second for the member's own row where the list is cut."""
        working = Person.objects.exclude(status=Person.Status.LEFT).only("name", "title", "email", "email_key", "member_id")
        people = list(working.order_by("name", "pk")[: MOST_LISTED + 1])
        return cls(people, own_row(member))

    @property
    def is_long(self) -> bool:
        """Whether to ask for an address instead of offering everybody."""
        return len(self.people) > MOST_LISTED

    @property
    def is_empty(self) -> bool:
        """Whether nobody else is on it."""
        return all(self.myself is not None and one.pk == self.myself.pk for one in self.people)

    def choices(self, member: Member) -> list[tuple[str, str]]:
        """Nobody, oneself, everybody else."""
        others = [one for one in self.people if self.myself is None or one.pk != self.myself.pk]
        listed = [(str(one.pk), f"{one.name}, {one.title}" if one.title else one.name) for one in others]
        return [("", "Nobody yet"), (MYSELF, f"Myself ({member.name})"), *listed]

    def suggested(self, role: str) -> str:
        """Oneself where nobody else is there; else the one person whose title says the role, or nobody."""
        if self.is_empty:
            return MYSELF
        found = [one for one in self.people if leads(one.title, role)]
        if len(found) != 1:
            return ""
        return MYSELF if self.myself is not None and found[0].pk == self.myself.pk else str(found[0].pk)


def leads(title: str, role: str) -> bool:
    """Whether a job title says that somebody leads the area of a role, such as "VP Engineering"."""
    words = set(re.findall(r"\w+", title.lower()))
    area = words & _AREAS.get(role, set())
    return bool(area & _ABBREVIATED) or bool(area and words & _LEADS)


def roles_of(starters: Iterable[StarterControl]) -> list[tuple[str, int]]:
    """The roles that these controls name, in their fixed order, each with how many."""
    named = [one.owner_role for one in starters]
    return [(role, named.count(role)) for role in ROLES if role in named]


def own_row(member: Member) -> Person | None:
    """The member's row of the roster: the one linked, or the one with their address that is nobody's yet."""
    rows = Person.objects.exclude(status=Person.Status.LEFT)
    linked = rows.filter(member=member).first()
    key = email_key(member.email)
    return linked or (rows.filter(email_key=key, member__isnull=True).first() if key else None)


def people_for(chosen: Mapping[str, str], *, actor: Member) -> dict[str, Person]:
    """The person for each role that has one. Oneself is put on the roster when one is not. Part of a caller's action.

    `chosen` holds `MYSELF`, the id of a person, or an empty string, by role. Raises ActionRefused for somebody who is not here.
    """
    ids = {value for value in chosen.values() if value not in {"", MYSELF}}
    working = Person.objects.filter(pk__in=ids).exclude(status=Person.Status.LEFT)
    people = {str(one.pk): one for one in working}
    if ids - people.keys():
        raise ActionRefused("Somebody you chose does not work here any more. Choose again.")
    if MYSELF in chosen.values():
        people[MYSELF] = _myself(actor)
    return {role: people[value] for role, value in chosen.items() if value}


def _myself(actor: Member) -> Person:
    person = own_row(actor) or create_person(actor=actor, name=actor.name, email=actor.email)
    if person.member_id is None:
        link_member(person, actor=actor, member=actor)
        person.member = actor
    return person
