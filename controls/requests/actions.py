"""Writing requests: asked for, changed, handed to somebody, withdrawn and asked again."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.models import AuditPeriod, AuditRequest, Control, RequestComment, RequestControl
from controls.requests.mail import tell_asker, tell_assignee
from controls.requests.rights import RAISE, RUN, has, may_comment, may_edit
from inventory.models import Person
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused
from workflow.changes import change, differing, shown
from workflow.references import next_reference
from workflow.uniqueness import refusing_taken

WRITTEN = (
    "period",
    "reference",
    "title",
    "description",
    "category",
    "criteria",
    "also",
    "requested_by",
    "requested_on",
    "due_on",
)
WITH_YOU = "An auditor's request is with you"


@action
def raise_request(
    *,
    actor: Actor,
    title: str,
    reference: str = "",
    requested_on: dt.date | None = None,
    assignee: Person | None = None,
    controls: Collection[Control] = (),
    **facts: Any,
) -> AuditRequest:
    """Ask for something. It has the auditor's number, or the next of ours. Raises ActionRefused when the number is taken."""
    if not actor.can(RAISE):
        raise ActionRefused("Your role does not allow this.")
    today = today_here()
    facts = _in_own_period(actor, {"period": None, **facts})
    request = AuditRequest(
        title=title.strip(),
        reference=reference.strip() or next_reference("REQ", str(today.year)),
        requested_on=requested_on or today,
        assignee=_at_work(assignee, today),
        raised_by=member_of(actor),
        raised_at=now(),
        **{"requested_by": actor.name[:120], **{name: value for name, value in facts.items() if value not in (None, "")}},
    )
    exclude = {field.name for field in AuditRequest._meta.fields} - set(WRITTEN)
    request.full_clean(exclude=exclude, validate_unique=False, validate_constraints=False)
    with refusing_taken(AuditRequest):
        request.save(force_insert=True)
        RequestControl.objects.bulk_create(RequestControl(request=request, control=one) for one in controls)
        record("audit_request.raise", request, actor=actor, after=told(request, controls))
    tell_assignee(request, key=str(request.pk), what=WITH_YOU, words=request.description, actor=actor)
    return request


@action
def edit_request(
    request: AuditRequest, *, actor: Actor, controls: Collection[Control] | None = None, **fields: Any
) -> AuditRequest:
    """Change what is asked for, while it is not over. Raises ActionRefused when nothing would change."""
    current = locked(request)
    if not may_edit(actor, current):
        raise ActionRefused("Your role does not allow this.")
    refuse_over(current)
    fields = _in_own_period(actor, fields)
    before = sorted(current.controls.values_list("control__code", flat=True))
    wanted = before if controls is None else sorted(one.code for one in controls)
    if not differing(current, fields) and wanted == before:
        raise ActionRefused("It says so already: nothing was changed.")
    with refusing_taken(AuditRequest):
        current = change(current, "audit_request.edit", actor=actor, fields=fields)
    if wanted != before:
        cover(current, controls or ())
        record("audit_request.cover", current, actor=actor, before={"controls": before}, after={"controls": wanted})
    return current


def _in_own_period(actor: Actor, fields: dict[str, Any]) -> dict[str, Any]:
    """What somebody asks for who is limited to an audit period belongs to that one. Raises ActionRefused for another."""
    limited_to = actor.limits.period_id if isinstance(actor, Member) else None
    if limited_to is None or "period" not in fields:
        return fields
    if fields["period"] is not None and fields["period"].pk != limited_to:
        raise ActionRefused("Your access is limited to another audit period.", field="period")
    return {**fields, "period": AuditPeriod.objects.get(pk=limited_to)}


def cover(request: AuditRequest, controls: Collection[Control]) -> None:
    """Let a request be about these controls and no others. Part of a caller's action."""
    kept = {one.pk for one in controls}
    RequestControl.objects.filter(request=request).exclude(control__in=kept).delete()
    there = set(RequestControl.objects.filter(request=request).values_list("control", flat=True))
    RequestControl.objects.bulk_create(RequestControl(request=request, control=one) for one in controls if one.pk not in there)


