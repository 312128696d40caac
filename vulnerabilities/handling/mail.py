"""Mail about vulnerabilities, to whoever must act."""

from ui.values import spelled
from vulnerabilities.models import Vulnerability
from workflow.digests import link
from workflow.outbox import queue_mail


def tell_owner(one: Vulnerability, *, key: str) -> None:
    """Tell whoever it is with that it waits for them; `key` names what happened, so that one happening is one mail."""
    member = one.owner.member if one.owner else None
    if member is None or not member.is_active:
        return
    lines = [
        f"{one.reference}: {one.identifier}, {one.title}",
        f"Severity: {one.get_severity_display()}. Due {spelled(one.due_on)}.",
        *([f"Where: {one.package} {one.version}".rstrip()] if one.package else []),
        *([f"Fixed in: {one.fixed_in}"] if one.fixed_in else []),
        "",
        link(one.get_absolute_url()),
    ]
    subject = f"{one.reference} is with you: {one.identifier}"
    queue_mail(to=member.email, subject=subject, text="\n".join(lines) + "\n", key=f"vulnerability:{key}:{member.pk}")
