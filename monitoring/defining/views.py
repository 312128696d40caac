"""Screens of checks: one of them, adding, changing, pausing, retiring, and one look for the asking."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import TemplateView

from incidents.rights import visible_to
from monitoring.checking.judging import HEALTHY
from monitoring.checking.maintaining import windows_in
from monitoring.defining import actions
from monitoring.defining.blocked import help_with
from monitoring.defining.forms import CheckEditForm, CheckForm
from monitoring.defining.kinds import STARTS, start_of
from monitoring.defining.listing import LIST, READ, every, known_since
from monitoring.defining.trying import try_check, try_typed, typed_check, words_of
from monitoring.models import Check, CheckResult, Health, Kind, Outage
from monitoring.models.check import EDITS
from monitoring.uptime.charts import DAYS, HOURLY, bars, lasting, latency, percent, slowest_of_95, timings
from monitoring.uptime.periods import WORDS, days, period_of
from monitoring.uptime.reckoning import shares
from tenancy.scope import now
from ui.refusals import ActionRefused
from ui.screens import DetailScreen, ScreenRequest, screen
from ui.screens.base import Screen
from workflow.once import OnceReasonForm, OnceScreen
from workflow.outgoing.masking import masked
from workflow.screens import TransitionScreen

SHOWN = 20


class CheckDetail(DetailScreen):
    """One check: how it is, how it was, its outages and its last results."""

    permission = READ
    template_name = "monitoring/check_detail.html"
    breadcrumbs = (LIST,)
    object: Check

    def get_queryset(self) -> QuerySet[Any]:
        """With its system."""
        return Check.objects.select_related("system", "made_by__user")

    def get_title(self) -> str:
        """Its name."""
        return self.object.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What was found."""
        check, member, moment = self.object, self.request.member, now()
        today = self.request.organization.today()
        period = period_of(self.request.GET, today)
        found = shares([check], [period.spell, *days(today, DAYS)])[check.pk]
        times = [one for one in timings(check, *period.spell) if one.mean is not None]
        hourly = period.ends - period.begins <= HOURLY
        return super().get_context_data(
            badge=check.badge_at(moment),
            known=known_since(check),
            blind=check.is_blind and check.last_at is not None,
            blocked=help_with(check, check.last_detail, member) if check.is_blind else None,
            ongoing=check.health == Health.DOWN,
            maintenance=windows_in(moment, moment).holds(check.pk, moment),
            every=every(check.interval),
            late=every(check.timeout),
            period=period,
            periods=WORDS,
            share=found[0],
            uptime=percent(found[0].uptime),
            met=found[0].uptime is not None and found[0].uptime >= float(check.target),
            target=percent(float(check.target)),
            parts=_parts(found[0]),
            bars=bars(found[1:], name="ninety", title=f"{check.name}, the last {DAYS} days"),
            wide=latency(times, hourly=hourly, width=1200) if times else "",
            narrow=latency(times, hourly=hourly, width=360) if times else "",
            p95=slowest_of_95(check, *period.spell) if times else None,
            slowest=max((one.slowest or 0 for one in times), default=0),
            outages=_outages(check, member),
            results=CheckResult.objects.filter(check_of=check)[:SHOWN],
            may_edit=member.can(EDITS),
            **kwargs,
        )


def _parts(share: Any) -> list[tuple[str, str]]:
    named = (
        ("Degraded", share.degraded), ("Down", share.down), ("Planned maintenance", share.maintenance),
        ("Paused", share.paused), ("Not known", share.unknown),
    )  # fmt: skip
    return [(label, lasting(seconds)) for label, seconds in named if seconds >= 1]


def _outages(check: Check, member: Any) -> list[dict[str, Any]]:
    """The last ones; an incident is named only to those who may see it."""
    rows = list(Outage.objects.filter(check_of=check).select_related("incident")[:SHOWN])
    seen = set(visible_to(member).filter(pk__in=[row.incident_id for row in rows]).values_list("pk", flat=True))
    return [
        {
            "row": row,
            "lasted": lasting(((row.ended_at or now()) - row.started_at).total_seconds()),
            "incident": row.incident if row.incident_id in seen else None,
        }
        for row in rows
    ]


class CheckKinds(Screen, TemplateView):
    """What can be watched."""

    permission = EDITS
    title = "What is to be watched?"
    breadcrumbs = (LIST,)
    template_name = "monitoring/check_kinds.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything that there is."""
        return super().get_context_data(**self.frame(), starts=STARTS, **kwargs)


