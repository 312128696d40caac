"""Screens of audit periods."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from audit.exports import RecordsExports
from controls.criteria import CRITERIA, Category, in_scope
from controls.models import AuditPeriod, Engagement
from controls.periods.actions import (
    close_period,
    create_period,
    edit_period,
    judge_not_relevant,
    record_engagement,
    reopen_period,
    take_back_into_scope,
)
from controls.periods.care import KIND, WRITE
from controls.periods.forms import EngagementForm, ExclusionForm, NewPeriodForm, NoteForm, PeriodForm
from ui.forms import ReasonForm
from ui.screens import Column, DetailScreen, Empty, Filter, FormScreen, ListScreen, ScreenRequest, screen
from workflow.delegations.looking import care_context
from workflow.delegations.views import HandOver
from workflow.once import OnceScreen
from workflow.screens import TransitionScreen

LIST = ("Audit periods", "controls:period-list")


def category_names(period: AuditPeriod) -> list[str]:
    """The categories in words."""
    return [str(Category(value).label) for value in period.categories]


class PeriodList(RecordsExports, ListScreen):
    """Every audit period."""

    permission = "controls.read"
    title = "Audit periods"
    lede = (
        "What an audit looks at: a day (Type I) or a span (Type II), and the categories in scope. Every figure is of one period."
    )
    noun = "periods"
    noun_one = "period"
    queryset = AuditPeriod.objects.all()
    columns = (
        Column("name", "Period", sort="name", link=True),
        Column("kind", "Type", sort="kind", hide_below=700),
        Column("starts_on", "From", sort="starts_on"),
        Column("ends_on", "To", sort="ends_on"),
        Column("categories", "Categories", value=category_names, hide_below=1000),
        Column("status_badge", "State", sort="status"),
    )
    default_order = ("-status", "-ends_on")
    filters = (
        Filter("status", "State", choices=AuditPeriod.Status.choices),
        Filter("kind", "Type", choices=AuditPeriod.Kind.choices),
    )
    search_fields = ("name",)
    search_hint = "Name"
    empty = Empty(
        "No audit period yet",
        "Say which days your audit looks at and what is in scope. Status and readiness are derived for it.",
        action=("New period", "controls:period-create"),
    )
    primary_action = ("New period", "controls:period-create", "controls.write")


class PeriodDetail(DetailScreen):
    """One period: its days, its scope, its auditor."""

    permission = "controls.read"
    model = AuditPeriod
    template_name = "controls/period_detail.html"
    breadcrumbs = (LIST,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add scope and engagement."""
        period: Any = self.object
        exclusions = list(period.exclusions.select_related("made_by__user"))
        left_out = [one.criterion for one in exclusions]
        return super().get_context_data(
            facts=[
                ("State", period.status_badge),
                ("Type", period.get_kind_display()),
                *_days(period),
                ("Categories in scope", category_names(period)),
                ("Criteria in scope", len(in_scope(period.categories, left_out))),
            ],
            exclusions=[(one, CRITERIA[one.criterion]) for one in exclusions],
            engagement=Engagement.objects.filter(period=period).first(),
            criteria_url=f"{reverse('controls:criterion-list')}?period={period.pk}",
            tests_url=f"{reverse('controls:test-results')}?period={period.pk}",
            controls_url=f"{reverse('controls:list')}?period={period.pk}",
            may_write=self.may(WRITE),
            **care_context(period, KIND.key, self.request.member),
            **kwargs,
        )


def _days(period: AuditPeriod) -> list[tuple[str, Any]]:
    if period.kind == AuditPeriod.Kind.TYPE_1:
        return [("As of", period.starts_on)]
    return [("From", period.starts_on), ("To", period.ends_on)]


class PeriodCreate(OnceScreen):
    """Add a period."""

    permission = "controls.write"
    form_class = NewPeriodForm
    title = "New audit period"
    breadcrumbs = (LIST,)
    submit_label = "Add the period"
    success_message = "The period was added."

    def act(self, form: NewPeriodForm) -> AuditPeriod:
        """Add it."""
        return create_period(actor=self.request.member, **form.facts())


class PeriodScreen(FormScreen, abstract=True):
    """A form about one period."""

    permission = "controls.write"
    model = AuditPeriod
    object: AuditPeriod

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the period."""
        return (LIST, (self.object.name, self.object.get_absolute_url()))


class PeriodEdit(PeriodScreen):
    """Change a period."""

    form_class = PeriodForm
    success_message = "The period was changed."

    def get_title(self) -> str:
        """Its name."""
        return f"Change {self.object.name}"

    def act(self, form: PeriodForm) -> AuditPeriod:
        """Change it."""
        return edit_period(self.object, actor=self.request.member, **form.facts())


class PeriodClose(PeriodScreen, TransitionScreen):
    """Close a period."""

    transition = AuditPeriod.CLOSE
    form_class = NoteForm
    submit_label = "Close the period"
    explain = "Its figures stay as they are now, and nothing more is expected for it. It can be opened again with a reason."
    success_message = "The period was closed."

    def get_title(self) -> str:
        """Its name."""
        return f"Close {self.object.name}"

    def act(self, form: NoteForm) -> AuditPeriod:
        """Close it."""
        close_period(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
        return self.object


class PeriodReopen(PeriodScreen, TransitionScreen):
    """Open a period again."""

    transition = AuditPeriod.REOPEN
    form_class = ReasonForm
    submit_label = "Open it again"
    explain = "Its figures are derived anew from today's facts."
    success_message = "The period is open again."

    def get_title(self) -> str:
        """Its name."""
        return f"Open {self.object.name} again"

    def act(self, form: ReasonForm) -> AuditPeriod:
        """Reopen it."""
        reopen_period(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
        return self.object


class Exclude(PeriodScreen):
    """Judge criteria not relevant."""

    form_class = ExclusionForm
    title = "Judge criteria not relevant"
    submit_label = "Leave them out of scope"
    explain = "They leave every figure of this period. Controls that answer nothing else leave its scope too."

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer what is in scope."""
        left_out = self.object.exclusions.values_list("criterion", flat=True)
        return {**super().get_form_kwargs(), "offered": in_scope(self.object.categories, left_out)}

    def get_initial(self) -> dict[str, Any]:
        """The criterion whose link was followed."""
        return {"criteria": self.request.GET.getlist("criterion")}

    def act(self, form: ExclusionForm) -> AuditPeriod:
        """Leave them out."""
        judge_not_relevant(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class EngagementEdit(PeriodScreen):
    """Note who audits the period."""

    form_class = EngagementForm
    title = "Engagement record"
    success_message = "The engagement record was saved."

    def get_form_kwargs(self) -> dict[str, Any]:
        """The record there is, or a new one."""
        known = Engagement.objects.filter(period=self.object).first()
        return {**super().get_form_kwargs(), "instance": known or Engagement(period=self.object)}

    def act(self, form: EngagementForm) -> AuditPeriod:
        """Save it."""
        record_engagement(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class PeriodHandOver(HandOver):
    """Put an audit period into somebody's care until a day."""

    kind = KIND.key
    model = AuditPeriod
    object: AuditPeriod

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the period."""
        return (LIST, (self.object.name, self.object.get_absolute_url()))


@screen("controls.write", methods=["POST"])
def include(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Take a criterion back into scope."""
    period = get_object_or_404(AuditPeriod, pk=pk)
    key = request.POST.get("criterion", "")
    take_back_into_scope(period, [key], actor=request.member)
    messages.success(request, f"{key} is in scope again.")
    return redirect(period)
