"""Forms about tasks of risks."""

from typing import Any

from django import forms

from inventory.models import Person
from risks.models import RiskTask
from risks.register.forms import LONGEST, at_work
from ui.forms import DateInput, TextArea
from workflow.once import OnceForm
from workflow.seen import SeenForm


class TaskForm(SeenForm, OnceForm):
    """What, by whom, by when."""

    title = forms.CharField(label="What is to be done", max_length=300)
    owner = forms.ModelChoiceField(Person.objects.none(), label="By whom")
    due_on = forms.DateField(label="Due", widget=DateInput())

    def __init__(self, *args: Any, task: RiskTask | None = None, **kwargs: Any) -> None:
        """Offer people who work here, and whoever has it."""
        super().__init__(*args, **kwargs)
        owners = at_work() | Person.objects.filter(pk__in=[task.owner_id] if task else [])
        self.fields["owner"].queryset = owners.order_by("name")  # type: ignore[attr-defined]


class FinishForm(OnceForm):
    """What was done."""

    outcome = forms.CharField(label="What was done", widget=TextArea(rows=3), max_length=LONGEST)
