"""What of drafts and templates waits for a member."""

from collections.abc import Iterator

from django.db.models import Q

from accounts.models import Member
from changes.models import ChangeTemplate
from workflow.inbox import InboxEntry

SHOWN = 50


def waiting(member: Member) -> Iterator[InboxEntry]:
    """Templates to approve that others wrote, and one's own whose approval has ended."""
    today = member.organization.today()
    approves, runs = member.can("changes.approve"), member.can("changes.write")
    if not (approves or runs):
        return
    wanted = Q(pk__in=[])
    if approves:
        wanted |= Q(status=ChangeTemplate.Status.SUBMITTED) & ~Q(written_by=member.pk) & ~Q(writer_person__member=member.pk)
    if runs:
        wanted |= Q(status=ChangeTemplate.Status.APPROVED, expires_on__lt=today, written_by=member.pk)
    for one in ChangeTemplate.objects.filter(wanted).order_by("expires_on", "title")[:SHOWN]:
        if one.status == ChangeTemplate.Status.SUBMITTED:
            title = f"Template “{one.title}” waits for approval"
            yield InboxEntry(title, one.get_absolute_url(), "you approve changes", None, delegable=False)
        else:
            title, why = f"Template “{one.title}”: its approval has ended", "you wrote it"
            yield InboxEntry(title, one.get_absolute_url(), why, one.expires_on, overdue=True)
