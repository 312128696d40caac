"""What of the findings waits for a member."""

from collections.abc import Iterator

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Member
from controls.findings.rights import mine
from controls.models import Finding
from controls.models.finding import PENDING
from workflow.inbox import SHOWN, InboxEntry, Rows, beyond, named

_TO_DO = Q(status__in=[Finding.Status.OPEN, Finding.Status.IN_REMEDIATION])
_RETEST = Q(status=Finding.Status.READY_FOR_RETEST)


def waiting(member: Member) -> Iterator[InboxEntry]:
    """One's own to put right; for those who test what waits for its retest; for those who run findings what nobody has."""
    today = member.organization.today()
    if member.can("occurrences.perform"):
        own = Finding.objects.filter(mine(member), _TO_DO).order_by("due_on", "reference")
        shown = list(own[:SHOWN])
        for finding in shown:
            late = finding.due_on < today
            yield InboxEntry(str_of(finding), finding.get_absolute_url(), "it is with you", finding.due_on, overdue=late)
        if len(shown) == SHOWN:
            yield from beyond(own, "findings", _list(whose="me"), today)
    retests, orphans = member.can(Finding.CLOSE.permission), member.can("findings.write")
    if not (retests or orphans):
        return
    retestable = _RETEST & ~mine(member) & ~Q(remediated_by=member)
    nobodys = Q(owner=None, status__in=PENDING) & _TO_DO
    found = Finding.objects.aggregate(
        retests=Count("pk", filter=retestable),
        retest=Min("reference", filter=retestable),
        retest_due=Min("due_on", filter=retestable),
        nobodys=Count("pk", filter=nobodys),
        nobody=Min("reference", filter=nobodys),
        nobodys_due=Min("due_on", filter=nobodys),
    )
    if retests and (count := found["retests"]):
        wait = "waits for its retest" if count == 1 else "wait for their retest"
        title, due = f"{named(found['retest'], count)} {wait}", found["retest_due"]
        url = _list(state="ready_for_retest")
        yield InboxEntry(title, url, "you test controls", due, overdue=due < today, count=count, delegable=False)
    if orphans and (count := found["nobodys"]):
        title = f"{named(found['nobody'], count)} {'is' if count == 1 else 'are'} with nobody"
        due, url = found["nobodys_due"], _list(whose="nobody")
        yield InboxEntry(title, url, "you run the findings", due, overdue=due < today, count=count, delegable=False)


def about(member: Member) -> Rows:
    """The rows behind `waiting`."""
    if member.can("occurrences.perform"):
        yield Finding.objects.filter(mine(member), _TO_DO)
    if member.can(Finding.CLOSE.permission):
        yield Finding.objects.filter(_RETEST)
    if member.can("findings.write"):
        yield Finding.objects.filter(_TO_DO, owner=None)


def str_of(finding: Finding) -> str:
    """Number and title."""
    return f"{finding.reference}: {finding.title}"


def _list(**chosen: str) -> str:
    return f"{reverse('controls:finding-list')}?{urlencode(chosen)}"
