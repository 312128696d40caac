"""The worker's side of the vault."""

import datetime as dt

from celery import shared_task

from evidence.rereading import count_overdue, due_files, keep_results, note_silence, read_all
from tenancy.models import Organization
from tenancy.scope import now
from tenancy.tasks import TenantTask

BATCH = 100


@shared_task(base=TenantTask, bind=True)
def reread_files(self: TenantTask) -> None:
    """Read what is due. Each batch is noted by itself: a killed worker has lost one batch's reading, and nothing else."""
    with self.scope():
        files = due_files(now())
    for start in range(0, len(files), BATCH):
        found, answered = read_all(files[start : start + BATCH])
        with self.scope():
            if found:
                keep_results(found, now())
            note_silence(is_silent=not answered)
        if not answered:
            break
    with self.scope():
        count_overdue(now())


def reread_periodically(_organization: Organization, _at: dt.datetime) -> None:
    """Queue the reading: it is done outside of the tick's transaction."""
    reread_files.delay_on_commit()
