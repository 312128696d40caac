"""Screens that do something to one incident."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from incidents import hooks
from incidents.about import AboutIncident, Act, RunAct
from incidents.lifecycle import actions, editing, forms, people
from incidents.lifecycle.seeing import who_sees
from incidents.lifecycle.times import time_of
from incidents.models import Incident, IncidentTime
from incidents.rights import EVERYBODY, may_run, visible_to
from ui.refusals import ActionRefused
from ui.screens import ScreenRequest, screen
from workflow.transitions import Transition


class _Moves(Act, abstract=True):
    """A form that moves an incident: none is shown where there is nothing to do."""

    transition: Transition

    def load(self) -> None:
        """Raises ActionRefused."""
        super().load()
        if self.request.method != "POST":
            self.transition.check(self.object)


class IncidentContain(_Moves):
    """It does no more harm."""

    transition = Incident.CONTAIN
    form_class = forms.ContainForm
    verb = "Contain"
    submit_label = "It is contained"
    explain = "It does no more harm, though it is not put right yet."
    success_message = "It is contained."

    def act(self, form: forms.ContainForm) -> Incident:
        """Contain it."""
        return actions.contain(self.object, actor=self.request.member, **form.cleaned_data)


class IncidentResolve(_Moves):
    """It is put right."""

    transition = Incident.RESOLVE
    form_class = forms.ResolveForm
    verb = "Resolve"
    submit_label = "It is resolved"
    success_message = "It is resolved."

    def get_initial(self) -> dict[str, Any]:
        """What is written already."""
        return {"resolution": self.object.resolution, "root_cause": self.object.root_cause}

    def act(self, form: forms.ResolveForm) -> Incident:
        """Resolve it."""
        return actions.resolve(self.object, actor=self.request.member, **form.cleaned_data)


class IncidentReopen(_Moves):
    """It came back."""

    transition = Incident.REOPEN
    form_class = forms.ReopenForm
    verb = "Open again"
    submit_label = "Open it again"
    explain = "The times at which it was contained, resolved and closed are withdrawn; they stay in the record."
    success_message = "It is open again."

    def act(self, form: forms.ReopenForm) -> Incident:
        """Reopen it."""
        return actions.reopen(self.object, actor=self.request.member, **form.cleaned_data)


class IncidentClose(_Moves, RunAct):
    """It ends, with what goes on named."""

    transition = Incident.CLOSE
    form_class = forms.CloseForm
    verb = "Close"
    submit_label = "Close it"
    success_message = "It is closed."

    def load(self) -> None:
        """With what is not finished."""
        super().load()
        self.going = hooks.unfinished(self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """A reason is asked for where something holds it open."""
        return {**super().get_form_kwargs(), "held": any(one.holds for one in self.going)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """All that is not finished, before somebody closes it."""
        explain = "This is not finished; it is followed on, and named in the record:" if self.going else "Nothing is left to do."
        points = [one.words for one in self.going]
        return super().get_context_data(**{"explain": explain, "points": points, **kwargs})

    def act(self, form: forms.CloseForm) -> Incident:
        """Close it."""
        return actions.close(self.object, actor=self.request.member, **form.cleaned_data)


class IncidentDismiss(_Moves, RunAct):
    """It is none."""

    transition = Incident.DISMISS
    form_class = forms.DismissForm
    verb = "Dismiss"
    submit_label = "It is no incident"
    tone = "danger"
    explain = "It ends without being resolved, as it was no incident, or another one already."
    success_message = "It is dismissed."

    def get_form_kwargs(self) -> dict[str, Any]:
        """Only what the member may see is offered."""
        return {**super().get_form_kwargs(), "member": self.request.member}

    def act(self, form: forms.DismissForm) -> Incident:
        """Dismiss it."""
        return actions.dismiss(self.object, actor=self.request.member, **form.cleaned_data)


class IncidentSeverity(Act):
    """How grave it is."""

    form_class = forms.SeverityForm
    verb = "Severity of"
    submit_label = "Change it"
    explain = "What becomes critical is with whoever is on call at once."
    success_message = "The severity was changed."

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {"severity": self.object.severity}

    def act(self, form: forms.SeverityForm) -> Incident:
        """Change it."""
        return actions.set_severity(self.object, actor=self.request.member, **form.cleaned_data)


class IncidentPeople(Act):
    """Who is on it."""

    form_class = forms.PeopleForm
    verb = "Who is on"
    submit_label = "Save"
    success_message = "Whoever it is with now is told."

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        named = {name: getattr(self.object, f"{name}_id") for name in people.PARTS}
        return {**named, "team": [row.member_id for row in self.object.team.all()]}

    def act(self, form: forms.PeopleForm) -> Incident:
        """Name them."""
        return people.set_people(self.object, actor=self.request.member, **form.cleaned_data)


class IncidentTimes(Act):
    """When something was, or really was."""

    form_class = forms.TimeForm
    verb = "Correct a time of"
    submit_label = "Record it"
    explain = "Nothing recorded is lost: the page shows both, with who said what and why."
    success_message = "The time is recorded."

    def allowed(self) -> bool:
        """Once it is closed, those who run incidents."""
        return may_run(self.request.member, self.object) if self.object.is_over else super().allowed()

    def get_initial(self) -> dict[str, Any]:
        """The time that was asked for, as it is recorded."""
        what = self.request.GET.get("what", "")
        if what not in IncidentTime.What.values:
            return {}
        return {"what": what, "at": time_of(self.object, what)}

    def act(self, form: forms.TimeForm) -> Incident:
        """Record it."""
        return actions.correct_time(self.object, actor=self.request.member, **form.cleaned_data)


class IncidentConfide(Act):
    """Make it confidential."""

    form_class = forms.ConfideForm
    verb = "Make confidential:"
    submit_label = "Make it confidential"
    explain = (
        "From now on only those named in it see it: its team, whoever it is assigned to, its commander and scribe; and those who "
        "may see all confidential incidents. Whoever reported it sees that it is worked on. Evidence that is in the vault "
        "already stays there. These people see it then:"
    )
    success_message = "It is confidential."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With who sees it then, by name."""
        seers = who_sees(self.object, self.request.member)
        return super().get_context_data(**{"points": seers.sentences, **kwargs})

    def act(self, form: forms.ConfideForm) -> Incident:
        """Do so."""
        return editing.confide(self.object, actor=self.request.member, **form.cleaned_data)


