"""The forms of the timeline."""

from typing import Any

from django import forms

from incidents.models import IncidentEntry
from ui.forms import DropInput, FilesField, TextArea
from ui.moments import LocalMomentField, name_zone
from workflow.once import OnceForm

KINDS = [one for one in IncidentEntry.Kind.choices if one[0] != IncidentEntry.Kind.EVIDENCE]


class EntryForm(OnceForm):
    """A line. It happened now, unless said."""

    text = forms.CharField(
        label="What happened",
        required=False,
        max_length=10_000,
        widget=TextArea(rows=2, attrs={"data-line": "", "data-focus": ""}),
    )
    kind = forms.ChoiceField(label="Kind", choices=KINDS, initial=IncidentEntry.Kind.ACTION, required=False)
    at = LocalMomentField(label="When", required=False, help_text="Left empty: now.")
    files = FilesField(  # type: ignore[assignment] # it is a field
        label="Files",
        required=False,
        widget=DropInput(multiple=True, hint="Or paste a picture into the line. Each file is kept as evidence."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("text", "kind"):  # what the field's template asks for: words or a file, and always some kind
            self.fields[name].one_of = True  # type: ignore[attr-defined]
        name_zone(self, "at")

    def clean(self) -> dict[str, Any]:
        """Words, a file, or both."""
        given = super().clean() or self.cleaned_data
        given["kind"] = given.get("kind") or IncidentEntry.Kind.ACTION.value
        if "files" in given and not given["files"] and not given.get("text", "").strip():
            self.add_error("text", "Write what happened.")
        return given


class CorrectionForm(OnceForm):
    """What a line should have said."""

    text = forms.CharField(label="What it should have said", max_length=10_000, widget=TextArea(rows=3))
    kind = forms.ChoiceField(label="Kind", choices=IncidentEntry.Kind.choices)
    at = LocalMomentField(label="When it happened")
    reason = forms.CharField(label="Why it is corrected", max_length=1_000, widget=TextArea(rows=2))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_zone(self, "at")
