"""Giving out tasks of an incident, and ending them."""

import datetime as dt
from collections.abc import Iterator

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from incidents.hooks import Unfinished
from incidents.lifecycle.moving import for_workers, refuse_over
from incidents.lifecycle.people import check_able, join
from incidents.models import Incident, IncidentTask
from incidents.reporting.mail import tell
from incidents.rights import may_see
from incidents.timeline.actions import note
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused, stated
from ui.values import spelled
from workflow.changes import change, differing
from workflow.transitions import Transition

KINDS = IncidentTask.Kind
_FIELDS = frozenset({"title", "details", "owner", "due_on", "kind"})


@action
def add_task(
    incident: Incident,
    *,
    actor: Actor,
    title: str,
    owner: Member,
    due_on: dt.date,
    kind: str = KINDS.TASK,
    details: str = "",
) -> IncidentTask:
    """Give somebody something to do by a day; they are told, and belong to the team from then on. Raises ActionRefused."""
    for_workers(incident, actor)
    if incident.status == Incident.Status.DISMISSED or (incident.is_over and kind == KINDS.TASK):
        refuse_over(incident)
    task = IncidentTask(
        incident=incident,
        kind=KINDS(kind),
        title=stated(title, "Say what is to be done.", field="title"),
        details=details.strip(),
        owner=_fit(incident, owner, actor),
        due_on=_to_come(due_on),
        added_by=actor if isinstance(actor, Member) else None,
        added_at=now(),
    )
    task.save(force_insert=True)
    about = {"incident": incident.reference, "owner": owner.name, "due_on": due_on, "kind": task.get_kind_display()}
    record("incident_task.add", task, actor=actor, after={"title": task.title, **about})
    note(incident, f"{task.get_kind_display()} for {owner.name}, due on {spelled(due_on)}: {task.title}", actor)
    _tell(task, actor)
    return task


def edit_task(task: IncidentTask, *, actor: Actor, **fields: object) -> IncidentTask:
    """Change what is to be done, by whom or by when; what is as it was is left alone. Raises ActionRefused."""
    for_workers(task.incident, actor)
    current = task.refreshed()
    if current.status != IncidentTask.Status.OPEN:
        raise ActionRefused(f"It is {current.get_status_display().lower()}: open it again to change it.")
    given = {name: value for name, value in fields.items() if name in _FIELDS}
    return _edit_task(current, actor, given) if differing(current, given) else current


@action
def _edit_task(current: IncidentTask, actor: Actor, given: dict[str, object]) -> IncidentTask:
    incident = current.incident
    if isinstance(owner := given.get("owner"), Member) and owner.pk != current.owner_id:
        _fit(incident, owner, actor)
    if isinstance(due := given.get("due_on"), dt.date) and due != current.due_on:
        _to_come(due)
    if given.get("kind", current.kind) != current.kind:
        _keep_a_measure(incident, current)
    changed = change(current, "incident_task.edit", actor=actor, fields=given)
    if changed.owner_id != current.owner_id or changed.due_on != current.due_on:
        note(incident, f"Now for {changed.owner.name}, due on {spelled(changed.due_on)}: {changed.title}", actor)
    if changed.owner_id != current.owner_id:
        _tell(changed, actor)
    return changed


@action
def finish_task(task: IncidentTask, *, actor: Actor, outcome: str = "") -> IncidentTask:
    """Say that it is done. Raises ActionRefused."""
    incident = for_workers(task.incident, actor)
    _end(IncidentTask.FINISH, task, actor, outcome.strip())
    note(incident, f"Done: {task.title}", actor)
    return task


@action
def cancel_task(task: IncidentTask, *, actor: Actor, reason: str) -> IncidentTask:
    """Say that it is not done, and why. Raises ActionRefused."""
    incident = for_workers(task.incident, actor)
    _keep_a_measure(incident, task)
    why = stated(reason)
    _end(IncidentTask.CANCEL, task, actor, why)
    note(incident, f"Not to be done: {task.title}. {why}", actor)
    return task


@action
def reopen_task(task: IncidentTask, *, actor: Actor, reason: str) -> IncidentTask:
    """Say that it is to be done after all, or was not done. Raises ActionRefused."""
    incident = for_workers(task.incident, actor)
    IncidentTask.REOPEN.apply(task, actor=actor, note=stated(reason), ended_at=None, ended_by=None, outcome="")
    note(incident, f"To be done again: {task.title}", actor)
    return task


def missing(incident: Incident) -> Iterator[str]:
    """What closing still needs: of what is grave a preventive measure that somebody has or has done. A hook."""
    measures = incident.tasks.filter(kind=KINDS.PREVENTIVE).exclude(status=IncidentTask.Status.CANCELLED)
    if incident.is_grave and not measures.exists():
        yield "Give somebody a preventive measure with a date."


def unfinished(incident: Incident) -> Iterator[Unfinished]:
    """What somebody still has to do: it is followed on after the incident is closed. A hook."""
    for task in incident.tasks.filter(status=IncidentTask.Status.OPEN).select_related("owner__user"):
        words = f"{task.get_kind_display()} of {task.owner.name}, due on {spelled(task.due_on)}: {task.title.rstrip('.')}."
        yield Unfinished(words, holds=False)


def _keep_a_measure(incident: Incident, task: IncidentTask) -> None:
    """What was needed to close an incident is still there afterwards. Raises ActionRefused."""
    if incident.status != Incident.Status.CLOSED or not incident.is_grave or task.kind != KINDS.PREVENTIVE:
        return
    measures = incident.tasks.filter(kind=KINDS.PREVENTIVE).exclude(status=IncidentTask.Status.CANCELLED)
    if not measures.exclude(pk=task.pk).exists():
        raise ActionRefused("It is the only preventive measure of an incident that is closed: add another one first.")


def _end(transition: Transition, task: IncidentTask, actor: Actor, outcome: str) -> None:
    by = actor if isinstance(actor, Member) else None
    transition.apply(task, actor=actor, note=outcome, ended_at=now(), ended_by=by, outcome=outcome)


def _fit(incident: Incident, owner: Member, actor: Actor) -> Member:
    """Somebody who can see it: of a confidential one only its team, who are chosen one by one."""
    check_able(owner, field="owner")
    if may_see(owner, incident):
        return owner
    if incident.confidential:
        raise ActionRefused(f"{owner.name} does not see this incident. Put them into its team first.", field="owner")
    join(incident, owner, actor)
    return owner


def _to_come(due_on: dt.date) -> dt.date:
    if due_on < current_organization().today():
        raise ActionRefused("This day is over.", field="due_on")
    return due_on


def _tell(task: IncidentTask, actor: Actor) -> None:
    lines = [f"{task.get_kind_display()}, due on {spelled(task.due_on)}: {task.title}", *([task.details] if task.details else [])]
    key = f"task:{task.pk}:{task.owner_id}:{task.due_on}"
    tell(task.incident, [task.owner], what="has a task for you", lines=lines, key=key, but=actor)
