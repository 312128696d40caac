"""Screens of the auditor: accepting, returning and withdrawing."""

from typing import Any

from controls.models import AuditRequest
from controls.requests import actions, forms, giving
from controls.requests.about import Act
from controls.requests.rights import JUDGE, RAISE, why_not_judge
from ui.refusals import ActionRefused
from workflow.once import OnceReasonForm


class _Judges(Act, abstract=True):
    """The auditor says something of what was submitted."""

    def allowed(self) -> bool:
        """By role."""
        return bool(self.request.member.can(JUDGE))

    def check(self) -> None:
        """Refuse who submitted it in words."""
        super().check()
        if refusal := why_not_judge(self.request.member, self.object):
            raise ActionRefused(refusal)


class RequestAccept(_Judges):
    """It answers what was asked."""

    transition = AuditRequest.ACCEPT
    form_class = forms.AcceptForm
    verb = "Accept"
    submit_label = "Accept it"
    explain = "It answers what was asked. You can still return it later, when more is needed."
    success_message = "It is accepted."

    def act(self, form: Any) -> AuditRequest:
        """Accept it."""
        giving.accept(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class RequestReturn(_Judges):
    """It does not answer what was asked."""

    transition = AuditRequest.RETURN
    form_class = OnceReasonForm
    verb = "Return"
    submit_label = "Return it"
    explain = "The team sees your words and gives what is missing."
    success_message = "It is returned to the team."

    def act(self, form: Any) -> AuditRequest:
        """Return it."""
        giving.give_back(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class RequestWithdraw(Act):
    """It is not asked for any more."""

    transition = AuditRequest.WITHDRAW
    form_class = OnceReasonForm
    verb = "Withdraw"
    submit_label = "Withdraw it"
    tone = "danger"
    explain = "It stays in the list as withdrawn, and is not counted any more."
    success_message = "It is withdrawn."

    def allowed(self) -> bool:
        """Those who may ask."""
        return bool(self.request.member.can(RAISE))

    def act(self, form: Any) -> AuditRequest:
        """Withdraw it."""
        actions.withdraw(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class RequestRestore(RequestWithdraw):
    """Ask for it again."""

    transition = AuditRequest.RESTORE
    verb = "Ask again for"
    submit_label = "Ask again"
    tone = ""
    explain = "It is requested as before, with what was given to it."
    success_message = "It is asked for again."

    def act(self, form: Any) -> AuditRequest:
        """Restore it."""
        actions.restore(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object
