"""Mail about findings, to whoever must act."""

from django.conf import settings

from accounts.models import Member
from controls.models import Finding
from ui.values import spelled
from workflow.outbox import queue_mail


def tell_owner(finding: Finding, *, key: str) -> None:
    """Tell whoever it is with that it waits for them; `key` names what happened, so that one happening is one mail."""
    member = member_of(finding)
    if member is None:
        return
    lines = [
        f"{finding.reference}: {finding.title}",
        f"Severity: {finding.get_severity_display()}. Due {spelled(finding.due_on)}.",
    ]
    if finding.remediation:
        lines += ["", f"What has to be done: {finding.remediation}"]
    lines += ["", f"{settings.PLUMBLINE_BASE_URL}{finding.get_absolute_url()}"]
    queue_mail(
        to=member.email,
        subject=f"{finding.reference} is with you: {finding.title}",
        text="\n".join(lines),
        key=f"finding:{key}:{member.pk}",
    )


def member_of(finding: Finding) -> Member | None:
    """Whoever it is with, if they can sign in. Load its owner with member and user."""
    member = finding.owner.member if finding.owner else None
    return member if member is not None and member.is_active else None
