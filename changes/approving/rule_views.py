"""Screens of approval rules."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from audit.exports import RecordsExports
from changes.approving.rule_forms import RuleForm, asked
from changes.approving.rules import Rule, asked_for, rules_in_force
from changes.approving.ruling import RULE, create_rule, edit_rule, restore_rule, retire_rule
from changes.approving.waiting import OPEN, falls_under
from changes.lifecycle.ratio import months
from changes.models import ApprovalRule, Change, Kind, RuleApprover, RuleSystem
from ui.screens import Column, DetailScreen, Empty, Filter, FormScreen, ListScreen, ScreenRequest, screen
from workflow.once import OnceForm, OnceReasonForm, OnceScreen
from workflow.screens import TransitionScreen

READ = "changes.read"
LIST = ("Approval rules", "changes:rule-list")
SHOWN = 20


def with_rows() -> QuerySet[ApprovalRule]:
    """Rules with their systems and people."""
    systems = Prefetch("systems", queryset=RuleSystem.objects.select_related("system").order_by("system__name"))
    people = Prefetch("approvers", queryset=RuleApprover.objects.select_related("person").order_by("person__name"))
    return ApprovalRule.objects.prefetch_related(systems, people)


def changes_of(rule: ApprovalRule) -> str:
    """Which changes fall under it, in words."""
    kinds = ", ".join(Kind(one).label for one in rule.kinds) or "Every kind"
    risks = " or ".join(str(Change.Risk(one).label).lower() for one in rule.risks)
    systems = ", ".join(row.system.name for row in rule.systems.all())
    return "".join([kinds, f", {risks} risk" if risks else "", f", on {systems}" if systems else ""])


def by_whom(rule: ApprovalRule) -> str:
    """Who meets it, in words."""
    people = [row.person.name for row in rule.approvers.all()]
    words = asked_for(rule, people)
    return words[:1].upper() + words[1:]


class RuleList(RecordsExports, ListScreen):
    """Who has to approve which changes."""

    permission = READ
    title = "Approval rules"
    template_name = "changes/rule_list.html"
    lede = "Every rule that a change falls under has to be met. Under no rule, one approval by anybody who approves is enough."
    noun = "rules"
    noun_one = "rule"
    columns = (
        Column("name", "Rule", sort="name", link=True),
        Column("changes", "Changes", value=changes_of, text=changes_of),
        Column("count", "Approvals", sort="count", numeric=True),
        Column("by", "By", value=by_whom, text=by_whom, hide_below=700),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
    )
    default_order = ("status", "name")
    search_fields = ("name",)
    search_hint = "Name"
    filters = (Filter("state", "State", choices=ApprovalRule.Status.choices, lookup="status"),)
    empty = Empty(
        "No rules",
        "Without a rule one approval is enough, by anybody who approves changes and did not ask for it. A rule says more: two "
        "for production data, the owner of the system for what is of high risk.",
        action=("New rule", "changes:rule-create"),
    )
    primary_action = ("New rule", "changes:rule-create", RULE)

    def get_queryset(self) -> QuerySet[Any]:
        """All, with their systems and people."""
        return with_rows()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With how often they were not waited for."""
        organization = self.request.organization
        return super().get_context_data(months=months(organization, organization.today()), **kwargs)


class RuleDetail(DetailScreen):
    """One rule, and the open changes that fall under it."""

    permission = READ
    template_name = "changes/rule_detail.html"
    breadcrumbs = (LIST,)
    object: ApprovalRule

    def get_queryset(self) -> QuerySet[Any]:
        """All, with their systems and people."""
        return with_rows()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """In words, and what it is about now."""
        rule, writes = self.object, self.request.member.can(RULE)
        active = rule.status == ApprovalRule.Status.ACTIVE
        row = next((one for one in rules_in_force() if one.row == rule), None)
        return super().get_context_data(
            changes_of=changes_of(rule),
            by_whom=by_whom(rule),
            may_edit=writes and active,
            may_retire=writes and ApprovalRule.RETIRE.allows(rule, self.request.member),
            may_restore=writes and ApprovalRule.RESTORE.allows(rule, self.request.member),
            **(falling(row) if row else {}),
            **kwargs,
        )


def falling(rule: Rule) -> dict[str, Any]:
    """The changes that wait for approval and fall under a rule: the first, and how many there are."""
    found = Change.objects.filter(OPEN, falls_under(rule)).order_by("submitted_at", "id")
    shown = list(found[: SHOWN + 1])
    return {"falling": shown[:SHOWN], "falling_count": found.count() if len(shown) > SHOWN else len(shown)}


class RuleCreate(OnceScreen):
    """Add a rule."""

    permission = RULE
    form_class = RuleForm
    template_name = "changes/rule_form.html"
    title = "New rule"
    breadcrumbs = (LIST,)
    submit_label = "Put it in force"
    explain = "It is in force at once: approvals are judged by it from now on, those of open changes too."
    success_message = "The rule is in force."

    def act(self, form: RuleForm) -> ApprovalRule:
        """Add it."""
        return create_rule(actor=self.request.member, **form.facts())


class RuleEdit(FormScreen):
    """Change a rule."""

    permission = RULE
    model = ApprovalRule
    form_class = RuleForm
    template_name = "changes/rule_form.html"
    breadcrumbs = (LIST,)
    explain = "Approvals are judged by it as it is from now on, those of open changes too. What is approved stays approved."
    success_message = "The rule was changed."
    object: ApprovalRule

    def get_title(self) -> str:
        """Which."""
        return f"Change “{self.object.name}”"

    def get_form_kwargs(self) -> dict[str, Any]:
        """With what it has."""
        return {**super().get_form_kwargs(), "rule": self.object}

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        rule = self.object
        names = ("name", "kinds", "risks", "count", "role", "by_system_owner", "accepts_reviews")
        chosen = {
            "systems": list(rule.systems.values_list("system_id", flat=True)),
            "approvers": list(rule.approvers.values_list("person_id", flat=True)),
        }
        return {**{name: getattr(rule, name) for name in names}, **chosen}

    def act(self, form: RuleForm) -> ApprovalRule:
        """Change it."""
        return edit_rule(self.object, actor=self.request.member, **form.facts())


class RuleRetire(TransitionScreen, OnceScreen):
    """Take a rule out of force."""

    permission = RULE
    model = ApprovalRule
    transition = ApprovalRule.RETIRE
    form_class: Any = OnceReasonForm
    breadcrumbs = (LIST,)
    submit_label = "Take it out of force"
    tone = "danger"
    explain = "Approvals are not judged by it any more. What waits for approval may then need fewer, or other, approvals."
    success_message = "The rule is out of force."
    object: ApprovalRule

    def get_title(self) -> str:
        """Which."""
        return f"Take “{self.object.name}” out of force"

    def act(self, form: Any) -> ApprovalRule:
        """Retire it."""
        retire_rule(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class RuleRestore(RuleRetire):
    """Put a rule back in force."""

    transition = ApprovalRule.RESTORE
    form_class = OnceForm
    submit_label = "Put it back in force"
    tone = ""
    explain = "Approvals are judged by it again, those of open changes too."
    success_message = "The rule is in force again."

    def get_title(self) -> str:
        """Which."""
        return f"Put “{self.object.name}” back in force"

    def act(self, form: Any) -> ApprovalRule:
        """Restore it."""
        restore_rule(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


@screen(RULE)
def preview(request: ScreenRequest) -> HttpResponse:
    """Which open changes would fall under the rule as it is written in the form."""
    form = RuleForm(request.GET)
    form.is_valid()
    return render(request, "changes/rule_falling.html", falling(asked(form.cleaned_data)))
