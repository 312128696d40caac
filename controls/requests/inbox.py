"""What of the request list waits for a member."""

from collections.abc import Iterator

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Member
from controls.models import AuditRequest
from controls.models.request import WITH_TEAM
from controls.requests.rights import JUDGE, RUN, mine
from workflow.inbox import SHOWN, InboxEntry, Rows, beyond, named

_TEAM = Q(status__in=WITH_TEAM)


def waiting(member: Member) -> Iterator[InboxEntry]:
    """One's own to answer; for the auditor what is submitted; for who runs the list what nobody has."""
    today = member.organization.today()
    if member.can("occurrences.perform"):
        own = AuditRequest.objects.filter(_TEAM, mine(member)).order_by("due_on", "place")
        shown = list(own[:SHOWN])
        for one in shown:
            returned = "the auditor returned it to you" if one.status == AuditRequest.Status.RETURNED else "it is with you"
            late = one.due_on is not None and one.due_on < today
            yield InboxEntry(f"{one.reference}: {one.title}", one.get_absolute_url(), returned, one.due_on, overdue=late)
        if len(shown) == SHOWN:
            yield from beyond(own, "auditor's requests", _list(whose="me"), today)
    judges, runs = member.can(JUDGE), member.can(RUN)
    if not (judges or runs):
        return
    submitted, nobodys = Q(status=AuditRequest.Status.SUBMITTED), _TEAM & Q(assignee=None)
    found = AuditRequest.objects.order_by().aggregate(
        submitted=Count("pk", filter=submitted),
        given=Min("reference", filter=submitted),
        nobodys=Count("pk", filter=nobodys),
        nobody=Min("reference", filter=nobodys),
        due=Min("due_on", filter=nobodys),
    )
    if judges and (count := found["submitted"]):
        title = f"{named(found['given'], count)} {'was' if count == 1 else 'were'} submitted to you"
        url = _list(state="submitted")
        yield InboxEntry(title, url, "you accept or return what is given", None, count=count, delegable=False)
    if runs and (count := found["nobodys"]):
        title = f"{named(found['nobody'], count)} {'is' if count == 1 else 'are'} with nobody"
        due, url = found["due"], _list(whose="nobody", state="team")
        late = due is not None and due < today
        yield InboxEntry(title, url, "you run the request list", due, overdue=late, count=count, delegable=False)


def about(member: Member) -> Rows:
    """The rows behind `waiting`."""
    if member.can("occurrences.perform"):
        yield AuditRequest.objects.filter(_TEAM, mine(member))
    if member.can(JUDGE):
        yield AuditRequest.objects.filter(status=AuditRequest.Status.SUBMITTED)
    if member.can(RUN):
        yield AuditRequest.objects.filter(_TEAM, assignee=None)


def _list(**chosen: str) -> str:
    return f"{reverse('controls:request-list')}?{urlencode(chosen)}"
