"""Requests of people: from intake to the answer. The trail names the request, never the person."""

import datetime as dt
from typing import Any

from django.db.models import Q

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from evidence.tables.text import email_key
from inventory.models import Person
from inventory.people.actions import edit_person
from privacy.models import RequestTask, SubjectRequest
from privacy.rights import SUBJECTS
from privacy.subjects.due import due_after, longest_after
from privacy.subjects.tasks import make_letter
from privacy.writing import authorise, keep, move
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused
from ui.values import spelled
from workflow.changes import change
from workflow.references import next_reference

# What the trail may repeat: nothing of who asks or what they said.
SAID = ("kind", "received_on", "due_on")
FIRST_TASKS = {
    SubjectRequest.Kind.ACCESS: "Search the systems of the data inventory for data of this person",
    SubjectRequest.Kind.ERASURE: "Find out which data has to stay, and erase the other elsewhere",
    SubjectRequest.Kind.CORRECTION: "Correct the data elsewhere, and tell those who got it",
}


@action
def take_in(
    *,
    actor: Actor,
    kind: str,
    name: str,
    email: str,
    channel: str,
    received_on: dt.date,
    person: Person | None = None,
    **facts: Any,
) -> SubjectRequest:
    """Take a request in; due as GDPR, Article 12(3) says. Raises ActionRefused."""
    authorise(actor, SUBJECTS)
    today = current_organization().today()
    if received_on > today:
        raise ActionRefused("Not after today.", field="received_on")
    address = email.strip().lower()
    due_on = due_after(received_on)
    request = SubjectRequest(
        reference=next_reference("DSR", f"{now():%Y}"),
        kind=kind,
        name=name.strip(),
        email=address,
        person=person or Person.objects.filter(email_key=email_key(address)).first(),
        channel=channel.strip(),
        received_on=received_on,
        first_due_on=due_on,
        due_on=due_on,
        opened_by=actor if isinstance(actor, Member) else None,
        opened_at=now(),
        **facts,
    )
    made = keep(request, "subject_request.receive", actor=actor, permission=SUBJECTS, fields=SAID)
    if (title := FIRST_TASKS.get(SubjectRequest.Kind(kind))) is not None:
        add_task(made, actor=actor, title=title, owner=made.owner, due_on=max(today, due_on - dt.timedelta(days=10)))
    return made


@action
def assign(request: SubjectRequest, *, actor: Actor, owner: Person | None) -> SubjectRequest:
    """Say who answers it. Raises ActionRefused."""
    authorise(actor, SUBJECTS)
    locked = _open(request)
    if locked.owner == owner:
        raise ActionRefused("That is how it is already.", field="owner")
    return change(locked, "subject_request.assign", actor=actor, fields={"owner": owner})


@action
def verify(request: SubjectRequest, *, actor: Actor, how: str) -> SubjectRequest:
    """Note how it was made sure that they are who they say: nothing is handed out before. Raises ActionRefused."""
    SubjectRequest.VERIFY.authorise(actor)
    locked = _open(request)
    SubjectRequest.VERIFY.check(locked)
    # What they named is theirs, so it stays out of the trail.
    locked.identity_how = how.strip()
    locked.save(update_fields=["identity_how"])
    by = actor if isinstance(actor, Member) else None
    return move(locked, SubjectRequest.VERIFY, actor=actor, identity_at=now(), identity_by=by).refreshed()


@action
def extend(request: SubjectRequest, *, actor: Actor, due_on: dt.date, reason: str, told_on: dt.date) -> SubjectRequest:
    """Take longer, once, for a reason of which the person was told in time. Raises ActionRefused."""
    authorise(actor, SUBJECTS)
    locked = _open(request)
    if locked.extended_reason:
        raise ActionRefused("It was extended already: that can be done once.")
    last = longest_after(locked.received_on)
    if not locked.first_due_on < due_on <= last:
        raise ActionRefused(f"Choose a day after {spelled(locked.first_due_on)}, up to {spelled(last)}.", field="due_on")
    if told_on > locked.first_due_on:
        raise ActionRefused(f"They have to be told by {spelled(locked.first_due_on)}.", field="told_on")
    if told_on < locked.received_on:
        raise ActionRefused("That is before they asked.", field="told_on")
    if told_on > current_organization().today():
        raise ActionRefused("Not after today.", field="told_on")
    if not reason.strip():
        raise ActionRefused("Say why.", field="reason")
    before = {"due_on": locked.due_on}
    locked.due_on, locked.extended_reason, locked.extended_told_on = due_on, reason.strip(), told_on
    locked.save(update_fields=["due_on", "extended_reason", "extended_told_on"])
    record("subject_request.extend", locked, actor=actor, before=before, after={"due_on": due_on, "extended_told_on": told_on})
    return locked


