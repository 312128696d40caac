"""What a package is to hold."""

import re
from typing import Any

from django import forms

from controls.models import AuditPeriod
from workflow.once import OnceForm


class PackageForm(OnceForm):
    """A period, its controls or some of them, and what comes along."""

    period = forms.ModelChoiceField(AuditPeriod.objects.none(), label="Audit period")
    codes = forms.CharField(
        label="Controls",
        required=False,
        max_length=4_000,
        help_text="Their codes with commas between, such as AC-001, CHG-001. Left empty: all that are in scope of the period.",
    )
    with_requests = forms.BooleanField(label="The auditor's requests, a folder each", required=False, initial=True)
    with_populations = forms.BooleanField(label="Populations and samples", required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].queryset = AuditPeriod.objects.order_by("-starts_on")  # type: ignore[attr-defined] # of a model field

    def clean_codes(self) -> list[str]:
        """Each code once."""
        return sorted({code.upper() for code in re.split(r"[\s,;]+", self.cleaned_data["codes"]) if code})
