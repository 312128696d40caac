"""Bringing changes in from a table, each as a draft."""

import uuid
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from audit.actions import action
from audit.actors import Actor
from audit.models import AuditEvent
from audit.record import record
from changes.drafting.actions import create_change
from changes.drafting.reading import Sheet, read_changes
from changes.models import Change
from changes.rights import RUN
from evidence.files import open_file, store
from evidence.models import StoredFile
from tenancy.models import Organization
from tenancy.scope import current_tenant_id
from ui.refusals import ActionRefused

RECEIVED = "changes.receive"
IMPORTED = "changes.import"
ONCE = "This file was imported already: its drafts are in the list."


@action
def receive(*, actor: Actor, upload: "UploadedFile[Any]") -> StoredFile:
    """Keep a table of changes, and see that it is one. Raises ActionRefused. Nothing is imported yet."""
    _authorise(actor)
    stored = store(upload, upload.name or "changes")
    if was_imported(stored.pk):
        raise ActionRefused(ONCE, field="file")
    sheet = preview(stored)
    record(RECEIVED, stored, actor=actor, metadata={"sha256": stored.sha256, "rows": len(sheet.lines)})
    return stored


def was_received(file_id: uuid.UUID) -> bool:
    """Whether a stored file came as a table of changes: no other is shown as one."""
    return AuditEvent.objects.filter(object_id=file_id, verb=RECEIVED).exists()


def was_imported(file_id: uuid.UUID) -> bool:
    """Whether its drafts were made."""
    return AuditEvent.objects.filter(object_id=file_id, verb=IMPORTED).exists()


def preview(file: StoredFile) -> Sheet:
    """What importing it would do now."""
    with open_file(file) as source:
        return read_changes(source)


@action
def import_changes(file: StoredFile, *, actor: Actor, leave_out_wrong: bool = False) -> list[Change]:
    """Make a draft of each row; each file once. Raises ActionRefused when rows are wrong, unless they are to be left out."""
    _authorise(actor)
    Organization.objects.select_for_update().get(pk=current_tenant_id())
    if was_imported(file.pk):
        raise ActionRefused(ONCE)
    sheet = preview(file)
    if sheet.wrong and not leave_out_wrong:
        raise ActionRefused(
            "Some rows are wrong. Correct the file, or say that they are to be left out.", field="leave_out_wrong"
        )
    if not sheet.good:
        raise ActionRefused("There is no row in this file that a draft can be made of.")
    made = [create_change(actor=actor, source=Change.Source.FILE, **line.facts) for line in sheet.good]
    counts = {"added": len(made), "left out": len(sheet.wrong)}
    record(IMPORTED, file, actor=actor, metadata={"file": file.name, "sha256": file.sha256, **counts})
    return made


def _authorise(actor: Actor) -> None:
    if not actor.can(RUN):
        raise ActionRefused("Your role does not allow this.")
