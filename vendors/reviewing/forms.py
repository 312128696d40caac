"""The form of a review."""

from typing import Any, ClassVar

from django import forms

from controls.models import Control
from ui.forms import DateInput, TextArea
from vendors.models import VendorReview
from vendors.tiers import Risk
from workflow.once import OnceForm


class ReviewForm(OnceForm):
    """What was looked at and concluded."""

    reviewed_on = forms.DateField(label="Reviewed on", widget=DateInput())
    kind = forms.ChoiceField(
        label="What it is",
        choices=[("", "By where it is in its life"), *VendorReview.Kind.choices],
        required=False,
    )
    summary = forms.CharField(
        label="What was looked at and found",
        widget=TextArea(rows=5),
        max_length=10_000,
        help_text="Its reports with their exceptions, what changed, incidents, what it promises.",
    )
    conclusion = forms.ChoiceField(choices=VendorReview.Conclusion.choices, widget=forms.RadioSelect)
    conditions = forms.CharField(required=False, widget=TextArea(rows=2), max_length=4000)
    residual = forms.ChoiceField(
        label="Residual risk", choices=Risk.choices, help_text="What is left after controls; never above the inherent risk."
    )
    lowered_by = forms.CharField(
        label="What lowers the risk",
        required=False,
        widget=TextArea(rows=2),
        max_length=4000,
        help_text="Such as its own report.",
    )
    controls = forms.ModelMultipleChoiceField(
        Control.objects.none(), label="Controls of ours that lower it", required=False, widget=forms.SelectMultiple
    )
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("What was found", ("reviewed_on", "kind", "summary", "conclusion", "conditions")),
        ("Risk that is left", ("residual", "lowered_by", "controls")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer controls in service."""
        super().__init__(*args, **kwargs)
        self.fields["controls"].queryset = Control.objects.filter(status=Control.Status.ACTIVE)  # type: ignore[attr-defined]
