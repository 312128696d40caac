"""What is done to one finding: a form, or a button, for each act."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.models import Member
from controls.findings import actions, forms
from controls.findings.listing import EVERYBODY, LIST
from controls.findings.rights import may_work, visible_to, why_not_independent
from controls.models import Finding, FindingEvidence
from evidence.hiding import evidence_seen_by
from evidence.models import Evidence
from ui.refusals import ActionRefused
from ui.screens import ScreenRequest, screen
from workflow.accepting import AcceptScreen, LapseScreen
from workflow.once import OnceReasonForm, OnceScreen
from workflow.screens import TransitionScreen

OFFERED = 12  # items of evidence to choose from


class _AboutFinding(TransitionScreen, abstract=True):
    """A form about one finding that the member may see."""

    permission = EVERYBODY
    model = Finding
    object: Finding
    verb = ""

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member).select_related("owner", "control")

    def allowed(self) -> bool:
        """Whether this member may do it to this finding."""
        return may_work(self.request.member, self.object)

    def refuse_over(self) -> None:
        """Raise ActionRefused when nobody has to work on it any more."""
        actions.refuse_over(self.object)

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} {self.object.reference}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the finding."""
        return (LIST, (self.object.reference, self.object.get_absolute_url()))


class FindingEdit(_AboutFinding):
    """Change what is written about it."""

    permission = "findings.write"
    form_class = forms.FindingForm
    verb = "Change"
    success_message = "The finding was changed."

    def act(self, form: forms.FindingForm) -> Finding:
        """Change it."""
        return actions.edit_finding(self.object, actor=self.request.member, **form.facts())


class _Act(_AboutFinding, OnceScreen, abstract=True):
    """A form that does something once to one finding."""


class FindingHandOn(_Act):
    """Give it to somebody else."""

    form_class = forms.HandOnForm
    verb = "Hand on"
    submit_label = "Hand it on"
    success_message = "It is with somebody else now."

    def act(self, form: forms.HandOnForm) -> str:
        """Hand it on; who gave their only right away goes back to the list."""
        actions.hand_on(self.object, actor=self.request.member, **form.cleaned_data)
        seen = visible_to(self.request.member).filter(pk=self.object.pk).exists()
        return self.object.get_absolute_url() if seen else "controls:finding-list"


class FindingSupply(_Act):
    """Add evidence."""

    form_class: Any = forms.SupplyForm
    verb = "Evidence for"
    submit_label = "Add the evidence"
    success_message = "The evidence was added."

    def get_form_kwargs(self) -> dict[str, Any]:
        """Items to choose from, for those who see evidence."""
        items = offered(self.object, self.request.member) if self.request.member.can("evidence.read") else None
        return {**super().get_form_kwargs(), "items": items}

    def act(self, form: Any) -> Finding:
        """Add it."""
        actions.supply(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class FindingHandIn(FindingSupply):
    """Say that it is put right."""

    transition = Finding.READY
    form_class = forms.HandInForm
    verb = "Hand in"
    submit_label = "Hand it in for retest"
    explain = "Somebody who neither owns it nor hands it in retests it."
    success_message = "It waits for its retest by somebody else."

    def act(self, form: Any) -> Finding:
        """Hand it in."""
        actions.hand_in(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class FindingRetest(_Act):
    """Close it, or give it back."""

    transition = Finding.CLOSE
    form_class = forms.RetestForm
    verb = "Retest"
    submit_label = "Record the retest"
    success_message = "The retest is recorded."

    def allowed(self) -> bool:
        """By role, and independent of it."""
        member = self.request.member
        return bool(member.can(Finding.CLOSE.permission))

    def check(self) -> None:
        """Refuse those who own it or put it right in words."""
        super().check()
        if refusal := why_not_independent(self.request.member, self.object, remediated=True):
            raise ActionRefused(refusal)

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"retested_on": self.request.organization.today()}

    def act(self, form: forms.RetestForm) -> Finding:
        """Record it."""
        facts = dict(form.cleaned_data)
        retest = actions.close if facts.pop("result") == "pass" else actions.give_back
        retest(self.object, actor=self.request.member, **facts)
        return self.object


class FindingAccept(AcceptScreen, _Act):
    """Accept by name that it stays."""

    transition = Finding.ACCEPT
    form_class = forms.AcceptForm
    action = staticmethod(actions.accept)

    def why_not(self) -> str:
        """Its owner does not."""
        return why_not_independent(self.request.member, self.object, remediated=False)


class FindingLapse(LapseScreen, _Act):
    """Take an acceptance back."""

    transition = Finding.LAPSE
    explain = "Somebody has to put it right, as before."
    action = staticmethod(actions.lapse)


class FindingReopen(_Act):
    """Open a closed one again."""

    transition = Finding.REOPEN
    form_class = OnceReasonForm
    verb = "Open again"
    submit_label = "Open it again"
    explain = "It is due anew by its severity. What was done and found stays in its activity."
    success_message = "It is open again."

    def allowed(self) -> bool:
        """By role only."""
        return bool(self.request.member.can(Finding.REOPEN.permission))

    def act(self, form: OnceReasonForm) -> Finding:
        """Reopen it."""
        actions.reopen(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class FindingUnlink(_Act):
    """Take evidence away from it."""

    form_class = OnceReasonForm
    submit_label = "Take it away"
    explain = "The item stays in the vault; it only says nothing about this finding any more."
    success_message = "The evidence was taken away."

    def load(self) -> None:
        """With the item."""
        super().load()
        linked = self.object.proofs.filter(status=FindingEvidence.Status.LINKED).select_related("evidence", "finding")
        self.proof = get_object_or_404(linked, pk=self.kwargs["proof"])

    def get_title(self) -> str:
        """Which item."""
        return f"Take {self.proof.evidence.reference} away from {self.object.reference}"

    def act(self, form: OnceReasonForm) -> Finding:
        """Take it away."""
        actions.unlink(self.proof, actor=self.request.member, **form.cleaned_data)
        return self.object


@screen(EVERYBODY, methods=["POST"])
def start(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Begin to put it right."""
    finding = get_object_or_404(visible_to(request.member), pk=pk)
    actions.start(finding, actor=request.member)
    messages.success(request, "It is in remediation. Hand it in for retest when it is put right.")
    return redirect(finding)


def offered(finding: Finding, member: Member) -> QuerySet[Evidence]:
    """The latest current items that are not linked to it yet."""
    linked = finding.proofs.filter(status=FindingEvidence.Status.LINKED)
    fresh = evidence_seen_by(member).filter(status=Evidence.Status.CURRENT).exclude(pk__in=linked.values("evidence"))
    return Evidence.objects.filter(pk__in=fresh.order_by("-collected_at").values("pk")[:OFFERED])
