"""Linking evidence to controls: for a leg, and for the occurrence that it shows at work."""

from typing import Any

from django.db.models import QuerySet

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.models import Control, ControlEvidence, Occurrence
from controls.models.control import Leg
from controls.occurrences.counting import count_anew
from controls.occurrences.reopening import reopen_unproven
from controls.occurrences.rights import may_work
from controls.status.keep import refresh
from evidence.hiding import evidence_seen_by
from evidence.models import Evidence
from ui.refusals import ActionRefused


def may_link(actor: Actor, control: Control) -> bool:
    """Whether somebody may say what proves a control: who keeps the evidence, who runs the controls, and its owner."""
    return actor.can("evidence.write") or may_work(actor, control)


def proofs_seen_by(member: Any) -> QuerySet[ControlEvidence]:
    """Links to controls, present and past, without items that are hidden from a member; asks the database nothing."""
    seen = evidence_seen_by(member).order_by().values("pk")
    return ControlEvidence.objects.filter(evidence__in=seen)


@action
def link_evidence(
    control: Control,
    evidence: Evidence,
    leg: str,
    *,
    actor: Actor,
    occurrence: Occurrence | None = None,
    note: str = "",
) -> ControlEvidence:
    """Let an item stand for a leg of a control, and for one occurrence of it. Raises ActionRefused.

    Load the control with its owner.
    """
    proof = attach(control, evidence, leg, actor=actor, occurrence=occurrence, note=note)
    count_anew([occurrence.pk] if occurrence else [], actor)
    refresh([control.pk])
    return proof


def attach(
    control: Control, evidence: Evidence, leg: str, *, actor: Actor, occurrence: Occurrence | None = None, note: str = ""
) -> ControlEvidence:
    """The same as part of a caller's action, which derives the control's state at its end."""
    if not may_link(actor, control):
        raise ActionRefused("Your role does not allow this.")
    if leg not in Leg.values:
        raise ActionRefused("Choose what the evidence shows.", field="leg")
    if occurrence is not None and (occurrence.control_id != control.pk or leg != Leg.OPERATION):
        raise ActionRefused("What an occurrence proves is the operation of its own control.", field="leg")
    current = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    if current.status != Evidence.Status.CURRENT:
        raise ActionRefused(f"“{current}” is {current.get_status_display().lower()}: it proves nothing.", field="evidence")
    proof, new = ControlEvidence.objects.get_or_create(
        control=control,
        evidence=current,
        leg=leg,
        occurrence=occurrence,
        status=ControlEvidence.Status.LINKED,
        defaults={"note": note, "linked_by": actor if isinstance(actor, Member) else None},
    )
    if not new:
        raise ActionRefused(f"“{current}” is linked already.", field="evidence")
    record("control_evidence.link", proof, actor=actor, after=_facts(proof), note=note)
    return proof


@action
def unlink_evidence(proof: ControlEvidence, *, actor: Actor, reason: str) -> None:
    """Take an item away from a control, with the reason. What it alone proved waits again. Raises ActionRefused."""
    if not reason.strip():
        raise ActionRefused("Say why it is no evidence of this.", field="reason")
    ControlEvidence.REMOVE.apply(proof, actor=actor, note=reason.strip(), metadata=_facts(proof))
    shown = [proof.occurrence_id] if proof.occurrence_id else []
    reopen_unproven(shown, actor)
    count_anew(shown, actor)
    refresh([proof.control_id])


def _facts(proof: ControlEvidence) -> dict[str, str]:
    """What the trail says of a link, beside the two names."""
    facts = {"evidence": f"{proof.evidence.reference} {proof.evidence.title}", "leg": proof.leg}
    return {**facts, "occurrence": proof.occurrence.label} if proof.occurrence else facts
