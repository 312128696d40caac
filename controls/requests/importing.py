"""Importing an auditor's list, in one act: what is new is asked for, what differs is changed, what it does not list stays."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from audit.actions import action
from audit.actors import Actor
from audit.models import AuditEvent
from audit.record import Entry, record, record_many
from controls.models import AuditPeriod, AuditRequest, RequestControl
from controls.models.request import place_of
from controls.requests.actions import WITH_YOU, cover, member_of, today_here, told
from controls.requests.mail import tell_assignee
from controls.requests.planning import Draft, Plan, plan_of
from controls.requests.reading import read_sheet
from controls.requests.rights import RUN
from evidence.files import open_file, store
from evidence.models import StoredFile
from tenancy.models import Organization
from tenancy.scope import current_tenant_id, now
from ui.refusals import ActionRefused
from workflow.changes import shown

RECEIVED = "audit_requests.receive"
CHANGED = "The requests have changed since this preview was made. Look at the new one below, then import it."


@action
def receive(*, actor: Actor, upload: "UploadedFile[Any]", period: AuditPeriod | None, dates: str = "") -> StoredFile:
    """Keep an auditor's list, and see that it is one. Raises ActionRefused. Nothing is imported yet."""
    _authorise(actor)
    stored = store(upload, upload.name or "requests")
    with open_file(stored) as file:
        sheet = read_sheet(file, dates)
    facts = {"sha256": stored.sha256, "rows": len(sheet.lines), "columns": sheet.columns, "period": str(period) if period else ""}
    record(RECEIVED, stored, actor=actor, metadata=facts)
    return stored


def was_received(file_id: uuid.UUID) -> bool:
    """Whether a stored file came as an auditor's list: no other is shown as one."""
    return AuditEvent.objects.filter(object_id=file_id, verb=RECEIVED).exists()


def preview(file: StoredFile, period: AuditPeriod | None, dates: str = "") -> Plan:
    """What importing it into the period would do now. Raises ActionRefused when the storage has lost it."""
    with open_file(file) as source:
        return plan_of(read_sheet(source, dates), period, today_here())


@action
def import_requests(
    file: StoredFile,
    *,
    actor: Actor,
    period: AuditPeriod | None,
    dates: str = "",
    stamp: str = "",
    leave_out_wrong: bool = False,
) -> Plan:
    """Do what the preview said; `stamp` is that of the plan that was shown.

    Raises ActionRefused when rows are wrong and it was not said to leave them out, when there is nothing to do, or when the
    requests have changed since.
    """
    _authorise(actor)
    organization = Organization.objects.select_for_update().get(pk=current_tenant_id())
    list(AuditRequest.objects.select_for_update(of=("self",)).filter(period=period).order_by("pk").values_list("pk", flat=True))
    plan = preview(file, period, dates)
    is_other = bool(stamp) and stamp != plan.stamp()
    plan.refuse(changed=CHANGED if is_other else "", leave_out_wrong=leave_out_wrong)
    given = [*_insert(plan.new, period, actor), *_change(plan.changes, actor)]
    counts = {"added": len(plan.new), "changed": len(plan.changes), "unchanged": len(plan.same), "left out": len(plan.wrong)}
    about = {"file": file.name, "sha256": file.sha256, "period": str(period) if period else "", **counts}
    event = record("audit_requests.import", organization, actor=actor, metadata=about)
    _tell(given, str(event.pk), actor)
    return plan


def _insert(drafts: Sequence[Draft], period: AuditPeriod | None, actor: Actor) -> list[AuditRequest]:
    made = [
        AuditRequest(
            period=period,
            reference=one.line.reference,
            place=place_of(one.line.reference),
            raised_by=member_of(actor),
            raised_at=now(),
            **one.facts,
        )
        for one in drafts
    ]
    AuditRequest.objects.bulk_create(made, batch_size=500)
    pairs = list(zip(made, drafts, strict=True))
    RequestControl.objects.bulk_create(
        [RequestControl(request=request, control=control) for request, one in pairs for control in one.controls or ()],
        batch_size=1000,
    )
    kind = AuditRequest._meta.label_lower
    entries = [Entry(kind, request.pk, str(request), after=told(request, one.controls or ())) for request, one in pairs]
    record_many("audit_request.raise", actor=actor, entries=entries)
    return [request for request in made if request.assignee is not None]


def _change(drafts: Sequence[Draft], actor: Actor) -> list[AuditRequest]:
    entries, given = [], []
    for one in drafts:
        request = one.request
        if request is None:
            raise AssertionError  # a change is of something
        before = {name: shown(getattr(request, name)) for name in one.facts}
        after = {name: shown(value) for name, value in one.facts.items()}
        for name, value in one.facts.items():
            setattr(request, name, value)
        if one.facts:
            request.save(update_fields=list(one.facts))
        if one.controls is not None:
            before["controls"] = sorted(row.control.code for row in request.controls.all())
            cover(request, one.controls)
            after["controls"] = sorted(control.code for control in one.controls)
        entries.append(Entry(request._meta.label_lower, request.pk, str(request), before=before, after=after))
        if "assignee" in one.facts:
            given.append(request)
    record_many("audit_request.edit", actor=actor, entries=entries)
    return given


def _tell(given: Sequence[AuditRequest], key: str, actor: Actor) -> None:
    """One mail to each who got some: the first of theirs, and how many more."""
    by_person: dict[uuid.UUID, list[AuditRequest]] = {}
    for one in given:
        if one.assignee is not None:
            by_person.setdefault(one.assignee.pk, []).append(one)
    for mine in by_person.values():
        others = "\n".join(f"{one.reference}: {one.title}" for one in mine[1:])
        more = f"And {len(mine) - 1} more:\n{others}" if others else ""
        tell_assignee(mine[0], key=key, what=WITH_YOU, words=more, actor=actor)


def _authorise(actor: Actor) -> None:
    if not actor.can(RUN):
        raise ActionRefused("Your role does not allow this.")
