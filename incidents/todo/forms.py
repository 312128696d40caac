"""The forms of tasks."""

from typing import Any

from django import forms

from accounts.models import Member
from incidents.about import able_members
from incidents.models import Incident, IncidentTask
from incidents.rights import may_see
from ui.forms import DateInput, TextArea
from workflow.absences.forms import MemberField
from workflow.once import OnceForm, OnceReasonForm
from workflow.seen import SeenForm


class TaskForm(SeenForm, OnceForm):
    """What is to be done, by whom and by when."""

    title = forms.CharField(label="What is to be done", max_length=300)
    kind = forms.ChoiceField(
        label="Kind",
        choices=IncidentTask.Kind,
        initial=IncidentTask.Kind.TASK,
        widget=forms.RadioSelect,
        help_text="A preventive measure sees to it that it does not happen again.",
    )
    owner = MemberField(Member.objects.none(), label="Who does it", help_text="They are told, and see the incident.")
    due_on = forms.DateField(label="Due", widget=DateInput)
    details = forms.CharField(label="Details", required=False, max_length=5_000, widget=TextArea(rows=3))

    def __init__(self, *args: Any, incident: Incident | None = None, **kwargs: Any) -> None:
        """Offer those who may work on incidents; of a confidential one those of them who see it."""
        super().__init__(*args, **kwargs)
        owner, able = self.fields["owner"], able_members()
        if incident is not None and incident.confidential:
            able = able.filter(pk__in=[member.pk for member in able if may_see(member, incident)])
            owner.help_text = "They are told. Only those who see this confidential incident: name others under People first."
        owner.queryset = able  # type: ignore[attr-defined]


class FinishForm(OnceForm):
    """What was done."""

    outcome = forms.CharField(label="What was done", required=False, max_length=5_000, widget=TextArea(rows=3))


class CancelForm(OnceReasonForm):
    """Why it is not done."""


class ReopenForm(OnceReasonForm):
    """Why it is to be done after all."""
