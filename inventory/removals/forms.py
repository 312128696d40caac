"""Forms about removals."""

from typing import Any

from django import forms

from inventory.models import Person
from ui.forms import DateInput, DropInput, TextArea


class ClaimForm(forms.Form):
    """What was done, with a picture or ticket if there is one."""

    note = forms.CharField(label="What was done", required=False, widget=TextArea(rows=3), max_length=2000)
    file = forms.FileField(
        label="File", required=False, widget=DropInput(hint="A ticket or a picture"), help_text="Kept unchanged, under its hash."
    )


class BulkClaimForm(forms.Form):
    """One note for several."""

    note = forms.CharField(label="What was done", required=False, widget=TextArea(rows=2), max_length=2000)


class AcceptForm(forms.Form):
    """Why access stays, and until when."""

    reason = forms.CharField(label="Why the access stays", widget=TextArea(rows=3), max_length=2000)
    until = forms.DateField(
        label="Until", widget=DateInput(), help_text="The removal opens again after this day. A year from today at most."
    )


class ReassignForm(forms.Form):
    """To whom, and why."""

    assignee = forms.ModelChoiceField(Person.objects.none(), label="To whom")
    reason = forms.CharField(label="Why", widget=TextArea(rows=2), max_length=1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer people who work here."""
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = Person.objects.exclude(status=Person.Status.LEFT)  # type: ignore[attr-defined]
