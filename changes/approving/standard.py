"""When a change is approved by its template."""

import datetime as dt

from changes.approving.choices import LONGEST, chosen
from changes.approving.content import LABELS
from changes.models import Change, ChangeSystem, ChangeTemplate, TemplateSystem
from tenancy.models import current_organization
from tenancy.scope import now

BINDING = ("kind", "description", "impact", "rollback_plan", "abort_criteria", "test_plan")


def why_not_standard(change: Change) -> str:
    """Why a change is not one of its template; empty when it is.

    Rule: the template is approved as it is now and its approval lasts, the words are the template's, the systems among its own.
    """
    template = change.template
    if template is None:
        return "A standard change is made from a template."
    if template.status != ChangeTemplate.Status.APPROVED or template.approved_hash != template.content_hash:
        return f"The template “{template}” is not approved now."
    if template.expires_on < current_organization().today():
        return f"The approval of the template “{template}” has expired."
    differing = [LABELS[name].lower() for name in BINDING if _differs(change, template, name)]
    if differing:
        return f"It is not what its template says ({', '.join(differing)}). Make it a normal change, or put those words back."
    allowed = TemplateSystem.objects.filter(template=template).values("system_id")
    if beyond := ChangeSystem.objects.filter(change=change).exclude(system__in=allowed).values_list("system__name", flat=True):
        return f"Its template is not about {', '.join(beyond)}. Make it a normal change."
    return ""


def approved_until(change: Change) -> dt.datetime:
    """As long as approvals last here, and no longer than the template's own."""
    until = now() + min(dt.timedelta(days=chosen().approval_days), LONGEST)
    if change.template is None:
        return until
    zone = current_organization().tzinfo
    return min(until, dt.datetime.combine(change.template.expires_on, dt.time(23, 59, 59), zone))


def _differs(change: Change, template: ChangeTemplate, name: str) -> bool:
    mine, its = getattr(change, name), getattr(template, name)
    return str(mine).replace("\r\n", "\n").strip() != str(its).replace("\r\n", "\n").strip()
