"""Forms about background checks."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q

from inventory.models import Person
from policies.models import BackgroundCheck
from ui.forms import DateInput, TextArea
from workflow.once import OnceForm, OnceReasonForm
from workflow.seen import SeenForm


class CheckFields(forms.Form):
    """When, by whom, and how it came out."""

    checked_on = forms.DateField(label="Checked", widget=DateInput())
    provider = forms.CharField(label="Who checked", max_length=200)
    outcome = forms.ChoiceField(choices=BackgroundCheck.Outcome.choices, help_text="Kept sealed, as the note is.")
    note = forms.CharField(required=False, widget=TextArea(rows=3), max_length=2_000)


class NewCheckForm(CheckFields, OnceForm):
    """Who was checked."""

    person = forms.ModelChoiceField(Person.objects.none())
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("Who was checked", ("person", "checked_on", "provider")),
        ("How it came out", ("outcome", "note")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer people who have not left."""
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Person.objects.filter(~Q(status=Person.Status.LEFT))  # type: ignore[attr-defined]


class CheckForm(SeenForm, CheckFields, OnceForm):
    """One that is there."""


class WithdrawForm(OnceReasonForm):
    """Why it counts no more."""


class RuleForm(SeenForm, OnceForm):
    """From when on nobody gets access first."""

    since = forms.DateField(
        label="Whose first account is seen on this day or later", widget=DateInput(),
        help_text="By the populations in the inventory. Those who had access before are not judged.",
    )  # fmt: skip
    contractors = forms.BooleanField(label="Contractors too", required=False, initial=True)
