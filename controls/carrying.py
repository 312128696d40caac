"""When a newer item supersedes another, it stands for the same legs and occurrences of controls."""

from audit.actors import Actor
from controls.evidence import attach
from controls.models import ControlEvidence, Occurrence
from evidence.hooks import on_carried
from evidence.models import Evidence
from tenancy.models import current_organization


def carry(older: Evidence, newer: Evidence, actor: Actor) -> None:
    """Link the newer item wherever the older one is linked; part of the caller's action, which derives the states."""
    linked = ControlEvidence.objects.filter(status=ControlEvidence.Status.LINKED)
    has = set(linked.filter(evidence=newer).values_list("control_id", "leg", "occurrence_id"))
    proofs = linked.filter(evidence=older).select_related("control__owner", "occurrence").order_by("linked_at", "pk")
    for proof in proofs:
        if (proof.control_id, proof.leg, proof.occurrence_id) in has:
            continue
        if proof.occurrence and not _covers(newer, proof.occurrence):
            continue
        note = f"Carried over from {older.reference}."
        attach(proof.control, newer, proof.leg, actor=actor, occurrence=proof.occurrence, note=note)


def _covers(evidence: Evidence, occurrence: Occurrence) -> bool:
    """Whether an item can be of the time of an occurrence: its period meets it; without one, it was collected since then."""
    zone = current_organization().tzinfo
    last = evidence.period_to or evidence.collected_at.astimezone(zone).date()
    return last >= occurrence.starts_on and (evidence.period_from is None or evidence.period_from <= occurrence.ends_on)


def register() -> None:
    """Fill the registry."""
    on_carried(carry)
