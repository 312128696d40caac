"""Forms about evidence."""

import hashlib
from typing import Any

from django import forms
from django.conf import settings

from accounts.models import Member
from evidence import tags
from evidence.importing.linkers import CONTROLS, REQUESTS, check_links
from evidence.links import linkable_by
from evidence.models import Evidence
from evidence.tables.moments import DATE_ORDERS
from tenancy.scope import current_tenant_id
from ui.forms import DateInput, DropInput, FilesField, TextArea
from ui.refusals import ActionRefused
from workflow.once import OnceForm

MOST_FILES = 100
LONGEST_TEXT, LONGEST_NOTE = 4000, 2000


def keepers() -> Any:
    """Who may answer for evidence: the active members whose role lets them see it."""
    everybody = Member.objects.active().able("evidence.read").filter(organization_id=current_tenant_id())
    return everybody.select_related("user")


def size_in_words() -> str:
    """Such as "Up to 100 MB each"."""
    return f"Up to {settings.PLUMBLINE_UPLOAD_LIMIT >> 20} MB each"


class MemberChoice(forms.ModelChoiceField):  # type: ignore[type-arg] # generic for the type checker only
    """A member by name and e-mail."""

    def label_from_instance(self, obj: Any) -> str:
        """Two people may have one name."""
        return f"{obj.name} ({obj.email})"


class TagsField(forms.CharField):
    """Tags with commas between them; cleans to a list."""

    def prepare_value(self, value: Any) -> Any:
        """A list as one types it."""
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """Split and tidy."""
        try:
            return tags.split(super().clean(value))
        except ActionRefused as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what was typed."""
        return super().has_changed(self.prepare_value(initial), data)


class LinksField(forms.CharField):
    """What new items are linked to, in the words of the area that it belongs to."""

    def __init__(self, *, of: str, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=LONGEST_NOTE, **kwargs)
        self.of = of

    def validate(self, value: Any) -> None:
        """Say of each word what is wrong with it."""
        super().validate(value)
        if reasons := check_links(value, self.of):
            raise forms.ValidationError(reasons)


class FactsForm(forms.Form):
    """What is said of an item."""

    title = forms.CharField(max_length=200)
    category = forms.ChoiceField(choices=[("", "Choose"), *Evidence.Category.choices])
    description = forms.CharField(required=False, max_length=LONGEST_TEXT, widget=TextArea(rows=2))
    source = forms.CharField(max_length=200, help_text="The system or person it comes from.")
    query = forms.CharField(
        label="Query or report",
        required=False,
        max_length=LONGEST_TEXT,
        widget=TextArea(rows=2),
        help_text="How somebody else would get the same.",
    )
    period_from = forms.DateField(label="Shows the time from", required=False, widget=DateInput)
    period_to = forms.DateField(label="to", required=False, widget=DateInput)
    expires_on = forms.DateField(
        label="Expires",
        required=False,
        widget=DateInput,
        help_text="After this day it is stale. Its owner is told 30, 7 and 1 days before.",
    )
    owner = MemberChoice(queryset=None, required=False, help_text="Who keeps it fresh.")
    tags = TagsField(required=False, help_text="Words with commas between them.")

    fieldsets: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("Where it comes from", ("source", "query", "period_from", "period_to")),
        ("Keeping it fresh", ("owner", "expires_on", "tags")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = keepers()  # type: ignore[attr-defined] # a field of choices

    def clean(self) -> dict[str, Any]:
        """A period has an order."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("period_from"), cleaned.get("period_to")
        if first and last and last < first:
            self.add_error("period_to", "The period ends before it begins.")
        return cleaned