@action
def assign(request: AuditRequest, *, actor: Actor, assignee: Person) -> None:
    """Give it to somebody of the organization, and tell them. By who runs the list, or whoever has it. Raises ActionRefused."""
    current = locked(request)
    if not (actor.can(RUN) or (actor.can("occurrences.perform") and has(actor, current))):
        raise ActionRefused("This is for whoever the request is with and for those who run the request list.")
    refuse_over(current)
    if assignee.has_left(today_here()):
        raise ActionRefused(f"{assignee.name} has left.", field="assignee")
    if current.assignee_id == assignee.pk:
        raise ActionRefused(f"It is with {assignee.name} already.", field="assignee")
    before = {"assignee": shown(current.assignee)}
    current.assignee = request.assignee = assignee
    current.save(update_fields=["assignee"])
    event = record("audit_request.assign", current, actor=actor, before=before, after={"assignee": assignee.name})
    tell_assignee(current, key=str(event.pk), what=WITH_YOU, words=current.description, actor=actor)


@action
def set_due(request: AuditRequest, *, actor: Actor, due_on: dt.date) -> None:
    """Say by when it is due. By who runs the list, or who asked. Raises ActionRefused."""
    current = locked(request)
    if not may_edit(actor, current):
        raise ActionRefused("Your role does not allow this.")
    refuse_over(current)
    if current.due_on == due_on:
        raise ActionRefused("It is due on that day already.", field="due_on")
    change(current, "audit_request.edit", actor=actor, fields={"due_on": due_on})


@action
def withdraw(request: AuditRequest, *, actor: Actor, reason: str) -> None:
    """It is not asked for any more. What was given stays with it."""
    current = locked(request)
    AuditRequest.WITHDRAW.apply(current, actor=actor, note=said(reason))
    tell_assignee(current, key=f"{current.pk}:{now().isoformat()}", what="No longer asked for", words=reason.strip(), actor=actor)


@action
def restore(request: AuditRequest, *, actor: Actor, reason: str) -> None:
    """Ask for it again."""
    current = locked(request)
    AuditRequest.RESTORE.apply(current, actor=actor, note=said(reason))
    tell_assignee(current, key=f"{current.pk}:{now().isoformat()}", what=WITH_YOU, words=reason.strip(), actor=actor)


@action
def comment(request: AuditRequest, *, actor: Actor, text: str) -> RequestComment:
    """Say something about it. The other side is told: who asked, and whoever has it."""
    current = locked(request)
    if not may_comment(actor, current):
        raise ActionRefused("Your role does not allow this.")
    if not text.strip():
        raise ActionRefused("Say something.", field="text")
    made = RequestComment.objects.create(request=current, text=text.strip(), said_by=member_of(actor), said_at=now())
    record("audit_request.comment", current, actor=actor, note=made.text[:1000])
    tell_assignee(current, key=str(made.pk), what=f"{actor.name} says", words=made.text, actor=actor)
    tell_asker(current, key=str(made.pk), what=f"{actor.name} says", words=made.text, actor=actor)
    return made


def refuse_over(request: AuditRequest) -> None:
    """Raise ActionRefused unless it is still asked for and not accepted."""
    if not request.is_pending:
        raise ActionRefused(f"{request} is {request.get_status_display().lower()}: nobody has to work on it now.")


def said(reason: str) -> str:
    """A reason. Raises ActionRefused when there is none."""
    if not reason.strip():
        raise ActionRefused("Give a reason: the other side will ask for it.", field="reason")
    return reason.strip()


def told(request: AuditRequest, controls: Collection[Control]) -> dict[str, Any]:
    """What the trail says of a new one."""
    given = {name: getattr(request, name) for name in (*WRITTEN, "assignee")}
    codes = {"controls": sorted(one.code for one in controls)} if controls else {}
    return {name: shown(value) for name, value in given.items() if value not in (None, "", [])} | codes


def locked(request: AuditRequest) -> AuditRequest:
    """The row itself, until the commit, with those who are told."""
    people = ("assignee__member__user", "raised_by__user", "period")
    return AuditRequest.objects.select_for_update(of=("self",)).select_related(*people).get(pk=request.pk)


def member_of(actor: Actor) -> Member | None:
    """The actor, where it is a person."""
    return actor if isinstance(actor, Member) else None


def today_here() -> dt.date:
    """The organization's day."""
    return current_organization().today()


def _at_work(person: Person | None, today: dt.date) -> Person | None:
    if person is not None and person.has_left(today):
        raise ActionRefused(f"{person.name} has left.", field="assignee")
    return person
