"""Mail about reviews, and what of them waits for a member."""

from collections.abc import Iterable, Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Member
from audit.actors import Actor
from incidents.models import Incident, IncidentReview
from incidents.reporting.mail import on_it, tell
from incidents.reviewing.rights import APPROVE, approvers_of, to_approve
from incidents.rights import RUN, WORK, visible_to
from ui.values import spelled
from workflow.inbox import InboxEntry, Rows

SHOWN = 50
Status = IncidentReview.Status


def tell_submitted(review: IncidentReview, actor: Actor, members: Iterable[Member] | None = None) -> None:
    """Tell those who may approve it, or those of them who may from now on."""
    due = review.incident.review_due_on
    lines = [f"{review.author.name} wrote its review.", *([f"It is due on {spelled(due)}."] if due else [])]
    key = f"review:{review.pk}:submitted:{review.submitted_at}"
    told = approvers_of(review) if members is None else members
    tell(review.incident, told, what="has a review to approve", lines=lines, key=key, but=actor)


def tell_returned(review: IncidentReview, actor: Actor) -> None:
    """Tell whoever wrote it."""
    lines = [f"{actor.name} returned its review: {review.returned_reason}"]
    key = f"review:{review.pk}:returned:{review.returned_at}"
    tell(review.incident, [review.author], what="has a review that was returned", lines=lines, key=key, but=actor)


def tell_approved(review: IncidentReview, actor: Actor) -> None:
    """Tell whoever wrote it, and those on the incident: it can be closed."""
    people = {member.pk: member for member in [review.author, *on_it(review.incident)]}
    lines = [f"{actor.name} approved version {review.number}.", "The incident can be closed once nothing else is missing."]
    key = f"review:{review.pk}:approved"
    tell(review.incident, people.values(), what="has an approved review", lines=lines, key=key, but=actor)


def waiting(member: Member) -> Iterator[InboxEntry]:
    """Reviews to approve; returned and unfinished ones of theirs; those that are to be written."""
    today = member.organization.today()
    for review in to_approve(member).select_related("incident").order_by("submitted_at")[:SHOWN]:
        due = review.incident.review_due_on
        late = due is not None and due < today
        title = f"{_named(review.incident)}: its review waits for approval"
        yield InboxEntry(title, review.get_absolute_url(), "you may approve it", due, overdue=late, delegable=False)
    for review in drafts_of(member).select_related("incident")[:SHOWN]:
        due = review.incident.review_due_on
        title = f"{_named(review.incident)}: its review {'was returned' if review.returned_reason else 'is to be finished'}"
        late, shared = due is not None and due < today, not review.incident.confidential
        yield InboxEntry(title, review.get_absolute_url(), "you write it", due, overdue=late, delegable=shared)
    for incident in to_write(member).order_by("review_due_on")[:SHOWN]:
        due = incident.review_due_on
        url = f"{incident.get_absolute_url()}#review"
        why = "it was yours" if incident.assigned_to_id == member.pk else "you run incidents"
        title = f"{_named(incident)}: its review is to be written"
        late, shared = due is not None and due < today, not incident.confidential
        yield InboxEntry(title, url, why, due, overdue=late, delegable=shared)


def about(member: Member) -> Rows:
    """The rows behind `waiting`."""
    if member.can(APPROVE):
        yield to_approve(member)
    if member.can(WORK):
        yield drafts_of(member)
        yield to_write(member)


def drafts_of(member: Member) -> QuerySet[IncidentReview]:
    """Versions that a member writes."""
    seen = visible_to(member).values("pk")
    return IncidentReview.objects.filter(author=member.pk, status=Status.DRAFT, incident__in=seen).order_by("begun_at", "pk")


def to_write(member: Member) -> QuerySet[Incident]:
    """Incidents whose review nobody has begun: of whose they were, and of nobody's those who run incidents."""
    begun = IncidentReview.objects.filter(incident=OuterRef("pk"), reopened__gte=OuterRef("times_reopened"))
    writing = IncidentReview.objects.filter(incident=OuterRef("pk"), status__in=[Status.DRAFT, Status.SUBMITTED])
    theirs = Q(assigned_to=member.pk) | (Q(assigned_to=None) if member.can(RUN) else Q(pk__in=[]))
    due = visible_to(member).filter(theirs, status=Incident.Status.RESOLVED, review_due_on__isnull=False)
    return due.exclude(Exists(begun.filter(status=Status.APPROVED))).exclude(Exists(writing))


def _named(incident: Incident) -> str:
    return f"{incident.reference}, which is confidential" if incident.confidential else f"{incident.reference} {incident.title}"
