"""Bringing a register of vendors in, in one act: what is new is added, what differs is changed, what it does not list stays."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from audit.actions import action
from audit.actors import Actor
from audit.models import AuditEvent
from audit.record import Entry, record, record_many
from evidence.files import open_file, store
from evidence.models import StoredFile
from tenancy.models import Organization
from tenancy.scope import current_tenant_id, now
from ui.refusals import ActionRefused
from vendors.importing.planning import Draft, Plan, plan_of
from vendors.importing.reading import read_sheet
from vendors.lifecycle.actions import FIRST_REVIEW
from vendors.models import AT_WORK, Vendor, VendorSystem
from vendors.register import words
from vendors.register.actions import locked_one, rate, today, worded, write
from vendors.rights import authorise, member_of
from workflow.references import next_references
from workflow.uniqueness import refusing_taken

RECEIVED = "vendors.receive"
CHANGED = "The vendors have changed since this preview was made. Look at the new one below, then import it."


@action
def receive(*, actor: Actor, upload: "UploadedFile[Any]") -> StoredFile:
    """Keep a register of vendors, and see that it is one. Raises ActionRefused. Nothing is imported yet."""
    authorise(actor)
    stored = store(upload, upload.name or "vendors")
    with open_file(stored) as file:
        sheet = read_sheet(file)
    facts = {"sha256": stored.sha256, "rows": len(sheet.lines), "columns": sheet.columns}
    record(RECEIVED, stored, actor=actor, metadata=facts)
    return stored


def was_received(file_id: uuid.UUID) -> bool:
    """Whether a stored file came as a register of vendors: no other is shown as one."""
    return AuditEvent.objects.filter(object_id=file_id, verb=RECEIVED).exists()


def preview(file: StoredFile) -> Plan:
    """What importing it would do now. Raises ActionRefused when the storage has lost it."""
    with open_file(file) as source:
        return plan_of(read_sheet(source))


@action
def import_vendors(file: StoredFile, *, actor: Actor, stamp: str = "", leave_out_wrong: bool = False) -> Plan:
    """Do what the preview said; `stamp` is that of the plan that was shown. Raises ActionRefused."""
    authorise(actor)
    organization = Organization.objects.select_for_update().get(pk=current_tenant_id())
    plan = preview(file)
    plan.refuse(changed=CHANGED if stamp and stamp != plan.stamp() else "", leave_out_wrong=leave_out_wrong)
    _insert(plan.new, actor, file)
    for one in plan.changes:
        if one.vendor is not None:
            write(locked_one(one.vendor), actor, one.facts, one.systems)
    counts = {"added": len(plan.new), "changed": len(plan.changes), "unchanged": len(plan.same), "left out": len(plan.wrong)}
    about = {"file": file.name, "sha256": file.sha256, **counts}
    record("vendors.import", organization, actor=actor, metadata=about)
    return plan


def _insert(drafts: Sequence[Draft], actor: Actor, file: StoredFile) -> None:
    """New ones in the state that the file says where it is one that needs no decision here: in use, or asked for."""
    references = next_references("VEN", f"{today():%Y}", len(drafts)) if drafts else []
    made = [_made(one, reference, actor) for one, reference in zip(drafts, references, strict=True)]
    with refusing_taken(Vendor):
        Vendor.objects.bulk_create(made, batch_size=500)
    words.learn_new(made)
    pairs = [(vendor, system) for vendor, one in zip(made, drafts, strict=True) for system in one.systems or ()]
    VendorSystem.objects.bulk_create([VendorSystem(vendor=vendor, system=system) for vendor, system in pairs], batch_size=1000)
    kind = Vendor._meta.label_lower
    entries = [
        Entry(
            kind,
            vendor.pk,
            str(vendor),
            after={name: worded(name, value) for name, value in one.facts.items()} | {"status": worded("status", vendor.status)},
            metadata={"file": file.name, "row": one.line.number},
        )
        for vendor, one in zip(made, drafts, strict=True)
    ]
    record_many("vendor.import", actor=actor, entries=entries)


def comes_in_use(facts: Mapping[str, Any]) -> bool:
    """Whether a file says of a new vendor that it is used: by its state, or without one by its first day."""
    status = facts["status"]
    return status in AT_WORK or (status is None and facts["used_since"] is not None)


def _made(draft: Draft, reference: str, actor: Actor) -> Vendor:
    facts = dict(draft.facts)
    del facts["status"]
    since = facts.pop("used_since")
    if since and since > today():
        raise ActionRefused(f"{draft.line.name} is said to be in use since {since:%-d %B %Y}, which is still to come.")
    if comes_in_use(draft.facts):
        facts |= _used(since)
    vendor = Vendor(reference=reference, requested_by=member_of(actor), requested_at=now(), **facts)
    rate(vendor)
    return vendor


def _used(since: dt.date | None) -> dict[str, Any]:
    """It ran before it came: what it lacks becomes a finding by the schedule."""
    return {"status": Vendor.Status.IN_USE, "used_since": since or today(), "next_review_on": today() + FIRST_REVIEW}
