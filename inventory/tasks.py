"""The worker's side of imports: read for the preview; load, match, open leavers' removals, verify removals."""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from celery import shared_task

from accounts.models import Member
from audit.actions import action
from audit.actors import WORKER
from inventory.models import Person, RosterImport, Snapshot, SnapshotFile
from inventory.people.matching import match_accounts
from inventory.people.roster_actions import apply_roster, check_last_day, give_roster_back
from inventory.snapshots.hooks import imported_callbacks
from inventory.snapshots.loading import load
from inventory.snapshots.reading import keep_preview, look
from inventory.snapshots.returning import give_back
from inventory.snapshots.verification import verify_removals
from tenancy.models import current_organization
from tenancy.tasks import TenantTask
from ui.refusals import ActionRefused
from workflow.jobs import Work, start_job, working

GIVEN_UP = (Snapshot.Status.DRAFT, Snapshot.Status.DISCARDED)


@shared_task(base=TenantTask, bind=True)
def read_snapshot(self: TenantTask, job_id: str, snapshot_id: str, member_id: str) -> None:
    """Read the files and keep the preview. Started again after a crash, it begins anew."""
    with working(self, job_id) as work, _given_back(self, snapshot_id, job_id):
        with self.scope():
            snapshot = Snapshot.objects.get(pk=snapshot_id)
            files = list(SnapshotFile.objects.filter(snapshot=snapshot).select_related("file"))
            zone = current_organization().zone
            work.url = snapshot.get_absolute_url()
        if snapshot.status == Snapshot.Status.READING:
            preview = look(snapshot, files, zone, work.progress)
            with self.scope():
                _hold(snapshot, work)
                keep_preview(snapshot, preview, actor=_member(member_id))
        elif snapshot.status in GIVEN_UP:
            raise ActionRefused(f"{snapshot} is {snapshot.get_status_display().lower()}: it cannot be read now.")
        work.message = "The preview is ready."


@shared_task(base=TenantTask, bind=True)
def load_snapshot(self: TenantTask, job_id: str, snapshot_id: str, member_id: str) -> None:
    """Import, then what follows from it. Each step commits by itself and may be repeated, so a killed worker loses nothing."""
    with working(self, job_id) as work, _given_back(self, snapshot_id, job_id):
        _load(self, snapshot_id, member_id, work)
        with self.scope():
            match_accounts(Snapshot.objects.get(pk=snapshot_id), _member(member_id))
        for callback in imported_callbacks():
            with self.scope():
                callback(Snapshot.objects.get(pk=snapshot_id), _member(member_id))
        with self.scope():
            checked = verify_removals(Snapshot.objects.get(pk=snapshot_id), _member(member_id))
        work.message = f"The population is imported. {checked.sentence}".strip()


@action
def start_applying(
    roster: RosterImport, *, actor: Member, missing_left: Iterable[Person] = (), left_on: dt.date | None = None
) -> None:
    """Have a worker apply what was previewed. Raises ActionRefused when it cannot be applied now, or a day is wanting."""
    missing = list(missing_left)
    check_last_day(missing, left_on)
    RosterImport.START.apply(roster, actor=actor)
    job = start_job("roster.apply", title=f"Applying {roster.name}", actor=actor, subject=roster)
    chosen = [str(person.pk) for person in missing]
    day = left_on.isoformat() if left_on else ""
    apply_in_worker.delay_on_commit(str(job.pk), str(roster.pk), str(actor.pk), missing=chosen, left_on=day)


@shared_task(base=TenantTask, bind=True)
def apply_in_worker(self: TenantTask, job_id: str, roster_id: str, member_id: str, *, missing: list[str], left_on: str) -> None:
    """Apply all of a roster or nothing. Whatever goes wrong, it is ready to be applied again; a killed worker begins anew."""
    done = False
    try:
        with working(self, job_id) as work, self.scope():
            roster = RosterImport.objects.select_related("file").select_for_update(of=("self",)).get(pk=roster_id)
            work.url = roster.get_absolute_url()
            work.refuse_overtaken()
            if roster.status == RosterImport.Status.APPLYING:
                gone = Person.objects.filter(pk__in=missing)
                day = dt.date.fromisoformat(left_on) if left_on else None
                counts = apply_roster(roster, actor=_member(member_id), missing_left=gone, left_on=day)
                work.message = f"The roster was applied. Removals opened for leavers: {counts['removals']}."
            done = True
    finally:
        if not done:
            with self.scope():
                give_roster_back(roster_id, actor=WORKER, job_id=job_id)


def _load(task: TenantTask, snapshot_id: str, member_id: str, work: Work) -> None:
    with task.scope():
        snapshot = Snapshot.objects.select_related("system").get(pk=snapshot_id)
        work.url = snapshot.get_absolute_url()
        if snapshot.status != Snapshot.Status.IMPORTED:
            zone = current_organization().zone
            work.refuse_overtaken()
            load(snapshot, zone=zone, actor=_member(member_id), progress=work.progress)


def _hold(snapshot: Snapshot, work: Work) -> None:
    """Nobody takes it back or starts it anew from here on. Raises ActionRefused when somebody has."""
    Snapshot.objects.select_for_update(of=("self",), no_key=True).get(pk=snapshot.pk)
    work.refuse_overtaken()


@contextmanager
def _given_back(task: TenantTask, snapshot_id: str, job_id: str) -> Iterator[None]:
    """Whatever goes wrong, the snapshot returns to the step before, and can be corrected and started again."""
    done = False
    try:
        yield
        done = True
    finally:
        if not done:
            with task.scope():
                give_back(snapshot_id, actor=WORKER, job_id=job_id)


def _member(member_id: str) -> Member:
    return Member.objects.of(current_organization()).get(pk=member_id)
