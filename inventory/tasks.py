"""The worker's side of imports: read for the preview; load, match, open leavers' removals, verify removals."""

from collections.abc import Iterator
from contextlib import contextmanager

from celery import shared_task

from accounts.models import Member
from audit.actors import WORKER
from inventory.models import Snapshot, SnapshotFile
from inventory.people.matching import match_accounts
from inventory.snapshots.hooks import imported_callbacks
from inventory.snapshots.loading import load
from inventory.snapshots.reading import keep_preview, look
from inventory.snapshots.returning import give_back
from inventory.snapshots.verification import verify_removals
from tenancy.models import Organization
from tenancy.tasks import TenantTask
from workflow.jobs import Work, working


@shared_task(base=TenantTask, bind=True)
def read_snapshot(self: TenantTask, job_id: str, snapshot_id: str, member_id: str) -> None:
    """Read the files and keep the preview. Started again after a crash, it begins anew."""
    with working(self, job_id) as work, _given_back(self, snapshot_id):
        with self.scope() as scope:
            snapshot = Snapshot.objects.get(pk=snapshot_id)
            files = list(SnapshotFile.objects.filter(snapshot=snapshot).select_related("file"))
            zone = Organization.objects.get(pk=scope.tenant_id).zone
            work.url = snapshot.get_absolute_url()
        if snapshot.status == Snapshot.Status.READING:
            preview = look(snapshot, files, zone, work.progress)
            with self.scope():
                keep_preview(snapshot, preview, actor=_member(member_id))
        work.message = "The preview is ready."


@shared_task(base=TenantTask, bind=True)
def load_snapshot(self: TenantTask, job_id: str, snapshot_id: str, member_id: str) -> None:
    """Import, then what follows from it. Each step commits by itself and may be repeated, so a killed worker loses nothing."""
    with working(self, job_id) as work, _given_back(self, snapshot_id):
        _load(self, snapshot_id, member_id, work)
        with self.scope():
            match_accounts(Snapshot.objects.get(pk=snapshot_id), _member(member_id))
        for callback in imported_callbacks():
            with self.scope():
                callback(Snapshot.objects.get(pk=snapshot_id), _member(member_id))
        with self.scope():
            checked = verify_removals(Snapshot.objects.get(pk=snapshot_id), _member(member_id))
        work.message = f"The population is imported. {checked.sentence}".strip()


def _load(task: TenantTask, snapshot_id: str, member_id: str, work: Work) -> None:
    with task.scope() as scope:
        snapshot = Snapshot.objects.select_related("system").get(pk=snapshot_id)
        work.url = snapshot.get_absolute_url()
        if snapshot.status != Snapshot.Status.IMPORTED:
            zone = Organization.objects.get(pk=scope.tenant_id).zone
            load(snapshot, zone=zone, actor=_member(member_id), progress=work.progress)


@contextmanager
def _given_back(task: TenantTask, snapshot_id: str) -> Iterator[None]:
    """Whatever goes wrong, the snapshot returns to the step before, and can be corrected and started again."""
    done = False
    try:
        yield
        done = True
    finally:
        if not done:
            with task.scope():
                give_back(snapshot_id, actor=WORKER)


def _member(member_id: str) -> Member:
    return Member.objects.select_related("user").get(pk=member_id)
