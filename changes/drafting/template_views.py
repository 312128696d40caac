"""Screens of the templates of standard changes."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.factors import FactorFormMixin, FactorScreenMixin, require_recent_factor
from audit.exports import RecordsExports
from changes.drafting import templates
from changes.drafting.about import EVERYBODY
from changes.drafting.fields import systems_in_use
from changes.models import Change, ChangeTemplate, Kind
from changes.rights import RAISE, READ, RUN
from inventory.models import System
from ui.forms import DateInput, TextArea
from ui.screens import Column, DetailScreen, Empty, Filter, ListScreen, ScreenRequest, screen
from workflow.once import OnceForm, OnceReasonForm, OnceScreen
from workflow.screens import TransitionScreen

LIST = ("Templates", "changes:template-list")
APPROVES = "changes.approve"
Status = ChangeTemplate.Status


def visible(member: Any) -> QuerySet[ChangeTemplate]:
    """All for those who read changes; else those that may be used."""
    everything = ChangeTemplate.objects.all()
    return everything if member.can(READ) else everything.filter(status=Status.APPROVED)


class TemplateForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker only
    """What standard changes of one sort have in common."""

    systems = forms.ModelMultipleChoiceField(
        System.objects.none(),
        label="Systems its changes may affect",
        widget=forms.CheckboxSelectMultiple,
    )
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("What is changed", ("title", "kind", "systems", "description", "impact")),
        ("How it is undone", ("rollback_plan", "abort_criteria")),
        ("How it is tested", ("test_plan",)),
        ("How long", ("expires_on",)),
    )

    class Meta:
        model = ChangeTemplate
        fields: ClassVar = [
            "title", "kind", "description", "impact", "rollback_plan", "abort_criteria", "test_plan", "expires_on",
        ]  # fmt: skip
        widgets: ClassVar = {
            "description": TextArea(rows=6),
            "impact": TextArea(rows=2),
            "rollback_plan": TextArea(rows=4),
            "abort_criteria": TextArea(rows=2),
            "test_plan": TextArea(rows=3),
            "expires_on": DateInput(),
        }
        help_texts: ClassVar = {
            "title": "Such as Renew a certificate of the load balancer.",
            "expires_on": "A year from now at most. After this day it has to be approved anew.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer systems in use, and those that are chosen."""
        super().__init__(*args, **kwargs)
        chosen = [] if self.instance._state.adding else list(self.instance.systems.values_list("system", flat=True))  # noqa: SLF001 - Django documents it
        self.fields["systems"].queryset = systems_in_use(*chosen)  # type: ignore[attr-defined]
        self.initial.setdefault("systems", chosen)

    def _post_clean(self) -> None:
        """The action judges and saves: the instance stays as it is."""

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


class NewTemplateForm(TemplateForm, OnceForm):
    """A new one."""


class ApproveForm(FactorFormMixin, OnceForm):
    """What is approved, by its hash."""

    content_hash = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)


class TemplateList(RecordsExports, ListScreen):
    """Every template of standard changes."""

    permission = EVERYBODY
    title = "Templates"
    lede = "Work that is always the same is approved once, until a day: a standard change by it needs no approval of its own."
    noun = "templates"
    noun_one = "template"
    columns = (
        Column("title", "Template", sort="title", link=True, wide=True),
        Column("kind", "Kind", sort="kind", hide_below=1000),
        Column("written_by.name", "Written by", sort="written_by__user__name", hide_below=1000),
        Column("approved_by.name", "Approved by", sort="approved_by__user__name", hide_below=1000),
        Column(
            "expires_on",
            "Until",
            sort="expires_on",
            template="changes/cells/expires.html",
            text=lambda one: one.expires_on,
        ),
        Column("used", "Changes", numeric=True),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
    )
    default_order = ("title",)
    search_fields = ("title", "description")
    search_hint = "Words"
    empty = Empty(
        "No templates yet",
        "A template says what is always done the same way, how it is undone and tested. Somebody else approves it once.",
        action=("New template", "changes:template-create"),
    )
    primary_action = ("New template", "changes:template-create", RUN)

    def get_queryset(self) -> QuerySet[Any]:
        """With how many changes went by each."""
        return (
            visible(self.request.member).select_related("written_by__user", "approved_by__user").annotate(used=Count("changes"))
        )

    def get_filters(self) -> tuple[Filter, ...]:
        """Expiry depends on the organization's day."""
        today = self.request.organization.today()
        good = Q(status=Status.APPROVED, expires_on__gte=today)
        use = {"yes": good, "ended": Q(status=Status.APPROVED, expires_on__lt=today)}
        return (
            Filter("state", "State", choices=Status.choices, lookup="status"),
            Filter("use", "In use", choices=[("yes", "May be used"), ("ended", "Approval has ended")], where=use),
            Filter("kind", "Kind", choices=Kind.choices),
        )


