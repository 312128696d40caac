"""The roster, by hand: adding and changing people, their other addresses, and their place in the organization."""

import datetime as dt
from typing import Any

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from evidence.tables.text import email_key
from inventory.models import Person, PersonAlias
from inventory.people.matching import keep_addresses, match_all, matched_by_address, refuse_own
from inventory.removals.leavers import has_come, has_ended_for, open_leaver_removals, withdraw_leaver_removals
from ui.refusals import ActionRefused
from workflow.changes import change, differing, shown
from workflow.uniqueness import refusing_taken

DEEPEST_LINE = 100
MATCH = "people.match"
OWN_LINK = "Nobody changes which person they are themselves: ask another compliance manager."


@action
def create_person(*, actor: Actor, **fields: Any) -> Person:
    """Put somebody on the roster, and match the accounts that bear their e-mail."""
    person = Person(**fields)
    check_address(person, person.email)
    person.full_clean(validate_unique=False, validate_constraints=False)
    with refusing_taken(Person):
        person.save()
    after = {name: shown(value) for name, value in fields.items() if value}
    record("person.create", person, actor=actor, after=after)
    match_all(actor)
    return person


def edit_person(person: Person, *, actor: Actor, keep_address: bool = True, **fields: Any) -> Person:
    """Change a person's facts. A new manager must not report to the person; a new e-mail matches accounts anew.

    A former e-mail by which accounts are matched stays a confirmed address, unless `keep_address` says otherwise.
    """
    current = Person.objects.get(pk=person.pk)
    if not differing(current, fields):
        return current
    return _edit_person(current, actor, fields, keep_address=keep_address)


@action
def _edit_person(person: Person, actor: Actor, fields: dict[str, Any], *, keep_address: bool) -> Person:
    if fields.get("manager"):
        check_line(person, fields["manager"])
    check_address(person, fields.get("email", person.email))
    with refusing_taken(Person):
        changed = change(person, "person.edit", actor=actor, fields=fields)
    if changed.email_key != person.email_key:
        if keep_address:
            keep_addresses({person.pk: person.email_key}, actor)
        elif matched_by_address({person.pk: person.email_key}):
            refuse_own(person, actor)
        match_all(actor)
    _follow(changed, actor)
    return changed


def check_address(person: Person, email: str) -> None:
    """Raise ActionRefused when an address is somebody else's, as their own or as an alias."""
    key = email_key(email)
    if not key:
        return
    if Person.objects.filter(email_key=key).exclude(pk=person.pk).exists():
        raise ActionRefused("Somebody with this e-mail is on the roster already.", field="email")
    alias = PersonAlias.objects.filter(key=key).exclude(person=person.pk).select_related("person").first()
    if alias is not None:
        raise ActionRefused(f"This is a confirmed address of {alias.person.name}.", field="email")


def check_line(person: Person, manager: Person) -> None:
    """Raise ActionRefused when `manager` is the person, or reports to them over however many steps."""
    above: Person | None = Person.objects.get(pk=manager.pk)
    for _ in range(DEEPEST_LINE):
        if above is None:
            return
        if above.pk == person.pk:
            raise ActionRefused(f"{manager.name} reports to {person.name}: the line would be a circle.", field="manager")
        above = above.manager
    raise ActionRefused("The line of managers above is a circle; correct it first.", field="manager")


@action
def mark_left(person: Person, *, actor: Actor, left_on: dt.date, note: str = "") -> int:
    """Record the last working day. From that day on every account becomes a removal; returns how many opened now."""
    if person.left_on == left_on and not has_come(left_on):
        raise ActionRefused("This day is planned already.", field="left_on")
    if person.started_on and left_on < person.started_on:
        raise ActionRefused("The last working day lies before the first.", field="left_on")
    if has_come(left_on):
        Person.LEAVE.apply(person, actor=actor, note=note, left_on=left_on)
    else:
        Person.LEAVE.authorise(actor)
        change(person, "person.plan_leaving", actor=actor, fields={"left_on": left_on}, note=note)
    return len(open_leaver_removals(actor, people=[person]))


@action
def mark_on_leave(person: Person, *, actor: Actor, note: str = "") -> None:
    """On leave: reviews go to somebody else meanwhile."""
    Person.PAUSE.apply(person, actor=actor, note=note)


@action
def mark_back(person: Person, *, actor: Actor, note: str = "") -> None:
    """Back from leave."""
    Person.RETURN.apply(person, actor=actor, note=note)


@action
def rehire(person: Person, *, actor: Actor, started_on: dt.date, note: str = "") -> None:
    """The same person starts again: the row stays, earlier dates stay in the trail, open leaver removals are dropped."""
    Person.REHIRE.apply(person, actor=actor, note=note, started_on=started_on, left_on=None, contract_ends_on=None)
    withdraw_leaver_removals(person, actor=actor, reason="They were rehired.")


@action
def add_alias(person: Person, *, actor: Actor, key: str) -> PersonAlias:
    """Confirm that another address or user name is this person's, and match accounts anew."""
    _may_match(actor)
    normal = email_key(key)
    if not normal:
        raise ActionRefused("Give an address or a user name.", field="key")
    if Person.objects.filter(email_key=normal).exists():
        raise ActionRefused("This is somebody's own address on the roster.", field="key")
    alias = PersonAlias(person=person, key=normal, confirmed_by_id=actor.id)
    with refusing_taken(PersonAlias):
        alias.save()
    record("person.add_alias", person, actor=actor, after={"alias": normal})
    match_all(actor)
    open_leaver_removals(actor, people=[person])
    return alias


@action
def remove_alias(alias: PersonAlias, *, actor: Actor) -> None:
    """Take back an address; accounts matched by it are unmatched again."""
    _may_match(actor)
    refuse_own(alias.person, actor)
    record("person.remove_alias", alias.person, actor=actor, before={"alias": alias.key})
    alias.delete()
    match_all(actor)


@action
def link_member(person: Person, *, actor: Actor, member: Member | None) -> None:
    """Say which member a person is: their own access is theirs to decide no more.

    Nobody moves their own link, or they could decide as somebody else; they may set it to the row with their own e-mail.
    """
    _may_match(actor)
    first = member is not None and person.member_id is None and email_key(member.email) == person.email_key
    if not first and actor.id is not None and actor.id in {person.member_id, member.pk if member else None}:
        raise ActionRefused(OWN_LINK, field="member")
    taken = Person.objects.filter(member=member).exclude(pk=person.pk).first() if member else None
    if taken is not None:
        raise ActionRefused(f"This member is {taken.name} already.", field="member")
    if person.member == member:
        raise ActionRefused("That is how it is already.", field="member")
    with refusing_taken(Person):
        change(person, "person.link_member", actor=actor, fields={"member": member})


def _may_match(actor: Actor) -> None:
    if not actor.can(MATCH):
        raise ActionRefused("Only a compliance manager confirms who is who.")


def _follow(person: Person, actor: Actor) -> None:
    """What changed dates bring about: removals from the last day on, or none when the end was moved away."""
    if has_ended_for(person):
        open_leaver_removals(actor, people=[person])
    else:
        withdraw_leaver_removals(person, actor=actor, reason="They have not left after all.")
