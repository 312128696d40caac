"""Screens of one request."""

from typing import Any

from django.db.models import QuerySet

from accounts.models import Member
from controls.criteria import CRITERIA
from controls.models import AuditRequest, Control, RequestProof
from controls.periods.current import period_of
from controls.requests import actions, forms, giving
from controls.requests.about import LIST, AboutRequest, Act
from controls.requests.guidance import next_step
from controls.requests.rights import EVERYBODY, JUDGE, RAISE, may_comment, may_edit, may_work, visible_to, why_not_judge
from ui.screens import DetailScreen
from workflow.once import OnceScreen


class RequestDetail(DetailScreen):
    """One request: what is asked for, what is given, what was said, and what happens next."""

    permission = EVERYBODY
    template_name = "controls/request_detail.html"
    breadcrumbs = (LIST,)
    object: AuditRequest

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        people = ("submitted_by__user", "judged_by__user", "raised_by__user")
        return visible_to(self.request.member).select_related(*people)

    def get_title(self) -> str:
        """Number and title."""
        return f"{self.object.reference}: {self.object.title}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Facts, the next step and what this member may do."""
        request, member = self.object, self.request.member
        judges = member.can(JUDGE) and not why_not_judge(member, request)
        tone, sentence = next_step(request, self.request.organization.today(), judges=judges)
        given = given_to(request, member)
        return super().get_context_data(
            next_tone=tone,
            next_step=sentence,
            criteria=[CRITERIA[key] for key in request.criteria],
            controls=Control.objects.filter(requests__request=request).order_by("code"),
            given=given,
            next_waiting=next_waiting(request) if member.can(JUDGE) else None,
            gone=[one for one in given if one.evidence is not None and one.evidence.status == "withdrawn"],
            comments=request.comments.select_related("said_by__user"),
            comment_form=forms.CommentForm() if may_comment(member, request) else None,
            may_read_controls=member.can("controls.read"),
            may_read_evidence=member.can("evidence.read"),
            **allowed(member, request),
            **kwargs,
        )


def given_to(request: AuditRequest, member: Member) -> list[RequestProof]:
    """What is given as far as a member sees it, with files and who gave it."""
    records = ("evidence__file", "population__file", "sample__population", "linked_by__user")
    return list(giving.seen_by(member, giving.linked(request)).select_related(*records))


def next_waiting(request: AuditRequest) -> AuditRequest | None:
    """The next in the list that waits for the auditor; after the last the first again."""
    waiting = AuditRequest.objects.filter(status=AuditRequest.Status.SUBMITTED, period=request.period_id).exclude(pk=request.pk)
    return waiting.filter(place__gt=request.place).order_by("place").first() or waiting.order_by("place").first()


def allowed(member: Member, request: AuditRequest) -> dict[str, bool]:
    """What this member may do to it now."""
    works, asks = may_work(member, request), member.can(RAISE)
    judges = member.can(JUDGE) and not why_not_judge(member, request)
    return {
        "may_edit": may_edit(member, request) and request.is_pending,
        "may_assign": works and request.is_with_team,
        "may_start": works and request.status in AuditRequest.START.sources,
        "may_give": works and request.is_with_team,
        "may_submit": works and request.status in AuditRequest.SUBMIT.sources,
        "may_take_back": works and request.status in AuditRequest.TAKE_BACK.sources,
        "may_accept": judges and request.status in AuditRequest.ACCEPT.sources,
        "may_return": judges and request.status in AuditRequest.RETURN.sources,
        "may_withdraw": asks and request.status in AuditRequest.WITHDRAW.sources,
        "may_restore": asks and request.status in AuditRequest.RESTORE.sources,
    }


class RequestCreate(OnceScreen):
    """Ask for something; the auditor, or the team for an auditor who does not work here."""

    permission = RAISE
    form_class = forms.NewRequestForm
    title = "Ask for something"
    breadcrumbs = (LIST,)
    submit_label = "Ask for it"
    success_message = "It is in the list."

    def get_initial(self) -> dict[str, Any]:
        """The period in hand; a link from a control fills that in."""
        control = self.request.GET.get("control", "")
        return {"period": period_of(self.request), "controls": [control] if control else []}

    def act(self, form: forms.NewRequestForm) -> AuditRequest:
        """Ask for it."""
        return actions.raise_request(actor=self.request.member, **form.facts())


class RequestEdit(AboutRequest):
    """Change what is asked for."""

    form_class = forms.RequestForm
    verb = "Change"
    success_message = "The request was changed."

    def allowed(self) -> bool:
        """Who runs the list, and who asked."""
        return may_edit(self.request.member, self.object)

    def get_initial(self) -> dict[str, Any]:
        """With its controls."""
        return {"controls": list(self.object.controls.values_list("control", flat=True))}

    def act(self, form: forms.RequestForm) -> AuditRequest:
        """Change it."""
        return actions.edit_request(self.object, actor=self.request.member, **form.facts())


class RequestAssign(Act):
    """Give it to somebody."""

    form_class = forms.AssignForm
    verb = "Assign"
    submit_label = "Assign it"
    success_message = "It is with somebody else now."

    def act(self, form: forms.AssignForm) -> str:
        """Assign it; who gave their only right away goes back to the list."""
        actions.assign(self.object, actor=self.request.member, **form.cleaned_data)
        seen = visible_to(self.request.member).filter(pk=self.object.pk).exists()
        return self.object.get_absolute_url() if seen else "controls:request-list"


class RequestComment(Act):
    """Say something about it."""

    form_class = forms.CommentForm
    verb = "Comment on"
    submit_label = "Say it"
    success_message = ""

    def allowed(self) -> bool:
        """Both sides."""
        return may_comment(self.request.member, self.object)

    def check(self) -> None:
        """In every state."""

    def act(self, form: Any) -> str:
        """Say it."""
        actions.comment(self.object, actor=self.request.member, **form.cleaned_data)
        return f"{self.object.get_absolute_url()}#said"
