"""Forms about deployments."""

from typing import Any

from django import forms

from changes.models import Change
from ui.forms import DropInput, TextArea
from workflow.once import OnceForm

_ORDERS = [("", "Named by their own form"), ("mdy", "Month, day, year"), ("dmy", "Day, month, year")]


class LinkForm(OnceForm):
    """Which change, and why."""

    change = forms.CharField(
        label="Number of the change",
        max_length=20,
        help_text="Such as CHG-2026-0012.",
        widget=forms.TextInput(attrs={"size": 18}),
    )
    reason = forms.CharField(widget=TextArea(rows=3), max_length=2000, help_text="How you know: an auditor will ask.")

    def clean_change(self) -> Change:
        """One that is here."""
        number = self.cleaned_data["change"].strip().upper()
        change = Change.objects.filter(reference=number).first()
        if change is None:
            raise forms.ValidationError(f"There is no change {number}.")
        return change


class EnvironmentsForm(forms.Form):
    """Which environments count."""

    environments = forms.CharField(
        label="Environments that count",
        required=False,
        max_length=500,
        help_text="Separated by commas, such as production, production-eu. Left empty, every deployment counts.",
    )

    def clean_environments(self) -> list[str]:
        """Each once, in lower case."""
        named = self.cleaned_data["environments"].split(",")
        return sorted({one.strip().lower() for one in named if one.strip()})


class UploadForm(forms.Form):
    """A file with deployments, and what it does not say itself."""

    file = forms.FileField(widget=DropInput(attrs={"accept": ".csv,.xlsx"}, hint="CSV or Excel"))
    source = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,59}$",
        label="Where the file comes from",
        help_text="The system it was taken from, such as github-actions. Deployments are told apart by it and their id there.",
        error_messages={"invalid": "Letters, digits and . _ : / -, at most 60."},
    )
    environment = forms.CharField(
        max_length=40, required=False, help_text="For rows that name none, such as production.", initial="production"
    )
    dates = forms.ChoiceField(
        choices=_ORDERS,
        required=False,
        label="Dates such as 03/04/2026 are",
        help_text="Matters only where the file has such dates. Times without a zone are those of the organization.",
    )


class ImportForm(forms.Form):
    """What to do with rows that are wrong."""

    leave_out_wrong = forms.BooleanField(label="Leave out the rows that are wrong, and import the others", required=False)

    def __init__(self, *args: Any, wrong: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not wrong:
            del self.fields["leave_out_wrong"]
