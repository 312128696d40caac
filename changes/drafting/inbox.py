"""What of drafts and templates waits for a member."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q, QuerySet

from accounts.models import Member
from changes.models import ChangeTemplate
from workflow.inbox import InboxEntry, Rows

SHOWN = 50


def waiting(member: Member) -> Iterator[InboxEntry]:
    """Templates to approve that others wrote, and one's own whose approval has ended."""
    today = member.organization.today()
    for one in _wanted(member, today).order_by("expires_on", "title")[:SHOWN]:
        if one.status == ChangeTemplate.Status.SUBMITTED:
            title = f"Template “{one.title}” waits for approval"
            yield InboxEntry(title, one.get_absolute_url(), "you approve changes", None, delegable=False)
        else:
            title, why = f"Template “{one.title}”: its approval has ended", "you wrote it"
            yield InboxEntry(title, one.get_absolute_url(), why, one.expires_on, overdue=True)


def about(member: Member) -> Rows:
    """The rows behind `waiting`."""
    yield _wanted(member, member.organization.today())


def _wanted(member: Member, today: dt.date) -> QuerySet[ChangeTemplate]:
    approves, runs = member.can("changes.approve"), member.can("changes.write")
    wanted = Q(pk__in=[])
    if approves:
        wanted |= Q(status=ChangeTemplate.Status.SUBMITTED) & ~Q(written_by=member.pk) & ~Q(writer_person__member=member.pk)
    if runs:
        wanted |= Q(status=ChangeTemplate.Status.APPROVED, expires_on__lt=today, written_by=member.pk)
    return ChangeTemplate.objects.filter(wanted)
