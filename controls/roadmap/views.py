"""Screens of one task of the roadmap, and making it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from controls.criteria import CRITERIA
from controls.models import GapRun, Roadmap, RoadmapTask
from controls.models.roadmap import Phase
from controls.roadmap import actions, forms
from controls.roadmap.plan import end_of
from controls.roadmap.rights import may_finish, visible_to
from ui.refusals import ActionRefused
from ui.screens import DetailScreen, FormScreen, ScreenRequest, screen
from workflow.once import OnceScreen
from workflow.screens import TransitionScreen

# Whoever a task is with sees and finishes it, whatever their role; what each may see is decided in rights.visible_to.
EVERYBODY = "home.read"


@screen("controls.write", methods=["POST"])
def make(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Make the roadmap from an analysis, or add what it found new."""
    roadmap, new = actions.make_roadmap(get_object_or_404(GapRun, pk=pk), actor=request.member)
    if new:
        messages.success(request, "1 task was added." if new == 1 else f"{new:,} tasks were added.")
    else:
        messages.info(request, "The roadmap holds all of this already: nothing was added.")
    return redirect(roadmap)


def crumbs(task: RoadmapTask, member: Any) -> Sequence[tuple[str, str]]:
    """Back to the roadmap, or to what waits for somebody who has none."""
    return (("Roadmap", task.roadmap.get_absolute_url()),) if member.can("controls.read") else (("My work", "home:work"),)


class TaskDetail(DetailScreen):
    """One task: what, why, with whom, by when."""

    permission = EVERYBODY
    template_name = "controls/roadmap_task.html"
    object: RoadmapTask

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member).select_related("done_by__user")

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the roadmap."""
        return crumbs(self.object, self.request.member)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Facts, and what this member may do."""
        task, member = self.object, self.request.member
        writes = member.can("controls.write")
        is_open = task.status == RoadmapTask.Status.OPEN
        return super().get_context_data(
            phase=Phase(task.phase).label,
            criterion=CRITERIA.get(task.criterion),
            may_read_controls=member.can("controls.read"),
            may_finish=is_open and may_finish(member, task),
            may_edit=is_open and writes,
            may_reopen=not is_open and writes,
            **kwargs,
        )


class TaskCreate(OnceScreen):
    """Add a task of one's own."""

    permission = "controls.write"
    model = Roadmap
    form_class = forms.NewTaskForm
    title = "Add a task"
    submit_label = "Add the task"
    success_message = "The task was added."
    object: Roadmap

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the roadmap."""
        return (("Roadmap", self.object.get_absolute_url()),)

    def get_form_kwargs(self) -> dict[str, Any]:
        """A new task, not the roadmap."""
        return {**super().get_form_kwargs(), "instance": RoadmapTask(roadmap=self.object)}

    def get_initial(self) -> dict[str, Any]:
        """In the first phase, due at its end."""
        return {"phase": Phase.CRITICAL, "due_on": end_of(Phase.CRITICAL, self.object.starts_on)}

    def act(self, form: forms.NewTaskForm) -> RoadmapTask:
        """Add it."""
        return actions.add_task(self.object, actor=self.request.member, **form.facts())


class _AboutTask(FormScreen, abstract=True):
    """A form about one task."""

    permission = "controls.write"
    object: RoadmapTask

    def get_queryset(self) -> QuerySet[Any]:
        """With its roadmap."""
        return visible_to(self.request.member)

    @property
    def names_record(self) -> bool:
        """The queryset depends on the member."""
        return True

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the task."""
        return (*crumbs(self.object, self.request.member), (self.object.title, self.object.get_absolute_url()))


class TaskEdit(_AboutTask):
    """Change a task."""

    form_class = forms.TaskForm
    title = "Change the task"
    success_message = "The task was changed."

    def load(self) -> None:
        """Only an open one."""
        super().load()
        if self.request.method != "POST" and self.object.status != RoadmapTask.Status.OPEN:
            raise ActionRefused(f"It is {self.object.get_status_display().lower()}: open it again first.")

    def act(self, form: forms.TaskForm) -> RoadmapTask:
        """Change it."""
        return actions.edit_task(self.object, actor=self.request.member, **form.facts())


class TaskDrop(_AboutTask, OnceScreen, TransitionScreen):
    """Say that it is not needed."""

    transition = RoadmapTask.DROP
    form_class = forms.DropForm
    title = "Drop the task"
    submit_label = "Drop it"
    explain = "It stays on the roadmap with your reason, and counts no more. Making the roadmap again does not bring it back."
    success_message = "The task was dropped."

    def act(self, form: forms.DropForm) -> RoadmapTask:
        """Drop it."""
        actions.drop_task(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


@screen(EVERYBODY, methods=["POST"])
def done(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Mark it as done."""
    task = get_object_or_404(visible_to(request.member), pk=pk)
    finish(request.member, task)
    messages.success(request, "The task is done.")
    return redirect(task)


def finish(member: Any, task: RoadmapTask) -> None:
    """Mark it as done. Raises PermissionDenied for those who see it and may not."""
    if not may_finish(member, task):
        raise PermissionDenied
    actions.finish_task(task, actor=member)


@screen("controls.write", methods=["POST"])
def reopen(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Open it again."""
    task = get_object_or_404(visible_to(request.member), pk=pk)
    actions.reopen_task(task, actor=request.member)
    messages.success(request, "The task is open again.")
    return redirect(task)
