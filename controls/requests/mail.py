"""Mail about requests, to whoever must act or wants to know."""

from django.conf import settings

from accounts.models import Member
from audit.actors import Actor
from controls.models import AuditRequest
from controls.requests.rights import JUDGE
from tenancy.models import current_organization
from ui.values import spelled
from workflow.outbox import queue_mail


def tell_assignee(request: AuditRequest, *, key: str, what: str, words: str = "", actor: Actor | None = None) -> None:
    """Tell whoever it is with what happened, unless they did it; `key` names it, so that one happening is one mail."""
    _tell(assignee_of(request), request, key=key, what=what, words=words, actor=actor)


def tell_asker(request: AuditRequest, *, key: str, what: str, words: str = "", actor: Actor | None = None) -> None:
    """Tell the auditor who asked for it; every auditor, where the team brought the list."""
    asker = request.raised_by
    for one in [asker] if asker is not None and asker.is_active and asker.can(JUDGE) else _auditors():
        _tell(one, request, key=key, what=what, words=words, actor=actor)


def _auditors() -> list[Member]:
    """Those who judge what is given, while they can sign in."""
    return list(Member.objects.active().able(JUDGE).of(current_organization()))


def assignee_of(request: AuditRequest) -> Member | None:
    """Whoever it is with, if they can sign in. Load its assignee with member and user."""
    member = request.assignee.member if request.assignee else None
    return member if member is not None and member.is_active else None


def _tell(member: Member | None, request: AuditRequest, *, key: str, what: str, words: str, actor: Actor | None) -> None:
    if member is None or (actor is not None and actor.id == member.pk):
        return
    lines = [f"{request.reference}: {request.title}"]
    if request.due_on:
        lines.append(f"Due {spelled(request.due_on)}.")
    if words:
        lines += ["", words]
    lines += ["", f"{settings.PLUMBLINE_BASE_URL}{request.get_absolute_url()}"]
    queue_mail(
        to=member.email,
        subject=f"{what}: {request.reference} {request.title}"[:200],
        text="\n".join(lines),
        key=f"audit_request:{key}:{member.pk}",
    )
