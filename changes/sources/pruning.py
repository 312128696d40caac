"""The log of deliveries is kept for 400 days. What it no longer remembers cannot be sent again either."""

import datetime as dt

from changes.models import ChangeSource, Delivery, SourcePush
from changes.sources.facts import Told, Unreadable
from tenancy.models import Organization
from tenancy.scope import now
from workflow.pruning import KEPT
from workflow.pruning import prune as prune_log

KIND = "change_deliveries"  # as workflow.retention calls them
TOO_OLD = f"What it tells is more than {KEPT.days} days old: whether it was received before is not remembered any more."


def prune(_organization: Organization, at: dt.datetime) -> None:
    """Take away what was received more than 400 days ago, with one event for each source. Idempotent."""
    prune_log(
        Delivery.objects.all(), kind=KIND, written="received_at", of="source", owners=ChangeSource.objects.all(),
        verb="change_source.prune", what="deliveries", at=at,
    )  # fmt: skip


def refuse_forgotten(told: Told, source: ChangeSource) -> None:
    """A delivery is told from its repetition by the log: what is older than the log is not taken. Raises Unreadable."""
    limit = now() - KEPT
    if told.request is not None:
        told_at: dt.datetime | None = told.request.updated_at
    else:
        told_at = max([*(one.at for one in told.reviews), *(one.at for one in told.checks)], default=None)
    if told_at is not None and told_at < limit:
        raise Unreadable(TOO_OLD)
    if told.push is not None:
        same = SourcePush.objects.filter(source=source, branch=told.push.branch[:300], after=told.push.after)
        if same.filter(received_at__lt=limit).exists():
            raise Unreadable(TOO_OLD)