@action
def add_task(request: SubjectRequest, *, actor: Actor, title: str, due_on: dt.date, owner: Person | None = None) -> RequestTask:
    """Give somebody something to do for it. Raises ActionRefused."""
    _open(request)
    task = RequestTask(request=request, title=title.strip(), owner=owner, due_on=due_on)
    return keep(
        task,
        "request_task.add",
        actor=actor,
        permission=SUBJECTS,
        fields=("owner", "due_on"),
        metadata={"request": request.reference},
    )


@action
def do_task(task: RequestTask, *, actor: Actor, outcome: str) -> RequestTask:
    """Note what came of a task: by whom it is with, or who answers requests. Raises ActionRefused."""
    if not may_do(task, actor):
        raise ActionRefused("This is not with you.")
    locked = RequestTask.objects.select_for_update(of=("self",)).get(pk=task.pk)
    RequestTask.DO.check(locked)
    # What came of it is about the person, so it stays out of the trail.
    locked.outcome = outcome.strip()
    locked.save(update_fields=["outcome"])
    by = actor if isinstance(actor, Member) else None
    return move(locked, RequestTask.DO, actor=actor, done_at=now(), done_by=by).refreshed()


def may_do(task: RequestTask, actor: Actor) -> bool:
    """Whether somebody may do a task: it is theirs, or they answer requests."""
    return actor.can(SUBJECTS) or (
        task.owner is not None and task.owner.member_id is not None and task.owner.member_id == actor.id
    )


def refuse_correction(request: SubjectRequest) -> None:
    """Raise ActionRefused unless the roster has them and their identity is checked."""
    if request.status != SubjectRequest.Status.VERIFIED:
        raise ActionRefused("Check their identity first.")
    if request.kind != SubjectRequest.Kind.CORRECTION:
        raise ActionRefused("They did not ask for a correction.")
    if request.person is None:
        raise ActionRefused("They are not on the roster: correct it where it is.")


@action
def correct(request: SubjectRequest, *, actor: Actor, **facts: Any) -> SubjectRequest:
    """Correct what the roster says of them. Raises ActionRefused."""
    authorise(actor, SUBJECTS)
    locked = _open(request)
    refuse_correction(locked)
    if locked.person is not None:
        edit_person(locked.person, actor=actor, **facts)
    record("subject_request.correct", locked, actor=actor, metadata={"fields": sorted(facts)})
    return locked


@action
def answer(request: SubjectRequest, *, actor: Actor, words: str) -> SubjectRequest:
    """Answer it, once every task is done; the closing letter is printed. Raises ActionRefused."""
    SubjectRequest.ANSWER.authorise(actor)
    locked = _open(request)
    if left := locked.tasks.filter(status=RequestTask.Status.OPEN).count():
        raise ActionRefused(f"{left} {'task is' if left == 1 else 'tasks are'} still open.")
    return _close(locked, SubjectRequest.ANSWER, actor, words)


@action
def refuse(request: SubjectRequest, *, actor: Actor, words: str) -> SubjectRequest:
    """Refuse it, with the reason and the way to complain that the letter names (Article 12(4)). Raises ActionRefused."""
    return _close(_open(request), SubjectRequest.REFUSE, actor, words)


@action
def withdraw(request: SubjectRequest, *, actor: Actor, reason: str) -> SubjectRequest:
    """They do not ask any more. Raises ActionRefused."""
    by = actor if isinstance(actor, Member) else None
    return move(_open(request), SubjectRequest.WITHDRAW, actor=actor, note=reason, closed_at=now(), closed_by=by)


def _close(request: SubjectRequest, transition: Any, actor: Actor, words: str) -> SubjectRequest:
    transition.authorise(actor)
    transition.check(request)
    # The words are theirs and ours, so they stay out of the trail.
    request.answer = words.strip()
    request.save(update_fields=["answer"])
    by = actor if isinstance(actor, Member) else None
    closed = move(request, transition, actor=actor, closed_at=now(), closed_by=by)
    make_letter.delay_on_commit(str(closed.pk))
    return closed.refreshed()


def _open(request: SubjectRequest) -> SubjectRequest:
    """Locked. Raises ActionRefused when it is over."""
    locked = SubjectRequest.objects.select_for_update(of=("self",)).select_related("owner", "person").get(pk=request.pk)
    if not locked.is_pending:
        raise ActionRefused(f"{locked} is {locked.get_status_display().lower()}.")
    return locked


def tasks_of(member: Member) -> Q:
    """The open tasks that are with a member."""
    return Q(owner__member_id=member.pk, status=RequestTask.Status.OPEN)
