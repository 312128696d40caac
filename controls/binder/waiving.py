"""Saying that a line of the checklist does not apply, and taking it back."""

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.library.checklist import CHECKLIST
from controls.models import AuditPeriod, ChecklistWaiver
from tenancy.scope import now
from ui.refusals import ActionRefused
from workflow.uniqueness import refusing_taken


@action
def waive(period: AuditPeriod, item: str, *, actor: Actor, reason: str) -> ChecklistWaiver:
    """Say that an item does not apply in a period, with a reason. Raises ActionRefused."""
    if not actor.can("controls.write"):
        raise ActionRefused("Your role does not allow this.")
    if item not in CHECKLIST:
        raise ActionRefused("There is no such item.", field="item")
    if not reason.strip():
        raise ActionRefused("Give a reason: an auditor will ask for it.", field="reason")
    locked = AuditPeriod.objects.select_for_update(of=("self",)).get(pk=period.pk)
    if locked.status != AuditPeriod.Status.OPEN:
        raise ActionRefused(f"{locked} is closed: its checklist stays as it is.")
    made_by = actor if isinstance(actor, Member) else None
    with refusing_taken(ChecklistWaiver):
        waiver = ChecklistWaiver.objects.create(period=locked, item=item, reason=reason.strip(), made_by=made_by, made_at=now())
        about = {"item": CHECKLIST[item].text, "period": locked.name}
        record("checklist_waiver.create", waiver, actor=actor, after=about, note=waiver.reason)
    return waiver


@action
def withdraw_waiver(waiver: ChecklistWaiver, *, actor: Actor, reason: str) -> None:
    """Say that it applies after all. Raises ActionRefused."""
    if not reason.strip():
        raise ActionRefused("Give a reason: an auditor will ask for it.", field="reason")
    said = reason.strip()
    ChecklistWaiver.WITHDRAW.apply(waiver, actor=actor, note=said, withdrawn_reason=said)
