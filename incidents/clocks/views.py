"""Screens about the clocks of an incident."""

from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from evidence.downloads import take_away
from evidence.models import StoredFile
from incidents.about import Act, OfIncident
from incidents.clocks import deciding, forms
from incidents.clocks.starting import impact_of, moments_of
from incidents.models import NotificationClock, Trigger
from incidents.rights import EVERYBODY, may_run, visible_to
from ui.refusals import ActionRefused
from ui.screens import ScreenRequest, screen

Status = NotificationClock.Status
CONFIRM = "Data for counsel to confirm, not legal advice."


class MomentSet(Act):
    """Say from when on the time of a duty runs."""

    form_class = forms.MomentForm
    verb = "When duties began, of"
    submit_label = "Record it"
    explain = f"What was recorded before stays in the record; the clocks follow what is recorded last. {CONFIRM}"
    success_message = "It is recorded, and the clocks were worked out anew."

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        what = self.request.GET.get("what", "")
        chosen = what if what in dict(deciding.MOMENTS) else Trigger.AWARENESS
        return {"what": chosen, "at": moments_of(self.object).get(chosen)}

    def act(self, form: forms.MomentForm) -> str:
        """Record it."""
        deciding.set_moment(self.object, actor=self.request.member, **form.cleaned_data)
        return f"{self.object.get_absolute_url()}#clocks"


class ImpactSet(Act):
    """Say whose data are affected."""

    form_class = forms.ImpactForm
    verb = "Data affected by"
    submit_label = "Record it"
    explain = f"Which duties apply follows from this. A clock that runs goes on until somebody decides. {CONFIRM}"
    success_message = "It is recorded."

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        impact = impact_of(self.object)
        return {name: getattr(impact, name) for name in ("customer", "personal", "health")}

    def act(self, form: forms.ImpactForm) -> str:
        """Record it."""
        deciding.set_impact(self.object, actor=self.request.member, **form.cleaned_data)
        return f"{self.object.get_absolute_url()}#clocks"


class _OfClock(OfIncident, abstract=True):
    """A form about a clock, for those who run incidents."""

    model = NotificationClock
    object: NotificationClock

    def allowed(self) -> bool:
        """Whoever runs incidents and may see this one."""
        return may_run(self.request.member, self.incident)

    def get_title(self) -> str:
        """Which clock."""
        return f"{self.verb}: {self.object.name}"


class ClockDecide(_OfClock):
    """Decide whether to notify."""

    form_class = forms.DecideForm
    verb = "Decide"
    submit_label = "Decide"
    explain = f"The decision stands in the timeline with your name. {CONFIRM}"
    success_message = "The decision is recorded."

    def load(self) -> None:
        """No form once the notice is out. Raises ActionRefused."""
        super().load()
        if self.request.method != "POST" and self.object.status in {Status.NOTIFIED, Status.VOID}:
            raise ActionRefused(f"{self.object.name} is {self.object.get_status_display().lower()}: nothing is to be decided.")

    def get_title(self) -> str:
        """Another decision says so."""
        decided = self.object.status in {Status.TO_NOTIFY, Status.NOT_NOTIFYING}
        return f"{'Change the decision' if decided else self.verb}: {self.object.name}"

    def get_initial(self) -> dict[str, Any]:
        """As it was decided."""
        decided = {Status.TO_NOTIFY: "yes", Status.NOT_NOTIFYING: "no"}.get(NotificationClock.Status(self.object.status))
        return {"notify": decided, "reason": self.object.reason} if decided else {}

    def act(self, form: forms.DecideForm) -> str:
        """Decide."""
        return deciding.decide(self.object, actor=self.request.member, **form.cleaned_data).get_absolute_url()


class ClockNotified(_OfClock):
    """Say that the notice went out."""

    form_class = forms.NotifiedForm
    verb = "Notified"
    submit_label = "It went out"
    explain = "Plumbline sends no notice itself: it keeps when yours went out, to whom, and what proves it."
    success_message = "The notice is recorded."

    def act(self, form: forms.NotifiedForm) -> str:
        """Record it."""
        return deciding.notified(self.object, actor=self.request.member, **form.cleaned_data).get_absolute_url()


@screen(EVERYBODY)
def proof(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """What proves a notice, for whoever sees the incident."""
    seen = NotificationClock.objects.filter(incident__in=visible_to(request.member).values("pk"))
    found = get_object_or_404(seen.select_related("evidence"), pk=pk)
    return take_away(get_object_or_404(StoredFile, pk=found.file_id), actor=request.member, evidence=found.evidence)
