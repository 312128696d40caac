"""Screens of escalation policies and their steps."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from audit.exports import RecordsExports
from incidents.models import EscalationPolicy, EscalationStep, Kind, Severity
from incidents.models.oncall import RUN
from incidents.oncall import policies
from incidents.oncall.forms import PolicyForm, StepForm
from incidents.oncall.targets import worded
from incidents.rights import READ
from ui.screens import Column, DetailScreen, Empty, Filter, ListScreen, ScreenRequest, screen
from workflow.once import OnceReasonForm, OnceScreen

LIST = ("Escalation", "incidents:policy-list")


def severities_of(policy: EscalationPolicy) -> str:
    """Such as "Critical, High"."""
    return ", ".join(str(Severity(one).label) for one in policy.severities)


def kinds_of(policy: EscalationPolicy) -> str:
    """Such as "Availability", or "Every kind"."""
    return ", ".join(str(Kind(one).label) for one in policy.kinds) or "Every kind"


class PolicyList(RecordsExports, ListScreen):
    """Which incidents are told to whom, step by step."""

    permission = READ
    title = "Escalation"
    lede = (
        "Critical incidents are told to whoever is on call and to the security team at once, with or without a policy. "
        "A policy says what comes after, and who is told of others."
    )
    noun = "policies"
    noun_one = "policy"
    columns = (
        Column("name", "Policy", sort="name", link=True),
        Column("severities", "Severity", value=severities_of, text=severities_of),
        Column("kinds", "Kind", value=kinds_of, text=kinds_of, hide_below=700),
        Column("step_count", "Steps", sort="step_count", numeric=True),
        Column("repeats", "Begins again", sort="repeats", numeric=True, hide_below=1000),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
    )
    default_order = ("name",)
    filters = (Filter("state", "State", choices=EscalationPolicy.Status.choices, lookup="status"),)
    search_fields = ("name",)
    search_hint = "Name"
    empty = Empty(
        "No policy yet",
        "Critical incidents are told to whoever is on call and the security team, three times. A policy says more.",
        action=("Add a policy", "incidents:policy-create"),
    )
    primary_action = ("Add a policy", "incidents:policy-create", RUN)

    def get_queryset(self) -> QuerySet[EscalationPolicy]:
        """With how many steps each has."""
        return EscalationPolicy.objects.annotate(step_count=Count("steps"))


class PolicyDetail(DetailScreen):
    """One policy and its steps."""

    permission = READ
    template_name = "incidents/oncall/policy.html"
    breadcrumbs = (LIST,)
    object: EscalationPolicy

    def get_queryset(self) -> QuerySet[Any]:
        """With its steps."""
        return EscalationPolicy.objects.select_related("made_by__user").prefetch_related("steps")

    def get_title(self) -> str:
        """Its name."""
        return self.object.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The steps in words, each with the minutes that have passed when it is told."""
        policy, passed, steps = self.object, 0, []
        rows = list(policy.steps.all())
        words = iter(worded([target for row in rows for target in row.targets]))
        for row in rows:
            steps.append({"step": row, "after": passed, "targets": [next(words) for _ in row.targets]})
            passed += row.minutes
        active = policy.status == EscalationPolicy.Status.ACTIVE
        return super().get_context_data(
            steps=steps,
            total=passed,
            severities=severities_of(policy),
            kinds=kinds_of(policy),
            is_critical=Severity.CRITICAL in policy.severities,
            may_run=self.request.member.can(RUN),
            may_edit=self.request.member.can(RUN) and active,
            **kwargs,
        )


class PolicyCreate(OnceScreen):
    """Add a policy."""

    permission = RUN
    form_class = PolicyForm
    title = "New escalation policy"
    breadcrumbs = (LIST,)
    submit_label = "Add the policy"
    explain = "Its steps come next: it tells nobody before it has one."
    success_message = "The policy is added. Add its first step now."

    def act(self, form: PolicyForm) -> EscalationPolicy:
        """Add it."""
        return policies.create_policy(actor=self.request.member, **form.facts())


class _AboutPolicy(OnceScreen, abstract=True):
    permission = RUN
    model = EscalationPolicy
    object: EscalationPolicy
    verb = ""

    def get_title(self) -> str:
        """What, and which."""
        return f"{self.verb} {self.object.name}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the policy."""
        return (LIST, (self.object.name, self.object.get_absolute_url()))


class PolicyEdit(_AboutPolicy):
    """Change which incidents it is about."""

    form_class = PolicyForm
    verb = "Change"
    submit_label = "Save"
    explain = "What is being told already goes on by the steps it began with."
    success_message = "The policy is changed."

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.object, name) for name in ("name", "severities", "kinds", "repeats")}

    def act(self, form: PolicyForm) -> EscalationPolicy:
        """Change it."""
        return policies.edit_policy(self.object, actor=self.request.member, **form.facts())


class PolicyRetire(_AboutPolicy):
    """New incidents do not go by it any more."""

    form_class = OnceReasonForm
    verb = "Retire"
    tone = "danger"
    submit_label = "Retire it"
    explain = "New incidents do not go by it any more. What is being told goes on."
    success_message = "The policy is retired."

    def act(self, form: OnceReasonForm) -> EscalationPolicy:
        """Retire it."""
        policies.retire(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
        return self.object


@screen(RUN, methods=["POST"])
def restore(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """New incidents go by it again."""
    policy = get_object_or_404(EscalationPolicy, pk=pk)
    policies.restore(policy, actor=request.member)
    messages.success(request, "The policy is in use again.")
    return redirect(policy)


class StepAdd(_AboutPolicy):
    """Add a step."""

    form_class = StepForm
    verb = "New step of"
    submit_label = "Add the step"
    success_message = "The step is added."

    def act(self, form: StepForm) -> EscalationPolicy:
        """Add it."""
        given = {name: form.cleaned_data[name] for name in ("targets", "minutes", "place")}
        policies.put_step(self.object, actor=self.request.member, **given)
        return self.object


class StepEdit(OnceScreen):
    """Change a step."""

    permission = RUN
    model = EscalationStep
    queryset = EscalationStep.objects.select_related("policy")
    object: EscalationStep
    form_class = StepForm
    submit_label = "Save"
    success_message = "The step is changed."

    def get_title(self) -> str:
        """Which."""
        return f"Step {self.object.position + 1} of {self.object.policy}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the policy."""
        return (LIST, (self.object.policy.name, self.object.policy.get_absolute_url()))

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {"targets": self.object.targets, "minutes": self.object.minutes, "place": self.object.position + 1}

    def act(self, form: StepForm) -> EscalationPolicy:
        """Change it."""
        given = {name: form.cleaned_data[name] for name in ("targets", "minutes", "place")}
        policy: EscalationPolicy = self.object.policy
        policies.put_step(policy, actor=self.request.member, step=self.object, **given)
        return policy


@screen(RUN, methods=["POST"])
def remove_step(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Take a step out."""
    step = get_object_or_404(EscalationStep.objects.select_related("policy"), pk=pk)
    policy = policies.remove_step(step, actor=request.member)
    messages.success(request, "The step is removed.")
    return redirect(policy)
