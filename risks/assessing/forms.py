"""Forms about the annual assessment."""

from typing import Any

from django import forms

from ui.forms import DateInput, TextArea
from workflow.once import OnceForm
from workflow.seen import SeenForm

LONGEST = 10_000


class AssessmentForm(SeenForm, OnceForm):
    """What is written of an assessment, beside the register itself."""

    objectives = forms.CharField(
        label="Objectives that the risks are measured against", widget=TextArea(rows=4), max_length=LONGEST,
        help_text="What you have promised, and what you want to reach.",
    )  # fmt: skip
    method = forms.CharField(label="How the risks were found and rated", widget=TextArea(rows=3), max_length=LONGEST)
    participants = forms.CharField(label="Who took part", widget=TextArea(rows=2), max_length=5000)
    conclusion = forms.CharField(label="What it comes to", required=False, widget=TextArea(rows=3), max_length=LONGEST)


class NewAssessmentForm(AssessmentForm):
    """With its year."""

    year = forms.IntegerField(min_value=2000, max_value=2999)
    field_order = ("year", "objectives", "method", "participants", "conclusion")


class ApproveForm(OnceForm):
    """What is approved, by its hash, and what is said with it."""

    content_hash = forms.CharField(
        max_length=64, widget=forms.HiddenInput, label="SHA-256 of what you saw", help_text="As the assessment shows it."
    )
    note = forms.CharField(label="What you say with it", required=False, widget=TextArea(rows=2), max_length=5000)

    def clean(self) -> dict[str, Any]:
        """As it is."""
        return super().clean() or self.cleaned_data


class GivenApprovalForm(forms.Form):
    """What a program has seen."""

    content_hash = forms.CharField(max_length=64, min_length=64, help_text="Of the assessment as it was read.")
    note = forms.CharField(required=False, max_length=5000)


class SubmitForm(OnceForm):
    """The day of which it speaks."""

    as_of = forms.DateField(
        label="As of",
        required=False,
        widget=DateInput(),
        help_text="The day on which the register was gone through. Empty: today.",
    )
