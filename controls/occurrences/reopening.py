"""What was performed and has lost its evidence waits again."""

import uuid
from collections.abc import Collection
from typing import Any

from audit.actions import action
from audit.actors import Actor
from audit.record import Entry, record_many
from controls.models import ControlEvidence, Occurrence
from controls.occurrences.counting import count_anew
from evidence.models import Evidence

# What a reopened occurrence does not say any more; the trail keeps what it said.
BLANK: dict[str, Any] = {
    "performed_on": None, "told_on": None, "counts_on": None, "performed_by": None, "statement": "", "stated_by": None,
    "stated_at": None,
}  # fmt: skip


def evidence_changed(evidence_ids: Collection[uuid.UUID], actor: Actor) -> None:
    """Reopen what these items alone proved, and date the rest anew; called in the transaction that changed them."""
    told = ControlEvidence.objects.filter(evidence__in=evidence_ids).exclude(occurrence=None)
    by_status = told.values_list("occurrence_id", "evidence__status").distinct()
    withdrawn = Evidence.Status.WITHDRAWN
    reopen_unproven([one for one, status in by_status if status == withdrawn], actor)
    count_anew({one for one, _ in by_status}, actor)


def reopen_unproven(occurrence_ids: Collection[uuid.UUID], actor: Actor) -> None:
    """Reopen those of the occurrences that were performed and have no evidence left that is linked and not withdrawn.

    Evidence that a newer item superseded still proves what it did. A test of the configuration needs none.
    """
    if not occurrence_ids:
        return
    proofs = ControlEvidence.objects.filter(status=ControlEvidence.Status.LINKED).exclude(
        evidence__status=Evidence.Status.WITHDRAWN
    )
    performed = Occurrence.objects.filter(pk__in=occurrence_ids, status=Occurrence.Status.PERFORMED)
    unproven = performed.exclude(kind=Occurrence.Kind.CONFIGURATION).exclude(
        pk__in=proofs.filter(occurrence__in=occurrence_ids).values("occurrence_id")
    )
    rows = list(unproven.select_related("control").select_for_update(of=("self",)).order_by("pk"))
    if rows:
        _reopen(rows, actor)


@action
def _reopen(rows: Collection[Occurrence], actor: Actor) -> None:
    Occurrence.objects.filter(pk__in=[row.pk for row in rows]).update(status=Occurrence.Status.OPEN, **BLANK)
    record_many(Occurrence.REOPEN.verb, actor=actor, entries=[_entry(row) for row in rows])


def _entry(row: Occurrence) -> Entry:
    return Entry(
        row._meta.label_lower,
        row.pk,
        str(row),
        before={"status": row.status, "performed_on": row.performed_on, "statement": row.statement},
        after={"status": Occurrence.Status.OPEN, "performed_on": None, "statement": ""},
        metadata={"note": "Nothing is left of its evidence."},
    )
