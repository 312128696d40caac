"""Whether two are one human: a member, a person of the roster, or both, by every name that is known of them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import Member
from audit.actors import Actor
from evidence.tables.text import email_key
from inventory.models import Person


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody, by every name the product knows them under: keys of members and people, addresses and user names."""

    member: Member | None
    person: Person | None
    keys: frozenset[str]

    def same(self, other: "Who | None") -> bool:
        """Whether they are one human. Nobody is the same as nobody."""
        return other is not None and not self.keys.isdisjoint(other.keys)


NOBODY = Who(None, None, frozenset())


def who(*, member: Member | None = None, person: Person | None = None) -> Who:
    """Everything that is known of a member or a person: an account without a row of the roster is found by its e-mail."""
    if person is None and member is not None:
        return who_are([member])[member.pk]
    if person is None:
        return NOBODY
    return _known(member or person.member, person)


def who_acts(actor: Actor) -> Who:
    """Who an actor is; the product itself is nobody."""
    return who(member=actor) if isinstance(actor, Member) else NOBODY


def who_are(members: Collection[Member]) -> dict[object, Who]:
    """The same of several members, by their keys; two queries. Load them with their users."""
    keys = [email_key(member.email) for member in members]
    alike = Q(email_key__in=[key for key in keys if key], member=None)
    found = list(Person.objects.filter(Q(member__in=[one.pk for one in members]) | alike).prefetch_related("aliases"))
    linked = {one.member_id: one for one in found if one.member_id}
    named = {one.email_key: one for one in found if not one.member_id}
    return {member.pk: _known(member, linked.get(member.pk) or named.get(key)) for member, key in zip(members, keys, strict=True)}


def together(*several: Who) -> Who:
    """Two names for whoever has a part in something, as one."""
    members = [one.member for one in several if one.member]
    people = [one.person for one in several if one.person]
    keys = frozenset().union(*(one.keys for one in several))
    return Who(members[0] if members else None, people[0] if people else None, keys)


def _known(member: Member | None, person: Person | None) -> Who:
    keys: list[str] = []
    if member is not None:
        keys += [f"member:{member.pk}", *addresses([member.email])]
    if person is not None:
        aliases = [alias.key for alias in person.aliases.all()]
        keys += [f"person:{person.pk}", *addresses([person.email_key, *aliases])]
    return Who(member, person, frozenset(keys))


def addresses(values: Iterable[str]) -> list[str]:
    """The keys of addresses and user names."""
    return [f"known:{key}" for value in values if (key := email_key(value))]
