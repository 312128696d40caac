"""Screens of who is on call: all schedules in short, one in full, and writing them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import TemplateView

from incidents.models import OnCallOverride, OnCallSchedule
from incidents.models.oncall import RUN
from incidents.oncall import actions, board
from incidents.oncall.forms import ScheduleForm, TakeOverForm
from incidents.oncall.now import following
from incidents.rights import READ, WORK
from tenancy.scope import now
from ui.moments import zone_name
from ui.screens import DetailScreen, Screen, ScreenRequest, screen
from workflow.once import OnceReasonForm, OnceScreen

PAGE = ("On call", "incidents:on-call")


class OnCallPage(Screen, TemplateView):
    """Who is on call now and next, by every schedule."""

    permission = READ
    title = "On call"
    template_name = "incidents/oncall/on_call.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The schedules in use, and those that are not."""
        member = self.request.member
        return super().get_context_data(
            **self.frame(),
            cards=board.cards(member, now()),
            retired=list(OnCallSchedule.objects.filter(status=OnCallSchedule.Status.RETIRED)),
            may_run=member.can(RUN),
            may_take_over=member.can(WORK),
            zone=zone_name(),
            **kwargs,
        )


class ScheduleDetail(DetailScreen):
    """One schedule: the coming eight weeks, overrides, and its rotation."""

    permission = READ
    template_name = "incidents/oncall/schedule.html"
    breadcrumbs = (PAGE,)
    object: OnCallSchedule

    def get_queryset(self) -> QuerySet[Any]:
        """With the fallback."""
        return OnCallSchedule.objects.select_related("fallback__user", "fallback__organization", "made_by__user")

    def get_title(self) -> str:
        """Its name."""
        return self.object.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What it says of the coming weeks."""
        schedule, member, at = self.object, self.request.member, now()
        plan = board.plan_of(schedule, at)
        spans = board.coming(plan, at)
        active = schedule.status == OnCallSchedule.Status.ACTIVE
        return super().get_context_data(
            current=spans[0],
            next=following(spans),
            gaps=[span for span in spans if span.gap],
            spans=spans,
            weeks=board.weeks(plan, member, at),
            overrides=board.overrides_of(schedule, at),
            rotation=plan.rotations[-1],
            rotation_row=schedule.rotation,
            may_run=member.can(RUN),
            may_take_over=member.can(WORK) and active,
            is_active=active,
            zone=zone_name(),
            **kwargs,
        )


class ScheduleCreate(OnceScreen):
    """Add a schedule."""

    permission = RUN
    form_class = ScheduleForm
    title = "New on-call schedule"
    breadcrumbs = (PAGE,)
    submit_label = "Add the schedule"
    explain = "Who is on call is told from it from now on. The first schedule is the one that critical incidents go by."
    success_message = "The schedule is added."

    def get_initial(self) -> dict[str, Any]:
        """In the organization's zone, from today."""
        organization = self.request.organization
        return {"zone": organization.zone, "starts_on": organization.today()}

    def act(self, form: ScheduleForm) -> OnCallSchedule:
        """Add it."""
        return actions.create_schedule(actor=self.request.member, **form.facts())


class _AboutSchedule(OnceScreen, abstract=True):
    permission = RUN
    model = OnCallSchedule
    object: OnCallSchedule
    verb = ""

    def get_title(self) -> str:
        """What, and which."""
        return f"{self.verb} {self.object.name}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the schedule."""
        return (PAGE, (self.object.name, self.object.get_absolute_url()))


class ScheduleEdit(_AboutSchedule):
    """Change its name, its fallback or its rotation."""

    form_class = ScheduleForm
    verb = "Change"
    submit_label = "Save"
    explain = "Another rotation holds from now on; who was on call before stays as it was."
    success_message = "The schedule is changed."

    def get_form_kwargs(self) -> dict[str, Any]:
        """About this one."""
        return {**super().get_form_kwargs(), "schedule": self.object}

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        schedule, rotation = self.object, self.object.rotation
        turns = rotation.turns.select_related("member__user").order_by("position")
        given = {name: getattr(rotation, name) for name in actions.ROTATION}
        named = {"name": schedule.name, "fallback": schedule.fallback_id, "is_default": schedule.is_default}
        return {**named, **given, "members": [turn.member for turn in turns]}

    def act(self, form: ScheduleForm) -> OnCallSchedule:
        """Change it."""
        return actions.edit_schedule(self.object, actor=self.request.member, **form.facts())


class ScheduleRetire(_AboutSchedule):
    """Nobody is on call by it any more."""

    form_class = OnceReasonForm
    verb = "Retire"
    tone = "danger"
    submit_label = "Retire it"
    explain = "Nobody is on call by it any more. Who was on call stays readable."
    success_message = "The schedule is retired."

    def act(self, form: OnceReasonForm) -> OnCallSchedule:
        """Retire it."""
        actions.retire(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
        return self.object


@screen(RUN, methods=["POST"])
def restore(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Go by it again."""
    schedule = get_object_or_404(OnCallSchedule, pk=pk)
    actions.restore(schedule, actor=request.member)
    messages.success(request, "The schedule is in use again.")
    return redirect(schedule)


class TakeOver(_AboutSchedule):
    """Put oneself or somebody else on call for a while."""

    permission = WORK
    form_class = TakeOverForm
    success_message = "Noted: the calendar shows it."

    @property
    def for_others(self) -> bool:
        """Those who run schedules put anybody on call."""
        return bool(self.request.member.can(RUN))

    def get_title(self) -> str:
        """What it is to whoever does it."""
        return f"{'Set an override of' if self.for_others else 'Take over on call:'} {self.object.name}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """In the words of whoever takes over, or of whoever puts others on call."""
        told = " Whoever you put on call is told by mail." if self.for_others else ""
        words = {
            "explain": f"For this while the rotation does not count.{told}",
            "submit_label": "Set the override" if self.for_others else "Take over",
        }
        return super().get_context_data(**{**words, **kwargs})

    def get_form_kwargs(self) -> dict[str, Any]:
        """Those who run schedules choose anybody."""
        return {**super().get_form_kwargs(), "for_others": self.for_others, "rotation": self.object.rotation}

    def get_initial(self) -> dict[str, Any]:
        """From now on."""
        return {"starts_at": now().replace(second=0, microsecond=0)}

    def act(self, form: TakeOverForm) -> OnCallSchedule:
        """Note it."""
        given = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        member = given.pop("member", None) or self.request.member
        actions.take_over(self.object, actor=self.request.member, member=member, **given)
        return self.object


@screen(WORK, methods=["POST"])
def withdraw(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """The rotation holds again."""
    override = get_object_or_404(OnCallOverride.objects.select_related("schedule"), pk=pk)
    actions.withdraw(override, actor=request.member)
    messages.success(request, "Withdrawn: the rotation holds again.")
    return redirect(override.schedule)
