"""Logs of what came in and went out are kept for 400 days, or for as long as a retention schedule says.

The trail and evidence are no logs: nothing of them goes here, and nothing that a legal hold covers.
"""

import datetime as dt
from collections import Counter
from typing import Any

from django.db.models import QuerySet

from audit.actions import action
from audit.actors import SCHEDULE
from audit.record import Entry, record_many
from workflow.retention import is_scheduled, unheld

KEPT = dt.timedelta(days=400)
AT_ONCE = 10_000


def prune(
    log: QuerySet[Any], *, kind: str, written: str, of: str, owners: QuerySet[Any], verb: str, what: str, at: dt.datetime
) -> None:
    """Take away the rows of a log whose field `written` is more than 400 days before `at`. Idempotent.

    `kind` is what workflow.retention calls them: where a schedule is about it, its run takes them away, with a certificate.
    `of` is the field with the record that a row belongs to, one of `owners`: each of them has one event, `verb`, which says under
    `what` how many rows went. At most 10,000 rows at a time.
    """
    if is_scheduled(kind):
        return
    before = at - KEPT
    old = unheld(kind, log.filter(**{f"{written}__lt": before}))
    if old.exists():
        _prune(old.order_by(written, "pk"), f"{of}_id", owners, verb, {what: 0, "written before": before})


@action
def _prune(old: QuerySet[Any], of: str, owners: QuerySet[Any], verb: str, said: dict[str, Any]) -> None:
    found = list(old.select_for_update(of=("self",), skip_locked=True).values_list("pk", of)[:AT_ONCE])
    model: Any = old.model
    model.objects.filter(pk__in=[key for key, _ in found]).delete()
    counts, kind, what = Counter(owner for _, owner in found), owners.model._meta.label_lower, next(iter(said))
    entries = [
        Entry(kind, owner.pk, str(owner), metadata={**said, what: counts[owner.pk]})
        for owner in owners.filter(pk__in=counts).order_by("pk")
    ]
    record_many(verb, actor=SCHEDULE, entries=entries)
