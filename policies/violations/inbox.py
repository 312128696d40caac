"""What of violations waits for a member."""

from collections.abc import Iterator

from django.db.models import Count, Min, QuerySet
from django.urls import reverse

from accounts.models import Member
from policies.models import Violation
from policies.rights import ACKNOWLEDGE
from policies.violations.rights import VIOLATIONS
from workflow.inbox import SHOWN, InboxEntry, Rows, beyond, named


def waiting(member: Member) -> Iterator[InboxEntry]:
    """Those that are with a member; and for those who report them, what is with nobody."""
    today = member.organization.today()
    rows = theirs(member)
    for one in rows[:SHOWN]:
        title = f"{one.reference}: {one.title}"
        yield InboxEntry(title, one.get_absolute_url(), "the violation is with you", one.due_on, overdue=one.is_late(today))
    yield from beyond(rows, "violations to put right", f"{reverse('policies:violations')}?whose=me&state=open", today)
    if member.can(VIOLATIONS):
        found = nobodys().aggregate(count=Count("pk"), first=Min("reference"), due=Min("due_on"))
        if count := found["count"]:
            title = f"{named(found['first'], count)} {'is' if count == 1 else 'are'} with nobody"
            url = f"{reverse('policies:violations')}?whose=nobody&state=open"
            due = found["due"]
            why = "you report violations"
            yield InboxEntry(title, url, why, due, overdue=due < today, count=count, delegable=False)


def about(member: Member) -> Rows:
    """The rows behind `waiting`."""
    yield theirs(member)
    if member.can(VIOLATIONS):
        yield nobodys()


def theirs(member: Member) -> QuerySet[Violation]:
    """Open ones that are with a member, the first day first."""
    found = Violation.objects.filter(status=Violation.Status.OPEN, owner__member=member.pk).order_by("due_on", "pk")
    return found if member.can(ACKNOWLEDGE) else found.none()


def nobodys() -> QuerySet[Violation]:
    """Open ones that are with nobody."""
    return Violation.objects.filter(status=Violation.Status.OPEN, owner=None)
