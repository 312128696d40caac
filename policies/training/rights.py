"""Who sees which training."""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Member
from audit.actors import Actor
from policies.models import Course, TrainingRecord
from ui.refusals import ActionRefused

READ, WRITE = "training.read", "training.write"
# What people took and have to take is their own to see, whatever their role.
EVERYBODY = "home.read"


def authorise(actor: Actor) -> None:
    """Raise ActionRefused for whoever does not record training."""
    if not actor.can(WRITE):
        raise ActionRefused("Your role does not allow this.")


def member_of(actor: Actor) -> Member | None:
    """Who acts, where it is a member."""
    return actor if isinstance(actor, Member) else None


def records_visible_to(member: Any) -> QuerySet[TrainingRecord]:
    """All for those who read training; else their own, without what was withdrawn."""
    everything = TrainingRecord.objects.select_related("person", "course", "certificate__file")
    if member.can(READ):
        return everything
    return everything.filter(person__member=member.pk, status=TrainingRecord.Status.CURRENT)


def courses_visible_to(member: Any) -> QuerySet[Course]:
    """All for those who read training; else those in use, and those they took."""
    if member.can(READ):
        return Course.objects.all()
    theirs = TrainingRecord.objects.filter(person__member=member.pk, status="current").values("course")
    return Course.objects.filter(Q(status=Course.Status.ACTIVE) | Q(pk__in=theirs))
