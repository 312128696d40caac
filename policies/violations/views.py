"""Screens of violations."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from policies.models import PolicyException, Violation
from policies.rights import EVERYBODY, READ
from policies.rights import visible_to as policies_visible_to
from policies.violations import actions, forms
from policies.violations.listing import whose
from policies.violations.rights import VIOLATIONS, is_about, may_remedy, visible_to
from ui.refusals import ActionRefused
from ui.screens import DetailScreen
from workflow.once import OnceReasonForm, OnceScreen
from workflow.screens import TransitionScreen

LIST = ("Violations", "policies:violations")
Status = Violation.Status


class ViolationDetail(DetailScreen):
    """One violation: what is wrong, who puts it right, and how it ended."""

    permission = EVERYBODY
    template_name = "policies/violations/violation_detail.html"
    breadcrumbs = (LIST,)
    object: Violation

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member).select_related("reported_by__user", "ended_by__user", "brought_by__user")

    def get_title(self) -> str:
        """Number and title."""
        return f"{self.object.reference}: {self.object.title}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What this member may do, and the exceptions that hold for whose it is."""
        one, member, today = self.object, self.request.member, self.request.organization.today()
        is_open = one.status == Status.OPEN
        return super().get_context_data(
            whose=whose(one),
            ended_by=one.who("ended_by") or "Plumbline",
            is_late=one.is_late(today),
            ends_by_itself=is_open and one.detected == Violation.Detected.SYSTEM,
            may_remedy=is_open and may_remedy(member, one),
            may_edit=is_open and member.can(VIOLATIONS),
            may_dismiss=Violation.DISMISS.allows(one, member) and not is_about(member, one),
            may_reopen=Violation.REOPEN.allows(one, member),
            may_read_policy=one.policy_id is not None and policies_visible_to(member).filter(pk=one.policy_id).exists(),
            exceptions=self._exceptions(one, today) if member.can(READ) else [],
            reads_all=member.can(READ),
            **kwargs,
        )

    def _exceptions(self, one: Violation, today: Any) -> list[PolicyException]:
        held = PolicyException.objects.filter(status=PolicyException.Status.APPROVED, ends_on__gte=today)
        return list(held.filter(policy=one.policy_id, person=one.person_id)) if one.policy_id and one.person_id else []


class ViolationReport(OnceScreen):
    """Report a violation of a policy."""

    permission = VIOLATIONS
    form_class = forms.ViolationForm
    title = "Report a violation"
    breadcrumbs = (LIST,)
    submit_label = "Report it"
    explain = "Whoever puts it right is told, and has time by its severity."
    success_message = "It is reported."

    def act(self, form: forms.ViolationForm) -> Violation:
        """Keep it."""
        said = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        return actions.report_violation(actor=self.request.member, **said)


class _AboutViolation(TransitionScreen, OnceScreen, abstract=True):
    """A form about one violation that the member may see."""

    permission = VIOLATIONS
    model = Violation
    object: Violation
    verb = ""

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member)

    def refuse_over(self) -> None:
        """Raise ActionRefused when nobody has to work on it any more."""
        actions.refuse_over(self.object)

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} {self.object.reference}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to it."""
        return (LIST, (self.object.reference, self.object.get_absolute_url()))


class ViolationEdit(_AboutViolation):
    """Change what policy it is of, how grave it is, with whom, and by when."""

    form_class = forms.EditForm
    verb = "Change"
    success_message = "It was changed."

    def get_form_kwargs(self) -> dict[str, Any]:
        """With what it has."""
        return {**super().get_form_kwargs(), "violation": self.object}

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        one = self.object
        return {"policy": one.policy_id, "severity": one.severity, "owner": one.owner_id, "due_on": one.due_on}

    def act(self, form: forms.EditForm) -> Violation:
        """Change it."""
        said = {name: form.cleaned_data[name] for name in actions.EDITED}
        return actions.edit_violation(self.object, actor=self.request.member, **said)


class ViolationRemedy(_AboutViolation):
    """Say that it is put right."""

    permission = EVERYBODY
    transition = Violation.REMEDY
    form_class = forms.RemedyForm
    verb = "Put right"
    submit_label = "It is put right"
    success_message = "It is put right."

    def allowed(self) -> bool:
        """Whoever it is with, and those who report violations; what Plumbline found is said in words."""
        found_here = self.object.detected == Violation.Detected.SYSTEM and self.request.member.can(VIOLATIONS)
        return found_here or may_remedy(self.request.member, self.object)

    def check(self) -> None:
        """What Plumbline found ends by itself."""
        super().check()
        if self.object.detected == Violation.Detected.SYSTEM:
            raise ActionRefused("Plumbline found it, and ends it by itself once it is put right.")

    def act(self, form: forms.RemedyForm) -> Violation:
        """Say so."""
        return actions.remedy_violation(self.object, actor=self.request.member, outcome=form.cleaned_data["outcome"])


class ViolationDismiss(_AboutViolation):
    """Say that it is none, and why."""

    transition = Violation.DISMISS
    form_class = OnceReasonForm
    verb = "Dismiss"
    submit_label = "It is none"
    tone = "danger"
    explain = "Under your name. What Plumbline itself found is looked for again after 90 days."
    success_message = "It is dismissed under your name."

    def check(self) -> None:
        """Refuse whoever's own it is in words."""
        super().check()
        if is_about(self.request.member, self.object):
            raise ActionRefused("It is yours: somebody else has to.")

    def act(self, form: OnceReasonForm) -> Violation:
        """Dismiss it."""
        return actions.dismiss_violation(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])


class ViolationReopen(_AboutViolation):
    """Open one again that ended."""

    transition = Violation.REOPEN
    form_class = OnceReasonForm
    verb = "Open again"
    submit_label = "Open it again"
    explain = "It is due anew by its severity. How it ended before stays in its activity."
    success_message = "It is open again."

    def act(self, form: OnceReasonForm) -> Violation:
        """Open it again."""
        return actions.reopen_violation(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
