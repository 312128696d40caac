"""Screens of the annual assessment."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from evidence.downloads import REPORT, take_away
from risks.assessing import actions, forms
from risks.assessing.content import TEXTS, missing, noticed
from risks.assessing.difference import difference
from risks.assessing.due import latest_approved
from risks.assessing.kept import pdf_of
from risks.assessing.paper import picture, ranked, shown
from risks.assessing.printing import JOB_KIND, approved_content
from risks.models import RiskAssessment
from risks.rights import APPROVE, READ, WRITE, why_not_approve
from ui.refusals import ActionRefused
from ui.screens import DetailScreen, ScreenRequest, screen
from workflow.models import Job
from workflow.once import OnceReasonForm, OnceScreen
from workflow.screens import TransitionScreen

LISTS = (("Risks", "risks:list"), ("Assessments", "risks:assessment-list"))
SHOWN = 200
Status = RiskAssessment.Status


class AssessmentDetail(DetailScreen):
    """One assessment: what it lacks, or what was frozen, its difference to the one before, and who approved it."""

    permission = READ
    queryset = RiskAssessment.objects.select_related(
        "prepared_by__user", "submitted_by__user", "approved_by__user", "previous", "evidence"
    )
    template_name = "risks/assessment_detail.html"
    breadcrumbs = LISTS
    object: RiskAssessment

    def get_title(self) -> str:
        """Number and year."""
        return f"{self.object.reference}: risks of {self.object.year}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What was frozen, or what the register lacks."""
        one, member = self.object, self.request.member
        is_draft, waits = one.status == Status.DRAFT, one.status == Status.SUBMITTED
        prepares, approves = member.can(WRITE), member.can(APPROVE)
        refusal = why_not_approve(member, one) if waits and approves else ""
        pdf = pdf_of(one) if one.status == Status.APPROVED else None
        return super().get_context_data(
            **self._frozen(),
            lacking=missing() if is_draft else [],
            noticed=noticed() if is_draft else [],
            may_edit=is_draft and prepares,
            may_submit=is_draft and prepares,
            may_withdraw=is_draft and prepares,
            may_recall=waits and prepares,
            may_return=waits and approves,
            may_approve=waits and approves and not refusal,
            refusal=refusal,
            pdf=pdf,
            job=None if pdf else Job.objects.filter(subject_id=one.pk, kind=JOB_KIND).order_by("-created_at").first(),
            may_read_evidence=member.can("evidence.read"),
            **kwargs,
        )

    def _frozen(self) -> dict[str, Any]:
        """What was submitted, and how it differs from the one before."""
        one = self.object
        if not one.content_hash or one.status in {Status.DRAFT, Status.WITHDRAWN}:
            return {"frozen": None}
        content = approved_content(one)
        before = approved_content(one.previous) if one.previous else None
        risks = ranked(content)
        return {
            "frozen": shown(content),
            "picture": picture(content, name="heat"),
            "risks": risks[:SHOWN],
            "left_out": max(0, len(risks) - SHOWN),
            "change": difference(before, content) if before else None,
        }


class AssessmentCreate(OnceScreen):
    """Begin the assessment of a year."""

    permission = WRITE
    form_class = forms.NewAssessmentForm
    title = "Begin an assessment"
    breadcrumbs = LISTS
    submit_label = "Begin"
    explain = "Go through the register first: what is new, gone, rated anew. Submitting it freezes the register as it stands."
    success_message = "The assessment is begun."

    def get_initial(self) -> dict[str, Any]:
        """This year, and what was written the year before."""
        before = latest_approved()
        texts = {name: getattr(before, name) for name in ("objectives", "method", "participants")} if before else {}
        return {"year": self.request.organization.today().year, **texts}

    def act(self, form: forms.NewAssessmentForm) -> RiskAssessment:
        """Begin it."""
        return actions.begin_assessment(actor=self.request.member, **form.cleaned_data)


