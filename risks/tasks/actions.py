"""Giving out the tasks of a risk's treatment, and following them to their end."""

import datetime as dt
import uuid
from collections.abc import Iterable

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from inventory.models import Person
from risks.models import Risk, RiskTask
from risks.register.actions import locked_risk, refuse_left, refuse_over, today
from risks.register.mail import tell_task_owner
from risks.rights import WORK, authorise, is_owner, may_work, member_of
from tenancy.scope import now
from ui.refusals import ActionRefused, stated
from workflow.absences.standing import stood_in_for
from workflow.changes import change, differing
from workflow.transitions import Transition


@action
def add_task(risk: Risk, *, actor: Actor, title: str, owner: Person, due_on: dt.date) -> RiskTask:
    """Give somebody a part of the treatment, to do by a day. Raises ActionRefused."""
    locked = locked_risk(risk)
    authorise(actor, locked.owner)
    refuse_over(locked)
    refuse_left(owner)
    task = RiskTask(
        risk=locked,
        title=stated(title, "Say what is to be done.", field="title"),
        owner=owner,
        due_on=_to_come(due_on),
        added_by=member_of(actor),
        added_at=now(),
    )
    task.save(force_insert=True)
    about = {"risk": locked.reference, "owner": owner.name, "due_on": due_on}
    event = record("risk_task.add", task, actor=actor, after={"title": task.title, **about})
    tell_task_owner(task, key=str(event.pk), actor=actor)
    return task


@action
def edit_task(task: RiskTask, *, actor: Actor, title: str, owner: Person, due_on: dt.date) -> RiskTask:
    """Change what, by whom or by when, while it is open. Raises ActionRefused."""
    current = _locked(task)
    authorise(actor, current.risk.owner)
    if current.status != RiskTask.Status.OPEN:
        raise ActionRefused(f"It is {current.get_status_display().lower()}: open it again to change it.")
    given = {"title": stated(title, "Say what is to be done.", field="title"), "owner": owner, "due_on": due_on}
    if not differing(current, given):
        raise ActionRefused("Nothing was changed.")
    if owner.pk != current.owner_id:
        refuse_left(owner)
    if due_on != current.due_on:
        _to_come(due_on)
    changed = change(current, "risk_task.edit", actor=actor, fields=given)
    if owner.pk != task.owner_id:
        tell_task_owner(changed, key=f"{changed.pk}:{now().isoformat()}", actor=actor)
    return changed


def finish_task(task: RiskTask, *, actor: Actor, outcome: str) -> RiskTask:
    """Say that it is done, and what came of it. Raises ActionRefused."""
    return _end(RiskTask.FINISH, task, actor, stated(outcome, "Say what was done.", field="outcome"))


def cancel_task(task: RiskTask, *, actor: Actor, reason: str) -> RiskTask:
    """Say that it is not done, and why. Its owner alone may not: those who have the risk may. Raises ActionRefused."""
    authorise(actor, task.risk.owner)
    return _end(RiskTask.CANCEL, task, actor, stated(reason))


@action
def reopen_task(task: RiskTask, *, actor: Actor, reason: str) -> RiskTask:
    """Say that it is to be done after all. Raises ActionRefused."""
    current = _locked(task)
    authorise(actor, current.risk.owner)
    refuse_over(current.risk)
    return RiskTask.REOPEN.apply(current, actor=actor, note=stated(reason), ended_at=None, ended_by=None, outcome="")


def may_end(actor: Actor, task: RiskTask) -> bool:
    """Whether somebody may say that a task is done: whoever has it, and those who work on the risk. Load both owners."""
    return may_work(actor, task.owner) or may_work(actor, task.risk.owner)


def endable(member: Member, tasks: Iterable[RiskTask], *, works: bool) -> set[uuid.UUID]:
    """Of the tasks of one risk, loaded with whom they are with, those that a member may end; one query.

    `works` says whether they work on the risk: then all.
    """
    if works or not member.can(WORK):
        return {task.pk for task in tasks if works}
    away = set(stood_in_for(member))
    return {task.pk for task in tasks if is_owner(member, task.owner) or task.owner.member_id in away}


@action
def _end(transition: Transition, task: RiskTask, actor: Actor, words: str) -> RiskTask:
    current = _locked(task)
    if not may_end(actor, current):
        raise ActionRefused("This is for whoever has the task or the risk, and for those who keep the register.")
    transition.apply(current, actor=actor, note=words, ended_at=now(), ended_by=member_of(actor), outcome=words)
    task.refresh_from_db()
    return current


def _locked(task: RiskTask) -> RiskTask:
    rows = RiskTask.objects.select_for_update(of=("self",))
    return rows.select_related("risk__owner__member__user", "owner__member__user").get(pk=task.pk)


def _to_come(day: dt.date) -> dt.date:
    if day < today():
        raise ActionRefused("Choose today or a day to come.", field="due_on")
    return day