class CheckCreate(OnceScreen):
    """Add a check."""

    permission = EDITS
    form_class = CheckForm
    title = "Add a check"
    template_name = "monitoring/check_form.html"
    breadcrumbs = (LIST,)
    submit_label = "Add the check"
    success_message = "It is watched from now on."

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """First of what kind."""
        if start_of(request.GET.get("of", "")) is None:
            return redirect("monitoring:kinds")
        return super().get(request, *args, **kwargs)

    def get_title(self) -> str:
        """Of what."""
        start = start_of(self.request.GET.get("of", ""))
        return f"Watch {start.label[0].lower()}{start.label[1:]}" if start else self.title

    def get_form_kwargs(self) -> dict[str, Any]:
        """The fields of its kind."""
        start = start_of(self.request.GET.get("of", ""))
        kind = self.request.POST.get("kind", start.kind if start else "")
        known = kind if kind in Kind.values else ""
        return {**super().get_form_kwargs(), "kind": known, "start": start.key if start and start.kind == known else known}

    def act(self, form: CheckForm) -> Check:
        """Add it."""
        return actions.create_check(actor=self.request.member, **form.facts())


class _AboutCheck(TransitionScreen, abstract=True):
    permission = EDITS
    model = Check
    object: Check
    verb = ""

    def refuse_over(self) -> None:
        """Raise ActionRefused when it is retired."""
        if self.object.status == Check.Status.RETIRED:
            raise ActionRefused("It is retired: put it back first.")

    def get_title(self) -> str:
        """What, and which."""
        return f"{self.verb} {self.object.name}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the check."""
        return (LIST, (self.object.name, self.object.get_absolute_url()))


class CheckEdit(_AboutCheck, OnceScreen):
    """Change what is watched, and how."""

    form_class = CheckEditForm
    verb = "Change"
    submit_label = "Save"
    success_message = "The check is changed."

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        fields = set(CheckEditForm.base_fields) - {"once", "secret", "forget_secret"}
        values = {name: getattr(self.object, name) for name in fields}
        return {**values, "url": masked(self.object.url), "system": self.object.system_id}

    def get_form_kwargs(self) -> dict[str, Any]:
        """The fields of its kind."""
        return {**super().get_form_kwargs(), "check": self.object}

    def act(self, form: CheckEditForm) -> Check:
        """Change it."""
        return actions.edit_check(self.object, actor=self.request.member, **form.facts())


class CheckPause(_AboutCheck, OnceScreen):
    """Look no more for a while."""

    form_class = OnceReasonForm
    transition = Check.PAUSE
    verb = "Pause"
    submit_label = "Pause it"
    explain = "Nobody looks until it is resumed, and nobody is told. The time counts as paused."
    success_message = "The check is paused."

    def act(self, form: OnceReasonForm) -> Check:
        """Pause it."""
        return actions.pause(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])


class CheckRetire(_AboutCheck, OnceScreen):
    """Look no more. What it has found stays."""

    form_class = OnceReasonForm
    transition = Check.RETIRE
    verb = "Retire"
    submit_label = "Retire it"
    tone = "danger"
    explain = "Nobody looks any more. What it has found stays, and it can be put back."
    success_message = "The check is retired."

    def act(self, form: OnceReasonForm) -> Check:
        """Retire it."""
        return actions.retire(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])


@screen(EDITS, methods=["POST"])
def resume(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Look again."""
    check = get_object_or_404(Check, pk=pk)
    actions.resume(check, actor=request.member)
    messages.success(request, "It is watched again.")
    return redirect(check)


@screen(EDITS, methods=["POST"])
def restore(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Look again at what was retired."""
    check = get_object_or_404(Check, pk=pk)
    actions.restore(check, actor=request.member)
    messages.success(request, "It is watched again.")
    return redirect(check)


@screen(EDITS, methods=["POST"])
def try_now(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Look once, for the asking: what is found is shown and not kept."""
    check = get_object_or_404(Check, pk=pk)
    found = try_check(check)
    (messages.success if found.outcome == HEALTHY else messages.warning)(request, words_of(found))
    return redirect(check)


@screen(EDITS, methods=["POST"])
def try_new(request: ScreenRequest) -> HttpResponse:
    """Look once at what the form of a new check says, and show the form again with what was found."""
    form_screen = CheckCreate()
    form_screen.setup(request)
    form_screen.load()
    form: Any = form_screen.get_form()
    found = None
    if form.is_valid():
        try:
            found = try_typed(**form.facts())
        except ActionRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
    blocked = help_with(typed_check(**form.facts()), found.detail, request.member) if found else None
    words = words_of(found) if found else ""
    context = form_screen.get_context_data(form=form, found=found, found_words=words, blocked=blocked)
    return render(request, CheckCreate.template_name, context, status=422 if form.errors else 200)


@screen(EDITS, methods=["POST"])
def new_address(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Make a new address for a job to call; it is shown on the page that answers, and never again."""
    check = get_object_or_404(Check, pk=pk)
    key = actions.new_address(check, actor=request.member)
    context = {
        "title": f"The address of {check.name}",
        "breadcrumbs": [("Checks", reverse("monitoring:list")), (check.name, check.get_absolute_url())],
        "check": check,
        "address": f"{settings.PLUMBLINE_BASE_URL}/api/calls/{request.organization.slug}/{check.pk}/{key}",
    }
    response = render(request, "monitoring/check_address.html", context)
    response["Cache-Control"] = "private, no-store"
    return response
