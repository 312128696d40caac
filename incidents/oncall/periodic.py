"""What the tick does about alarms: puts back what Valkey has lost, tells of gaps before they are there, forgets old calls."""

import datetime as dt

from django.db.models import QuerySet

from incidents.models import AlertChannel, AlertDelivery, Escalation
from incidents.oncall import calling, due, escalating
from incidents.oncall.now import in_use
from incidents.oncall.plan import plans_of
from incidents.oncall.telling import tell_gap
from tenancy.models import Organization
from workflow.pruning import prune

KIND = "alert_deliveries"  # as workflow.retention calls them
AHEAD = dt.timedelta(days=14)  # gaps that are nearer are mailed


def put_back(_organization: Organization, _at: dt.datetime) -> None:
    """Let everything that is still to be done be looked at when it is due."""
    for key, at in Escalation.objects.filter(status=Escalation.Status.RUNNING).values_list("pk", "due_at"):
        due.put(escalating.KIND, key, at)
    for key, at in AlertDelivery.objects.filter(state=AlertDelivery.State.WAITING).values_list("pk", "next_at"):
        due.put(calling.KIND, key, at)


def tell_gaps(_organization: Organization, at: dt.datetime) -> None:
    """Mail the gaps of the coming two weeks, each once; one that has gone on for longer than that, once a week."""
    since = at - AHEAD
    for plan in plans_of(in_use(), since, at + AHEAD):
        for span in plan.spans(since, at + AHEAD):
            if span.gap and span.ends > at:
                tell_gap(plan.schedule, span, key=f"{at:%G-%V}" if span.begins == since else f"{span.begins:%Y%m%d%H%M}")


def forget_deliveries(_organization: Organization, at: dt.datetime) -> None:
    """Take calls of webhooks that are over and more than 400 days old out of the log, with one event for each channel."""
    prune(
        over(), kind=KIND, written="created_at", of="channel", owners=AlertChannel.objects.all(),
        verb="alert_channel.prune", what="deliveries", at=at,
    )  # fmt: skip


def over() -> QuerySet[AlertDelivery]:
    """The calls that are not waiting any more."""
    return AlertDelivery.objects.exclude(state=AlertDelivery.State.WAITING)
