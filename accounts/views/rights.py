"""What one member may do here, and why."""

from typing import Any

from django.db.models import QuerySet

from accounts.conflicts import standing_of
from accounts.explaining import rights_of, sources_of
from accounts.giving import APPOINT
from accounts.models import Member
from accounts.views.members import CRUMBS
from accounts.views.roles import READ
from ui.screens import DetailScreen


class MemberRights(DetailScreen):
    """What this person may do, and what gives it."""

    permission = READ
    template_name = "accounts/member_rights.html"
    breadcrumbs = CRUMBS
    context_object_name = "subject"  # by Django's default it would be `member`, which the frame shows as who is signed in
    object: Member

    def get_queryset(self) -> QuerySet[Any]:
        """The table is global, so the organization must be said."""
        return Member.objects.of(self.request.organization).filter(status=Member.Status.ACTIVE)

    def get_title(self) -> str:
        """Whose."""
        return f"What {self.object.name} may do, and why"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each permission with what gives it, and the conflicts among them."""
        return super().get_context_data(
            areas=rights_of(self.object),
            sources=sources_of(self.object),
            conflicts=standing_of(self.object),
            may_appoint=self.request.member.can(APPOINT),
            **kwargs,
        )
