"""Forms about classes of data and the data inventory."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q

from privacy.models import DataClass, DataSet, InUse, RetentionSchedule
from privacy.screens import LinesField, RecordForm
from ui.forms import TextArea


class ClassForm(RecordForm):
    """A class, its label, and how data of it is handled."""

    class Meta:
        model = DataClass
        fields: ClassVar = ["name", "rank", "label", "personal", "meaning", "handling"]
        widgets: ClassVar = {"meaning": TextArea(rows=3), "handling": TextArea(rows=5)}
        help_texts: ClassVar = {
            "label": "As it stands on documents, such as Confidential.",
            "handling": "Who may see it, how it is sent, kept, printed and destroyed.",
        }


class DataSetForm(RecordForm):
    """An entry of the inventory."""

    subjects = LinesField(
        label="Whose it is", help_text="Kinds of people, one a line, such as employees. None: no personal data."
    )
    recipients = LinesField(label="Who gets it", help_text="One a line, suppliers too.")
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("What and where", ("name", "data_class", "content", "system", "location", "owner")),
        ("Whose, and what for", ("subjects", "purpose", "basis", "basis_note")),
        ("Who gets it, and how long it stays", ("recipients", "transfers", "schedule")),
    )

    class Meta:
        model = DataSet
        fields: ClassVar = [
            "name", "data_class", "content", "system", "location", "subjects", "purpose", "basis", "basis_note", "recipients",
            "transfers", "schedule", "owner",
        ]  # fmt: skip
        widgets: ClassVar = {"content": TextArea(rows=3), "purpose": TextArea(rows=3)}
        help_texts: ClassVar = {
            "basis": "Article 6(1) of the GDPR.",
            "transfers": "Which country, and what protects the data there. Empty: nowhere.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer classes and schedules in use, and those it has."""
        super().__init__(*args, **kwargs)
        of: Any = self.instance
        classes: Any = self.fields["data_class"]
        schedules: Any = self.fields["schedule"]
        classes.queryset = DataClass.objects.filter(Q(status=InUse.ACTIVE) | Q(pk=of.data_class_id))
        schedules.queryset = RetentionSchedule.objects.filter(Q(status=InUse.ACTIVE) | Q(pk=of.schedule_id))
        schedules.empty_label = "None yet"

    def clean(self) -> dict[str, Any]:
        """Personal data has a basis."""
        given = super().clean()
        if given.get("subjects") and not given.get("basis"):
            raise forms.ValidationError({"basis": "Data of people is processed on a legal basis: choose which."})
        return given


class SheetForm(forms.Form):
    """A table as it was exported here, perhaps edited."""

    file = forms.FileField(label="The table", help_text="CSV or XLSX, with the columns of the export.")
