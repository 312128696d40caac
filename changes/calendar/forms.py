"""Forms about freezes."""

from typing import Any, ClassVar

from django import forms

from changes.models import FreezeWindow
from inventory.models import System
from ui.forms import TextArea
from ui.moments import LocalMomentField, keep_untouched, name_zone
from workflow.once import OnceForm, OnceReasonForm


class FreezeForm(OnceForm):
    """A time in which nothing is to be changed."""

    name = forms.CharField(max_length=120, help_text="Such as Year end, or Move of the data centre.")
    starts_at = LocalMomentField(label="From")
    ends_at = LocalMomentField(label="Until", ends=True)
    systems = forms.ModelMultipleChoiceField(
        System.objects.none(),
        label="Systems",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: all systems.",
    )
    reason = forms.CharField(label="Why nothing is to be changed", widget=TextArea(rows=2), max_length=2000)

    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("The freeze", ("name", "reason")),
        ("When", ("starts_at", "ends_at")),
        ("What it holds", ("systems",)),
    )

    def __init__(self, *args: Any, freeze: FreezeWindow | None = None, **kwargs: Any) -> None:
        """Offer systems in use, and those that it has."""
        super().__init__(*args, **kwargs)
        offered = System.objects.filter(status=System.Status.ACTIVE)
        if freeze is not None:
            offered = offered | System.objects.filter(freezes__freeze=freeze)
        self.fields["systems"].queryset = offered.distinct()  # type: ignore[attr-defined]
        name_zone(self, "starts_at", "ends_at")

    def clean(self) -> dict[str, Any]:
        """It ends after it begins; what nobody touched stays to the second."""
        super().clean()
        keep_untouched(self, "starts_at", "ends_at")
        starts, ends = self.cleaned_data.get("starts_at"), self.cleaned_data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", "The freeze ends before it begins.")
        return self.cleaned_data

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


class OverrideForm(OnceReasonForm):
    """Which freeze a change goes through all the same, and why."""

    freeze = forms.ModelChoiceField(FreezeWindow.objects.none(), empty_label="Choose a freeze")
    field_order = ("freeze", "reason")

    def __init__(self, *args: Any, holding: list[FreezeWindow] | None = None, **kwargs: Any) -> None:
        """Offer those that hold the change; the only one is chosen."""
        super().__init__(*args, **kwargs)
        keys = [one.pk for one in holding or []]
        self.fields["freeze"].queryset = FreezeWindow.objects.filter(pk__in=keys)  # type: ignore[attr-defined]
        if len(keys) == 1:
            self.fields["freeze"].initial = keys[0]
