"""The form about maintenance."""

from typing import Any, ClassVar

from django import forms

from monitoring.models import Check
from ui.forms import TextArea
from ui.moments import LocalMomentField, keep_untouched, name_zone
from workflow.once import OnceForm


class MaintenanceForm(OnceForm):
    """When what is worked on, and why."""

    name = forms.CharField(max_length=120, help_text="Such as Upgrade of the database.")
    reason = forms.CharField(label="What is done", widget=TextArea(rows=2), max_length=2_000)
    starts_at = LocalMomentField(label="From")
    ends_at = LocalMomentField(label="Until", ends=True)
    checks = forms.ModelMultipleChoiceField(
        Check.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, help_text="None chosen: all checks."
    )
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("The maintenance", ("name", "reason")),
        ("When", ("starts_at", "ends_at")),
        ("Of what", ("checks",)),
    )

    def __init__(self, *args: Any, window: Any = None, **kwargs: Any) -> None:
        """Offer checks in use, and those that it has."""
        super().__init__(*args, **kwargs)
        offered = Check.objects.exclude(status=Check.Status.RETIRED)
        if window is not None:
            offered = offered | Check.objects.filter(maintenance__window=window)
        self.fields["checks"].queryset = offered.distinct()  # type: ignore[attr-defined]
        name_zone(self, "starts_at", "ends_at")

    def clean(self) -> dict[str, Any]:
        """It ends after it begins; what nobody touched stays to the second."""
        super().clean()
        keep_untouched(self, "starts_at", "ends_at")
        starts, ends = self.cleaned_data.get("starts_at"), self.cleaned_data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", "The maintenance ends before it begins.")
        return self.cleaned_data

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}
