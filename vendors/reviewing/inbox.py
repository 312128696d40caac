"""What of vendors waits for a member."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Member
from vendors.models import AT_WORK, UNDECIDED, Vendor, VendorDocument, VendorKey
from vendors.rights import APPROVE, WRITE, decidable_by
from workflow.inbox import SHOWN, InboxEntry, Rows, named

AHEAD = dt.timedelta(days=30)
KEYS_AHEAD = dt.timedelta(days=14)


def waiting(member: Member) -> Iterator[InboxEntry]:
    """One's own vendors to review and keys to rotate; requests and decisions for those whose they are."""
    today = member.organization.today()
    for one in _reviews(member, today)[:SHOWN]:
        due = one.next_review_on
        title = f"Review {one}"[:200]
        yield InboxEntry(title, one.get_absolute_url(), "you answer for the vendor", due, overdue=due < today)
    for document in _documents(member, today)[:SHOWN]:
        due = document.expires_on
        title = f"{document.title} of {document.vendor.name} {'has expired' if due < today else 'expires'}"[:200]
        yield InboxEntry(title, document.get_absolute_url(), "you answer for the vendor", due, overdue=due < today)
    for key in _keys(member, today)[:SHOWN]:
        title = f"Rotate {key.name} of {key.vendor.name}"[:200]
        yield InboxEntry(title, key.get_absolute_url(), "the key is with you", key.due_on, overdue=key.due_on < today)
    yield from _of_all(member, today)


def _whose(member: Member, owner: str = "owner", vendor: str = "pk") -> Q:
    """Their own and what is in their care; for those who keep the register also those of nobody who can be asked."""
    own = Q(**{f"{owner}__member_id": member.pk}) | Q(**{f"{vendor}__in": list(member.entrusted)})
    return own | Q(**{f"{owner}__member": None}) if member.can(WRITE) else own


def _reviews(member: Member, today: dt.date) -> QuerySet[Any]:
    due = Vendor.objects.filter(_whose(member), status__in=AT_WORK, next_review_on__lte=today + AHEAD)
    return due.order_by("next_review_on", "name")


def _documents(member: Member, today: dt.date) -> QuerySet[Any]:
    due = VendorDocument.objects.filter(
        _whose(member, "vendor__owner", "vendor"), status="current", vendor__status__in=AT_WORK, expires_on__lte=today + AHEAD
    )
    return due.select_related("vendor").order_by("expires_on", "title")


def _keys(member: Member, today: dt.date) -> QuerySet[Any]:
    due = VendorKey.objects.filter(
        _whose(member, vendor="vendor"), status=VendorKey.Status.ACTIVE, due_on__lte=today + KEYS_AHEAD
    )
    return due.select_related("vendor").order_by("due_on", "name")


def _requests() -> QuerySet[Vendor]:
    return Vendor.objects.filter(Q(status="requested") | Q(status="due_diligence", diligence_on=None))


def _decisions(member: Member) -> QuerySet[Vendor]:
    return decidable_by(member, Vendor.objects.filter(UNDECIDED))


def _leaving(today: dt.date) -> QuerySet[Vendor]:
    return Vendor.objects.filter(status="offboarding", leaving_on__lte=today + AHEAD)


def _of_all(member: Member, today: dt.date) -> Iterator[InboxEntry]:
    if member.can(WRITE):
        yield from _some(_requests(), "to be looked at", "you assess vendors", state="requested")
        for one in _leaving(today).order_by("leaving_on")[:SHOWN]:
            due = one.leaving_on or today
            title = f"{one} is to have left"[:200]
            yield InboxEntry(title, one.get_absolute_url(), "you assess vendors", due, overdue=due < today, delegable=False)
    if member.can(APPROVE):
        yield from _some(_decisions(member), "to be decided on", "you decide on vendors", view="waiting")


def _some(rows: QuerySet[Vendor], what: str, why: str, **chosen: str) -> Iterator[InboxEntry]:
    found: dict[str, Any] = rows.aggregate(count=Count("pk"), first=Min("reference"))
    if count := found["count"]:
        title = f"{named(found['first'], count)} {'is' if count == 1 else 'are'} {what}"
        yield InboxEntry(title, f"{reverse('vendors:list')}?{urlencode(chosen)}", why, count=count, delegable=False)


def about(member: Member) -> Rows:
    """The rows behind `waiting`."""
    today = member.organization.today()
    yield _reviews(member, today)
    yield _keys(member, today)
    yield _documents(member, today)
    if member.can(WRITE):
        yield _requests()
        yield _leaving(today)
    if member.can(APPROVE):
        yield _decisions(member)
