"""Screens of links."""

from typing import Any

from controls.models import Finding
from incidents.about import Act, OfIncident
from incidents.links import actions, forms
from incidents.models import IncidentLink
from incidents.rights import may_work


class LinkAdd(Act):
    """Link another record."""

    form_class = forms.LinkForm
    verb = "Link a record to"
    submit_label = "Link it"
    success_message = "It is linked."

    def act(self, form: forms.LinkForm) -> str:
        """Link it."""
        actions.add_link(self.object, actor=self.request.member, **form.cleaned_data)
        return f"{self.object.get_absolute_url()}#links"


class LinkRemove(OfIncident):
    """Take a link away."""

    model = IncidentLink
    object: IncidentLink
    form_class = forms.UnlinkForm
    submit_label = "Take it away"
    explain = "The record itself stays; it only does not belong to this incident any more."
    success_message = "It is not linked any more."

    def get_title(self) -> str:
        """What from which."""
        return f"Take {self.object.label} away from {self.incident.reference}"

    def act(self, form: forms.UnlinkForm) -> str:
        """Take it away."""
        actions.remove_link(self.object, actor=self.request.member, **form.cleaned_data)
        return f"{self.incident.get_absolute_url()}#links"


class FindingRaise(Act):
    """Raise a finding out of an incident."""

    form_class = forms.FindingForm
    verb = "Raise a finding out of"
    submit_label = "Raise it"
    explain = "It is tracked until somebody else has retested it, and is linked to this incident."
    success_message = "The finding is raised and linked."

    def allowed(self) -> bool:
        """Whoever works on it and raises findings."""
        return may_work(self.request.member, self.object) and self.request.member.can(actions.RAISE)

    def get_initial(self) -> dict[str, Any]:
        """As grave as the incident."""
        return {"severity": self.object.severity}

    def act(self, form: forms.FindingForm) -> Finding:
        """Raise it."""
        return actions.finding_of(self.object, actor=self.request.member, **form.cleaned_data)
