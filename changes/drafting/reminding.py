"""Whoever wrote a template is told before its approval ends."""

import datetime as dt

from django.conf import settings

from changes.models import ChangeTemplate
from tenancy.models import Organization
from ui.values import spelled
from workflow.digests import MORNING
from workflow.outbox import queue_mail

BEFORE = (30, 7, 0)  # days


def remind(organization: Organization, at: dt.datetime) -> None:
    """Once for each of these days before the end; a host that was down makes up for the latest. Run by the schedule."""
    local = at.astimezone(organization.tzinfo)
    if local.hour < MORNING:
        return
    today = local.date()
    near = ChangeTemplate.objects.filter(
        status=ChangeTemplate.Status.APPROVED,
        expires_on__gte=today,
        expires_on__lte=today + dt.timedelta(days=max(BEFORE)),
        written_by__isnull=False,
    )
    for template in near.select_related("written_by__user", "written_by__organization"):
        _write(template, min(days for days in BEFORE if days >= (template.expires_on - today).days))


def _write(template: ChangeTemplate, days: int) -> None:
    writer = template.written_by
    if writer is None or not writer.is_active:
        return
    lines = [
        f"The approval of the template “{template.title}” ends on {spelled(template.expires_on)}.",
        "Look whether it still holds, choose a later day and submit it. After its day no change can go by it.",
        "",
        f"{settings.PLUMBLINE_BASE_URL}{template.get_absolute_url()}",
    ]
    queue_mail(
        to=writer.email,
        subject=f"Approval ends on {spelled(template.expires_on)}: {template.title}",
        text="\n".join(lines),
        key=f"change_template_ends:{template.pk}:{template.expires_on}:{days}",
    )
