"""Whether an item still stands: withdrawing it, putting it back, and putting a newer one in its place."""

from audit.actions import action
from audit.actors import Actor
from evidence.hooks import tell_carried, tell_changed
from evidence.links import carry_links
from evidence.models import Evidence
from ui.refusals import ActionRefused, stated


@action
def withdraw_evidence(evidence: Evidence, *, actor: Actor, reason: str) -> Evidence:
    """Say that an item proves nothing, and why. It stays to be read; what leaned on it is told. Raises ActionRefused."""
    reason = stated(reason, "Say why it is withdrawn.")
    Evidence.WITHDRAW.apply(evidence, actor=actor, note=reason, withdrawn_reason=reason)
    tell_changed([evidence.pk], actor)
    return evidence


@action
def restore_evidence(evidence: Evidence, *, actor: Actor, reason: str) -> Evidence:
    """Let a withdrawn item stand again, as superseded if it was. Raises ActionRefused."""
    reason = stated(reason, "Say why it stands after all.")
    locked = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    back = Evidence.RESTORE_SUPERSEDED if locked.superseded_by_id else Evidence.RESTORE
    back.apply(evidence, actor=actor, note=reason, withdrawn_reason="")
    tell_changed([evidence.pk], actor)
    return evidence


@action
def supersede_evidence(evidence: Evidence, *, by: Evidence, actor: Actor, note: str = "", carry: bool = True) -> Evidence:
    """Put another current item in the place of this one. Raises ActionRefused.

    With `carry` what this one was linked to is linked to the newer one as well: new links of today, each with its event.
    """
    if by.pk == evidence.pk:
        raise ActionRefused("An item cannot supersede itself.", field="by")
    # Both in one order, so that two who supersede crosswise do not wait for each other for ever.
    pair = Evidence.objects.select_for_update(of=("self",)).filter(pk__in=[evidence.pk, by.pk]).order_by("pk")
    newer = {one.pk: one for one in pair}[by.pk]
    if newer.status != Evidence.Status.CURRENT:
        raise ActionRefused(f"{newer.reference} is {newer.get_status_display().lower()} itself.", field="by")
    about = {"by": f"{newer.reference} {newer.title}"}
    Evidence.SUPERSEDE.apply(evidence, actor=actor, note=note.strip(), metadata=about, superseded_by=newer)
    if carry:
        carry_links(evidence, newer, actor)
        tell_carried(evidence, newer, actor)
    tell_changed([evidence.pk, newer.pk], actor)
    return evidence


@action
def reinstate_evidence(evidence: Evidence, *, actor: Actor, reason: str) -> Evidence:
    """Make a superseded item current again. Raises ActionRefused."""
    reason = stated(reason, "Say why it counts again.")
    Evidence.REINSTATE.apply(evidence, actor=actor, note=reason, superseded_by=None)
    tell_changed([evidence.pk], actor)
    return evidence
