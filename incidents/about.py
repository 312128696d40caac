"""What the screens about one incident share."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from incidents.models import Incident
from incidents.rights import EVERYBODY, may_work, visible_to
from ui.screens import FormScreen
from workflow.once import OnceScreen

LIST = ("Incidents", "incidents:list")


class AboutIncident(FormScreen, abstract=True):
    """A form about one incident that the member may see; others are not told that there is one."""

    permission = EVERYBODY
    model = Incident
    object: Incident
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
        """Whether this member may do it to this incident, beside the permission of the screen."""
        return may_work(self.request.member, self.object)

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} {self.object.reference}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the incident."""
        return (LIST, (self.object.reference, self.object.get_absolute_url()))


class Act(AboutIncident, OnceScreen, abstract=True):
    """A form that does something once to one incident."""
