"""Who may see and work on a risk, and who is independent enough to accept it or approve an assessment."""

import uuid
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Member
from audit.actors import Actor
from audit.models import AuditEvent
from evidence.tables.text import email_key
from inventory.models import Person
from risks.models import Risk, RiskAssessment, RiskRating, RiskTask
from ui.refusals import ActionRefused
from workflow.absences.standing import stands_in, stood_in_for

READ, WORK, WRITE, APPROVE = "risks.read", "risks.work", "risks.write", "risks.approve"
# Whoever a risk or a task of it is with sees it, whatever their role; `visible_to` decides what each may see.
EVERYBODY = "home.read"
HAD, HAD_PERSON = "was_with", "was_with_person"  # in the event of handing on: the ids of the member and the person who had it
PREPARING = ("risk_assessment.begin", "risk_assessment.edit", "risk_assessment.submit")


def mine(member: Any) -> Q:
    """Those that are with this member."""
    return Q(owner__member_id=member.id)


def within_reach(member: Any) -> Q:
    """Those that are with this member or with somebody for whom they stand in today, or of which they have a task."""
    task = RiskTask.objects.filter(Q(owner__member_id=member.id) | Q(owner__member__in=stood_in_for(member)), risk=OuterRef("pk"))
    return mine(member) | Q(owner__member__in=stood_in_for(member)) | Q(Exists(task))


def may_see_all(member: Any) -> bool:
    """Whether a member sees every risk rather than their own."""
    return bool(member.can(READ))


def visible_to(member: Any) -> QuerySet[Risk]:
    """The risks that a member may see, with whom they are with and their scale."""
    everything = Risk.objects.select_related("owner", "scale")
    return everything if may_see_all(member) else everything.filter(within_reach(member))


def is_owner(actor: Actor, owner: Person) -> bool:
    """Whether a person of the roster is this actor: by their account, or by their e-mail where none is linked."""
    if actor.id is None:
        return False
    return owner.member_id == actor.id or (owner.member_id is None and owner.email_key == email_key(actor.email) != "")


def may_work(actor: Actor, owner: Person) -> bool:
    """Whether somebody may work on what is with `owner`: they, their deputy while they are away, who keeps the register."""
    if actor.can(WRITE):
        return True
    return actor.can(WORK) and (is_owner(actor, owner) or stands_in(actor, owner.member_id))


def authorise(actor: Actor, owner: Person) -> None:
    """Raise ActionRefused unless the actor may work on what is with `owner`."""
    if not may_work(actor, owner):
        raise ActionRefused("This is for whoever it is with and for those who keep the register of risks.")


def for_keepers(actor: Actor) -> None:
    """Raise ActionRefused unless the actor keeps the register."""
    if not actor.can(WRITE):
        raise ActionRefused("Your role does not allow this.")


def handed_on(had: Person) -> dict[str, str]:
    """What the event of handing a risk on keeps of who had it."""
    return {HAD: str(had.member_id or ""), HAD_PERSON: str(had.pk)}


def why_not_accept(actor: Actor, risk: Risk) -> str:
    """Why this actor may not accept a risk by name; empty when they may.

    Nobody accepts what is or was with them, or on a rating that is their own, given for whomever it is with.
    """
    if is_owner(actor, risk.owner):
        return "The risk is with you: somebody else has to accept it."
    if actor.id is not None and risk.rated_by_id == actor.id:
        return "It stands as you rated it: somebody else has to accept it."
    if _had(actor, risk):
        return "The risk was with you: somebody else has to accept it."
    return ""


def _had(actor: Actor, risk: Risk) -> bool:
    """Whether it was ever with this actor, by their account or by a person of the roster that is theirs."""
    events = AuditEvent.objects.filter(object_id=risk.pk, verb="risk.edit")
    handed = [noted for event in events if (noted := event.data.get("metadata") or {}).keys() & {HAD, HAD_PERSON}]
    if actor.id is None or not handed:
        return False
    key = email_key(actor.email)
    theirs = Q(member_id=actor.id) | (Q(member=None, email_key=key) if key else Q())
    people = {str(person) for person in Person.objects.filter(theirs).values_list("pk", flat=True)}
    return any(noted.get(HAD) == str(actor.id) or noted.get(HAD_PERSON) in people for noted in handed)


def why_not_approve(actor: Actor, assessment: RiskAssessment) -> str:
    """Why this actor may not approve an assessment; empty when they may.

    Nobody approves what they had a part in preparing, or what rests on ratings or treatments of their own.
    """
    if actor.id is None:
        return "A person has to approve it."
    this = RiskAssessment.objects.filter(pk=assessment.pk)
    if this.filter(wrote(actor.id)).exists():
        return "You had a part in preparing it: somebody else has to approve it."
    if this.filter(rests_on(actor.id)).exists():
        return "A rating or a treatment in it is yours: somebody else has to approve it."
    return ""


def wrote(member_id: uuid.UUID) -> Q:
    """Assessments that a member began, ever wrote on or ever submitted."""
    return Q(Exists(AuditEvent.objects.filter(object_id=OuterRef("pk"), verb__in=PREPARING, actor_id=member_id)))


def rests_on(member_id: uuid.UUID) -> Q:
    """Assessments in which, as they were submitted, the rating or the treatment of a risk that was not closed is a member's."""
    submitted, whole = OuterRef("submitted_at"), OuterRef(OuterRef("submitted_at"))
    rated_again = RiskRating.objects.filter(risk=OuterRef("risk_id"), number__gt=OuterRef("number"), rated_at__lte=whole)
    ratings = RiskRating.objects.filter(rated_by=member_id, rated_at__lte=submitted)
    ratings = ratings.filter(Q(risk__closed_at=None) | Q(risk__closed_at__gt=submitted)).filter(~Exists(rated_again))
    treats = AuditEvent.objects.filter(verb="risk.treat")
    treated_again = treats.filter(object_id=OuterRef("object_id"), at__gt=OuterRef("at"), at__lte=whole)
    pending = Risk.objects.filter(Q(closed_at=None) | Q(closed_at__gt=whole), pk=OuterRef("object_id"))
    treated = treats.filter(Exists(pending), ~Exists(treated_again), actor_id=member_id, at__lte=submitted)
    return Q(Exists(ratings)) | Q(Exists(treated))


def member_of(actor: Actor) -> Member | None:
    """The actor, where it is a person."""
    return actor if isinstance(actor, Member) else None
