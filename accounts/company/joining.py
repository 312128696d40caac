"""Who may join by nothing but an invitation and a company account."""

from accounts.models import Member, User
from tenancy.models import Organization


def may_join(user: User | None, organization: Organization) -> bool:
    """Somebody new; or somebody who has no password and no place elsewhere, so that nobody's word but this one's is taken."""
    if user is None:
        return True
    if user.has_usable_password() or user.is_service or not user.is_active:
        return False
    return not Member.objects.filter(user=user).exclude(organization=organization).exists()
