"""Mail about violations, to whoever has to put them right."""

from accounts.models import Member
from audit.actors import Actor
from policies.models import Violation
from tenancy.scope import now
from ui.values import spelled
from workflow.digests import link
from workflow.outbox import queue_mail


def tell_owner(violation: Violation, actor: Actor, *, again: bool = False) -> None:
    """Tell whoever it is with, unless they did it themselves."""
    owner = violation.owner
    member: Member | None = owner.member if owner else None
    if member is None or not member.is_active or member.pk == actor.id:
        return
    lines = [
        f"{violation}: {violation.title}",
        f"Where: {violation.resource}",
        *([f"Policy: {violation.policy}"] if violation.policy else []),
        f"Severity: {violation.get_severity_display()}. Due {spelled(violation.due_on)}.",
        "",
        link(violation.get_absolute_url()),
    ]
    what = "is open again" if again else "is with you"
    key = f"violation:{violation.pk}:{what}:{member.pk}:{now().isoformat()}"
    queue_mail(to=member.email, subject=f"{violation} {what}: {violation.title}"[:150], text="\n".join(lines), key=key)
