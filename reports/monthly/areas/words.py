"""Words that the areas share."""

from accounts.models import Member
from tenancy.scope import current_tenant_id

SHOWN = 25  # rows of a table of exceptions; the rest are counted


def quoted(title: str) -> str:
    """A title within a sentence."""
    return f"“{title}”"


def responsible() -> str:
    """Who answers for the programme where nobody owns a thing: the first who runs the controls, by name."""
    members = Member.objects.active().filter(organization_id=current_tenant_id()).select_related("user")
    names = sorted(member.name for member in members if member.can("controls.write"))
    return names[0] if names else "The management"
