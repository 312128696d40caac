"""Who may ask for the reset of a factor, see it, decide on it and stop it; and why not, in a sentence."""

from django.db.models import QuerySet

from accounts.actions.members import must_be_ours_to_reset
from accounts.giving import ADMINISTER, out_of_reach
from accounts.models import Member
from audit.actors import Actor
from tenancy.models import current_organization
from ui.refusals import ActionRefused
from workflow.models import FactorReset

ALONE = (
    "It takes two administrators beside the person, one who asks and one who confirms, and there are not enough here."
    " Give somebody else that role, or ask the operator of the installation: on its host, "
    "bin/manage reset_factor does it, and the trail says so."
)


def why_not_ask(member: Member, actor: Actor) -> str:
    """Why this actor cannot ask for the reset of this member's factor; empty if they can."""
    found = _why_not_ours(member, actor)
    return found or ("" if second_administrators(member, beside=actor) else ALONE)


def _why_not_ours(member: Member, actor: Actor) -> str:
    try:
        must_be_ours_to_reset(member, actor=actor)
    except ActionRefused as refusal:
        return refusal.sentence
    return ""


def visible_to(member: Member) -> QuerySet[FactorReset]:
    """Those of everybody for who may see the members, else one's own."""
    everything = FactorReset.objects.select_related(
        "member__user", "asked_by__user", "asked_by__organization", "decided_by__user", "member__organization"
    )
    return everything if member.can("members.read") else everything.filter(member=member)


def second_administrators(member: Member, *, beside: Actor) -> list[Member]:
    """Those who could confirm what `beside` asks for `member`: all others who administer members, by whatever role."""
    here = Member.objects.active().of(current_organization()).able(ADMINISTER).select_related("user", "organization")
    return [one for one in here.exclude(pk__in=[member.pk, beside.id]) if not out_of_reach(one, member)]


def why_not_decide(reset: FactorReset, actor: Actor) -> str:
    """Why this actor neither confirms nor refuses it now; empty if they may."""
    if not actor.can(ADMINISTER):
        return "A second administrator decides on it."
    if not reset.is_open:
        return "Nothing waits to be decided here any more."
    if actor.id == reset.asked_by_id:
        return "You asked for it, so another administrator decides on it."
    if actor.id == reset.member_id:
        return "It is about you, so another administrator decides on it."
    return ""


def why_not_confirm(reset: FactorReset, actor: Actor) -> str:
    """As `why_not_decide`; also that whoever asked for it, or the person, is not any more what they were then."""
    if found := why_not_decide(reset, actor):
        return found
    if not reset.asked_by.can(ADMINISTER):
        return "Whoever asked for it is no administrator any more. Refuse it, or ask for it anew."
    return _why_not_ours(reset.member, actor)


def may_stop(reset: FactorReset, actor: Actor) -> bool:
    """Whether it waits and is about this actor, or is what they asked for."""
    return reset.is_open and actor.id in {reset.member_id, reset.asked_by_id}
