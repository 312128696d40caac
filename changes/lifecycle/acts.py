"""Screens that move one change."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from changes import rights
from changes.drafting.about import EVERYBODY, Act
from changes.lifecycle import actions, forms
from changes.lifecycle.objecting import why_not_object
from changes.models import Change
from tenancy.scope import now
from ui.refusals import ActionRefused
from ui.screens import ScreenRequest, screen
from workflow.once import OnceReasonForm
from workflow.transitions import Transition


class _Moves(Act, abstract=True):
    """A form that moves a change, for those who may; the action has the last word."""

    transitions: tuple[Transition, ...] = ()

    def load(self) -> None:
        """No form where there is nothing to do. Raises ActionRefused."""
        super().load()
        if self.request.method != "POST" and self.transitions and not self._fits():
            self.transitions[-1].check(self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The change says what its form asks for."""
        about = {"change": self.object} if issubclass(self.get_form_class(), forms.MoveForm) else {}
        return {**super().get_form_kwargs(), **about}

    def _fits(self) -> bool:
        return any(self.object.status in one.sources for one in self.transitions)


class ChangeWithdraw(_Moves):
    """Take it back for good."""

    transitions = (Change.WITHDRAW,)
    form_class = OnceReasonForm
    verb = "Withdraw"
    submit_label = "Withdraw it"
    tone = "danger"
    explain = "It is over, unless somebody reworks it. What was said of it ends."
    success_message = "It is withdrawn."

    def allowed(self) -> bool:
        """Whose it is."""
        return rights.may_own(self.request.member, self.object)

    def act(self, form: OnceReasonForm) -> Change:
        """Withdraw it."""
        return actions.withdraw(self.object, actor=self.request.member, **form.cleaned_data)


class ChangeRework(ChangeWithdraw):
    """Make it a draft again."""

    transitions = (Change.REWORK,)
    verb = "Rework"
    submit_label = "Make it a draft"
    tone = ""
    explain = "It is a draft again, and submitted anew. What was said of it ends."
    success_message = "It is a draft again."

    def act(self, form: OnceReasonForm) -> Change:
        """Rework it."""
        return actions.rework(self.object, actor=self.request.member, **form.cleaned_data)


class ChangeAskAgain(ChangeWithdraw):
    """Send it back for approval as it is."""

    transitions = (Change.VOID,)
    verb = "Ask for approval again of"
    submit_label = "Ask again"
    tone = ""
    explain = "Its approvals end, and it waits for approval as it is."
    success_message = "It waits for approval again."

    def act(self, form: OnceReasonForm) -> Change:
        """Send it back."""
        return actions.ask_again(self.object, actor=self.request.member, **form.cleaned_data)


class ChangeSchedule(_Moves):
    """Say when it is carried out, and by whom."""

    transitions: tuple[Transition, ...] = (Change.SCHEDULE,)
    form_class: Any = forms.ScheduleForm
    verb = "Schedule"
    submit_label = "Schedule it"
    success_message = "It is scheduled."

    def allowed(self) -> bool:
        """Who carries it out, and whose it is."""
        member = self.request.member
        return rights.may_carry_out(member, self.object) or rights.may_own(member, self.object)

    def get_initial(self) -> dict[str, Any]:
        """What is planned. While nobody is named, whoever asked for it carries it out, where they may."""
        change, asks = self.object, self.object.requester
        asks_id = asks.pk if asks is not None and not rights.why_no_worker(asks) else None
        person = change.implementer_id or asks_id
        return {"window_from": change.window_from, "window_until": change.window_until, "implementer": person}

    def act(self, form: Any) -> Change:
        """Schedule it."""
        return actions.schedule(self.object, actor=self.request.member, **form.cleaned_data)


class ChangeAgree(ChangeSchedule):
    """Record who agreed to an emergency by word."""

    transitions = (Change.IMPLEMENT_FIRST, Change.IMPLEMENT)
    form_class = forms.AgreeForm
    verb = "Who agreed to"
    submit_label = "Record it"
    explain = (
        "Before an emergency is carried out, somebody else than whoever asks for it and whoever carries it out agrees by word."
    )
    success_message = "The agreement is recorded."

    def get_initial(self) -> dict[str, Any]:
        """What is recorded, and now."""
        change = self.object
        if change.is_disputed:
            return {"agreed_at": now(), "reason": change.emergency_reason}
        at = change.agreed_at or now()
        return {"agreed_by": change.agreed_by_id, "agreed_at": at, "reason": change.emergency_reason}

    def act(self, form: Any) -> Change:
        """Record it."""
        return actions.record_agreement(self.object, actor=self.request.member, **form.cleaned_data)


