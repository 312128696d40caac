"""What the screens about one incident share."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from accounts.models import Member
from incidents.models import Incident
from incidents.rights import EVERYBODY, WORK, may_run, may_work, visible_to
from inventory.models import System
from tenancy.scope import current_tenant_id
from ui.screens import FormScreen
from workflow.once import OnceScreen

LIST = ("Incidents", "incidents:list")
EVENTS = ("Security events", "incidents:event-list")


class AboutIncident(FormScreen, abstract=True):
    """A form about one incident that the member may see, for those who work on it; the action has the last word."""

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
        """Whoever works on it, and whoever runs incidents."""
        return may_work(self.request.member, self.object)

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} {self.object.reference}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the incident."""
        return (LIST, (self.object.reference, self.object.get_absolute_url()))


class Act(AboutIncident, OnceScreen, abstract=True):
    """A form that does something once to one incident."""


class OfIncident(OnceScreen, abstract=True):
    """A form that does something once to a record of an incident that the member may see, such as one of its tasks."""

    permission = EVERYBODY
    object: Any
    verb = ""

    def get_queryset(self) -> QuerySet[Any]:
        """Those of incidents that this member may see."""
        model: Any = self.model
        found: QuerySet[Any] = model.objects.filter(incident__in=visible_to(self.request.member).values("pk"))
        return found.select_related("incident")

    def load(self) -> None:
        """With its incident. Raises PermissionDenied."""
        super().load()
        self.incident: Incident = self.object.incident
        if not self.allowed():
            raise PermissionDenied

    def allowed(self) -> bool:
        """Whoever works on the incident, and whoever runs incidents."""
        return may_work(self.request.member, self.incident)

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} “{self.object}”"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the incident."""
        return (LIST, (self.incident.reference, self.incident.get_absolute_url()))


class RunAct(Act, abstract=True):
    """The same, for those who run incidents."""

    def allowed(self) -> bool:
        """Whoever runs incidents and may see this one."""
        return may_run(self.request.member, self.object)


def able_members() -> QuerySet[Member]:
    """Members who may work on incidents, by name."""
    able = Member.objects.active().able(WORK).filter(organization_id=current_tenant_id(), user__is_service=False)
    return able.select_related("user", "organization").order_by("user__name", "user__email")


def systems_in_use() -> QuerySet[System]:
    """Systems that may be affected."""
    return System.objects.filter(status=System.Status.ACTIVE).order_by("name")
