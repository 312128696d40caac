"""Alerts in the work of those who look at them."""

from collections.abc import Iterator

from django.db.models import Count, Min
from django.urls import reverse

from accounts.models import Member
from controls.events.hiding import alerts_seen_by
from controls.models import Alert
from workflow.inbox import InboxEntry, Rows, named


def about(member: Member) -> Rows:
    """The rows behind `waiting`."""
    if member.can(Alert.LOOK.permission):
        yield alerts_seen_by(member).filter(status=Alert.Status.OPEN)


def waiting(member: Member) -> Iterator[InboxEntry]:
    """How many alerts nobody has looked at, for those who may; due the day they were raised."""
    if not member.can(Alert.LOOK.permission):
        return
    found = (
        alerts_seen_by(member)
        .filter(status=Alert.Status.OPEN)
        .aggregate(count=Count("pk"), first=Min("raised_at"), reference=Min("reference"))
    )
    if count := found["count"]:
        title = f"{named(found['reference'], count)} {'waits' if count == 1 else 'wait'} for a look"
        due = member.organization.day_of(found["first"])
        late = due < member.organization.today()
        url = f"{reverse('controls:alert-list')}?state=open"
        yield InboxEntry(title, url, "you look at alerts", due, overdue=late, count=count, delegable=False)
