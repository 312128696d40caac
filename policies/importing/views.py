"""Bringing in a policy from its document."""

from typing import Any, ClassVar

from django import forms

from policies.importing.actions import Approved, import_policy
from policies.models import Policy
from policies.register.forms import PolicyFields
from policies.register.views import LIST
from policies.rights import WRITE
from ui.forms import DateInput, DropInput, TextArea
from workflow.once import OnceForm, OnceScreen


class ImportForm(PolicyFields, OnceForm):
    """The document, and who approved it when."""

    title = forms.CharField(max_length=200)
    upload = forms.FileField(label="The document", widget=DropInput(hint="A PDF or a DOCX; it is kept as it is"))
    approved_by = forms.CharField(
        label="Approved by", widget=TextArea(rows=2), max_length=1_000, help_text="As the minutes have it; one name a line."
    )
    approved_on = forms.DateField(widget=DateInput())
    effective_on = forms.DateField(label="In force since", widget=DateInput())
    last_reviewed_on = forms.DateField(
        label="Last reviewed on",
        required=False,
        widget=DateInput(),
        help_text="If later than that: from this day the next review counts.",
    )
    minutes = forms.FileField(
        label="The minutes",
        widget=DropInput(hint="What shows the approval: minutes, a mail, a signed page"),
    )
    note = forms.CharField(label="Note", required=False, widget=TextArea(rows=2), max_length=5_000)
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("The document", ("title", "upload", "kind", "owner")),
        ("Its approval", ("approved_by", "approved_on", "minutes", "effective_on", "last_reviewed_on", "note")),
        ("How it is kept", ("review_months", "quorum")),
        ("What it documents", ("controls", "criteria")),
    )

    def clean_approved_by(self) -> list[str]:
        """The names."""
        return [name.strip() for name in str(self.cleaned_data["approved_by"]).splitlines() if name.strip()]


class Import(OnceScreen):
    """Bring in a policy that is in force already."""

    permission = WRITE
    form_class = ImportForm
    title = "Bring one you have"
    breadcrumbs = (LIST,)
    submit_label = "Bring it in"
    explain = (
        "The document is kept byte for byte, as a version that is in force, with the approval that its minutes show. "
        "Its next version is approved here."
    )
    success_message = "It is here, with its approval."

    def act(self, form: Any) -> Policy:
        """Bring it in."""
        given = form.facts()
        days = {"on": "approved_on", "effective_on": "effective_on", "reviewed_on": "last_reviewed_on"}
        approved = Approved(given.pop("approved_by"), **{name: given.pop(field) for name, field in days.items()})
        return import_policy(actor=self.request.member, approved=approved, **given)
