"""What recording a test or a review has in common: who may, its number, and the files that show it."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from accounts.models import Member
from evidence.actions import add_evidence
from evidence.files import store
from evidence.models import Evidence
from monitoring.models.check import RECORDS
from tenancy.models import TenantModel
from ui.refusals import ActionRefused
from workflow.references import next_reference

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

COLLECTOR = "Plumbline's records of tests and reviews"


def authorise(actor: Member, uploads: Sequence[Any]) -> None:
    """Let through who may record, with something that shows it. Raises ActionRefused."""
    if not actor.can(RECORDS):
        raise ActionRefused("Your role does not allow this.")
    if not uploads:
        raise ActionRefused("Add at least one file that shows it.", field="uploads")


def number_of(prefix: str, on: dt.date) -> str:
    """The next number of the year of a day, such as RT-2026-0004."""
    return next_reference(prefix, str(on.year))


def keep_files(
    row: TenantModel, *, title: str, category: str, uploads: Sequence["UploadedFile[Any]"], actor: Member, on: dt.date
) -> list[Evidence]:
    """The files of a record as evidence of it."""
    return [
        add_evidence(
            title=f"{title[:180]} ({number} of {len(uploads)})" if len(uploads) > 1 else title[:200],
            category=category,
            file=store(upload, upload.name or "file"),
            source=actor.name,
            collector=COLLECTOR,
            subject=row,
            actor=actor,
            method=Evidence.Method.MANUAL,
            period_from=on,
            period_to=on,
        )
        for number, upload in enumerate(uploads, start=1)
    ]