class TemplateDetail(DetailScreen):
    """One template: what it allows, who approved it, and the changes that went by it."""

    permission = EVERYBODY
    template_name = "changes/template_detail.html"
    breadcrumbs = (LIST,)
    object: ChangeTemplate

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible(self.request.member).select_related("written_by__user", "approved_by__user")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What it says, and what this member may do."""
        template, member = self.object, self.request.member
        runs, today = member.can(RUN), self.request.organization.today()
        submitted = template.status == Status.SUBMITTED
        independent = templates.why_not_approve(member, template)
        ended = template.expires_on < today
        return super().get_context_data(
            systems=[row.system for row in template.systems.select_related("system").order_by("system__name")],
            recent=Change.objects.filter(template=template).order_by("-raised_at")[:10] if member.can(READ) else [],
            ended=ended,
            is_usable=template.status == Status.APPROVED and not ended,
            may_use=template.status == Status.APPROVED and not ended and member.can(RAISE),
            may_edit=runs and template.status != Status.RETIRED,
            may_submit=runs and template.status == Status.DRAFT,
            may_approve=submitted and member.can(APPROVES) and not independent,
            why_not=independent if submitted and member.can(APPROVES) else "",
            may_return=template.status in ChangeTemplate.RETURN.sources and (runs or member.can(APPROVES)),
            may_retire=runs and template.status in ChangeTemplate.RETIRE.sources,
            **kwargs,
        )


class TemplateCreate(OnceScreen):
    """Write a template."""

    permission = RUN
    form_class = NewTemplateForm
    title = "New template"
    breadcrumbs = (LIST,)
    submit_label = "Keep it as a draft"
    explain = "Its words stand in every change that goes by it, so that those who approve it know what they approve."
    success_message = "The template is a draft. Submit it, so that somebody else approves it."

    def act(self, form: NewTemplateForm) -> ChangeTemplate:
        """Write it."""
        return templates.create_template(actor=self.request.member, **form.facts())


class AboutTemplate(TransitionScreen, abstract=True):
    """A form about one template."""

    permission = RUN
    model = ChangeTemplate
    object: ChangeTemplate
    verb = ""

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible(self.request.member)

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} {self.object}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the template."""
        return (LIST, (self.object.title, self.object.get_absolute_url()))


class TemplateEdit(AboutTemplate):
    """Change it: what is approved has to be approved again."""

    form_class = TemplateForm
    verb = "Edit"
    success_message = "The template was changed."

    def check(self) -> None:
        """Not one that is retired."""
        templates.refuse_retired(self.object)

    @property
    def explain(self) -> str:  # type: ignore[override]
        """What a change does to its approval."""
        if self.object.status in {Status.SUBMITTED, Status.APPROVED}:
            return "When you change it, it is a draft again, and no change may go by it until somebody else has approved it."
        return ""

    def act(self, form: TemplateForm) -> ChangeTemplate:
        """Change it."""
        return templates.edit_template(self.object, actor=self.request.member, **form.facts())


class TemplateApprove(FactorScreenMixin, AboutTemplate):
    """Approve it as it is shown; asks for a recent second factor."""

    permission = APPROVES
    transition = ChangeTemplate.APPROVE
    form_class = ApproveForm
    template_name = "changes/template_approve.html"
    verb = "Approve"
    submit_label = "Approve it"
    success_message = "The template is approved: standard changes may go by it."

    def allowed(self) -> bool:
        """Not who wrote it."""
        return not templates.why_not_approve(self.request.member, self.object)

    def get_initial(self) -> dict[str, Any]:
        """As it is shown."""
        return {"content_hash": self.object.content_hash}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With its systems."""
        systems = [row.system for row in self.object.systems.select_related("system").order_by("system__name")]
        return super().get_context_data(systems=systems, **kwargs)

    def act(self, form: ApproveForm) -> ChangeTemplate:
        """Approve it."""
        require_recent_factor(self.request)
        given = form.cleaned_data["content_hash"]
        templates.approve_template(self.object, actor=self.request.member, content_hash=given)
        return self.object


class TemplateReturn(AboutTemplate, OnceScreen):
    """Give it back to who wrote it: no change may go by it."""

    permission = EVERYBODY
    transition = ChangeTemplate.RETURN
    form_class = OnceReasonForm
    verb = "Return"
    submit_label = "Return it"
    success_message = "The template was returned."

    def allowed(self) -> bool:
        """Who approves changes, and who runs them."""
        return any(self.request.member.can(one) for one in (APPROVES, RUN))

    def act(self, form: Any) -> ChangeTemplate:
        """Return it."""
        templates.return_template(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class TemplateRetire(AboutTemplate, OnceScreen):
    """Take it out of use."""

    transition = ChangeTemplate.RETIRE
    form_class = OnceReasonForm
    verb = "Retire"
    submit_label = "Retire it"
    tone = "danger"
    explain = "No change begins by it any more. Those that were approved by it stay as they are."
    success_message = "The template is retired."

    def act(self, form: Any) -> ChangeTemplate:
        """Retire it."""
        templates.retire_template(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


@screen(RUN, methods=["POST"])
def submit(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Put it before somebody who approves changes."""
    template = get_object_or_404(visible(request.member), pk=pk)
    templates.submit_template(template, actor=request.member)
    messages.success(request, "It waits for somebody else's approval.")
    return redirect(template)
