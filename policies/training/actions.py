"""Training is recorded, corrected, and withdrawn where it was wrong."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.catalogue.drafts import tidy
from evidence.actions import add_evidence
from evidence.files import store
from evidence.models import Evidence
from inventory.models import Person
from policies.models import Course, TrainingRecord
from policies.publishing.days import months_after
from policies.training.rights import authorise, member_of
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused, stated
from workflow.changes import change, differing, shown
from workflow.uniqueness import refusing_taken

TAG = "training"
FACTS = ("course", "person", "completed_on", "expires_on", "note")


@action
def record_training(
    *,
    actor: Actor,
    course: Course,
    person: Person,
    completed_on: dt.date,
    expires_on: dt.date | None = None,
    note: str = "",
    certificate: "UploadedFile[Any] | None" = None,
) -> TrainingRecord:
    """Somebody took a course. Without `expires_on` it counts as long as the course says. Raises ActionRefused."""
    authorise(actor)
    if course.status == Course.Status.RETIRED:
        raise ActionRefused("The course is retired.", field="course")
    until = expires_on or expiry(course, completed_on)
    check_days(completed_on, until)
    made = TrainingRecord(
        course=course, person=person, completed_on=completed_on, expires_on=until, note=tidy(note),
        recorded_by=member_of(actor), recorded_at=now(),
    )  # fmt: skip
    made.certificate = _kept(made, certificate, actor)
    with refusing_taken(TrainingRecord):
        made.save(force_insert=True)
    record("training_record.add", made, actor=actor, after=told_of(made))
    return made


@action
def edit_training(
    training: TrainingRecord, *, actor: Actor, certificate: "UploadedFile[Any] | None" = None, **facts: Any
) -> TrainingRecord:
    """Correct one: its days, its note, or another certificate. Whose it is and of which course stays. Raises ActionRefused."""
    authorise(actor)
    current = locked(training)
    if current.status == TrainingRecord.Status.WITHDRAWN:
        raise ActionRefused("It is withdrawn: record another one instead.")
    facts = {name: tidy(value) if isinstance(value, str) else value for name, value in facts.items()}
    check_days(facts.get("completed_on", current.completed_on), facts.get("expires_on", current.expires_on))
    if certificate is not None:
        facts["certificate"] = _kept(current, certificate, actor)
    if not differing(current, facts):
        raise ActionRefused("Nothing is different.")
    with refusing_taken(TrainingRecord):
        return change(current, "training_record.edit", actor=actor, fields=facts)


@action
def withdraw_training(training: TrainingRecord, *, actor: Actor, reason: str) -> TrainingRecord:
    """It was wrong and counts no more. It stays, with the reason."""
    why = stated(reason)
    return TrainingRecord.WITHDRAW.apply(training, actor=actor, note=why, withdrawn_reason=why)


def locked(training: TrainingRecord) -> TrainingRecord:
    """As it is now, locked."""
    rows = TrainingRecord.objects.select_for_update(of=("self",)).select_related("person", "course")
    return rows.get(pk=training.pk)


def expiry(course: Course, completed_on: dt.date) -> dt.date | None:
    """The last day that it counts; none where a course is taken once."""
    return months_after(completed_on, course.months) if course.months else None


def check_days(completed_on: dt.date, expires_on: dt.date | None) -> None:
    """Raise ActionRefused for days that cannot be."""
    if completed_on > current_organization().today():
        raise ActionRefused("Not after today.", field="completed_on")
    if expires_on is not None and expires_on < completed_on:
        raise ActionRefused("It expires before it was taken.", field="expires_on")


def told_of(training: TrainingRecord) -> dict[str, Any]:
    """What its event says. Load its course, person and certificate."""
    facts = {name: shown(getattr(training, name)) for name in FACTS if getattr(training, name)}
    return facts | ({"certificate": training.certificate.reference} if training.certificate else {})


def _kept(training: TrainingRecord, file: "UploadedFile[Any] | None", actor: Actor) -> Evidence | None:
    """The certificate as an item of evidence."""
    if file is None:
        return None
    return add_evidence(
        title=f"Certificate: {training}",
        category=Evidence.Category.TRAINING,
        file=store(file, file.name or "certificate"),
        source=training.course.name,
        collector=actor.name,
        subject=training,
        actor=actor,
        method=Evidence.Method.MANUAL,
        tags=[TAG],
    )
