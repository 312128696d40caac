"""The roadmap of a period: how far each phase is, and its tasks."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from audit.exports import RecordsExports
from controls.models import AuditPeriod, ControlState, GapRun, Roadmap, RoadmapTask
from controls.models.control import Priority
from controls.models.roadmap import Phase
from controls.models.state import Design
from controls.periods.current import InPeriod
from controls.roadmap.plan import end_of
from controls.roadmap.rights import mine
from ui.components import Badge
from ui.screens import Column, Empty, Filter, ListScreen

_OPEN = Q(status=RoadmapTask.Status.OPEN)


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """How far a phase is: done of those that were not dropped."""

    phase: Phase
    ends_on: dt.date
    done: int
    total: int
    late: int

    @property
    def label(self) -> str:
        """Months and name."""
        return str(self.phase.label)


def phases_of(roadmap: Roadmap, today: dt.date) -> list[PhaseLine]:
    """Every phase, in one query."""
    late = _OPEN & Q(due_on__lt=today)
    counted = (
        RoadmapTask.objects.filter(roadmap=roadmap)
        .order_by()
        .values("phase")
        .annotate(
            done=Count("pk", filter=Q(status=RoadmapTask.Status.DONE)),
            total=Count("pk", filter=~Q(status=RoadmapTask.Status.DROPPED)),
            late=Count("pk", filter=late),
        )
    )
    found = {row["phase"]: (row["done"], row["total"], row["late"]) for row in counted}
    return [PhaseLine(phase, end_of(phase, roadmap.starts_on), *found.get(phase.value, (0, 0, 0))) for phase in Phase]


def state_of(task: RoadmapTask) -> Badge:
    """Its state; that its control is in place by now tells more than that it is open."""
    if task.status == RoadmapTask.Status.OPEN and getattr(task, "in_place", False):
        return Badge("In place now", "ok")
    return task.status_badge


class RoadmapPage(InPeriod, RecordsExports, ListScreen):
    """What has to be done until the audit."""

    permission = "controls.read"
    title = "Roadmap"
    template_name = "controls/roadmap_list.html"
    noun = "tasks"
    noun_one = "task"
    columns = (
        Column("title", "Task", sort="title", link=True),
        Column("phase", "Phase", sort="phase", value=lambda task: Phase(task.phase).label.partition(":")[0], hide_below=1000),
        Column("priority", "Priority", sort="priority", hide_below=1300),
        Column("control.code", "Control", sort="control__code", hide_below=1000, whole=True),
        Column("owner.name", "Owner", sort="owner__name", hide_below=700),
        Column("due_on", "Due", sort="due_on", template="controls/cells/due.html", text=lambda task: task.due_on),
        Column("state", "State", sort="status", value=state_of, text=lambda task: task.get_status_display()),
    )
    default_order = ("phase", "due_on")
    search_fields = ("title", "control__code", "owner__name")
    search_hint = "Words, control or person"

    @property
    def roadmap(self) -> Roadmap | None:
        """The one of the period in hand."""
        if not hasattr(self, "_roadmap"):
            found = Roadmap.objects.filter(period=self.period).select_related("run", "period") if self.period else None
            self._roadmap = found.first() if found is not None else None
        return self._roadmap

    def get_queryset(self) -> QuerySet[Any]:
        """Its tasks, with whether their control is in place by now."""
        in_place = ControlState.objects.filter(period=self.period, design=Design.IMPLEMENTED).values("control")
        tasks = RoadmapTask.objects.filter(roadmap=self.roadmap).select_related("owner", "control")
        return tasks.annotate(in_place=Q(control__in=in_place))

    def get_filters(self) -> tuple[Filter, ...]:
        """Overdue depends on the organization's day."""
        today = self.request.organization.today()
        due = {"late": _OPEN & Q(due_on__lt=today), "soon": _OPEN & Q(due_on__gte=today)}
        return (
            Filter("phase", "Phase", choices=[(str(one.value), one.label) for one in Phase]),
            Filter("state", "State", choices=RoadmapTask.Status.choices, lookup="status"),
            Filter("due", "Due", choices=[("late", "Overdue"), ("soon", "Not yet due")], where=due),
            Filter("whose", "Owner", choices=[("me", "Me"), ("nobody", "Nobody")], where=self._whose()),
            Filter("priority", "Priority", choices=Priority.choices),
        )

    def _whose(self) -> dict[str, Q]:
        return {"me": mine(self.request.member), "nobody": Q(owner=None)}

    @property
    def empty(self) -> Empty:  # type: ignore[override]
        """A roadmap comes from an analysis."""
        if self.roadmap is None and GapRun.objects.filter(period=self.period).exists():
            action = ("See the gap analyses", "controls:gap-list")
            return Empty("No roadmap yet", "Open the latest gap analysis and make the roadmap from it.", action=action)
        why = "It is made from a gap analysis: five phases from the critical gaps to the audit, with owners and due days."
        may_analyse = self.request.member.can("controls.write")
        return Empty("No roadmap yet", why, action=("Analyse the gaps", "controls:gap-create") if may_analyse else None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How far each phase is."""
        roadmap, today = self.roadmap, self.request.organization.today()
        still_open = self.period is not None and self.period.status == AuditPeriod.Status.OPEN
        return super().get_context_data(
            roadmap=roadmap,
            period=self.period,
            phases=phases_of(roadmap, today) if roadmap else [],
            after_the_period=self._after_the_period(),
            may_add=roadmap is not None and still_open and self.request.member.can("controls.write"),
            **kwargs,
        )

    def _after_the_period(self) -> int:
        """How many of the gaps' open tasks are due when the period is over: what they mend cannot count in it."""
        if self.roadmap is None or self.period is None:
            return 0
        of_gaps = RoadmapTask.objects.filter(_OPEN, roadmap=self.roadmap, due_on__gt=self.period.ends_on)
        return of_gaps.exclude(control=None).count()
