"""The form of a load test."""

from typing import ClassVar

from django import forms

from inventory.models import System
from monitoring.recovery.forms import TestedForm
from ui.forms import FilesField

_MOST = 1_000_000_000
_DAY = 86_400_000  # milliseconds
_NOTHING = "Empty: it was not measured."


class LoadForm(TestedForm):
    """What was tested before which release, what it was to carry, what it carried, and what shows it."""

    before = forms.CharField(
        label="Before what",
        max_length=200,
        help_text="The release, or why it was tested: such as Release 4.2, or the autumn peak.",
    )
    system = forms.ModelChoiceField(
        System.objects.none(), required=False, empty_label="None", help_text="None: the service as a whole."
    )
    unit = forms.CharField(
        label="Unit of the load", max_length=40, initial="requests per second", help_text="Such as requests per second, or users."
    )
    load_aimed = forms.IntegerField(label="Load, aimed at", min_value=1, max_value=_MOST)
    load_reached = forms.IntegerField(label="Load, reached", min_value=0, max_value=_MOST, required=False, help_text=_NOTHING)
    answer_limit_ms = forms.IntegerField(
        label="Time of the answers, allowed",
        min_value=1,
        max_value=_DAY,
        help_text="The 95th percentile, in milliseconds.",
    )
    answer_ms = forms.IntegerField(
        label="Time of the answers, measured", min_value=0, max_value=_DAY, required=False,
        help_text=f"The 95th percentile, in milliseconds. {_NOTHING}",
    )  # fmt: skip
    errors_allowed = forms.DecimalField(
        label="Errors, allowed",
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        help_text="In percent of the answers.",
    )
    errors_seen = forms.DecimalField(
        label="Errors, seen", min_value=0, max_value=100, max_digits=5, decimal_places=2, required=False,
        help_text=f"In percent of the answers. {_NOTHING}",
    )  # fmt: skip
    uploads = FilesField(label="Evidence", hint="The tool's report, graphs", help_text="At least one file that shows it.")
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("The test", ("before", "system", "tested_on")),
        ("How much", ("unit", "load_aimed", "load_reached")),
        ("How well", ("answer_limit_ms", "answer_ms", "errors_allowed", "errors_seen")),
        ("What shows it", ("notes", "uploads")),
    )
