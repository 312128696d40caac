"""What a page says about the stored files it shows."""

from typing import Any

from django import template
from django.template.context import Context

from evidence.models import StoredFile
from evidence.recheck import ASKED, badge, intact

register = template.Library()


@register.inclusion_tag("evidence/recheck.html", takes_context=True)
def recheck(context: Context, stored: StoredFile) -> dict[str, Any]:
    """Read a file again and say whether it is unchanged; for a large one offer to."""
    unchanged = intact(stored, context["request"].GET)
    return {"badge": None if unchanged is None else badge(unchanged), "asked": ASKED}
