"""Screens of background checks."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from policies.about import AboutRecord
from policies.background import actions, forms
from policies.background.listing import CHECKS
from policies.background.rights import READ, WRITE
from policies.models import BackgroundCheck, BackgroundRule
from ui.screens import DetailScreen
from workflow.once import OnceScreen


class CheckDetail(DetailScreen):
    """One check, and how it came out."""

    permission = READ
    template_name = "policies/background/check_detail.html"
    breadcrumbs = (CHECKS,)
    object: BackgroundCheck

    def get_queryset(self) -> QuerySet[BackgroundCheck]:
        """With whose it is."""
        return BackgroundCheck.objects.select_related("person", "recorded_by__user")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what may be done."""
        is_current = self.object.status == BackgroundCheck.Status.CURRENT
        return super().get_context_data(may_edit=is_current and self.request.member.can(WRITE), **kwargs)


class CheckCreate(OnceScreen):
    """Record that somebody was checked."""

    permission = WRITE
    form_class = forms.NewCheckForm
    title = "Record a background check"
    breadcrumbs = (CHECKS,)
    submit_label = "Record it"
    explain = "How it came out is sealed, and shown to those who see background checks and to nobody else."
    success_message = "It is recorded."

    def get_initial(self) -> dict[str, Any]:
        """Whom the address names."""
        return {"person": self.request.GET.get("person", "")}

    def act(self, form: forms.NewCheckForm) -> BackgroundCheck:
        """Record it."""
        said = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        return actions.record_check(actor=self.request.member, **said)


class AboutCheck(AboutRecord, abstract=True):
    """A form about one of them."""

    permission = WRITE
    model = BackgroundCheck
    object: BackgroundCheck
    places = (CHECKS,)

    def get_queryset(self) -> QuerySet[Any]:
        """With whose it is."""
        return BackgroundCheck.objects.select_related("person")


class CheckEdit(AboutCheck):
    """Correct one."""

    form_class = forms.CheckForm
    verb = "Correct"
    success_message = "It is kept."

    def refuse_over(self) -> None:
        """Not one that was withdrawn. Raises ActionRefused."""
        BackgroundCheck.WITHDRAW.check(self.object)

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.object, name) for name in ("checked_on", "provider", "outcome", "note")}

    def act(self, form: forms.CheckForm) -> BackgroundCheck:
        """Correct it."""
        said = {name: value for name, value in form.cleaned_data.items() if name not in {"once", "seen"}}
        return actions.edit_check(self.object, actor=self.request.member, **said)


class CheckWithdraw(AboutCheck):
    """Take one back that was wrong."""

    transition = BackgroundCheck.WITHDRAW
    form_class = forms.WithdrawForm
    verb = "Withdraw"
    submit_label = "Withdraw it"
    tone = "danger"
    explain = "It counts no more. It stays, with your reason."
    success_message = "It is withdrawn."

    def act(self, form: forms.WithdrawForm) -> BackgroundCheck:
        """Take it back."""
        return actions.withdraw_check(self.object, actor=self.request.member, **form.cleaned_data)


class RuleEdit(OnceScreen):
    """Say from when on nobody gets access before their check."""

    permission = WRITE
    form_class = forms.RuleForm
    title = "Before access"
    breadcrumbs = (CHECKS,)
    explain = "Whoever has an account in the inventory before their check becomes a finding, by name."
    success_message = "It is kept."

    def get_initial(self) -> dict[str, Any]:
        """As it is; from today where there is none yet."""
        rule = BackgroundRule.objects.first()
        if rule is None:
            return {"since": self.request.organization.today()}
        return {"since": rule.since, "contractors": rule.contractors}

    def act(self, form: forms.RuleForm) -> str:
        """Keep it."""
        said = {name: value for name, value in form.cleaned_data.items() if name not in {"once", "seen"}}
        actions.put_rule(actor=self.request.member, **said)
        return reverse("policies:background")
