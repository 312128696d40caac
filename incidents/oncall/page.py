"""What an incident's page says of its escalation, and the page on which it is acknowledged from a mail."""

from typing import Any

from django.db.models import QuerySet

from accounts.models import Member
from incidents.about import LIST
from incidents.models import Escalation, Incident
from incidents.rights import EVERYBODY, may_work, visible_to
from ui.screens import DetailScreen

SHOWN = 50


def context_of(member: Member, incident: Incident) -> dict[str, Any]:
    """The escalations of an incident with who was told; and whether this member acknowledges it. Two queries."""
    rows = Escalation.objects.filter(incident=incident).select_related("policy", "ended_by__user").prefetch_related("notices")
    waits = incident.is_ongoing and incident.acknowledged_at is None
    return {"escalations": list(rows), "may_acknowledge": waits and may_work(member, incident), "waits": waits}


def slot(incident: Incident, member: Member) -> dict[str, Any] | None:
    """The same for the page's slot; nothing where nobody was ever told."""
    context = context_of(member, incident)
    return context if context["escalations"] else None


class Alarm(DetailScreen):
    """Where the link of an alarm leads: what it is, who was told, and the one button."""

    permission = EVERYBODY
    template_name = "incidents/oncall/alarm.html"
    breadcrumbs = (LIST,)
    object: Incident

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member).select_related("assigned_to__user")

    def get_title(self) -> str:
        """Number and title."""
        return f"{self.object.reference}: {self.object.title}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Who was told."""
        return super().get_context_data(data=context_of(self.request.member, self.object), **kwargs)
