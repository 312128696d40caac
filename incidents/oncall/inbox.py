"""What of on call waits for those who run it: gaps that are near, and what a channel could not deliver."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet

from accounts.models import Member
from incidents.models import AlertChannel, AlertDelivery, OnCallSchedule
from incidents.models.oncall import RUN
from incidents.oncall.now import in_use
from incidents.oncall.plan import plans_of
from tenancy.models import current_organization
from tenancy.scope import now
from workflow.inbox import InboxEntry, Rows

NEAR = dt.timedelta(days=14)
LATELY = dt.timedelta(days=30)


def waiting(member: Member) -> Iterator[InboxEntry]:
    """One line for each schedule with a gap, and for each channel with deliveries that were given up."""
    if not member.can(RUN):
        return
    at, zone = now(), ZoneInfo(current_organization().zone)
    for plan in plans_of(in_use(), at, at + NEAR):
        gaps = [span for span in plan.spans(at, at + NEAR) if span.gap]
        if gaps:
            day = gaps[0].begins.astimezone(zone).date()
            title = f"A gap in who is on call: {plan.schedule}"
            why = "you decide who is on call"
            yield InboxEntry(title, plan.schedule.get_absolute_url(), why, day, overdue=gaps[0].begins <= at, delegable=False)
    counts = dict(given_up().order_by().values("channel").annotate(count=Count("pk")).values_list("channel", "count"))
    for channel in AlertChannel.objects.filter(pk__in=counts):
        title = f"What {channel} could not deliver"
        yield InboxEntry(title, channel.get_absolute_url(), "you look after channels", count=counts[channel.pk], delegable=False)


def about(member: Member) -> Rows:
    """The rows behind `waiting`."""
    if member.can(RUN):
        yield OnCallSchedule.objects.filter(status=OnCallSchedule.Status.ACTIVE)
        yield given_up()


def given_up() -> QuerySet[AlertDelivery]:
    """Deliveries of channels in use that were given up lately."""
    failed = AlertDelivery.objects.filter(state=AlertDelivery.State.FAILED, created_at__gte=now() - LATELY)
    return failed.filter(channel__status=AlertChannel.Status.ACTIVE)
