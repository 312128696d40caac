"""Forms of an import: the questions, and the columns of a plain table."""

import datetime as dt
import zoneinfo
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from evidence.tables.moments import DATE_ORDERS
from inventory.formats.mapping import CONSTANT_FIELDS, ENTITLEMENT_FIELDS, Mapping, validate
from inventory.models import Snapshot, System
from tenancy.ids import uuid7
from ui.forms import DropInput, FilesField, TextArea

ANSWER_FIELDS = ("extracted_by", "as_of", "query", "filters", "full_export")
COUNT_FIELDS = ("stated_count", "stated_count_unit", "stated_picture")
MOST_ROWS = 2_000_000_000
_UNITS = (("accounts", "Accounts"), ("rows", "Rows of the files"), ("entitlements", "Entitlements"))


class SnapshotForm(forms.Form):
    """What is asked on every import. Times are those of the organization's zone."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid7)
    system = forms.ModelChoiceField(System.objects.none(), label="System", empty_label="Choose a system")
    uploads = FilesField(
        label="Files",
        hint="All files of one export together: CSV, XLSX or JSON, as the system gave them.",
        max_length=255,
    )
    plain_table = forms.BooleanField(
        label="Read it as a plain table, even if it looks like a known export",
        required=False,
        help_text="You then say which column means what.",
    )
    extracted_by = forms.CharField(label="Extracted by", max_length=200, help_text="Who pulled this list from the system.")
    as_of = forms.DateTimeField(
        label="As of",
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="The moment the list describes. Where the file states its own, that is taken.",
    )
    query = forms.CharField(
        label="Report or query", widget=TextArea(rows=2), max_length=4000, help_text="Which report, command or query gave it."
    )
    filters = forms.CharField(
        label="Filters", widget=TextArea(rows=2), max_length=1000, required=False, help_text="Leave empty if none were set."
    )
    full_export = forms.BooleanField(
        label="This is a full export: nothing was left out",
        required=False,
        help_text="Only a full export can show that access is gone.",
    )
    stated_count = forms.IntegerField(
        label="Count that the source itself shows",
        required=False,
        min_value=0,
        max_value=MOST_ROWS,
        help_text="From its own screen, not from the file. The file is checked against it.",
    )
    stated_count_unit = forms.ChoiceField(label="It counts", choices=_UNITS, initial="accounts")
    stated_picture = forms.FileField(
        label="Picture of that screen", required=False, widget=DropInput(hint="A screenshot or PDF that shows the count.")
    )

    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("What", ("system", "uploads", "plain_table")),
        ("Where it comes from", ANSWER_FIELDS),
        ("The source's own count", COUNT_FIELDS),
    )

    def __init__(self, *args: Any, zone: zoneinfo.ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        if "system" in self.fields:
            systems = System.objects.filter(status=System.Status.ACTIVE).order_by("name")
            self.fields["system"].queryset = systems  # type: ignore[attr-defined]
        self.fields["as_of"].help_text = f"{self.fields['as_of'].help_text} Time in {zone.key}."

    def clean_as_of(self) -> dt.datetime:
        """The wall clock's time, where the organization lives."""
        value: dt.datetime = self.cleaned_data["as_of"]
        wall = timezone.make_naive(value, timezone.get_current_timezone()).replace(tzinfo=self.zone)
        if wall.year < 2000:
            raise forms.ValidationError("This is not a plausible date.")
        if wall > timezone.now():
            raise forms.ValidationError("This lies in the future.")
        return wall.astimezone(dt.UTC)

    @property
    def answers(self) -> dict[str, Any]:
        """What the actions take."""
        names = ("as_of", "extracted_by", "query", "filters", "full_export", "stated_count", "stated_count_unit")
        return {name: self.cleaned_data[name] for name in names}


class SnapshotEditForm(SnapshotForm):
    """Correcting the answers; the files stay unless others are given."""

    key = None  # type: ignore[assignment]
    system = None  # type: ignore[assignment]
    count_reason = forms.CharField(
        label="Why the count changes",
        widget=TextArea(rows=2),
        max_length=2000,
        required=False,
        help_text="Asked when the file was compared with another count before. It stays with the population and in the reports.",
    )
    uploads = FilesField(label="Other files", required=False, hint="Leave empty to keep the files.", max_length=255)

    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("Where it comes from", ANSWER_FIELDS),
        ("The source's own count", (*COUNT_FIELDS, "count_reason")),
        ("Files", ("uploads", "plain_table")),
    )


def initial_of(snapshot: Snapshot, zone: zoneinfo.ZoneInfo) -> dict[str, Any]:
    """The answers given so far, with the as-of on the organization's wall clock."""
    names = ("extracted_by", "query", "filters", "full_export", "stated_count", "stated_count_unit")
    wall = snapshot.as_of.astimezone(zone).replace(tzinfo=None)
    return {**{name: getattr(snapshot, name) for name in names}, "as_of": wall}


class MappingForm(forms.Form):
    """Which column means what: a column, or one value for every row."""

    privileged_values = forms.CharField(
        label="Roles that are privileged",
        required=False,
        max_length=2000,
        help_text="By commas, such as: admin, owner. Compared with the privileged column if there is one, else with the role.",
    )
    date_order = forms.ChoiceField(label="Dates are written", choices=list(DATE_ORDERS.items()), required=False)

    def __init__(self, *args: Any, headers: Sequence[str], mapping: Mapping, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headers = headers
        columns = [("", "Not in the file"), *((header, header) for header in headers)]
        for key, field in ENTITLEMENT_FIELDS.items():
            self.fields[f"column_{key}"] = forms.ChoiceField(
                label=field.label,
                choices=columns,
                required=False,
                help_text=field.help,
                initial=mapping.columns.get(key, ""),
            )
            if key in CONSTANT_FIELDS:
                self.fields[f"constant_{key}"] = forms.CharField(
                    label=f"{field.label}, the same in every row",
                    required=False,
                    max_length=500,
                    initial=mapping.constants.get(key, ""),
                    widget=forms.TextInput({"aria-label": f"{field.label}, the same in every row"}),
                )
        self.fields["privileged_values"].initial = ", ".join(mapping.privileged_values)
        self.fields["date_order"].initial = mapping.date_order

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField | None]]:
        """For the template: each field's column, and its constant where it may have one."""
        return [
            (self[f"column_{key}"], self[f"constant_{key}"] if key in CONSTANT_FIELDS else None) for key in ENTITLEMENT_FIELDS
        ]

    @property
    def mapping(self) -> Mapping:
        """The mapping as it was chosen."""
        data = self.cleaned_data
        return Mapping(
            columns={key: data[f"column_{key}"] for key in ENTITLEMENT_FIELDS if data.get(f"column_{key}")},
            constants={key: data[f"constant_{key}"] for key in CONSTANT_FIELDS if data.get(f"constant_{key}")},
            privileged_values=[word.strip() for word in data.get("privileged_values", "").split(",") if word.strip()],
            date_order=data.get("date_order", ""),
        )

    def clean(self) -> dict[str, Any]:
        """Put each problem of the mapping at its field."""
        data: dict[str, Any] = super().clean() or {}
        for key, sentences in validate(self.mapping, self.headers).items():
            self.add_error(self._place(key), sentences)
        return data

    def _place(self, key: str) -> str | None:
        return next((name for name in (f"column_{key}", key) if name in self.fields), None)


class DiscardForm(forms.Form):
    """Why, if one wishes to say."""

    reason = forms.CharField(label="Reason", widget=TextArea(rows=2), max_length=2000, required=False)
