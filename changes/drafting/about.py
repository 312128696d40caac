"""What the forms about one change share."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from changes.models import Change
from changes.rights import visible_to
from ui.screens import FormScreen
from workflow.once import OnceScreen

# Whoever has a part in a change sees it, whatever their role; what each may see is decided in rights.visible_to.
EVERYBODY = "home.read"
LIST = ("Changes", "changes:list")


class AboutChange(FormScreen, abstract=True):
    """A form about one change that the member may see."""

    permission = EVERYBODY
    model = Change
    object: Change
    verb = ""

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member)

    def load(self) -> None:
        """Those without the right see no form. Raises PermissionDenied."""
        super().load()
        if not self.allowed():
            raise PermissionDenied

    def allowed(self) -> bool:
        """Whether this member may do it to this change, beside the permission of the screen."""
        return True

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} {self.object.reference}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the change."""
        return (LIST, (self.object.reference, self.object.get_absolute_url()))


class Act(AboutChange, OnceScreen, abstract=True):
    """A form that does something once to one change."""
