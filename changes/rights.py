"""Who may see and work on which change."""

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Member
from accounts.models.member import holding
from audit.actors import Actor, System
from changes.approving.rules import Rule
from changes.approving.waiting import waiting_for
from changes.models import Approval, Change, ChangeMention, ChangeWatcher
from changes.models.change import ATTEMPTED
from inventory.models import Person
from workflow.absences.standing import stands_in, stood_in_for

# Whoever has a part in a change sees it, whatever their role; what each may see is decided in visible_to.
EVERYBODY = "home.read"
RAISE, READ, WORK, RUN = "changes.raise", "changes.read", "changes.work", "changes.write"
NO_WORKER = "Choose somebody who works here and whose role works on changes: auditors and viewers only read."


# Nobody who may act here asked for it: whoever runs changes does what falls to whoever asked.
NOBODYS = Q(raised_by=None, requester__member=None)


def is_nobodys(change: Change) -> bool:
    """The same of one change."""
    return change.raised_by_id is None and (change.requester is None or change.requester.member_id is None)


def mine(member: Any) -> Q:
    """Those that a member has a part in: asked for, carries out or reviews."""
    people = Q(requester__member=member.pk) | Q(implementer__member=member.pk) | Q(verifier__member=member.pk)
    return Q(raised_by=member.pk) | people


def visible_to(member: Any, in_force: Collection[Rule] | None = None) -> QuerySet[Change]:
    """All for those who read changes; else those a member has a part in, watches, is named in, approved or may approve.

    Whoever is named as having agreed to one by word sees it, whether they did or not.
    While somebody is away, their deputy sees what they carry out or review. `in_force`: the approval rules, if they are at hand.
    """
    everything = Change.objects.select_related("requester", "implementer")
    if member.can(READ):
        return everything
    watched = Exists(ChangeWatcher.objects.filter(change=OuterRef("pk"), member=member.pk))
    named = Exists(ChangeMention.objects.filter(comment__change=OuterRef("pk"), member=member.pk))
    said = Exists(Approval.objects.filter(change=OuterRef("pk"), approver=member.pk))
    away = stood_in_for(member)
    in_their_place = Q(implementer__member__in=away) | Q(verifier__member__in=away)
    waiting = Q(pk__in=waiting_for(member, in_force).values("pk")) | Q(agreed_by__member=member.pk)
    return everything.filter(mine(member) | in_their_place | watched | named | said | waiting)


def at_work() -> QuerySet[Person]:
    """People who work here."""
    return Person.objects.exclude(status=Person.Status.LEFT)


def workers(*kept: Any) -> QuerySet[Person]:
    """Who may be named to carry out or review a change: all who work here but those whose role only reads; and who is named.

    For somebody without an account whoever runs changes says that it was carried out.
    """
    able = Q(member=None) | holding(WORK, "member__")
    return at_work().filter(able | Q(pk__in=kept))


def why_no_worker(person: Person) -> str:
    """Why somebody cannot be named to carry out or review a change; empty when they can."""
    if person.member is None or person.member.can(WORK):
        return ""
    return f"{person.name} can neither carry out nor review a change: their role only reads. Choose somebody else."


def reviewer_of(change: Change) -> Person | None:
    """Who reviews it: whoever is named, else who asked for it. Of what is grave nobody with another part in it."""
    person: Person | None = change.verifier or change.requester
    if person is None or not change.is_grave:
        return person
    raised = person.member_id is not None and person.member_id == change.raised_by_id
    return None if raised or person.pk in {change.requester_id, change.implementer_id} else person


def is_requester(actor: Actor, change: Change) -> bool:
    """Whether the actor asked for it, or raised it."""
    if not isinstance(actor, Member):
        return False
    return change.raised_by_id == actor.pk or _is(actor, change.requester)


def is_implementer(actor: Actor, change: Change) -> bool:
    """Whether the actor carries it out; while nobody is named, that is whoever asked for it."""
    if change.implementer_id is None:
        return is_requester(actor, change)
    return _is(actor, change.implementer)


def is_verifier(actor: Actor, change: Change) -> bool:
    """Whether the actor reviews it; while nobody is named, that is whoever asked for it."""
    if change.verifier_id is None:
        return is_requester(actor, change)
    return _is(actor, change.verifier)


def may_run(actor: Actor) -> bool:
    """Whether the actor runs changes, those of others too; the product itself does."""
    return isinstance(actor, System) or actor.can(RUN)


def may_own(actor: Actor, change: Change) -> bool:
    """Whether the actor may submit, edit, withdraw and rework it."""
    return may_run(actor) or (actor.can(RAISE) and is_requester(actor, change))


def may_carry_out(actor: Actor, change: Change) -> bool:
    """Whether the actor may say that it was carried out, failed, or was rolled back; also as deputy of who carries it out."""
    if may_run(actor):
        return True
    return actor.can(WORK) and (is_implementer(actor, change) or deputises(actor, change.implementer))


def may_verify(actor: Actor, change: Change) -> bool:
    """Whether the actor may review and close it; also as deputy of who reviews it."""
    if may_run(actor):
        return True
    return actor.can(WORK) and (is_verifier(actor, change) or deputises(actor, change.verifier))


def may_work(actor: Actor, change: Change) -> bool:
    """Whether the actor has a part in it, or runs changes."""
    return may_own(actor, change) or may_carry_out(actor, change) or may_verify(actor, change)


def may_edit(actor: Actor, change: Change) -> bool:
    """Whether the actor may edit what is written about it now."""
    return not change.is_over and change.status != Change.Status.REVIEWED and may_own(actor, change)


def is_carried_out(change: Change) -> bool:
    """Whether somebody carried it out, or tried: who that was is not rewritten, as others review it and approve it in writing."""
    return change.implemented_at is not None or change.status in {*ATTEMPTED, Change.Status.REVIEWED}


def is_frozen(change: Change) -> bool:
    """Whether its bound fields stay as they were approved.

    What was carried out is not rewritten; an emergency is written down until somebody has approved it in writing.
    """
    unwritten = change.type == Change.Type.EMERGENCY and change.written_at is None
    return change.is_over or (is_carried_out(change) and not unwritten)


def deputises(actor: Actor, person: Person | None) -> bool:
    """Whether the actor stands in today for somebody who is away. Separation of duties is judged on the actor all the same."""
    return isinstance(actor, Member) and person is not None and stands_in(actor, person.member_id)


def _is(actor: Actor, person: Any) -> bool:
    return isinstance(actor, Member) and person is not None and person.member_id == actor.pk
