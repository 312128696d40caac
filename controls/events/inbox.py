"""Alerts in the work of those who look at them."""

from collections.abc import Iterator

from django.db.models import Count, Min
from django.urls import reverse

from accounts.models import Member
from controls.models import Alert
from workflow.inbox import InboxEntry


def waiting(member: Member) -> Iterator[InboxEntry]:
    """How many alerts nobody has looked at, for those who may; due the day they were raised."""
    if not member.can(Alert.LOOK.permission):
        return
    found = Alert.objects.filter(status=Alert.Status.OPEN).aggregate(count=Count("pk"), first=Min("raised_at"))
    if count := found["count"]:
        title = "An alert waits for a look" if count == 1 else f"{count:,} alerts wait for a look"
        due = found["first"].astimezone(member.organization.tzinfo).date()
        late = due < member.organization.today()
        yield InboxEntry(
            title, f"{reverse('controls:alert-list')}?state=open", "you look at alerts", due, overdue=late, count=count
        )
