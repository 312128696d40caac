"""The log of deliveries is kept for 400 days. What it no longer remembers cannot be sent again either."""

import datetime as dt
from collections import Counter

from audit.actions import action
from audit.actors import SCHEDULE
from audit.record import Entry, record_many
from changes.models import ChangeSource, Delivery, SourcePush
from changes.sources.facts import Told, Unreadable
from tenancy.models import Organization
from tenancy.scope import now

KEPT = dt.timedelta(days=400)
AT_ONCE = 10_000
TOO_OLD = f"What it tells is more than {KEPT.days} days old: whether it was received before is not remembered any more."


def prune(_organization: Organization, at: dt.datetime) -> None:
    """Take away what was received more than 400 days ago, with one event for each source. Idempotent."""
    if Delivery.objects.filter(received_at__lt=at - KEPT).exists():
        _prune(at - KEPT)


@action
def _prune(before: dt.datetime) -> None:
    rows = Delivery.objects.filter(received_at__lt=before).order_by("received_at", "id").select_for_update(skip_locked=True)
    found = list(rows.values_list("pk", "source_id")[:AT_ONCE])
    Delivery.objects.filter(pk__in=[key for key, _ in found]).delete()
    counts = Counter(source for _, source in found)
    kind = ChangeSource._meta.label_lower
    entries = [
        Entry(kind, source.pk, str(source), metadata={"deliveries": counts[source.pk], "received before": before})
        for source in ChangeSource.objects.filter(pk__in=counts).order_by("pk")
    ]
    record_many("change_source.prune", actor=SCHEDULE, entries=entries)


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
