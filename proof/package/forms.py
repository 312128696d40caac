"""What a package is to hold."""

import re
from typing import Any

from django import forms

from controls.models import AuditPeriod
from proof.package.making import codes_meant
from workflow.once import OnceForm


class PackageForm(OnceForm):
    """A period, its controls or some of them, and what comes along."""

    period = forms.ModelChoiceField(AuditPeriod.objects.none(), label="Audit period")
    codes = forms.CharField(
        label="Controls",
        required=False,
        max_length=4_000,
        help_text="Codes, areas or criteria with commas between, like AC-001, CHG, CC6. Left empty: all in scope of the period.",
    )
    with_requests = forms.BooleanField(label="The auditor's requests, a folder each", required=False, initial=True)
    with_populations = forms.BooleanField(label="Populations and samples", required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].queryset = AuditPeriod.objects.order_by("-starts_on")  # type: ignore[attr-defined] # of a model field

    def clean(self) -> dict[str, Any]:
        """The codes of the controls that are meant, once there is a period to ask."""
        given = super().clean() or self.cleaned_data
        words = {word.upper() for word in re.split(r"[\s,;]+", given.get("codes", "")) if word}
        if period := given.get("period"):
            given["codes"], strange = codes_meant(period, words)
            if strange:
                self.add_error("codes", f"No control in scope of {period.name} is meant by: {', '.join(strange)}.")
        return given
