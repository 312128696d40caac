"""Forms about the roadmap."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q

from controls.findings.forms import at_work
from controls.models import Control, RoadmapTask
from ui.forms import DateInput, TextArea
from workflow.once import OnceForm


class TaskForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker only
    """A task."""

    detail = forms.CharField(required=False, max_length=4000, widget=TextArea(rows=3))

    class Meta:
        model = RoadmapTask
        fields: ClassVar = ["title", "detail", "phase", "priority", "control", "owner", "due_on"]
        widgets: ClassVar = {"due_on": DateInput()}
        labels: ClassVar = {"title": "What has to be done", "owner": "Owner"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer controls in service and people who work here, and the present ones."""
        super().__init__(*args, **kwargs)
        controls = Control.objects.filter(Q(status=Control.Status.ACTIVE) | Q(pk=self.instance.control_id))
        self.fields["control"].queryset = controls  # type: ignore[attr-defined]
        self.fields["owner"].queryset = at_work() | at_work().model.objects.filter(pk=self.instance.owner_id)  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


class NewTaskForm(TaskForm, OnceForm):
    """A new one."""


class DropForm(OnceForm):
    """Why it is not needed."""

    reason = forms.CharField(label="Why it is not needed", widget=TextArea(rows=2), max_length=2000)
