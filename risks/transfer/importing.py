"""Importing a register, in one act: what is new is added, what differs is changed, what the file does not list stays."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from audit.actions import action
from audit.actors import Actor
from audit.models import AuditEvent
from audit.record import Entry, record, record_many
from evidence.files import open_file, store
from evidence.models import StoredFile
from inventory.models import Person
from risks.models import STEPS, Risk, RiskControl, RiskRating, RiskTask
from risks.register.actions import (
    SOON,
    apply_rating,
    edit_risk,
    locked_risk,
    rate_risk,
    refuse_over,
    today,
    told_rating,
)
from risks.register.treating import treat
from risks.register.words import learn
from risks.rights import for_keepers, member_of
from risks.scales.actions import scale_for_rating
from risks.tasks.actions import add_task
from risks.transfer.planning import Draft, Plan, plan_of
from risks.transfer.reading import TaskSaid, read_sheet
from tenancy.models import Organization
from tenancy.scope import current_tenant_id, now
from ui.refusals import ActionRefused
from workflow.changes import shown
from workflow.references import next_references

RECEIVED = "risks.receive"
CHANGED = "The register has changed since this preview was made. Look at the new one below, then import it."
BATCH = 500


@action
def receive(*, actor: Actor, upload: "UploadedFile[Any]") -> StoredFile:
    """Keep a register, and see that it is one. Raises ActionRefused. Nothing is imported yet."""
    for_keepers(actor)
    stored = store(upload, upload.name or "risks")
    with open_file(stored) as file:
        sheet = read_sheet(file)
    record(RECEIVED, stored, actor=actor, metadata={"sha256": stored.sha256, "rows": len(sheet.lines), "columns": sheet.columns})
    return stored


def was_received(file_id: uuid.UUID) -> bool:
    """Whether a stored file came as a register: no other is shown as one."""
    return AuditEvent.objects.filter(object_id=file_id, verb=RECEIVED).exists()


def preview(file: StoredFile) -> Plan:
    """What importing it would do now. Raises ActionRefused when the storage has lost it."""
    with open_file(file) as source:
        return plan_of(read_sheet(source), today())


@action
def import_risks(file: StoredFile, *, actor: Actor, stamp: str = "", leave_out_wrong: bool = False) -> Plan:
    """Do what the preview said; `stamp` is that of the plan that was shown.

    Raises ActionRefused when rows are wrong and it was not said to leave them out, when there is nothing to do, or when the
    register has changed since.
    """
    for_keepers(actor)
    organization = Organization.objects.select_for_update().get(pk=current_tenant_id())
    plan = preview(file)
    plan.refuse(changed=CHANGED if stamp and stamp != plan.stamp() else "", leave_out_wrong=leave_out_wrong)
    _insert(plan.new, actor)
    for draft in plan.changes:
        _change(draft, actor)
    counts = {"added": len(plan.new), "changed": len(plan.changes), "unchanged": len(plan.same), "left out": len(plan.wrong)}
    record("risks.import", organization, actor=actor, metadata={"file": file.name, "sha256": file.sha256, **counts})
    return plan


def _insert(drafts: Sequence[Draft], actor: Actor) -> None:
    """Add the new ones in bulk: each with an event of its own, its rating, controls, tasks and words."""
    if not drafts:
        return
    if any(draft.rating for draft in drafts):
        scale = scale_for_rating(actor)
        for draft in drafts:
            if draft.rating and not draft.rating.scale.is_kept:
                draft.rating.scale = scale
    numbers = iter(_numbers(drafts))
    pairs = [(_risk(draft, draft.line.name or next(numbers), actor), draft) for draft in drafts]
    risks = [risk for risk, _ in pairs]
    Risk.objects.bulk_create(risks, batch_size=BATCH)
    RiskRating.objects.bulk_create([draft.rating for _, draft in pairs if draft.rating], batch_size=BATCH)
    links = [RiskControl(risk=risk, control=control) for risk, draft in pairs for control in draft.controls or ()]
    RiskControl.objects.bulk_create(links, batch_size=1000)
    learn(risks)
    entries = [Entry(Risk._meta.label_lower, risk.pk, str(risk), after=_told(risk, draft)) for risk, draft in pairs]
    record_many("risk.raise", actor=actor, entries=entries)
    _insert_tasks([(risk, said, owner) for risk, draft in pairs for said, owner in draft.tasks], actor)


def _numbers(drafts: Sequence[Draft]) -> list[str]:
    """Numbers for those that have none: after all that the file gives of this year."""
    count = sum(not draft.line.name for draft in drafts)
    if not count:
        return []
    taken = {draft.line.name for draft in drafts}
    year = str(today().year)
    found: list[str] = []
    while len(found) < count:
        drawn = next_references("RISK", year, count - len(found))
        there = set(Risk.objects.filter(reference__in=drawn).values_list("reference", flat=True))
        found += [one for one in drawn if one not in there and one not in taken]
    return found


def _risk(draft: Draft, reference: str, actor: Actor) -> Risk:
    said = draft.line.said
    moment = now()
    risk = Risk(reference=reference, raised_by=member_of(actor), raised_at=moment, **draft.facts, **draft.treated)
    risk.next_review_on = today() + SOON
    if rating := draft.rating:
        rating.risk, rating.number, rating.rated_by, rating.rated_at = risk, 1, member_of(actor), moment
        rating.controls = sorted(control.code for control in draft.controls or ())
        apply_rating(risk, rating)
    if day := said.get("next_review_on"):
        risk.next_review_on = day
    if said.get("status") == Risk.Status.CLOSED:
        risk.status, risk.closed_at, risk.closed_reason = Risk.Status.CLOSED, moment, said["closed_reason"]
    return risk


def _told(risk: Risk, draft: Draft) -> dict[str, Any]:
    controls = {"controls": sorted(control.code for control in draft.controls or ())}
    rated = told_rating(risk) if draft.rating else {}
    return {name: shown(value) for name, value in (draft.facts | draft.treated).items()} | rated | controls


def _insert_tasks(rows: Sequence[tuple[Risk, TaskSaid, Person]], actor: Actor) -> None:
    """Add tasks in bulk as they are said, those that are over with what came of them."""
    moment = now()
    made = [
        RiskTask(
            risk=risk,
            title=said.title,
            owner=owner,
            due_on=said.due_on,
            status=said.status,
            outcome=said.outcome,
            added_by=member_of(actor),
            added_at=moment,
            ended_at=moment if said.status != RiskTask.Status.OPEN else None,
        )
        for risk, said, owner in rows
    ]
    RiskTask.objects.bulk_create(made, batch_size=BATCH)
    kind = RiskTask._meta.label_lower
    record_many("risk_task.add", actor=actor, entries=[Entry(kind, one.pk, str(one), after=_told_task(one)) for one in made])


def _told_task(task: RiskTask) -> dict[str, Any]:
    facts = {"title": task.title, "owner": task.owner.name, "due_on": task.due_on}
    return facts if task.status == RiskTask.Status.OPEN else facts | {"status": task.status, "outcome": task.outcome}


def _change(draft: Draft, actor: Actor) -> None:
    """Change one that is there, as a person would: each part by its own action."""
    risk = draft.risk
    if risk is None:
        raise AssertionError  # a change is of something
    try:
        if draft.facts or draft.controls is not None:
            risk = edit_risk(risk, actor=actor, controls=draft.controls, **draft.facts)
        if rating := draft.rating:
            steps = {name: getattr(rating, name) for name in STEPS}
            rate_risk(risk, actor=actor, reasoning=rating.reasoning, **steps)
        if draft.treated:
            treat(risk, actor=actor, treatment=draft.treated["treatment"], plan=draft.treated["plan"])
        if draft.tasks:
            _add_tasks(risk, draft, actor)
    except ActionRefused as refusal:
        raise ActionRefused(f"{risk}: {refusal.sentence}") from refusal


def _add_tasks(risk: Risk, draft: Draft, actor: Actor) -> None:
    """Give out those to be done, and keep those that are over or late as the file says them."""
    locked = locked_risk(risk)
    refuse_over(locked)
    past = []
    for said, owner in draft.tasks:
        if said.status == RiskTask.Status.OPEN and said.due_on >= today():
            add_task(locked, actor=actor, title=said.title, owner=owner, due_on=said.due_on)
        else:
            past.append((locked, said, owner))
    _insert_tasks(past, actor)
