"""Screens of reviews."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from accounts.models import Member
from evidence.downloads import REPORT, take_away
from incidents.about import LIST, Act, OfIncident
from incidents.models import IncidentReview
from incidents.reviewing import actions, forms
from incidents.reviewing.cause import difference
from incidents.reviewing.paper import context_of, sheet_of
from incidents.reviewing.printing import JOB_KIND, ask_pdf, paper_of
from incidents.reviewing.record import ANSWERS, TEXTS, standing_of
from incidents.reviewing.rights import is_involved, may_approve, outside, who_approves
from incidents.rights import EVERYBODY, may_work, visible_to
from tenancy.scope import now
from ui.refusals import ActionRefused
from ui.screens import DetailScreen, ScreenRequest, screen
from workflow.models import Job


def reviews_seen(member: Any) -> QuerySet[IncidentReview]:
    """Versions of reviews of incidents that a member sees."""
    seen = IncidentReview.objects.filter(incident__in=visible_to(member).values("pk"))
    return seen.select_related(
        "incident__assigned_to", "author__user", "submitted_by__user", "approved_by__user", "returned_by__user"
    )


class ReviewDetail(DetailScreen):
    """A version of the review, as it is read by whoever approves it."""

    permission = EVERYBODY
    template_name = "incidents/review_detail.html"
    object: IncidentReview

    def get_queryset(self) -> QuerySet[Any]:
        """Of incidents that the member sees."""
        return reviews_seen(self.request.member)

    def get_title(self) -> str:
        """Of which incident."""
        return f"Review of {self.object.incident.reference}, version {self.object.number}"

    def get_breadcrumbs(self) -> Any:
        """Back to the incident."""
        return (LIST, (self.object.incident.reference, self.object.incident.get_absolute_url()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The same as is printed, with what the member may do."""
        review, member = self.object, self.request.member
        incident = review.incident
        works, waits = may_work(member, incident), review.status != IncidentReview.Status.APPROVED
        involved = is_involved(member, review, incident)
        return super().get_context_data(
            **kwargs,
            incident=incident,
            sheet=context_of(sheet_of(review, standing_of(incident, now()) if waits else None)),
            is_draft=review.status == IncidentReview.Status.DRAFT,
            is_submitted=review.status == IncidentReview.Status.SUBMITTED,
            lacking=list(actions.incomplete(review)) if review.status == IncidentReview.Status.DRAFT else [],
            is_over=incident.status in actions.OVER,
            differs=difference(review),
            may_work=works,
            may_approve=may_approve(member, review, incident),
            may_take_back=works and involved,
            is_involved=involved,
            who_approves=who_approves(review) if waits else "",
            may_add_approver=works and waits and incident.confidential and bool(outside(review)),
            paper=paper_of(review),
            pdf_job=Job.objects.filter(subject_id=review.pk, kind=JOB_KIND).order_by("-created_at").first(),
        )


class ReviewBegin(Act):
    """Begin a version of the review."""

    form_class = forms.SubmitForm
    verb = "Review"
    submit_label = "Begin"
    explain = "It begins with what the record says. It is approved by somebody who neither wrote it nor had the incident."

    def act(self, form: forms.SubmitForm) -> str:
        """Begin it, and write on."""
        review = actions.begin_review(self.object, actor=self.request.member)
        return f"{review.get_absolute_url()}write/"


class _OfReview(OfIncident, abstract=True):
    """A form about one version."""

    model = IncidentReview
    object: IncidentReview

    def get_title(self) -> str:
        """Which version."""
        return f"{self.verb} version {self.object.number} of the review of {self.incident.reference}"


class ReviewWrite(_OfReview):
    """Write on a draft."""

    form_class = forms.ReviewForm
    verb = "Write"
    submit_label = "Keep it"
    success_message = "It is kept."

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        texts = {name: getattr(self.object, name) for name in (*TEXTS, *ANSWERS)}
        return {**texts, "controls": [row.control_id for row in self.object.controls.all()]}

    def act(self, form: forms.ReviewForm) -> IncidentReview:
        """Keep it."""
        given = dict(form.cleaned_data)
        actions.write_review(self.object, actor=self.request.member, controls=list(given.pop("controls")), **given)
        return self.object


