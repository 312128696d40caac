"""Mail about templates of standard changes."""

from collections.abc import Iterable

from django.conf import settings

from accounts.models import Member
from audit.actors import Actor
from changes.models import ChangeTemplate
from tenancy.models import current_organization
from tenancy.scope import now
from ui.values import spelled
from workflow.outbox import queue_mail


def tell_approvers(template: ChangeTemplate, *, actor: Actor) -> None:
    """Tell those who approve changes that it waits, but not who wrote it."""
    here = Member.objects.active().of(current_organization())
    asked = [one for one in here if one.can("changes.approve") and one.pk != template.written_by_id]
    _tell(asked, template, what="Waits for approval", words="", actor=actor)


def tell_writer(template: ChangeTemplate, *, what: str, words: str = "", actor: Actor) -> None:
    """Tell who wrote it what became of it."""
    _tell([template.written_by] if template.written_by else [], template, what=what, words=words, actor=actor)


def _tell(members: Iterable[Member], template: ChangeTemplate, *, what: str, words: str, actor: Actor) -> None:
    lines = [f"Template of standard changes: {template.title}", f"Approved until: {spelled(template.expires_on)}."]
    lines += ["", words] if words else []
    lines += ["", f"{settings.PLUMBLINE_BASE_URL}{template.get_absolute_url()}"]
    for member in members:
        if member.is_active and actor.id != member.pk:
            queue_mail(
                to=member.email,
                subject=f"{what}: {template.title}"[:200],
                text="\n".join(lines),
                key=f"change_template:{template.pk}:{template.status}:{now().isoformat()}:{member.pk}",
            )
