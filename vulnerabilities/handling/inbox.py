"""What of vulnerabilities, scans and penetration tests waits for a member."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Member
from vulnerabilities.models import PenetrationTest, Scan, ScanScope, Vulnerability
from vulnerabilities.rights import WRITE, mine
from workflow.inbox import SHOWN, InboxEntry, Rows, beyond, named

AHEAD = dt.timedelta(days=60)
_OPEN = Q(status=Vulnerability.Status.OPEN)
_RETEST = Q(status=Vulnerability.Status.READY_FOR_RETEST)


def waiting(member: Member) -> Iterator[InboxEntry]:
    """One's own to fix; for those who run scans what nobody has, what waits for its retest, and scans that are missing."""
    today = member.organization.today()
    own = _own(member).order_by("due_on", "reference")
    shown = list(own[:SHOWN])
    for one in shown:
        title = f"{one.reference}: {one.identifier} {one.title}"[:200]
        yield InboxEntry(title, one.get_absolute_url(), "it is with you", one.due_on, overdue=one.due_on < today)
    if len(shown) == SHOWN:
        yield from beyond(own, "vulnerabilities", _list(whose="me", state="open"), today)
    yield from _scans(member, today)
    if member.can(WRITE):
        yield from _of_runners(member, today)


def _own(member: Member) -> QuerySet[Vulnerability]:
    return Vulnerability.objects.filter(mine(member), _OPEN)


def _late(member: Member, today: dt.date) -> QuerySet[Any]:
    """Scopes whose scan is due, for whom they are with; those of nobody for everybody who runs scans."""
    whose = Q(owner__member_id=member.pk)
    if member.can(WRITE):
        whose |= Q(owner=None) | Q(owner__member=None)
    failed = Scan.objects.filter(scope=OuterRef("pk"), evaluable=False, status=Scan.Status.KEPT)
    rows = ScanScope.objects.filter(whose, status=ScanScope.Status.ACTIVE, next_due_on__lte=today)
    return rows.annotate(has_failed=Exists(failed)).order_by("next_due_on", "name")


def _scans(member: Member, today: dt.date) -> Iterator[InboxEntry]:
    late = _late(member, today)
    shown = list(late[:SHOWN])
    for scope in shown:
        title = f"A scan of {scope.name} is due"
        why = "the scope is with you" if scope.owner_id else "nobody has the scope"
        why += "; scans that could not be evaluated count as none" if scope.has_failed else ""
        yield InboxEntry(title, scope.get_absolute_url(), why, scope.next_due_on, overdue=scope.next_due_on < today)
    if len(shown) == SHOWN and (more := late[SHOWN:].count()):
        url = f"{reverse('vulnerabilities:scope-list')}?due=late"
        yield InboxEntry(f"{more:,} more scans are due", url, "they are with you", count=more, delegable=False)


def _of_runners(member: Member, today: dt.date) -> Iterator[InboxEntry]:
    nobodys, retests = Q(owner=None) & _OPEN, _RETEST & ~mine(member) & ~Q(handed_in_by=member)
    found: dict[str, Any] = Vulnerability.objects.aggregate(
        nobodys=Count("pk", filter=nobodys),
        nobody=Min("reference", filter=nobodys),
        nobodys_due=Min("due_on", filter=nobodys),
        retests=Count("pk", filter=retests),
        retest=Min("reference", filter=retests),
        retest_due=Min("due_on", filter=retests),
    )
    if count := found["nobodys"]:
        title, due = f"{named(found['nobody'], count)} {'is' if count == 1 else 'are'} with nobody", found["nobodys_due"]
        url = _list(whose="nobody", state="open")
        yield InboxEntry(title, url, "you run the scans", due, overdue=due < today, count=count, delegable=False)
    if count := found["retests"]:
        wait, due = "waits for its retest" if count == 1 else "wait for their retest", found["retest_due"]
        title, url = f"{named(found['retest'], count)} {wait}", _list(state="ready_for_retest")
        yield InboxEntry(title, url, "you run the scans", due, overdue=due < today, count=count, delegable=False)
    for test in _unreported(today):
        title = f"{test.reference}: the report of {test.firm} is not here"[:200]
        yield InboxEntry(title, test.get_absolute_url(), "you run the scans", test.ends_on, overdue=True, delegable=False)
    yield from _next_test(today)


def _next_test(today: dt.date) -> Iterator[InboxEntry]:
    """The next test, two months before it is due, while none is planned."""
    tests = PenetrationTest.objects.exclude(status=PenetrationTest.Status.CANCELLED).order_by("-ends_on")
    last = tests.first()
    if last is None or last.status == PenetrationTest.Status.PLANNED:
        return
    due = last.ends_on + dt.timedelta(days=last.every_days)
    if due - AHEAD <= today:
        title, url = f"The next penetration test is due: {last.reference} was the last", reverse("vulnerabilities:test-list")
        yield InboxEntry(title, url, "you run the scans", due, overdue=due < today, delegable=False)


def _unreported(today: dt.date) -> QuerySet[PenetrationTest]:
    return PenetrationTest.objects.filter(status=PenetrationTest.Status.PLANNED, ends_on__lt=today).order_by("ends_on")[:SHOWN]


def about(member: Member) -> Rows:
    """The rows behind `waiting`."""
    today = member.organization.today()
    yield _own(member)
    yield _late(member, today)
    if member.can(WRITE):
        yield Vulnerability.objects.filter(_RETEST | (Q(owner=None) & _OPEN))
        yield PenetrationTest.objects.exclude(status=PenetrationTest.Status.CANCELLED).filter(ends_on__lt=today)


def _list(**chosen: str) -> str:
    return f"{reverse('vulnerabilities:list')}?{urlencode(chosen)}"
