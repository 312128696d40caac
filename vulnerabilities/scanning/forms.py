"""Forms of importing a scan."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from tenancy.scope import now
from ui.forms import DropInput
from vulnerabilities.scanning.stated import Stated


class StatedForm(forms.Form):
    """What the file may not say itself."""

    ran_at = forms.DateTimeField(
        label="When it ran",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="Where the file does not say. Left empty: now.",
    )
    tool_version = forms.CharField(label="Version of the tool", required=False, max_length=60)
    checked = forms.IntegerField(
        label="Packages it checked",
        required=False,
        min_value=0,
        max_value=10_000_000,
        help_text="Where the file does not say: a scan that found nothing is worth nothing without it.",
    )
    source = forms.CharField(
        label="Where the list comes from",
        required=False,
        max_length=120,
        help_text="Such as: the console of the cloud, looked up by hand. A file that the AWS CLI wrote says it itself.",
    )

    def clean_ran_at(self) -> dt.datetime | None:
        """Not in the future."""
        at: dt.datetime | None = self.cleaned_data["ran_at"]
        if at is not None and at > now():
            raise ValidationError("Not in the future.")
        if at is not None and at.year < 2000:
            raise ValidationError("Not before 2000.")
        return at

    def stated(self) -> Stated:
        """As the actions take it."""
        given: dict[str, Any] = {name: self.cleaned_data.get(name) for name in ("ran_at", "checked")}
        given |= {name: self.cleaned_data.get(name) or "" for name in ("tool_version", "source")}
        return Stated(**given, narrower=bool(self.cleaned_data.get("narrower")))


class ScanFileForm(StatedForm):
    """A file, and what it may not say."""

    source = None  # type: ignore[assignment] # as Django leaves a field out: a tool wrote it
    file = forms.FileField(widget=DropInput(attrs={"accept": ".json,.sarif"}, hint="JSON or SARIF, at most 50 MB"))
    field_order = ("file", "ran_at", "tool_version", "checked")
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("The file", ("file",)),
        ("What the file may not say", ("ran_at", "tool_version", "checked")),
    )


class StorageFileForm(StatedForm):
    """A list of resources that hold data, of when and from where it is."""

    tool_version = None  # type: ignore[assignment] # as Django leaves a field out
    checked = None  # type: ignore[assignment]
    file = forms.FileField(widget=DropInput(attrs={"accept": ".csv,.xlsx,.json"}, hint="CSV, XLSX or JSON, at most 50 MB"))
    field_order = ("file", "ran_at", "source")
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("The file", ("file",)),
        ("What the file may not say", ("ran_at", "source")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ran_at"].label = "As of"


class ConfirmForm(forms.Form):
    """Whether what is missing is gone."""

    narrower = forms.BooleanField(
        label="What is missing here is not in use any more",
        required=False,
        help_text="Only then can the scan be evaluated. It stands in the trail under your name.",
    )

    moved = forms.CharField(
        label="Why it is a scan of this scope all the same",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Such as: the image has moved to another registry. Left empty: it opens and closes nothing. It stands in the "
        "trail under your name, and what is scanned here is what this file says from now on.",
    )

    def __init__(self, *args: Any, asks: bool = True, elsewhere: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks:
            del self.fields["narrower"]
        if not elsewhere:
            del self.fields["moved"]


class GivenScanForm(StatedForm):
    """For the API: a scan imported at once."""

    file = forms.FileField(help_text="As the tool writes it; of storage settings a CSV, XLSX or JSON.")
    narrower = forms.BooleanField(
        required=False, help_text="What earlier scans checked and this one does not is not in use any more."
    )
    moved = forms.CharField(
        required=False,
        max_length=300,
        help_text="Why a scan of something else, or by another tool, than before is of this scope all the same. Without it "
        "such a scan opens and closes nothing.",
    )
