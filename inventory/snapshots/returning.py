"""Snapshots whose worker failed or is gone: back to the step before, with nothing lost."""

import datetime as dt

from audit.actions import action
from audit.actors import SCHEDULE, Actor
from inventory.models import Snapshot
from tenancy.models import Organization
from ui.refusals import ActionRefused
from workflow.jobs import is_overtaken
from workflow.models import Job

BUSY = (Snapshot.Status.READING, Snapshot.Status.IMPORTING)
SILENT = dt.timedelta(minutes=45)


def give_back(snapshot_id: str, *, actor: Actor, job_id: str) -> None:
    """Return what this job failed on: one being read to draft, one being imported to ready; leave all others.

    Leaves one that a later job has taken up, or that a worker holds.
    """
    busy = Snapshot.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=snapshot_id, status__in=BUSY)
    snapshot = busy.first()
    if snapshot is not None and not is_overtaken(job_id):
        _move(snapshot, actor=actor, note="The work was not finished.")


def take_back(snapshot: Snapshot, *, actor: Actor, note: str = "It was stopped by hand.") -> None:
    """The same by hand, and for its jobs. Raises ActionRefused while a worker holds the snapshot."""
    free = Snapshot.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=snapshot.pk).first()
    if free is None:
        raise ActionRefused("A worker is busy with it right now.")
    _move(free, actor=actor, note=note)
    unfinished = Job.objects.filter(subject_id=free.pk, status__in=[Job.Status.QUEUED, Job.Status.RUNNING])
    unfinished.update(status=Job.Status.FAILED, message="It was stopped.")


def recover(organization: Organization, now: dt.datetime) -> None:
    """Periodically: take back what no worker has touched for long, so that nothing waits for a dead one."""
    for snapshot in Snapshot.objects.filter(status__in=BUSY):
        job = Job.objects.filter(subject_id=snapshot.pk).order_by("-created_at").first()
        free = Snapshot.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=snapshot.pk).exists()
        if free and (job is None or job.is_over or job.touched_at < now - SILENT):
            take_back(snapshot, actor=SCHEDULE, note="No worker has worked on it for a while.")


@action
def _move(snapshot: Snapshot, *, actor: Actor, note: str) -> None:
    move = Snapshot.RETURN if snapshot.status == Snapshot.Status.IMPORTING else Snapshot.REOPEN
    move.apply(snapshot, actor=actor, note=note)
