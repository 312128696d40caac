"""Forms of versions."""

from typing import Any, ClassVar

from django import forms

from policies.models.policy import LONGEST
from ui.forms import DateInput, DropInput, TextArea
from workflow.once import OnceForm, OnceReasonForm
from workflow.seen import SeenForm


def _what_changed(*, needed: bool) -> forms.CharField:
    return forms.CharField(
        label="What is different, and why",
        required=False,
        widget=TextArea(rows=2),
        max_length=5_000,
        help_text="Approvers and readers see it beside the difference." if needed else "",
    )


class _AboutVersion(SeenForm, OnceForm):
    title = forms.CharField(max_length=200)
    change_note = _what_changed(needed=True)
    material = forms.BooleanField(
        label="A material change",
        required=False,
        help_text="Whoever has to keep to it is asked to confirm it again. Leave it empty for a spelling or a name.",
    )


class WriteForm(_AboutVersion):
    """What it says."""

    text = forms.CharField(
        label="Text",
        required=False,
        max_length=LONGEST,
        widget=TextArea(rows=24, attrs={"class": "mono", "spellcheck": "true"}),
        help_text="Markdown: # for a heading, - for a list, **bold**, [words](https://address), and tables.",
    )
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("What it says", ("title", "text")),
        ("What is different", ("change_note", "material")),
    )

    def clean_text(self) -> str:
        """With line ends as they are stored."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")


class UploadForm(_AboutVersion):
    """A document in the place of the text."""

    file = forms.FileField(label="The document", widget=DropInput(hint="A PDF or a DOCX; it is kept as it is"))
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("The document", ("file", "title")),
        ("What is different", ("change_note", "material")),
    )


class NothingForm(OnceForm):
    """Nothing to be said."""


class ApproveForm(OnceForm):
    """What was seen."""

    content_hash = forms.CharField(widget=forms.HiddenInput, max_length=64, min_length=64)
    note = forms.CharField(label="Note", required=False, widget=TextArea(rows=2), max_length=5_000)


class GivenApprovalForm(forms.Form):
    """What a program has seen."""

    content_hash = forms.CharField(max_length=64, min_length=64, help_text="Of the version as it was read.")
    note = forms.CharField(required=False, max_length=5_000)


class ReturnForm(OnceReasonForm):
    """What is missing."""


class PublishForm(OnceForm):
    """From when it holds."""

    effective_on = forms.DateField(
        label="In force from", widget=DateInput(), help_text="Today at once; a later day by itself on that day."
    )


def preview_of(data: Any) -> str:
    """The text that is to be shown as it would look, no longer than a version may be."""
    return str(data.get("text", ""))[:LONGEST]
