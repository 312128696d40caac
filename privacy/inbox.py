"""What of privacy waits for a member, and what they are reminded of."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import Q, QuerySet

from accounts.models import Member
from privacy.models import PENDING, EndedCustomer, RequestTask, SubjectRequest
from privacy.rights import SUBJECTS, WRITE
from workflow.inbox import SHOWN, InboxEntry, Rows
from workflow.reminding import Due, Reminding

REMINDING = Reminding("Data and privacy", "privacy.remind", (7, 3, 1))


def _tasks(member: Member) -> QuerySet[RequestTask]:
    rows = RequestTask.objects.filter(owner__member_id=member.pk, status=RequestTask.Status.OPEN)
    return rows.filter(request__status__in=PENDING).select_related("request")


def _requests(member: Member) -> QuerySet[SubjectRequest]:
    """Those that are with a member, and those of nobody for everybody who answers them."""
    whose = Q(owner__member_id=member.pk) | Q(owner=None) | Q(owner__member=None)
    rows = SubjectRequest.objects.filter(whose, status__in=PENDING)
    return rows if member.can(SUBJECTS) else rows.none()


def _cases(member: Member) -> QuerySet[EndedCustomer]:
    whose = Q(owner__member_id=member.pk) | Q(owner=None) | Q(owner__member=None)
    rows = EndedCustomer.objects.filter(whose, status=EndedCustomer.Status.OPEN)
    return rows if member.can(WRITE) else rows.none()


def waiting(member: Member) -> Iterator[InboxEntry]:
    """Tasks of requests, requests to be answered, and customers whose data has to go."""
    today = member.organization.today()
    for task in _tasks(member).order_by("due_on", "pk")[:SHOWN]:
        title = f"{task.request.reference}: {task.title}"
        yield InboxEntry(title, task.get_absolute_url(), "the task is with you", task.due_on, overdue=task.due_on < today)
    for one in _requests(member).order_by("due_on", "pk")[:SHOWN]:
        title = f"{one.reference}: {one.get_kind_display().lower()}"
        why = "you answer it" if one.owner_id else "nobody has it"
        yield InboxEntry(title, one.get_absolute_url(), why, one.due_on, overdue=one.due_on < today)
    for case in _cases(member).order_by("due_on", "pk")[:SHOWN]:
        title = f"{case.reference}: the data of {case.name}"
        why = "the case is with you" if case.owner_id else "nobody has the case"
        yield InboxEntry(title, case.get_absolute_url(), why, case.due_on, overdue=case.due_on < today)


def about(member: Member) -> Rows:
    """What of it there is."""
    return [_tasks(member), _requests(member), _cases(member)]


def due(_today: dt.date) -> Iterable[Due]:
    """What is with somebody and due."""
    for model, pending in ((RequestTask, "open"), (EndedCustomer, "open")):
        rows = model.objects.filter(status=pending).exclude(owner__member=None)
        for one in rows.select_related("owner"):
            yield Due(one.owner.member_id, one, one.due_on)
    for request in SubjectRequest.objects.filter(status__in=PENDING).exclude(owner__member=None).select_related("owner"):
        yield Due(request.owner.member_id, request, request.due_on)
