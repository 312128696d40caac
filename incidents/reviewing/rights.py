"""Who may approve the review of an incident."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from accounts.models import Member
from audit.actors import Actor
from incidents.models import Incident, IncidentReview
from incidents.rights import may_see, visible_to
from tenancy.scope import current_tenant_id

APPROVE = "incidents.approve"


def is_involved(actor: Actor, review: IncidentReview, incident: Incident) -> bool:
    """Whether the actor wrote it, submitted it, or had the incident."""
    return actor.id in {review.author_id, review.submitted_by_id, review.responsible_id, incident.assigned_to_id} - {None}


def may_approve(actor: Actor, review: IncidentReview, incident: Incident) -> bool:
    """Whether the actor approves reviews, sees this incident and is not involved."""
    return actor.can(APPROVE) and may_see(actor, incident) and not is_involved(actor, review, incident)


def may_lower(actor: Actor, incident: Incident) -> bool:
    """Whether the actor would approve a review of it, and had no hand in it: neither reported, nor led, nor resolved it."""
    if not isinstance(actor, Member) or not actor.can(APPROVE) or not may_see(actor, incident):
        return False
    if actor.pk in {incident.reported_by_id, incident.assigned_to_id, incident.commander_id, incident.scribe_id}:
        return False
    if incident.times.filter(recorded_by=actor.pk).exists():
        return False
    return not any(is_involved(actor, review, incident) for review in incident.reviews.all())


def approvers_of(review: IncidentReview) -> Iterator[Member]:
    """Everybody who may approve it."""
    return (member for member in _uninvolved(review) if may_see(member, review.incident))


def outside(review: IncidentReview) -> list[Member]:
    """Those who would approve it, did they see the incident: they have to be put into its team first."""
    return [member for member in _uninvolved(review) if not may_see(member, review.incident)]


def who_approves(review: IncidentReview, *involved: Member) -> str:
    """Who may approve it, by name, without those `involved` too; or what has to happen before anybody can."""
    left_out = {member.pk for member in involved}
    if names := [member.name for member in approvers_of(review) if member.pk not in left_out]:
        return f"May approve it, and {'is' if len(names) == 1 else 'are'} told: {', '.join(names)}."
    if outside(review):
        return "Nobody who approves reviews sees this confidential incident: one has to be added, on the review's page."
    return "Nobody may approve it: that takes somebody who approves reviews, and neither wrote it nor had the incident."


def _uninvolved(review: IncidentReview) -> Iterator[Member]:
    members = Member.objects.active().able(APPROVE).filter(organization_id=current_tenant_id())
    for member in members.select_related("user", "organization"):
        if not is_involved(member, review, review.incident):
            yield member


def to_approve(member: Member) -> QuerySet[IncidentReview]:
    """Reviews that wait for a member's approval."""
    waiting = IncidentReview.objects.filter(status=IncidentReview.Status.SUBMITTED, incident__in=visible_to(member).values("pk"))
    involved = Q(author=member.pk) | Q(submitted_by=member.pk) | Q(responsible=member.pk) | Q(incident__assigned_to=member.pk)
    return waiting.exclude(involved) if member.can(APPROVE) else waiting.none()
