"""Screens of frozen descriptions: making one, reading it, signing the assertion, downloading."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from accounts.factors import FactorFormMixin, FactorScreenMixin, require_recent_factor
from controls.binder import forms
from controls.binder.freezing import freeze_description, proposed_assertion, sign_assertion, why_not_sign
from controls.binder.keeping import SIGNED, UNSIGNED, pdf_of
from controls.binder.report import shown_data, shown_parts
from controls.binder.snapshot import content_of
from controls.binder.tasks import JOB_KIND, form_of
from controls.binder.views.description import DESCRIPTION, show_file
from controls.binder.views.overview import CRUMB
from controls.models import SystemDescription
from controls.periods.current import period_of
from evidence import downloads
from ui.refusals import ActionRefused
from ui.screens import DetailScreen, ScreenRequest, screen
from workflow.models import Job
from workflow.once import OnceScreen

CRUMBS = (CRUMB, DESCRIPTION)


class Freeze(OnceScreen):
    """Freeze the description for a period."""

    permission = "controls.write"
    form_class = forms.FreezeForm
    title = "Freeze the description"
    submit_label = "Freeze it"
    explain = (
        "What is approved today is kept unchanged with its hash, and printed as PDF. What is still open stands on its first page."
    )
    success_message = "The description is frozen. Its PDF follows in a moment."
    breadcrumbs = CRUMBS

    def get_initial(self) -> dict[str, Any]:
        """The period in hand."""
        return {"period": period_of(self.request)}

    def act(self, form: forms.FreezeForm) -> SystemDescription:
        """Freeze it."""
        return freeze_description(form.cleaned_data["period"], actor=self.request.member)


class FrozenDetail(DetailScreen):
    """A frozen description, as its file says."""

    permission = "controls.read"
    queryset = SystemDescription.objects.select_related("period", "file", "made_by__user").prefetch_related(
        "assertions__signed_by__user"
    )
    template_name = "controls/description_frozen.html"
    breadcrumbs = CRUMBS
    object: SystemDescription

    def get_title(self) -> str:
        """Number and period."""
        return f"{self.object.reference}: {self.object.period.name}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The parts, the assertion and the files."""
        description, member = self.object, self.request.member
        try:
            data = content_of(description)
        except ActionRefused as refusal:
            return super().get_context_data(unreadable=refusal.sentence, **kwargs)
        parts = shown_parts(data)
        for part in parts:
            for section in part["sections"]:
                show_file(section["diagram"], may_see=member.can("evidence.read"))
        pdf = pdf_of(description, form_of(description))
        return super().get_context_data(
            data=shown_data(data),
            parts=parts,
            assertion=next(iter(description.assertions.all()), None),
            why_not=why_not_sign(description, member) if member.can("description.sign") else "",
            may_sign=not why_not_sign(description, member),
            pdf=pdf,
            job=None if pdf else Job.objects.filter(subject_id=description.pk, kind=JOB_KIND).order_by("-created_at").first(),
            **kwargs,
        )


class SignForm(FactorFormMixin, forms.SignForm):
    """The assertion, with a second factor."""


class Sign(FactorScreenMixin, OnceScreen):
    """Sign management's assertion."""

    permission = "description.sign"
    queryset = SystemDescription.objects.select_related("period", "file")
    form_class = SignForm
    submit_label = "Sign it"
    explain = "You assert, by name, what the text says about this very description. It cannot be changed afterwards."
    success_message = "The assertion is signed. The signed PDF follows in a moment."
    breadcrumbs = CRUMBS
    object: SystemDescription

    def load(self) -> None:
        """No form where there is nothing to sign."""
        super().load()
        if self.request.method != "POST" and (reason := why_not_sign(self.object, self.request.member)):
            raise ActionRefused(reason)

    def get_title(self) -> str:
        """What is signed."""
        return f"Sign management's assertion on {self.object.reference}"

    def get_initial(self) -> dict[str, Any]:
        """Words to begin from."""
        return {
            "text": proposed_assertion(self.object, self.request.organization.name),
            "name": self.request.member.name,
        }

    def act(self, form: SignForm) -> SystemDescription:
        """Sign."""
        require_recent_factor(self.request)
        given = {name: form.cleaned_data[name] for name in ("text", "name", "position")}
        sign_assertion(self.object, actor=self.request.member, **given)
        return self.object


@screen("controls.read")
def data(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """The description as JSON, as it was kept."""
    found = get_object_or_404(SystemDescription.objects.select_related("file"), pk=pk)
    return downloads.take_away(found.file, actor=request.member, name=f"{found.reference}.json")


@screen("controls.read")
def pdf(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """The description as PDF, the signed one where it is there."""
    found = get_object_or_404(SystemDescription, pk=pk)
    kept = pdf_of(found, SIGNED) or pdf_of(found, UNSIGNED)
    if kept is None:
        raise Http404
    return downloads.take_away(kept.file, actor=request.member, name=kept.file.name)
