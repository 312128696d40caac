"""The forms of links."""

from typing import Any

from django import forms

from controls.models import Control
from controls.models.control import Priority
from incidents.links.registry import kinds
from inventory.models import Person
from ui.forms import DateInput, TextArea
from workflow.once import OnceForm


class LinkForm(OnceForm):
    """Which record, and what it has to do with it."""

    kind = forms.ChoiceField(label="What it is")
    number = forms.CharField(
        label="Its number", max_length=60, help_text="Such as CHG-2026-0041, FND-2026-0007, AC-001, INC-2026-0002."
    )
    note = forms.CharField(label="What it has to do with it", required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what can be linked."""
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(one.key, one.label) for one in kinds()]  # type: ignore[attr-defined]


class UnlinkForm(OnceForm):
    """Why it has nothing to do with it."""

    reason = forms.CharField(label="Why", required=False, max_length=2_000, widget=TextArea(rows=2))


class FindingForm(OnceForm):
    """What has to be put right."""

    title = forms.CharField(max_length=200)
    severity = forms.ChoiceField(choices=Priority, initial=Priority.MEDIUM)
    control = forms.ModelChoiceField(Control.objects.none(), required=False, empty_label="None")
    owner = forms.ModelChoiceField(Person.objects.none(), required=False, empty_label="The control's owner")
    due_on = forms.DateField(label="Due", required=False, widget=DateInput, help_text="Left empty: by its severity.")
    remediation = forms.CharField(label="What has to be done", required=False, max_length=5_000, widget=TextArea(rows=3))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer controls in use and people at work."""
        super().__init__(*args, **kwargs)
        self.fields["control"].queryset = Control.objects.exclude(status=Control.Status.RETIRED).order_by("code")  # type: ignore[attr-defined]
        self.fields["owner"].queryset = Person.objects.exclude(status=Person.Status.LEFT).order_by("name")  # type: ignore[attr-defined]
