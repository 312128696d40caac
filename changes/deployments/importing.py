"""Importing a file with deployments, in one act: what is new is kept and classed, what is here stays as it is."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from audit.actions import action
from audit.actors import Actor
from audit.models import AuditEvent
from audit.record import record
from changes.deployments.actions import REPORT, Outcome, kept_under, report
from changes.deployments.reading import Fresh, read
from changes.deployments.sheet import COLUMNS, Line, Sheet, read_sheet
from changes.models import DeploymentBatch
from evidence.files import open_file, store
from evidence.models import StoredFile
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused

RECEIVED = "deployments.receive"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the file does not say itself."""

    source: str
    environment: str = ""
    dates: str = ""


@dataclass(slots=True)
class Plan:
    """New deployments with their rows, rows that are here already, and rows that cannot be taken."""

    sheet: Sheet
    new: list[tuple[Line, Fresh]] = field(default_factory=list)
    same: list[Line] = field(default_factory=list)
    wrong: list[Line] = field(default_factory=list)


@action
def receive(*, actor: Actor, upload: "UploadedFile[Any]", asked: Asked) -> StoredFile:
    """Keep a file, and see that it is a list of deployments. Raises ActionRefused. Nothing is imported yet."""
    if not actor.can(REPORT):
        raise ActionRefused("Your role does not allow this.")
    stored = store(upload, upload.name or "deployments")
    with open_file(stored) as file:
        sheet = _read(file, asked)
    facts = {"sha256": stored.sha256, "rows": len(sheet.lines), "columns": sheet.columns, "source": asked.source}
    record(RECEIVED, stored, actor=actor, metadata=facts)
    return stored


def was_received(file_id: uuid.UUID) -> bool:
    """Whether a stored file came as a list of deployments: no other is shown as one."""
    return AuditEvent.objects.filter(object_id=file_id, verb=RECEIVED).exists()


def _read(file: Any, asked: Asked) -> Sheet:
    zone = current_organization().zone
    return read_sheet(file, zone=zone, dates=asked.dates, environment=asked.environment)


def preview(file: StoredFile, asked: Asked) -> Plan:
    """What importing it would do now. Raises ActionRefused when the storage has lost it."""
    with open_file(file) as source:
        sheet = _read(source, asked)
    plan, good = Plan(sheet), [line for line in sheet.lines if not line.errors]
    plan.wrong = [line for line in sheet.lines if line.errors]
    readings = read([line.item for line in good], now())
    kept = kept_under(asked.source, [one.fresh.external_id for one in readings if one.fresh])
    seen: dict[str, int] = {}
    for line, reading in zip(good, readings, strict=True):
        if reading.fresh is None:
            line.errors = [f"{COLUMNS.get(name, name)}: {words}" if name else words for name, words in reading.errors]
        else:
            _place(line, reading.fresh, kept.get(reading.fresh.external_id), seen, plan)
        if line.errors:
            plan.wrong.append(line)
    plan.wrong.sort(key=lambda line: line.number)
    return plan


def _place(line: Line, fresh: Fresh, kept: dict[str, Any] | None, seen: dict[str, int], plan: Plan) -> None:
    first = seen.setdefault(fresh.external_id, line.number)
    if first != line.number:
        line.errors = [f"The id {fresh.external_id[:60]} stands in row {first} already."]
    elif kept is None:
        plan.new.append((line, fresh))
    elif fresh.same(kept):
        plan.same.append(line)
    else:
        line.errors = ["Another deployment has this id."]


@action
def import_deployments(file: StoredFile, *, actor: Actor, asked: Asked, leave_out_wrong: bool = False) -> list[Outcome]:
    """Keep what is new in the file. Raises ActionRefused when rows are wrong and it was not said to leave them out."""
    plan = preview(file, asked)
    if plan.wrong and not leave_out_wrong:
        raise ActionRefused(
            "Some rows are wrong. Correct the file, or say that they are to be left out.", field="leave_out_wrong"
        )
    if not plan.new:
        raise ActionRefused("Everything in this file is here already: nothing was changed.")
    items = [line.item for line, _ in plan.new]
    return report(items, source=asked.source, actor=actor, via=DeploymentBatch.Via.FILE, name=file.name)
