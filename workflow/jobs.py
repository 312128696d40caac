"""Long work: started in a request, done by a worker, watched from any page."""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import models

from accounts.pacing import hold_back_job
from audit.actors import Actor
from tenancy.models import Organization
from tenancy.scope import current_tenant_id, now
from tenancy.tasks import TenantTask
from ui.refusals import ActionRefused
from workflow.models import Job

PROGRESS_SECONDS = 24 * 3600
SILENT = dt.timedelta(minutes=15)
UNBEGUN = dt.timedelta(hours=1)
STOPPED = (
    "This stopped without a sign, perhaps because the worker was restarted. What it had not finished was not kept: try again."
)
NEVER_BEGUN = "No worker has begun this within an hour: it may not have reached the queue. Try again."
OVERTAKEN = "It was started anew meanwhile; that run goes on."
SORRY = "Something went wrong on our side; nothing was changed. Try again, or tell your administrator."


@dataclass(slots=True)
class Work:
    """What a worker holds while it works on a job."""

    job_id: uuid.UUID
    tenant_id: uuid.UUID
    message: str = ""
    url: str = ""
    _shown: int = -1

    def progress(self, done: int, total: int) -> None:
        """Show how far it is; cheap to call often: a change below one percent is not written."""
        percent = 100 * done // total if total else 0
        if percent != self._shown:
            self._shown = percent
            cache.set(_key(self.tenant_id, self.job_id), (done, total), PROGRESS_SECONDS)
            cache.set(_sign(self.tenant_id, self.job_id), now(), PROGRESS_SECONDS)

    def refuse_overtaken(self) -> None:
        """Raise ActionRefused when a later job works on the same record: before keeping what this one found."""
        if is_overtaken(self.job_id):
            raise ActionRefused(OVERTAKEN)


def start_job(kind: str, *, title: str, actor: Actor, subject: models.Model | None = None) -> Job:
    """Note a job for the member to watch; the caller queues its task with `delay_on_commit(str(job.id))`.

    Raises ActionRefused for somebody who has asked for too much within a minute.
    """
    hold_back_job(actor)
    return Job.objects.create(
        kind=kind,
        title=title[:200],
        actor_id=actor.id,
        subject_kind=subject._meta.label_lower if subject else "",
        subject_id=subject.pk if subject else None,
    )


def is_overtaken(job_id: uuid.UUID | str) -> bool:
    """Whether a later job was started for the same record. What a run that was given up still does would be that one's."""
    job = Job.objects.get(pk=job_id)
    return job.subject_id is not None and Job.objects.filter(subject_id=job.subject_id, created_at__gt=job.created_at).exists()


@contextmanager
def working(task: TenantTask, job_id: str) -> Iterator[Work]:
    """Frame a task: the job runs, then is done with `work.message` and `work.url`, or has failed with a sentence.

    Enters no scope around the body: each step enters `task.scope()` by itself. Raises Job.DoesNotExist, before anything is done,
    when the organization has no such job.
    """
    with task.scope():
        if not _move(job_id, Job.Status.RUNNING):
            raise Job.DoesNotExist(f"No job {job_id} in this organization.")
        work = Work(uuid.UUID(job_id), current_tenant_id())
    outcome: dict[str, Any] = {"status": Job.Status.FAILED, "message": SORRY}
    try:
        yield work
        outcome = {"status": Job.Status.DONE, "message": work.message, "url": work.url}
    except ActionRefused as refusal:
        outcome["message"] = str(refusal)
    finally:
        with task.scope():
            _move(job_id, finished_at=now(), **outcome)


def progress_of(job: Job) -> tuple[int, int]:
    """(done, total); (0, 0) while unknown."""
    shown: tuple[int, int] = cache.get(_key(job.tenant_id, job.pk), (0, 0))
    return shown


def fail_silent(organization: Organization, at: dt.datetime) -> None:
    """Mark as failed what has run for 15 minutes without a sign of life, as its worker is gone, and what none began for an hour.

    The latter runs all the same where it only waited for its turn.
    """
    for job in Job.objects.filter(status=Job.Status.RUNNING, touched_at__lt=at - SILENT):
        last: dt.datetime | None = cache.get(_sign(job.tenant_id, job.pk))
        if last is None or last < at - SILENT:
            running = Job.objects.filter(pk=job.pk, status=Job.Status.RUNNING)
            running.update(status=Job.Status.FAILED, message=STOPPED, finished_at=at, touched_at=at)
    unbegun = Job.objects.filter(status=Job.Status.QUEUED, touched_at__lt=at - UNBEGUN)
    unbegun.update(status=Job.Status.FAILED, message=NEVER_BEGUN, finished_at=at, touched_at=at)


def _sign(tenant_id: uuid.UUID | None, job_id: uuid.UUID) -> str:
    return f"{tenant_id}:job:{job_id}:sign"


def _key(tenant_id: uuid.UUID | None, job_id: uuid.UUID) -> str:
    return f"{tenant_id}:job:{job_id}"


def _move(job_id: str, status: str, **changes: Any) -> int:
    return Job.objects.filter(pk=job_id).update(status=status, touched_at=now(), **changes)