class ReviewSubmit(_OfReview):
    """Put it before those who approve."""

    form_class = forms.SubmitForm
    verb = "Submit"
    submit_label = "Submit it"
    explain = "It is bound to the incident as it stands now, under a hash."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With who is told, or that nobody can be."""
        return super().get_context_data(**{"points": [who_approves(self.object, self.request.member)], **kwargs})

    def act(self, form: forms.SubmitForm) -> IncidentReview:
        """Submit it."""
        submitted = actions.submit_review(self.object, actor=self.request.member)
        self.success_message = f"It waits for approval. {who_approves(submitted)}"
        return submitted


class ApproverAdd(_OfReview):
    """Let somebody who approves reviews see a confidential incident."""

    form_class = forms.ApproverForm
    verb = "Name an approver of"
    submit_label = "Add to the team"
    explain = "The incident is confidential: whoever approves its review has to be of its team, and sees all of it from then on."
    success_message = "They are of its team now, and are told of a review that waits."

    def load(self) -> None:
        """No form where nobody is to be added. Raises ActionRefused."""
        super().load()
        if self.request.method != "POST" and not outside(self.object):
            raise ActionRefused("Everybody who may approve it sees it already.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who could approve it."""
        return {**super().get_form_kwargs(), "review": self.object}

    def act(self, form: forms.ApproverForm) -> IncidentReview:
        """Let them see it."""
        return actions.add_approver(self.object, actor=self.request.member, **form.cleaned_data)


class ReviewWithdraw(_OfReview):
    """Take it back to write on."""

    form_class = forms.SubmitForm
    verb = "Take back"
    submit_label = "Take it back"
    success_message = "It is a draft again."

    def act(self, form: forms.SubmitForm) -> IncidentReview:
        """Take it back."""
        return actions.withdraw_review(self.object, actor=self.request.member)


class _Judges(_OfReview, abstract=True):
    """For those who may approve it."""

    def allowed(self) -> bool:
        """Whoever sees it: the action says why not, as it depends on who wrote the version."""
        return True


class ReviewApprove(_Judges):
    """Approve what was seen."""

    form_class = forms.ApproveForm
    verb = "Approve"
    submit_label = "Approve it"
    explain = "Your name stands on it from now on, and it is never changed."
    success_message = "It is approved, and is being printed."

    def get_initial(self) -> dict[str, Any]:
        """What is shown now."""
        return {"content_hash": self.object.content_hash}

    def act(self, form: forms.ApproveForm) -> IncidentReview:
        """Approve it, and have it printed."""
        approved = actions.approve_review(self.object, actor=self.request.member, **form.cleaned_data)
        ask_pdf(approved, actor=self.request.member)
        return approved


class ReviewReturn(_Judges):
    """Give it back with what is missing."""

    form_class = forms.ReturnForm
    verb = "Return"
    submit_label = "Return it"
    success_message = "Whoever wrote it is told."

    def act(self, form: forms.ReturnForm) -> IncidentReview:
        """Return it."""
        return actions.return_review(self.object, actor=self.request.member, **form.cleaned_data)


@screen(EVERYBODY, methods=["POST"])
def make_pdf(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Have it printed; whoever sees the incident may."""
    found = get_object_or_404(reviews_seen(request.member), pk=pk)
    ask_pdf(found, actor=request.member)
    return redirect(found)


@screen(EVERYBODY)
def pdf(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """The latest PDF, as it was printed."""
    return pdf_for(get_object_or_404(reviews_seen(request.member), pk=pk), request.member)


def pdf_for(review: IncidentReview, member: Member) -> HttpResponseBase:
    """Its latest PDF, noted under whoever takes it. Raises Http404."""
    paper = paper_of(review)
    if paper is None:
        raise Http404
    name = f"{review.incident.reference}-review-{review.number}.pdf"
    return take_away(paper.file, actor=member, evidence=paper.evidence, name=name, verb=REPORT)
