"""What waits for whom in the vault: evidence that expires or has expired, and files that are not what was kept."""

from collections.abc import Iterator

from django.db.models import Count, Min, Q
from django.urls import reverse

from accounts.models import Member
from evidence.freshness import Freshness, conditions
from evidence.models import Evidence, FileCheck
from evidence.rereading import overdue, silent
from workflow.inbox import InboxEntry, Rows, named


def waiting(member: Member) -> Iterator[InboxEntry]:
    """For owners what to keep fresh; for those who keep the vault what is wrong with it."""
    if member.can("evidence.read"):
        yield from _to_renew(member)
    if member.can("evidence.write"):
        yield from _damage()


def about(member: Member) -> Rows:
    """The rows behind `waiting`."""
    fresh = conditions(member.organization.today())
    if member.can("evidence.read"):
        yield Evidence.objects.filter(fresh[Freshness.EXPIRING] | fresh[Freshness.STALE], owner=member)
        if member.can("controls.write"):
            yield Evidence.objects.filter(fresh[Freshness.STALE], owner__isnull=True)
    if member.can("evidence.write"):
        yield FileCheck.objects.filter(~Q(result=FileCheck.Result.INTACT))
        yield silent() or bool(overdue())


def _to_renew(member: Member) -> Iterator[InboxEntry]:
    today = member.organization.today()
    fresh = conditions(today)
    expiring, stale = fresh[Freshness.EXPIRING], fresh[Freshness.STALE]
    mine = Evidence.objects.filter(owner=member).aggregate(
        expiring=Count("pk", filter=expiring),
        stale=Count("pk", filter=stale),
        soon=Min("reference", filter=expiring),
        late=Min("reference", filter=stale),
        first=Min("expires_on", filter=expiring),
        oldest=Min("expires_on", filter=stale),
    )
    address = f"{reverse('evidence:list')}?owner={member.pk}&freshness="
    if mine["stale"]:
        title = _items(mine["late"], mine["stale"], "is stale", "are stale")
        yield InboxEntry(title, address + "stale", "you own it", mine["oldest"], overdue=True, count=mine["stale"])
    if mine["expiring"]:
        title = _items(mine["soon"], mine["expiring"], "expires soon", "expire soon")
        yield InboxEntry(title, address + "expiring", "you own it", mine["first"], count=mine["expiring"])
    if member.can("controls.write"):
        found = Evidence.objects.filter(stale, owner__isnull=True).aggregate(count=Count("pk"), first=Min("reference"))
        if nobodys := found["count"]:
            title = _items(found["first"], nobodys, "has no owner and is stale", "have no owner and are stale")
            url = f"{reverse('evidence:list')}?freshness=stale"
            yield InboxEntry(title, url, "you run the controls", overdue=True, count=nobodys, delegable=False)


def _damage() -> Iterator[InboxEntry]:
    keeps = "you keep the evidence"
    url = reverse("evidence:checks")
    damaged = FileCheck.objects.filter(~Q(result=FileCheck.Result.INTACT)).count()
    if damaged:
        title = "A stored file is" if damaged == 1 else f"{damaged:,} stored files are"
        title += " altered, missing or cannot be read"
        address = f"{url}?result=altered&result=missing&result=unreadable"
        yield InboxEntry(title, address, keeps, overdue=True, count=damaged, delegable=False)
    if silent():
        yield InboxEntry("Stored files cannot be read: the storage does not answer", url, keeps, overdue=True, delegable=False)
    elif late := overdue():
        title = "A stored file was" if late == 1 else f"{late:,} stored files were"
        yield InboxEntry(f"{title} not read again for 30 days", url, keeps, overdue=True, count=late, delegable=False)


def _items(first: str, number: int, one: str, many: str) -> str:
    return f"{named(first, number)} {one if number == 1 else many}"
