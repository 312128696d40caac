"""What a page says about the stored files it shows, and about the evidence linked to its record."""

from typing import Any

from django import template
from django.db.models import Model
from django.template.context import Context

from evidence import freshness
from evidence.models import EvidenceLink, StoredFile
from evidence.recheck import ASKED, badge, intact

register = template.Library()


@register.inclusion_tag("evidence/recheck.html", takes_context=True)
def recheck(context: Context, stored: StoredFile) -> dict[str, Any]:
    """Read a file again and say whether it is unchanged; for a large one offer to."""
    unchanged = intact(stored, context["request"].GET)
    return {"badge": None if unchanged is None else badge(unchanged), "asked": ASKED}


@register.inclusion_tag("evidence/linked.html", takes_context=True)
def linked_evidence(context: Context, subject: Model) -> dict[str, Any]:
    """The items that were linked to a record, for those who read evidence; nothing where there are none."""
    request = context["request"]
    if not request.member.can("evidence.read"):
        return {"items": []}
    links = EvidenceLink.objects.filter(kind=subject._meta.label_lower, object_id=subject.pk).select_related("evidence")
    today = request.organization.today()
    found = [(link.evidence, freshness.badge(link.evidence, today)) for link in links.order_by("-evidence__collected_at", "pk")]
    return {"items": found}
