"""Bringing a register in, in one act: what is new is added, what differs is changed, what the file does not list stays."""

import io
import uuid
from pathlib import Path
from typing import IO, Any, cast

from django.core.files.uploadedfile import UploadedFile

from accounts.sealing import seal, unseal
from audit.actions import action
from audit.actors import Actor
from audit.models import AuditEvent
from audit.record import record
from controls.sheets.planning import Plan, plan_of
from controls.sheets.reading import read_sheet
from controls.sheets.register import Register
from evidence.files import open_file, store
from evidence.models import StoredFile
from tenancy.models import Organization
from tenancy.scope import current_tenant_id
from ui.refusals import ActionRefused

IMPORTED = "This file was imported already. To import more, bring a file again."
MOST_BYTES = 20_000_000  # of a file that is sealed, as that is done in memory


@action
def receive(register: Register, *, actor: Actor, upload: "UploadedFile[Any]") -> StoredFile:
    """Keep a file, and see that it is such a register. Raises ActionRefused. Nothing is imported yet.

    Of a register whose files are sealed the file is kept as only this organization's register opens it.
    """
    _authorise(register, actor)
    if register.sealed and (upload.size or 0) > MOST_BYTES:
        raise ActionRefused("This file is too large to be sealed: bring it in parts.", field="file")
    name = upload.name or register.key
    if register.sealed:  # and may say in its name whom it is about
        name = f"{register.key}{Path(name).suffix[:10].lower()}.sealed"
    if not upload.size:
        raise ActionRefused("There is nothing in this file.", field="file")
    lines = len(read_sheet(register, cast("IO[bytes]", upload.file)).lines)  # before anything of it is kept
    upload.seek(0)
    source: Any = io.BytesIO(_sealed(register, upload.read())) if register.sealed else upload
    stored = store(source, name)
    record(f"{register.key}.receive", stored, actor=actor, metadata={"sha256": stored.sha256, "rows": lines})
    return stored


def was_received(register: Register, file_id: uuid.UUID) -> bool:
    """Whether a stored file came as this register: no other is shown as one."""
    return AuditEvent.objects.filter(object_id=file_id, verb=f"{register.key}.receive").exists()


def was_imported(register: Register, file: StoredFile) -> bool:
    """Whether a file of a register whose files are sealed was imported: then it is not opened any more.

    It would say what was corrected, or who was erased, since.
    """
    if not register.sealed:
        return False
    imports = AuditEvent.objects.filter(verb=f"{register.key}.import")
    return any(one.data["metadata"]["sha256"] == file.sha256 for one in imports)


def preview(register: Register, file: StoredFile) -> Plan:
    """What importing it would do now. Raises ActionRefused when the storage has lost it."""
    with open_file(file) as source:
        return plan_of(register, _opened(register, source.read()) if register.sealed else source)


@action
def import_rows(register: Register, file: StoredFile, *, actor: Actor, stamp: str = "", leave_out_wrong: bool = False) -> Plan:
    """Do what the preview said; `stamp` is that of the plan that was shown. Raises ActionRefused."""
    _authorise(register, actor)
    organization = Organization.objects.select_for_update().get(pk=current_tenant_id())
    if was_imported(register, file):
        raise ActionRefused(IMPORTED)
    plan = preview(register, file)
    plan.refuse(changed=register.changed if stamp and stamp != plan.stamp() else "", leave_out_wrong=leave_out_wrong)
    if plan.new:
        register.insert(plan.new, actor)
    for one in plan.changes:
        register.alter(one, actor)
    counts = {"added": len(plan.new), "changed": len(plan.changes), "unchanged": len(plan.same), "left out": len(plan.wrong)}
    about = {"file": file.name, "sha256": file.sha256, **counts}
    record(f"{register.key}.import", organization, actor=actor, metadata=about)
    return plan


def _authorise(register: Register, actor: Actor) -> None:
    if not actor.can(register.write):
        raise ActionRefused("Your role does not allow this.")


def _place(register: Register) -> dict[str, Any]:
    tenant = current_tenant_id()
    return {"label": f"{register.app}.{register.key}.file", "row_id": tenant, "tenant_id": tenant}


def _sealed(register: Register, data: bytes) -> bytes:
    return seal(data, **_place(register)).encode()


def _opened(register: Register, data: bytes) -> IO[bytes]:
    """What was brought. Raises SealingError."""
    return io.BytesIO(unseal(data.decode(), **_place(register)))
