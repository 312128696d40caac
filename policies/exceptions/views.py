"""Screens of exceptions."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from inventory.models import Person
from policies.exceptions import actions, forms
from policies.exceptions.rights import may_take_back, visible_to, why_not
from policies.models import PolicyException
from policies.rights import ACKNOWLEDGE, APPROVE, EVERYBODY, READ
from policies.rights import visible_to as policies_visible_to
from ui.refusals import ActionRefused
from ui.screens import DetailScreen
from workflow.once import OnceReasonForm, OnceScreen
from workflow.screens import TransitionScreen

LIST = ("Exceptions", "policies:exceptions")


class ExceptionDetail(DetailScreen):
    """One exception: what was asked for, who decided, and what happens next."""

    permission = EVERYBODY
    template_name = "policies/exceptions/exception_detail.html"
    breadcrumbs = (LIST,)
    object: PolicyException

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member).select_related("decided_by__user", "finding", "brought_by__user")

    def get_title(self) -> str:
        """Number and policy."""
        return f"{self.object}: {self.object.policy}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What this member may do."""
        one, member = self.object, self.request.member
        refusal = why_not(member, one)
        decides = PolicyException.APPROVE.allows(one, member)
        takes_back = may_take_back(member, one)
        return super().get_context_data(
            asked_by=one.who("asked_by"),
            decided_by=one.who("decided_by"),
            may_decide=decides and not refusal,
            why_not=refusal if decides else "",
            may_withdraw=takes_back and one.status in PolicyException.WITHDRAW.sources,
            may_end=takes_back and one.status in PolicyException.END.sources,
            may_read_policy=policies_visible_to(member).filter(pk=one.policy_id).exists(),
            may_read_findings=member.can("findings.read"),
            reads_all=member.can(READ),
            **kwargs,
        )


class ExceptionAsk(OnceScreen):
    """Ask for an exception from a policy."""

    permission = ACKNOWLEDGE
    form_class = forms.ExceptionForm
    title = "Ask for an exception"
    breadcrumbs = (LIST,)
    submit_label = "Ask for it"
    explain = "Somebody else decides. What you write is what is approved: to change it, take it back and ask again."
    success_message = "It is asked for. Somebody else decides."

    def get_form_kwargs(self) -> dict[str, Any]:
        """For whom this member may ask depends on them."""
        return {**super().get_form_kwargs(), "member": self.request.member}

    def get_initial(self) -> dict[str, Any]:
        """For oneself, from the policy that the address names."""
        own = Person.objects.filter(member=self.request.member.pk).first()
        return {"policy": self.request.GET.get("policy", ""), "person": own.pk if own else None}

    def act(self, form: forms.ExceptionForm) -> PolicyException:
        """Ask for it."""
        said = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        return actions.ask_exception(actor=self.request.member, **said)


class _AboutException(TransitionScreen, OnceScreen, abstract=True):
    """A form about one exception that the member may see."""

    permission = EVERYBODY
    model = PolicyException
    object: PolicyException
    verb = ""

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member)

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} {self.object}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to it."""
        return (LIST, (str(self.object), self.object.get_absolute_url()))


class _Decide(_AboutException, abstract=True):
    """For those who approve policies, but never for its parties."""

    permission = APPROVE

    def check(self) -> None:
        """Refuse its parties in words."""
        super().check()
        if refusal := why_not(self.request.member, self.object):
            raise ActionRefused(refusal)


class ExceptionApprove(_Decide):
    """Approve an exception as it was asked for."""

    transition = PolicyException.APPROVE
    form_class = forms.ApproveForm
    verb = "Approve"
    submit_label = "Approve under my name"
    explain = "It holds from now until its last day. Where nobody ends it before, a finding is raised the day after."
    success_message = "It is approved under your name."

    def act(self, form: forms.ApproveForm) -> PolicyException:
        """Approve it."""
        return actions.approve_exception(self.object, actor=self.request.member, note=form.cleaned_data["note"])


class ExceptionRefuse(_Decide):
    """Refuse an exception with a reason."""

    transition = PolicyException.REFUSE
    form_class = OnceReasonForm
    verb = "Refuse"
    submit_label = "Refuse it"
    tone = "danger"
    explain = "The policy is kept to as it is. Whoever asked is told why."
    success_message = "It is refused."

    def act(self, form: OnceReasonForm) -> PolicyException:
        """Refuse it."""
        return actions.refuse_exception(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])


class _TakeBack(_AboutException, abstract=True):
    """For its parties and those who write policies."""

    form_class = OnceReasonForm
    tone = "danger"

    def allowed(self) -> bool:
        """Whether it is theirs to take back."""
        return may_take_back(self.request.member, self.object)


class ExceptionWithdraw(_TakeBack):
    """Take back what nobody has decided on yet."""

    transition = PolicyException.WITHDRAW
    verb = "Withdraw"
    submit_label = "Withdraw it"
    success_message = "It is withdrawn."

    def act(self, form: OnceReasonForm) -> PolicyException:
        """Withdraw it."""
        return actions.withdraw_exception(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])


class ExceptionEnd(_TakeBack):
    """End an exception before its last day."""

    transition = PolicyException.END
    verb = "End"
    submit_label = "End it today"
    explain = "The policy is kept to again, from today. No finding is raised."
    success_message = "It has ended."

    def act(self, form: OnceReasonForm) -> PolicyException:
        """End it."""
        return actions.end_exception(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
