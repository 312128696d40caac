"""PDFs made by a worker: what they show is read in one scope, printed outside any, and kept in another."""

import hashlib
import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import models

from audit.actions import action
from audit.actors import Actor
from audit.record import canonical, record
from evidence.printing.printer import PrintingFailed
from tenancy.tasks import TenantTask
from ui.refusals import ActionRefused
from workflow.jobs import Work, start_job, working
from workflow.models import Job

S = TypeVar("S")
P = TypeVar("P")
NOT_PRINTED = "The PDF could not be printed; nothing was kept. Try again, or tell your administrator."
log = logging.getLogger(__name__)


@action
def ask_print(task: TenantTask, subject: models.Model, *, kind: str, title: str, actor: Actor) -> Job:
    """Have a record printed as it stands by `task`, which gets its key and the job's."""
    job = start_job(kind, title=title, actor=actor, subject=subject)
    record("job.start", job, actor=actor, after={"title": job.title})
    task.delay_on_commit(str(subject.pk), str(job.pk))
    return job


def print_and_keep(
    task: TenantTask,
    job_id: str,
    *,
    read: Callable[[Work], S | None],
    make: Callable[[S], bytes],
    keep: Callable[[S, bytes], object],
) -> None:
    """Do a printing job. `read` also says on the work what is told at its end; from None nothing is printed."""
    with working(task, job_id) as work:
        with task.scope():
            sheet = read(work)
        if sheet is None:
            return
        work.progress(1, 3)
        content = printed(make, sheet, f"What job {job_id} asks for")
        work.progress(2, 3)
        with task.scope():
            keep(sheet, content)


def printed(make: Callable[[S], P], sheet: S, what: str) -> P:
    """What `make` prints of a sheet. Raises ActionRefused where it cannot, and says why in the log."""
    try:
        return make(sheet)
    except PrintingFailed as failure:
        log.exception("%s could not be printed", what)
        raise ActionRefused(NOT_PRINTED) from failure


def file_of(sheet: dict[str, Any]) -> bytes:
    """What a document is printed from, as it is enclosed: canonical JSON, UTF-8."""
    return f"{canonical(sheet)}\n".encode()


def digest_of(sheet: dict[str, Any]) -> str:
    """SHA-256 of its file."""
    return hashlib.sha256(file_of(sheet)).hexdigest()
