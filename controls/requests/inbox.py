"""What of the request list waits for a member."""

from collections.abc import Iterator

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Member
from controls.models import AuditRequest
from controls.models.request import WITH_TEAM
from controls.requests.rights import JUDGE, RUN, mine
from workflow.inbox import InboxEntry

SHOWN = 50
_TEAM = Q(status__in=WITH_TEAM)


def waiting(member: Member) -> Iterator[InboxEntry]:
    """One's own to answer; for the auditor what is submitted; for who runs the list what nobody has."""
    today = member.organization.today()
    if member.can("occurrences.perform"):
        for one in AuditRequest.objects.filter(_TEAM, mine(member)).order_by("due_on", "place")[:SHOWN]:
            returned = "the auditor returned it to you" if one.status == AuditRequest.Status.RETURNED else "it is with you"
            late = one.due_on is not None and one.due_on < today
            yield InboxEntry(f"{one.reference}: {one.title}", one.get_absolute_url(), returned, one.due_on, overdue=late)
    judges, runs = member.can(JUDGE), member.can(RUN)
    if not (judges or runs):
        return
    submitted, nobodys = Q(status=AuditRequest.Status.SUBMITTED), _TEAM & Q(assignee=None)
    found = AuditRequest.objects.order_by().aggregate(
        submitted=Count("pk", filter=submitted), nobodys=Count("pk", filter=nobodys), due=Min("due_on", filter=nobodys)
    )
    if judges and (count := found["submitted"]):
        title = "A request was submitted to you" if count == 1 else f"{count:,} requests were submitted to you"
        yield InboxEntry(title, _list(state="submitted"), "you accept or return what is given", None, count=count)
    if runs and (count := found["nobodys"]):
        title = "An auditor's request is with nobody" if count == 1 else f"{count:,} auditor's requests are with nobody"
        due = found["due"]
        late = due is not None and due < today
        yield InboxEntry(title, _list(whose="nobody", state="team"), "you run the request list", due, overdue=late, count=count)


def _list(**chosen: str) -> str:
    return f"{reverse('controls:request-list')}?{urlencode(chosen)}"
