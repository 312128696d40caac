"""Screens of the team: giving what is asked for, and submitting it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from accounts.models import Member
from controls.models import AuditRequest
from controls.requests import forms, giving
from controls.requests.about import Act
from controls.requests.rights import EVERYBODY, may_work, visible_to
from evidence import downloads
from evidence.models import StoredFile
from ui.screens import ScreenRequest, screen
from workflow.once import OnceReasonForm


class RequestSupply(Act):
    """Give something to it."""

    form_class: Any = forms.SupplyForm
    template_name = "controls/request_give.html"
    verb = "Give something to"
    submit_label = "Give it"
    success_message = "It is given. The auditor sees it once you submit the request."

    def check(self) -> None:
        """Not while the auditor looks at it."""
        giving.refuse_given(self.object)

    @property
    def sought(self) -> str:
        """The words searched for."""
        return str(self.request.GET.get("q", "")).replace("\x00", "")[:200]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Records to choose from, for those who see evidence."""
        offered = None
        if self.request.member.can("evidence.read"):
            names = ("evidence", "populations", "samples")
            chosen = {name: self.request.POST.getlist(name)[:100] for name in names} if self.request.method == "POST" else {}
            offered = forms.offered_to(self.object, self.sought, chosen, self.request.member)
        return {**super().get_form_kwargs(), "offered": offered}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the search."""
        may_search = self.request.member.can("evidence.read")
        given = giving.linked(self.object).select_related("evidence", "population", "sample__population")
        return super().get_context_data(sought=self.sought, may_search=may_search, given=given, **kwargs)

    def act(self, form: Any) -> AuditRequest:
        """Give it."""
        giving.supply(self.object, actor=self.request.member, given=form.given())
        return self.object


class RequestSubmit(RequestSupply):
    """Hand it to the auditor."""

    transition = AuditRequest.SUBMIT
    form_class = forms.SubmitForm
    verb = "Submit"
    submit_label = "Submit it to the auditor"
    explain = "The auditor sees what is given as it is now, and accepts or returns it."
    success_message = "It is submitted to the auditor."

    def check(self) -> None:
        """By its state."""
        AuditRequest.SUBMIT.check(self.object)

    def get_initial(self) -> dict[str, Any]:
        """What was said before."""
        return {"statement": self.object.statement}

    def act(self, form: Any) -> AuditRequest:
        """Submit it."""
        statement = form.cleaned_data["statement"]
        giving.submit(self.object, actor=self.request.member, statement=statement, given=form.given())
        return self.object


class RequestTakeBack(Act):
    """Take back what was submitted."""

    transition = AuditRequest.TAKE_BACK
    form_class = OnceReasonForm
    verb = "Take back"
    submit_label = "Take it back"
    explain = "It is in progress again; the auditor sees that and why."
    success_message = "It is in progress again."

    def act(self, form: Any) -> AuditRequest:
        """Take it back."""
        giving.take_back(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class RequestUnlink(Act):
    """Take away what was given."""

    form_class = OnceReasonForm
    submit_label = "Take it away"
    explain = "The record itself stays where it is; it only is not given to this request any more."
    success_message = "It was taken away."

    def check(self) -> None:
        """Not while the auditor looks at it."""
        giving.refuse_given(self.object)

    def load(self) -> None:
        """With the link."""
        super().load()
        rows = giving.linked(self.object).select_related("evidence", "population", "sample__population", "request")
        self.proof = get_object_or_404(rows, pk=self.kwargs["proof"])

    def get_title(self) -> str:
        """What from which."""
        return f"Take {self.proof.name} away from {self.object.reference}"

    def act(self, form: Any) -> AuditRequest:
        """Take it away."""
        giving.take_away(self.proof, actor=self.request.member, **form.cleaned_data)
        return self.object


@screen(EVERYBODY, methods=["POST"])
def start(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Begin to work on it."""
    asked = get_object_or_404(visible_to(request.member), pk=pk)
    giving.start(asked, actor=request.member)
    messages.success(request, "It is in progress. Submit it when everything is given.")
    return redirect(asked)


@screen(EVERYBODY)
def file(request: ScreenRequest, pk: UUID, proof: UUID) -> HttpResponseBase:
    """A file that was given, for who works on it and for who reads evidence."""
    asked = get_object_or_404(visible_to(request.member), pk=pk)
    return serve(request.member, asked, proof)


def serve(member: Member, asked: AuditRequest, proof: UUID) -> HttpResponseBase:
    """The file of what was given."""
    if not (may_work(member, asked) or member.can("evidence.read")):
        raise PermissionDenied
    one = get_object_or_404(
        giving.seen_by(member, giving.linked(asked)).select_related("evidence__file", "population__file"), pk=proof
    )
    found: StoredFile | None = one.evidence.file if one.evidence else one.population.file if one.population else None
    if found is None:
        raise Http404
    name = f"{one.population.reference}.xlsx" if one.population else ""
    return downloads.take_away(found, actor=member, evidence=one.evidence, name=name)
