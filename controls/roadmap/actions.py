"""Writing the roadmap: made from an analysis, as often as one likes, and edited by people."""

import uuid
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.gaps.reading import snapshot_of
from controls.models import AuditPeriod, Control, Engagement, GapRun, Roadmap, RoadmapTask
from controls.roadmap.plan import Planned, plan
from controls.roadmap.rights import may_finish
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused
from workflow.changes import change, differing, shown

FIELDS = ("phase", "title", "detail", "control", "priority", "owner", "due_on")


def make_roadmap(run: GapRun, *, actor: Actor) -> tuple[Roadmap, int]:
    """Make the roadmap of the run's period, or add to it what the run found new; returns it and how many tasks are new.

    Idempotent: what was made, done or dropped before stays as it is, and asking again adds nothing.
    """
    run = GapRun.objects.select_related("period", "file").get(pk=run.pk)
    if run.period.status != AuditPeriod.Status.OPEN:
        raise ActionRefused(f"{run.period} is closed: its roadmap is over.")
    roadmap = _begun(run, actor)
    wanted = plan(snapshot_of(run), roadmap.starts_on, engaged=_is_engaged(run.period))
    known = set(RoadmapTask.objects.filter(roadmap=roadmap).exclude(key="").values_list("key", flat=True))
    new = [one for one in wanted if one.key not in known]
    if new:
        _add_planned(roadmap, run, new, actor)
    return roadmap, len(new)


def _begun(run: GapRun, actor: Actor) -> Roadmap:
    roadmap = Roadmap.objects.filter(period=run.period_id).first()
    if roadmap is not None:
        return roadmap
    try:
        with transaction.atomic():
            return _begin(run, actor)
    except IntegrityError:  # somebody else has begun it in this moment
        return Roadmap.objects.get(period=run.period_id)


@action
def _begin(run: GapRun, actor: Actor) -> Roadmap:
    roadmap = Roadmap.objects.create(period=run.period, run=run, starts_on=run.as_of)
    record("roadmap.begin", roadmap, actor=actor, after={"period": run.period.name, "starts_on": run.as_of, "run": run.reference})
    return roadmap


@action
def _add_planned(roadmap: Roadmap, run: GapRun, new: list[Planned], actor: Actor) -> None:
    """Add what is planned and not there: of two who ask at once the second waits, and adds nothing twice."""
    locked = Roadmap.objects.select_for_update(of=("self",)).get(pk=roadmap.pk)
    known = set(RoadmapTask.objects.filter(roadmap=locked).values_list("key", flat=True))
    controls = {str(one.pk): one for one in Control.objects.filter(pk__in=[task.control for task in new if task.control])}
    tasks = [_task(locked, one, controls.get(one.control)) for one in new if one.key not in known]
    locked.run = roadmap.run = run
    locked.save(update_fields=["run"])
    record("roadmap.make", locked, actor=actor, after={"run": run.reference, "tasks_added": len(tasks)})
    RoadmapTask.objects.bulk_create(tasks, batch_size=500)


def _task(roadmap: Roadmap, one: Planned, control: Control | None) -> RoadmapTask:
    return RoadmapTask(
        roadmap=roadmap,
        phase=one.phase,
        key=one.key,
        title=one.title,
        detail=one.detail,
        control=control,
        criterion=one.criterion,
        priority=one.priority,
        owner_id=_owner_of(control),
        due_on=one.due_on,
    )


def _owner_of(control: Control | None) -> uuid.UUID | None:
    key: uuid.UUID | None = control.owner_id if control else None
    return key


@action
def add_task(roadmap: Roadmap, *, actor: Actor, **fields: Any) -> RoadmapTask:
    """Add a task of one's own."""
    task = RoadmapTask(roadmap=roadmap, **fields)
    task.title = task.title.strip()
    task.save(force_insert=True)
    record("roadmap.add", roadmap, actor=actor, after={"task": task.title, "due_on": task.due_on})
    after = {name: shown(getattr(task, name)) for name in FIELDS if getattr(task, name) not in (None, "")}
    record("roadmap_task.add", task, actor=actor, after=after)
    return task


def edit_task(task: RoadmapTask, *, actor: Actor, **fields: Any) -> RoadmapTask:
    """Change phase, words, owner or due day of an open task."""
    current = RoadmapTask.objects.get(pk=task.pk)
    return _edit(current, actor, fields) if differing(current, fields) else current


@action
def _edit(task: RoadmapTask, actor: Actor, fields: dict[str, Any]) -> RoadmapTask:
    locked = RoadmapTask.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if locked.status != RoadmapTask.Status.OPEN:
        raise ActionRefused(f"It is {locked.get_status_display().lower()}: open it again first.")
    owner = fields.get("owner")
    if owner is not None and owner.has_left(current_organization().today()):
        raise ActionRefused(f"{owner} does not work here any more.", field="owner")
    return change(locked, "roadmap_task.edit", actor=actor, fields=fields)


@action
def finish_task(task: RoadmapTask, *, actor: Actor) -> None:
    """It is done. By whoever it is with, and by those who run the controls."""
    current = RoadmapTask.objects.select_related("owner").get(pk=task.pk)
    if not may_finish(actor, current):
        raise ActionRefused("This is for whoever the task is with and for those who run the controls.")
    RoadmapTask.DONE.apply(current, actor=actor, done_at=now(), done_by=actor if isinstance(actor, Member) else None)


@action
def drop_task(task: RoadmapTask, *, actor: Actor, reason: str) -> None:
    """It is not needed, for a reason; making the roadmap again does not bring it back."""
    if not reason.strip():
        raise ActionRefused("Give a reason: an auditor will ask for it.", field="reason")
    RoadmapTask.DROP.apply(task, actor=actor, reason=reason.strip())


@action
def reopen_task(task: RoadmapTask, *, actor: Actor) -> None:
    """It has to be done after all."""
    RoadmapTask.REOPEN.apply(task, actor=actor, done_at=None, done_by=None, reason="")


def _is_engaged(period: AuditPeriod) -> bool:
    return Engagement.objects.filter(period=period, engaged_on__isnull=False).exists()