class IncidentDisclose(Act):
    """Open it to all who read incidents."""

    form_class = forms.ConfideForm
    verb = "No longer confidential:"
    submit_label = "Open it to all readers"
    tone = "danger"
    explain = "All who read incidents see it from now on, with everything that is written in it and in its trail."
    success_message = "It is confidential no more."

    def act(self, form: forms.ConfideForm) -> Incident:
        """Do so."""
        return editing.disclose(self.object, actor=self.request.member, **form.cleaned_data)


class IncidentEdit(AboutIncident):
    """What is written of it."""

    form_class = forms.IncidentForm
    verb = "Edit"
    submit_label = "Save"

    def load(self) -> None:
        """Not once it is over. Raises ActionRefused."""
        super().load()
        if self.object.is_over and self.request.method != "POST":
            raise ActionRefused(f"{self.object} is {self.object.get_status_display().lower()}: open it again to write on it.")

    def act(self, form: forms.IncidentForm) -> Incident:
        """Save it."""
        return editing.edit_incident(self.object, actor=self.request.member, **form.cleaned_data)


@screen(EVERYBODY, methods=["POST"])
def acknowledge(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Say that one is on it."""
    incident = get_object_or_404(visible_to(request.member), pk=pk)
    actions.acknowledge(incident, actor=request.member)
    messages.success(request, "It is acknowledged: nobody else is alarmed.")
    return redirect(incident)


@screen(EVERYBODY, methods=["POST"])
def investigate(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Begin to look into it."""
    incident = get_object_or_404(visible_to(request.member), pk=pk)
    actions.investigate(incident, actor=request.member)
    messages.success(request, "It is being investigated.")
    return redirect(incident)
