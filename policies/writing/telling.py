"""Mail about versions of policies, and what of them waits for a member."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.models import Member
from audit.actors import Actor
from policies.models import Policy, PolicyVersion
from policies.rights import APPROVE, WRITE, approvers_of, to_approve
from workflow.inbox import InboxEntry, Rows
from workflow.outbox import queue_mail

SHOWN = 50
AHEAD = dt.timedelta(days=30)
Status = PolicyVersion.Status


def tell_submitted(version: PolicyVersion, actor: Actor) -> None:
    """Tell those who may approve it."""
    lines = [f"{actor.name} put it before those who approve policies."]
    if version.change_note:
        lines.append(f"What is different: {version.change_note}")
    tell(approvers_of(version), version, "waits for approval", lines, key=f"submitted:{version.submitted_at}", but=actor)


def tell_returned(version: PolicyVersion, actor: Actor) -> None:
    """Tell whoever wrote it."""
    lines = [f"{actor.name} returned it: {version.returned_reason}"]
    tell([version.author], version, "was returned", lines, key=f"returned:{version.returned_at}", but=actor)


def tell_approved(version: PolicyVersion, actor: Actor) -> None:
    """Tell whoever wrote it, and who submitted it: it can be published."""
    people = {one.pk: one for one in (version.author, version.submitted_by) if one is not None}
    lines = ["It comes into force on the day that is chosen for it."]
    tell(people.values(), version, "is approved", lines, key=f"approved:{version.approved_at}", but=actor)


def tell(members: Iterable[Member], version: PolicyVersion, what: str, lines: Iterable[str], *, key: str, but: Actor) -> None:
    """One mail each, not to whoever did it. `what` completes "Access control, version 2 ..."."""
    text = "\n".join([str(version), *lines, "", f"{settings.PLUMBLINE_BASE_URL}{version.get_absolute_url()}"])
    for member in members:
        if member.is_active and member.pk != but.id:
            subject = f"{version} {what}"
            queue_mail(to=member.email, subject=subject, text=text, key=f"policy_version:{version.pk}:{key}:{member.pk}")


def waiting(member: Member) -> Iterator[InboxEntry]:
    """Versions to approve; drafts of theirs; approved ones without a day; policies that are to be looked at again."""
    today = member.organization.today()
    for version in to_approve(member).select_related("policy").order_by("submitted_at")[:SHOWN]:
        yield InboxEntry(f"{version} waits for approval", version.get_absolute_url(), "you may approve it", delegable=False)
    for version in drafts_of(member)[:SHOWN]:
        state = "was returned" if version.returned_reason else "is to be finished"
        yield InboxEntry(f"{version} {state}", version.get_absolute_url(), "you write it")
    for version in unpublished(member)[:SHOWN]:
        title = f"{version} is approved: choose from when it holds"
        yield InboxEntry(title, version.get_absolute_url(), "you publish policies", delegable=False)
    for policy in to_review(member, today)[:SHOWN]:
        due = policy.next_review_on
        title = f"{policy} is to be reviewed"
        yield InboxEntry(title, policy.get_absolute_url(), "it is yours", due, overdue=policy.is_overdue(today))


def about(member: Member) -> Rows:
    """The rows behind `waiting`."""
    if member.can(APPROVE):
        yield to_approve(member)
    yield drafts_of(member)
    if member.can(WRITE):
        yield unpublished(member)
    yield to_review(member, member.organization.today())


def drafts_of(member: Member) -> QuerySet[PolicyVersion]:
    """Versions that a member writes."""
    drafts = PolicyVersion.objects.filter(author=member.pk, status=Status.DRAFT, policy__status=Policy.Status.ACTIVE)
    return drafts.order_by("begun_at", "pk")


def unpublished(member: Member) -> QuerySet[PolicyVersion]:
    """Approved ones for which nobody has chosen a day, for those who publish."""
    approved = PolicyVersion.objects.filter(status=Status.APPROVED, effective_on=None).order_by("approved_at", "pk")
    return approved if member.can(WRITE) else approved.none()


def to_review(member: Member, today: dt.date) -> QuerySet[Policy]:
    """Policies of theirs whose day to be looked at again is near or past, while no version of them is under way."""
    theirs = Q(owner__member=member.pk) | Q(owner=None) if member.can(WRITE) else Q(owner__member=member.pk)
    due = Policy.objects.filter(theirs, status=Policy.Status.ACTIVE, next_review_on__lte=today + AHEAD)
    busy = PolicyVersion.objects.filter(status__in=[Status.DRAFT, Status.IN_REVIEW, Status.APPROVED])
    return due.exclude(pk__in=busy.values("policy")).order_by("next_review_on", "pk")
