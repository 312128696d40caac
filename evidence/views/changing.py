"""Forms about one item: its facts, revisions, validation, standing and links."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from evidence.actions import WRITE, change_evidence, revise_evidence, validate_evidence, why_not_validate
from evidence.files import store
from evidence.forms import FactsForm, LinkForm, NoteForm, RevisionForm, SupersedeForm
from evidence.hiding import evidence_seen_by
from evidence.links import find_record, link_record, unlink_record
from evidence.models import Evidence, EvidenceLink
from evidence.standing import reinstate_evidence, restore_evidence, supersede_evidence, withdraw_evidence
from ui.forms import ReasonForm
from ui.refusals import ActionRefused
from ui.screens import FormScreen, ScreenRequest, screen
from workflow.once import OnceScreen
from workflow.screens import TransitionScreen
from workflow.transitions import Transition

CRUMBS = (("Evidence", "evidence:list"),)


class OfItem(FormScreen, abstract=True):
    """A form about one item."""

    permission = WRITE
    model = Evidence

    def get_queryset(self) -> QuerySet[Any]:
        """Of what hangs on something confidential only what the member may see."""
        return evidence_seen_by(self.request.member)

    object: Evidence

    def get_breadcrumbs(self) -> Any:
        """Back to the item."""
        return (*CRUMBS, (self.object.reference, self.object.get_absolute_url()))


class EvidenceChange(OfItem):
    """What is said of it."""

    title = "Change evidence"
    form_class = FactsForm
    explain = "The file stays as it is. Whoever validated the item vouched for its source, query and period."

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.object, name) for name in FactsForm.base_fields}

    def act(self, form: forms.Form) -> Evidence:
        """Change it."""
        return change_evidence(self.object, actor=self.request.member, **form.cleaned_data)


class EvidenceRevise(OnceScreen, OfItem):
    """A newer file."""

    title = "New revision"
    form_class = RevisionForm
    submit_label = "Keep the new revision"
    explain = "The present file stays as an earlier revision, unchanged. The item waits to be validated again."

    def get_initial(self) -> dict[str, Any]:
        """The present end is the new begin."""
        return {"period_from": self.object.period_from, "period_to": self.object.period_to}

    def act(self, form: forms.Form) -> Evidence:
        """Store the file, then revise."""
        given = {**form.cleaned_data}
        upload = given.pop("file")
        return revise_evidence(self.object, actor=self.request.member, file=store(upload, upload.name), **given)


class EvidenceValidate(OfItem):
    """Somebody else's word."""

    title = "Validate evidence"
    form_class = NoteForm
    submit_label = "It is what it says"
    explain = "You confirm that you have looked at the file, and that source, query and period are as stated."

    def load(self) -> None:
        """No form where it cannot be done."""
        super().load()
        if self.request.method != "POST" and (reason := why_not_validate(self.object, self.request.member)):
            raise ActionRefused(reason)

    def act(self, form: forms.Form) -> Evidence:
        """Validate."""
        return validate_evidence(self.object, actor=self.request.member, **form.cleaned_data)


class EvidenceWithdraw(TransitionScreen, OfItem):
    """It proves nothing."""

    title = "Withdraw evidence"
    form_class = ReasonForm
    transition: ClassVar[Transition] = Evidence.WITHDRAW
    submit_label = "Withdraw it"
    tone = "danger"
    explain = "It stays to be read, with your reason, and proves nothing any more: what leaned on it alone is open again."

    def act(self, form: forms.Form) -> Evidence:
        """Withdraw."""
        return withdraw_evidence(self.object, actor=self.request.member, **form.cleaned_data)


class EvidenceRestore(TransitionScreen, OfItem):
    """It stands after all."""

    title = "Put evidence back"
    form_class = ReasonForm
    transition: ClassVar[Transition] = Evidence.RESTORE
    submit_label = "Put it back"

    def act(self, form: forms.Form) -> Evidence:
        """Restore."""
        return restore_evidence(self.object, actor=self.request.member, **form.cleaned_data)


class EvidenceSupersede(TransitionScreen, OfItem):
    """A newer item in its place."""

    title = "Supersede evidence"
    form_class = SupersedeForm
    transition: ClassVar[Transition] = Evidence.SUPERSEDE
    submit_label = "Supersede it"
    explain = "The newer item counts from now on. A newer file of the same item is a new revision instead."

    def act(self, form: SupersedeForm) -> Evidence:
        """Supersede."""
        return supersede_evidence(self.object, actor=self.request.member, **form.facts())


class EvidenceReinstate(TransitionScreen, OfItem):
    """It counts again."""

    title = "Make evidence current again"
    form_class = ReasonForm
    transition: ClassVar[Transition] = Evidence.REINSTATE
    submit_label = "Make it current"

    def act(self, form: forms.Form) -> Evidence:
        """Reinstate."""
        return reinstate_evidence(self.object, actor=self.request.member, **form.cleaned_data)


class EvidenceLinkAdd(OfItem):
    """It belongs to a record as well."""

    title = "Link to a record"
    form_class = LinkForm
    submit_label = "Link it"

    def get_form_kwargs(self) -> dict[str, Any]:
        """What the member may see can be chosen."""
        return {**super().get_form_kwargs(), "member": self.request.member}

    def act(self, form: forms.Form) -> Evidence:
        """Find it and link."""
        kind, text = form.cleaned_data["kind"], form.cleaned_data["record"]
        link_record(self.object, find_record(kind, text, actor=self.request.member), actor=self.request.member)
        return self.object


@screen(WRITE, methods=["POST"])
def unlink(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Take a link away."""
    link = get_object_or_404(
        EvidenceLink.objects.select_related("evidence").filter(evidence__in=evidence_seen_by(request.member)), pk=pk
    )
    unlink_record(link, actor=request.member)
    messages.success(request, f"It does not belong to {link.name} any more.")
    return redirect(link.evidence)
