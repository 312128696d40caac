"""On which day what was performed counts as performed: its owner's word holds for some days, then evidence dates decide."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Min
from django.db.models.functions import Coalesce, Least

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import Entry, record_many
from controls.models import ControlEvidence, Occurrence
from evidence.models import Evidence
from inventory.removals.due import add_business_days
from tenancy.models import current_organization

WORD_DAYS = 5  # business days back for which a stated day needs nothing but its owner's word


@dataclass(frozen=True, slots=True)
class Dated:
    """What dates an item of evidence: the day it was collected, and its period where more than one person's word is behind it.

    Where there is but one person's word, what is typed of it dates nothing: it shows the day on which it was received.
    """

    collected: dt.date
    first: dt.date | None = None
    last: dt.date | None = None
    received: dt.date | None = None

    @property
    def shown(self) -> dt.date:
        """From which day it is known to exist."""
        return self.received or self.collected

    def tells_of(self, day: dt.date) -> bool:
        """Whether its period, vouched for, holds a day."""
        return self.first is not None and self.last is not None and self.first <= day <= self.last


def day_that_counts(row: Occurrence, stated: dt.date, told: dt.date, proofs: Iterable[Dated]) -> dt.date:
    """The day on which an occurrence counts as performed, of one that was stated on the day `told`.

    The stated day, when it lies within five business days of `told` or of the first evidence collected since the occurrence
    began, or within the period of an item that a program collected or somebody else validated. Of other items it is the day
    on which they were received that counts as that of collection. Otherwise the earlier of these two, but no later than the
    last day of being late: what its owner says was done is late by their word, and not missed.
    """
    proofs = list(proofs)
    shown = min([told, *(one.shown for one in proofs if one.collected >= row.starts_on)])
    if shown <= add_business_days(stated, WORD_DAYS) or any(one.tells_of(stated) for one in proofs):
        return stated
    return max(stated, min(shown, row.missed_after))


def said(rows: Collection[Occurrence], days: Mapping[uuid.UUID, dt.date], by: Member | None) -> dict[uuid.UUID, dict[str, Any]]:
    """The facts of performing these rows on these days, said today: `performed_on`, `told_on` and `counts_on`."""
    told, dated = current_organization().today(), _dated([row.pk for row in rows], by)
    return {
        row.pk: {"performed_on": days[row.pk], "told_on": told, "counts_on": _other(row, days[row.pk], told, dated[row.pk])}
        for row in rows
    }


def count_anew(occurrence_ids: Collection[uuid.UUID], actor: Actor) -> None:
    """Let those that their owner said were performed count by the evidence that they have now; part of what changed it."""
    if not occurrence_ids:
        return
    told = Occurrence.objects.filter(pk__in=occurrence_ids, status=Occurrence.Status.PERFORMED, told_on__isnull=False)
    rows = list(told.select_related("control").select_for_update(of=("self",)).order_by("pk"))
    dated = _dated([row.pk for row in rows]) if rows else {}
    days = [(row, _other(row, row.performed_on, row.told_on, dated[row.pk])) for row in rows if row.performed_on and row.told_on]
    if moved := [(row, day) for row, day in days if row.counts_on != day]:
        _move(moved, actor)


@action
def _move(moved: Collection[tuple[Occurrence, dt.date | None]], actor: Actor) -> None:
    entries = [
        Entry(row._meta.label_lower, row.pk, str(row), before={"counts_on": row.counts_on}, after={"counts_on": day})
        for row, day in moved
    ]
    for row, day in moved:
        row.counts_on = day
    Occurrence.objects.bulk_update([row for row, _ in moved], ["counts_on"])
    record_many("occurrence.count", actor=actor, entries=entries)


def _other(row: Occurrence, stated: dt.date, told: dt.date, proofs: Iterable[Dated]) -> dt.date | None:
    """The day that counts where it is not the stated one."""
    day = day_that_counts(row, stated, told, proofs)
    return day if day != stated else None


def _dated(occurrence_ids: Collection[uuid.UUID], by: Member | None = None) -> defaultdict[uuid.UUID, list[Dated]]:
    """What dates the evidence of these occurrences, which `by` performs now. A revised item is as old as its first revision.

    A day that was typed holds where somebody validated it who neither added the item nor performed what it shows.
    """
    linked = ControlEvidence.objects.filter(occurrence__in=occurrence_ids, status=ControlEvidence.Status.LINKED)
    kept = linked.exclude(evidence__status=Evidence.Status.WITHDRAWN)
    first = Least(Min("evidence__revisions__collected_at"), F("evidence__collected_at"))
    received = Coalesce(Min("evidence__revisions__made_at"), F("evidence__file__created_at"))
    people = ("evidence__validated_by", "evidence__collected_by", "occurrence__performed_by")
    facts = ("evidence__method", "evidence__period_from", "evidence__period_to", "first", "received")
    found: defaultdict[uuid.UUID, list[Dated]] = defaultdict(list)
    day_of = current_organization().day_of
    rows = kept.annotate(first=first, received=received).values_list("occurrence", *people, *facts)
    for row, validated, added, performed, method, begin, end, at, came in rows:
        theirs = {added, performed or (by and by.pk)}
        vouched = method == Evidence.Method.AUTOMATIC or (validated is not None and validated not in theirs)
        found[row].append(Dated(day_of(at), begin, end) if vouched else Dated(day_of(at), received=day_of(came)))
    return found