class ChangeNotAgreed(_Moves):
    """Say that one did not agree to an emergency by word, though one is named so."""

    form_class = forms.NotAgreedForm
    verb = "You did not agree to"
    submit_label = "I did not agree"
    tone = "danger"
    success_message = "It is recorded that you did not agree. Whoever asked for it is told."

    @property
    def explain(self) -> str:  # type: ignore[override]
        """What follows."""
        if self.object.implemented_at:
            return "The agreement counts for nothing. It was carried out already: it becomes a finding, unless there is one."
        return "The agreement counts for nothing: it is not carried out or deployed before somebody else agrees or approves it."

    def load(self) -> None:
        """No form for whoever is not named, with the reason. Raises ActionRefused."""
        super().load()
        if self.request.method != "POST" and (refusal := why_not_object(self.object, self.request.member)):
            raise ActionRefused(refusal)

    def act(self, form: forms.NotAgreedForm) -> Change:
        """Record it."""
        return actions.object_to_agreement(self.object, actor=self.request.member, **form.cleaned_data)


class ChangeImplement(_Moves):
    """Say that it was carried out."""

    transitions = (Change.IMPLEMENT,)
    form_class: Any = forms.CarriedOutForm
    verb = "Carried out:"
    submit_label = "Record it"
    success_message = "It is recorded as carried out."

    def allowed(self) -> bool:
        """Who carries it out."""
        return rights.may_carry_out(self.request.member, self.object)

    def get_initial(self) -> dict[str, Any]:
        """Whoever was to."""
        return {"by": self.object.implementer_id}

    def act(self, form: Any) -> Change:
        """Record it."""
        return actions.implement(self.object, actor=self.request.member, **form.cleaned_data)


class ChangeImplementFirst(ChangeImplement):
    """Say that an emergency was carried out before its approval."""

    transitions = (Change.IMPLEMENT_FIRST,)
    explain = "Its approval in writing is due by the end of the next business day, by somebody else."

    def act(self, form: Any) -> Change:
        """Record it."""
        return actions.implement_first(self.object, actor=self.request.member, **form.cleaned_data)


class ChangeFail(ChangeImplement):
    """Say that carrying it out did not work."""

    transitions = (Change.FAIL,)
    form_class: Any = forms.FailForm
    verb = "Failed:"
    tone = "danger"
    explain = "It needs a review."
    success_message = "It is recorded as failed."

    def act(self, form: Any) -> Change:
        """Record it."""
        return actions.fail(self.object, actor=self.request.member, **form.cleaned_data)


class ChangeRollBack(ChangeFail):
    """Say that it was undone."""

    transitions = (Change.ROLL_BACK,)
    form_class = forms.RollBackForm
    verb = "Rolled back:"
    success_message = "It is recorded as rolled back."

    def act(self, form: Any) -> Change:
        """Record it."""
        return actions.roll_back(self.object, actor=self.request.member, **form.cleaned_data)


class ChangeReview(_Moves):
    """Say how it went, what it did and what was learned."""

    transitions = (Change.REVIEW,)
    form_class = forms.ReviewForm
    verb = "Review"
    submit_label = "Record the review"
    success_message = "The review is recorded."

    def allowed(self) -> bool:
        """Who reviews it."""
        return rights.may_verify(self.request.member, self.object)

    def get_initial(self) -> dict[str, Any]:
        """What is known."""
        return {"outcome": self.object.outcome or Change.Outcome.AS_PLANNED, "close": True}

    def act(self, form: Any) -> Change:
        """Record it."""
        return actions.review(self.object, actor=self.request.member, **form.cleaned_data)


@screen(EVERYBODY, methods=["POST"])
def submit(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Put it before its approvers."""
    change = get_object_or_404(rights.visible_to(request.member), pk=pk)
    actions.submit(change, actor=request.member)
    approved = change.status != Change.Status.SUBMITTED
    messages.success(request, "It is approved by its template." if approved else "It waits for its approvers.")
    return redirect(change)


@screen(EVERYBODY, methods=["POST"])
def close(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """It is over."""
    change = get_object_or_404(rights.visible_to(request.member), pk=pk)
    actions.close(change, actor=request.member)
    messages.success(request, "It is closed.")
    return redirect(change)
