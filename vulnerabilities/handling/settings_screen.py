"""The screen of what the organization chooses about its vulnerabilities."""

from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from ui.screens import FormScreen
from vulnerabilities.rights import WRITE
from vulnerabilities.settings import NAMES, choose_settings, settings_of_vulnerabilities


def _days(label: str, most: int, text: str = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=most, help_text=text)


class SettingsForm(forms.Form):
    """Days by severity, of certificates and of acceptances."""

    days_critical = _days("Critical: fixed within days", 1000)
    days_high = _days("High: fixed within days", 1000)
    days_medium = _days("Medium: fixed within days", 1000)
    days_low = _days("Low: fixed within days", 1000)
    certificate_days = _days("Days that a certificate must still be valid", 365, "One that ends sooner is a vulnerability.")
    acceptance_days = _days("Days that a vulnerability may be accepted for at most", 1100)
    fieldsets = (
        ("By when they are fixed", ("days_critical", "days_high", "days_medium", "days_low")),
        ("Certificates and acceptances", ("certificate_days", "acceptance_days")),
    )

    def clean(self) -> dict[str, Any]:
        """A graver one is not due later than a lighter one."""
        said = self.cleaned_data
        for graver, lighter in pairwise(NAMES[:4]):
            if graver in said and lighter in said and said[lighter] < said[graver]:
                self.add_error(lighter, ValidationError("Not fewer than for a graver one."))
        return said


class SettingsEdit(FormScreen):
    """Choose by when vulnerabilities are fixed."""

    permission = WRITE
    form_class = SettingsForm
    title = "Vulnerability settings"
    breadcrumbs = (("Vulnerabilities", "vulnerabilities:list"),)
    submit_label = "Save"
    explain = "What is open keeps its due day. New ones, and those that are back, follow what is chosen here."
    success_message = "The settings were changed."

    def get_initial(self) -> dict[str, Any]:
        """As they are."""
        settings = settings_of_vulnerabilities()
        return {name: getattr(settings, name) for name in NAMES}

    def act(self, form: SettingsForm) -> str:
        """Choose them."""
        choose_settings(actor=self.request.member, **form.cleaned_data)
        return reverse("vulnerabilities:list")
