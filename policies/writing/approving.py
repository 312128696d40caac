"""A version is approved by others than its author, or returned."""

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from policies.holding import locked
from policies.models import PolicyApproval, PolicyVersion
from policies.rights import APPROVE, is_involved
from policies.writing.content import digest
from policies.writing.telling import tell_approved, tell_returned
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused, stated

Status = PolicyVersion.Status


@action
def approve_version(version: PolicyVersion, *, actor: Member, content_hash: str, note: str = "") -> PolicyApproval:
    """Approve what was seen: by nobody who wrote on it or submitted it. The one that completes the quorum approves it."""
    current = _before_approver(version, actor, content_hash)
    if current.approvals.filter(approver=actor, status="given").exists():
        raise ActionRefused("You have approved it already.")
    moment = now()
    approval = PolicyApproval(
        version=current,
        content_hash=current.content_hash,
        approver=actor,
        approver_name=actor.name,
        author=current.author,
        given_on=current_organization().day_of(moment),
        given_at=moment,
        note=note.strip(),
    )
    approval.save(force_insert=True)
    record(
        "policy_approval.give", approval, actor=actor, after={"version": str(current), "sha256": content_hash}, note=note.strip()
    )
    given = current.approvals.filter(status="given").count()
    if given >= current.quorum:
        PolicyVersion.APPROVE.apply(
            version, actor=actor, approved_at=moment, metadata={"sha256": content_hash, "approvals": given}
        )
        tell_approved(version, actor)
    return approval


@action
def return_version(version: PolicyVersion, *, actor: Member, reason: str) -> PolicyVersion:
    """Give it back to whoever wrote it, with what is missing: what others said of it ends. Raises ActionRefused."""
    current = _before_approver(version, actor)
    why = stated(reason)
    void(current, actor, "The version was returned.")
    PolicyVersion.RETURN.apply(
        version, actor=actor, note=why, returned_by=actor, returned_at=now(), returned_reason=why, content_hash=""
    )
    tell_returned(version, actor)
    return version


def _before_approver(version: PolicyVersion, actor: Member, seen: str | None = None) -> PolicyVersion:
    current = locked(version)
    if not actor.can(APPROVE):
        raise ActionRefused("Your role does not allow this.")
    if is_involved(actor, current):
        raise ActionRefused("It is approved by somebody who neither wrote on it nor submitted it.")
    if current.status != Status.IN_REVIEW:
        raise ActionRefused(f"It is {current.get_status_display().lower()}: it cannot be approved or returned now.")
    if seen is not None and seen != current.content_hash:
        raise ActionRefused("It has changed since you saw it. Look at it again.")
    if digest(current) != current.content_hash:
        raise ActionRefused("What is stored is not what was submitted. It is to be taken back and submitted again.")
    return current


def void(version: PolicyVersion, actor: Actor, reason: str) -> None:
    for approval in version.approvals.filter(status="given"):
        PolicyApproval.VOID_IT.apply(approval, actor=actor, void_reason=reason)
