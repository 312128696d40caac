"""Forms about API keys."""

from typing import Any

from django import forms
from django.db.models import Q

from inventory.models import Person
from ui.forms import DateInput, TextArea
from vendors.models import QUARTER, VendorKey
from workflow.once import OnceForm


class KeyForm(OnceForm):
    """What is known of a key. The key itself has no place here."""

    name = forms.CharField(max_length=120, help_text="What it is called. Never the key itself.")
    used_for = forms.CharField(label="What it is used for", required=False, max_length=300)
    kept_in = forms.CharField(
        label="Where it is kept", max_length=300, help_text="Such as the entry in the secrets manager. Looking here is noted."
    )
    every_days = forms.IntegerField(
        label="Rotate after days", min_value=1, max_value=QUARTER, initial=90, help_text="At least each quarter."
    )
    owner = forms.ModelChoiceField(Person.objects.none(), required=False, empty_label="Nobody yet", help_text="Who rotates it.")

    def __init__(self, *args: Any, key: VendorKey | None = None, **kwargs: Any) -> None:
        """Offer people at work, and whom it has."""
        super().__init__(*args, **kwargs)
        whose = Q(pk=key.owner_id if key else None)
        self.fields["owner"].queryset = Person.objects.filter(~Q(status=Person.Status.LEFT) | whose)  # type: ignore[attr-defined]


class NewKeyForm(KeyForm):
    """A key that is there."""

    rotated_on = forms.DateField(label="Made or last rotated", widget=DateInput())


class RotateForm(OnceForm):
    """When it was rotated."""

    rotated_on = forms.DateField(label="Rotated on", widget=DateInput())
    note = forms.CharField(required=False, widget=TextArea(rows=2), max_length=1000, help_text="Never the key itself.")
