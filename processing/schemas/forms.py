"""Forms about schemas."""

from typing import Any, ClassVar

from django import forms

from processing.models import ProcessingSchema
from ui.forms import TextArea
from workflow.once import OnceForm

_INPUT = "JSON Schema 2020-12. References lead within the schema, regular expressions run in linear time; at most 64 kB."
_OUTPUT = "Optional: what comes out of the operation is validated against it where the sender sends it along."


class VersionForm(forms.Form):
    """The texts of a version."""

    input_schema = forms.CharField(
        label="Schema of the input", widget=TextArea(rows=16, attrs={"class": "mono", "spellcheck": "false"}), help_text=_INPUT
    )
    output_schema = forms.CharField(
        label="Schema of the output",
        required=False,
        widget=TextArea(rows=8, attrs={"class": "mono", "spellcheck": "false"}),
        help_text=_OUTPUT,
    )
    note = forms.CharField(label="What is new", required=False, max_length=500, help_text="For whoever puts it in force.")


class SchemaForm(VersionForm, OnceForm):
    """A new schema with its first version."""

    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("What it is", ("key", "title", "description")),
        ("Its first version", ("input_schema", "output_schema", "note", "in_force")),
    )
    key = forms.RegexField(
        r"^[a-z][a-z0-9_]{0,39}$",
        label="Name in the API",
        help_text="Other systems send documents to /api/processing/ and this name, such as tool_call. It stays.",
        error_messages={"invalid": "Small letters, digits and _, at most 40, a letter first."},
    )
    title = forms.CharField(max_length=120)
    description = forms.CharField(label="What it is for", required=False, max_length=2000, widget=TextArea(rows=2))
    in_force = forms.BooleanField(
        label="Put it in force at once",
        required=False,
        help_text="Otherwise its first version is a draft: try documents first, then put it in force.",
    )


class SchemaEditForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker only
    """What it is called, and when it alerts."""

    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("What it is", ("title", "description")),
        ("When too little succeeds", ("alert_below", "alert_hours", "alert_least", "alert_severity")),
    )

    class Meta:
        model = ProcessingSchema
        fields: ClassVar = ["title", "description", "alert_below", "alert_hours", "alert_least", "alert_severity"]
        widgets: ClassVar = {"description": TextArea(rows=2)}
        help_texts: ClassVar = {
            "alert_below": "From 0.01 to 100. Left empty, nobody is told.",
            "alert_hours": "From 1 to 744, which is 31 days.",
            "alert_least": "So that one failure in a quiet night is no alert.",
            "alert_severity": "Of the security event that is reported, once for each fall below the threshold.",
        }

    def _post_clean(self) -> None:
        """The action judges and saves: the instance stays as it is."""


class TryForm(forms.Form):
    """A document to try."""

    document = forms.CharField(
        widget=TextArea(rows=12, attrs={"class": "mono", "spellcheck": "false"}),
        max_length=300_000,
        help_text="JSON. It is validated here and now; neither it nor its hash is kept.",
    )
    against = forms.ChoiceField(label="As", choices=[("input", "Input"), ("output", "Output")], initial="input")

    def __init__(self, *args: Any, has_output: bool = True, **kwargs: Any) -> None:
        """What comes out can be tried only where there is a schema for it."""
        super().__init__(*args, **kwargs)
        if not has_output:
            del self.fields["against"]