class UploadForm(OnceForm, FactsForm):
    """Files to keep, and what is said of all of them."""

    field_order = ("once", "uploads", "title", "category", "description")
    fieldsets = (("What they show", ("controls", "by_name", "requests")), *FactsForm.fieldsets)
    uploads = FilesField(label="Files", allow_empty_file=True)  # each is refused by itself
    title = forms.CharField(
        max_length=200,
        required=False,
        help_text="Of one file. Several are called by their file names, and so is one without a title.",
    )

    controls = LinksField(
        of=CONTROLS,
        label="Controls",
        help_text="Each file is linked to all of them: codes with commas between them, such as AC-001, AC-002:policy. Without a "
        "leg (policy, technical, operation, monitoring) it shows the control's operation.",
    )
    by_name = forms.BooleanField(
        label="Link each file also to the control whose code its name begins with",
        required=False,
        help_text="Such as AC-001 from “AC-001 review of March.pdf”.",
    )
    requests = LinksField(
        of=REQUESTS,
        label="Requests of the auditor",
        help_text="Each file is given to all of them: their numbers, with commas between them.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uploads"].widget = DropInput(multiple=True, hint=f"{size_in_words()}, at most {MOST_FILES} at once.")

    def clean_uploads(self) -> Any:
        """Not more than can be told apart afterwards."""
        files = self.cleaned_data["uploads"]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(f"Choose at most {MOST_FILES} files. For more, use Import with a list.")
        return files

    def fingerprint(self) -> str:
        """The same words with other files are another form."""
        files = [(one.name, one.size) for one in self.cleaned_data["uploads"]]
        return hashlib.sha256(f"{super().fingerprint()} {files!r}".encode()).hexdigest()


class ImportForm(OnceForm):
    """A list and the files that it names."""

    manifest = forms.FileField(
        label="The list", widget=DropInput(hint="CSV or Excel."), help_text="A row for each file. Only the column File is needed."
    )
    uploads = FilesField(label="The files")
    source = forms.CharField(max_length=200, help_text="Of rows whose column Source is empty.")
    date_order = forms.ChoiceField(label="Dates are written", required=False, choices=list(DATE_ORDERS.items()))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uploads"].widget = DropInput(
            multiple=True, hint=f"ZIP archives, or the files themselves. {size_in_words()}."
        )


class RevisionForm(OnceForm):
    """A newer file for an item."""

    file = forms.FileField(widget=DropInput)
    note = forms.CharField(label="Why there is a new revision", max_length=LONGEST_NOTE, widget=TextArea(rows=2))
    period_from = forms.DateField(label="Shows the time from", required=False, widget=DateInput)
    period_to = forms.DateField(label="to", required=False, widget=DateInput)
    expires_on = forms.DateField(label="Expires", required=False, widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget = DropInput(hint=f"{size_in_words()}.")


class NoteForm(forms.Form):
    """A note, if there is one."""

    note = forms.CharField(label="Note", required=False, max_length=LONGEST_NOTE, widget=TextArea(rows=2))


class SupersedeForm(forms.Form):
    """The newer item, by its number."""

    by = forms.CharField(label="Number of the newer item", max_length=30, help_text="Such as EV-2026-0012.")
    links = forms.ChoiceField(
        label="What this item is linked to",
        choices=[("carry", "The newer item takes it over"), ("leave", "Leave the newer item as it is linked now")],
        initial="carry",
        required=False,
        widget=forms.RadioSelect,
        help_text="An occurrence is taken over when the newer item covers its time.",
    )
    note = forms.CharField(label="Note", required=False, max_length=LONGEST_NOTE, widget=TextArea(rows=2))

    def clean_by(self) -> Evidence:
        """The item of that number."""
        typed = self.cleaned_data["by"].strip().upper()
        found = Evidence.objects.filter(reference=typed).first()
        if found is None:
            raise forms.ValidationError(f"There is no item with the number {typed}.")
        return found

    def facts(self) -> dict[str, Any]:
        """As the action takes them; who does not say otherwise carries the links over."""
        given = self.cleaned_data
        return {"by": given["by"], "note": given["note"], "carry": given["links"] != "leave"}


class LinkForm(forms.Form):
    """A record by its kind and name."""

    kind = forms.ChoiceField(label="What it is", help_text="To a control it is linked on the page of the control.")
    record = forms.CharField(label="Its name or number", max_length=200)

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(one.key, one.label) for one in linkable_by(member)]  # type: ignore[attr-defined]