class AboutAssessment(TransitionScreen, OnceScreen, abstract=True):
    """A form about one assessment."""

    permission = WRITE
    model = RiskAssessment
    object: RiskAssessment
    verb = ""

    def get_queryset(self) -> QuerySet[Any]:
        """With whoever prepared it."""
        return RiskAssessment.objects.select_related("prepared_by__user")

    def refuse_over(self) -> None:
        """Raise ActionRefused for what is no draft."""
        if self.object.status != Status.DRAFT:
            raise ActionRefused(f"{self.object} is {self.object.get_status_display().lower()}: it cannot be changed now.")

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} {self.object.reference}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to it."""
        return (*LISTS, (self.object.reference, self.object.get_absolute_url()))


class AssessmentEdit(AboutAssessment):
    """Change what is written of it."""

    form_class = forms.AssessmentForm
    verb = "Change"
    submit_label = "Save"
    success_message = "The assessment was changed."

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.object, name) for name in TEXTS}

    def act(self, form: forms.AssessmentForm) -> RiskAssessment:
        """Change it."""
        return actions.edit_assessment(self.object, actor=self.request.member, **form.cleaned_data)


class AssessmentSubmit(AboutAssessment):
    """Freeze the register, and put it before an approver."""

    transition = RiskAssessment.SUBMIT
    form_class = forms.SubmitForm
    verb = "Submit"
    submit_label = "Freeze and submit"
    explain = "The register is frozen as it stands now, bound by its hash. Somebody who had no part in preparing it approves it."
    success_message = "It waits for its approval by somebody else."

    def act(self, form: forms.SubmitForm) -> RiskAssessment:
        """Submit it."""
        return actions.submit_assessment(self.object, actor=self.request.member, **form.cleaned_data)


class AssessmentApprove(AboutAssessment):
    """Approve exactly what was seen."""

    permission = APPROVE
    transition = RiskAssessment.APPROVE
    form_class = forms.ApproveForm
    verb = "Approve"
    submit_label = "Approve under my name"
    success_message = "It is approved under your name. Its PDF follows in a moment."

    @property
    def explain(self) -> str:  # type: ignore[override]
        """With the hash that is approved."""
        return f"You approve what was frozen on its submission, with the SHA-256 {self.object.content_hash}, under your name."

    def check(self) -> None:
        """Refuse whoever prepared it, and what is not what was seen, in words."""
        super().check()
        if refusal := why_not_approve(self.request.member, self.object):
            raise ActionRefused(refusal)
        if self.get_initial()["content_hash"] != self.object.content_hash:
            raise ActionRefused(actions.ALTERED)

    def get_initial(self) -> dict[str, Any]:
        """The hash of what the page showed from which this was opened."""
        return {"content_hash": self.request.GET.get("sha256") or self.object.content_hash}

    def act(self, form: forms.ApproveForm) -> RiskAssessment:
        """Approve it."""
        return actions.approve_assessment(self.object, actor=self.request.member, **form.cleaned_data)


class AssessmentReturn(AboutAssessment):
    """Give it back."""

    permission = APPROVE
    transition = RiskAssessment.RETURN
    form_class = OnceReasonForm
    verb = "Return"
    submit_label = "Give it back"
    success_message = "It is back with whoever prepared it."

    def act(self, form: OnceReasonForm) -> RiskAssessment:
        """Return it."""
        return actions.return_assessment(self.object, actor=self.request.member, **form.cleaned_data)


class AssessmentRecall(AboutAssessment):
    """Take it back to change it."""

    transition = RiskAssessment.RECALL
    form_class = OnceReasonForm
    verb = "Take back"
    submit_label = "Take it back"
    explain = "It is a draft again. Its next submission freezes the register anew."
    success_message = "It is a draft again."

    def act(self, form: OnceReasonForm) -> RiskAssessment:
        """Take it back."""
        return actions.recall_assessment(self.object, actor=self.request.member, **form.cleaned_data)


class AssessmentWithdraw(AboutAssessment):
    """It is not made."""

    transition = RiskAssessment.WITHDRAW
    form_class = OnceReasonForm
    verb = "Withdraw"
    submit_label = "Withdraw it"
    tone = "danger"
    success_message = "It is withdrawn."

    def act(self, form: OnceReasonForm) -> RiskAssessment:
        """Withdraw it."""
        return actions.withdraw_assessment(self.object, actor=self.request.member, **form.cleaned_data)


@screen(READ)
def data(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """What was approved, as JSON, as it was kept."""
    one = get_object_or_404(RiskAssessment.objects.select_related("evidence__file"), pk=pk)
    if one.evidence is None:
        raise Http404
    return take_away(one.evidence.file, actor=request.member, evidence=one.evidence, name=f"{one.reference}.json")


@screen(READ)
def pdf(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """The assessment as PDF, once a worker has printed it."""
    one = get_object_or_404(RiskAssessment, pk=pk)
    kept = pdf_of(one)
    if kept is None:
        raise Http404
    return take_away(kept.file, actor=request.member, evidence=kept.evidence, name=f"{one.reference}.pdf", verb=REPORT)
