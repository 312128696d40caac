"""Handing a record over until a day, ending that early, and its end by itself."""

import datetime as dt
import uuid

from django.conf import settings
from django.db.models import Q

from accounts.duties import conflicts_between, grants_of
from accounts.giving import named
from accounts.models import Member
from accounts.models.role import own_roles
from accounts.roles import ONLY_READ
from audit.actions import action
from audit.actors import SCHEDULE, Actor
from audit.record import record
from tenancy.models import Organization, TenantModel, current_organization
from tenancy.scope import current_tenant_id, now
from ui.refusals import ActionRefused
from ui.values import spelled
from workflow.delegations.kinds import Kind, kind_of
from workflow.models import Delegation
from workflow.outbox import queue_mail

LONGEST = dt.timedelta(days=366)
_WITH = ("guardian__user", "guardian__organization", "given_by__user")


@action
def hand_over(subject: TenantModel, *, kind: str, actor: Member, guardian: Member, until: dt.date, reason: str) -> Delegation:
    """Put a record into somebody's care until a day, that one included. Tells them. Raises ActionRefused, at its field.

    Nobody gives what they do not hold: of what belongs to the kind goes what the giver may do by their own roles.
    """
    of = kind_of(kind)
    type(subject).objects.select_for_update(of=("self",), no_key=True).get(pk=subject.pk)
    _must_give(of, actor, subject)
    _check_day(until)
    _expire_overdue(subject)
    if there := Delegation.objects.filter(subject_id=subject.pk, status="given").select_related("guardian__user").first():
        raise ActionRefused(f"It is in the care of {there.guardian.name} until {spelled(there.until)}: end that first.")
    if not reason.strip():
        raise ActionRefused("Say why it is handed over: an auditor will ask.", field="reason")
    held = Member.objects.select_for_update(of=("self",), no_key=True).select_related("user", "organization").get(pk=guardian.pk)
    grants = of.given_by(actor)
    _check_guardian(held, actor, grants)
    made = Delegation(
        kind=kind, subject_id=subject.pk, subject=str(subject)[:240], guardian=held, given_by=actor, grants=grants, until=until,
        reason=reason.strip(),
    )  # fmt: skip
    made.save(force_insert=True)
    _note_care(held)
    facts = {"guardian": held.name, "of": made.subject, "until": until, "grants": grants}
    record("delegation.give", made, actor=actor, after=facts, note=made.reason)
    _write(held, made, f"{made.subject} is in your care")
    return made


@action
def end_delegation(delegation: Delegation, *, actor: Actor, reason: str = "") -> Delegation:
    """It is back with whoever has it, from the guardian's next request on. Raises ActionRefused."""
    current = _locked(delegation)
    if not may_end(actor, current):
        raise ActionRefused("Whoever gave it, the guardian, and who may hand it over end this.")
    Delegation.END.apply(current, actor=actor, note=reason.strip(), ended_at=now())
    _note_care(current.guardian)
    if actor.id != current.guardian_id:
        _write(current.guardian, current, f"{current.subject} is not in your care any more")
    return current


def may_end(actor: Actor, delegation: Delegation) -> bool:
    """Whether somebody may end it early."""
    if actor.id in {delegation.guardian_id, delegation.given_by_id}:
        return True
    kind = kind_of(delegation.kind)
    subject = kind.model.objects.filter(pk=delegation.subject_id).first()
    return subject is not None and kind.may_give(actor, subject)


def end_late(organization: Organization, _at: dt.datetime) -> None:
    """What is past its day ends in the trail too; so does what hangs on somebody whose access has ended."""
    late = Delegation.objects.filter(status=Delegation.Status.GIVEN).select_related(*_WITH, "given_by__organization")
    for one in late.select_for_update(of=("self",), skip_locked=True):
        if one.until < organization.today():
            _expire(one)
        elif not (one.guardian.is_active and one.given_by.is_active):
            _end_with(one, SCHEDULE)


def end_with_member(member: Member, actor: Actor) -> None:
    """A member is removed: what was in their care, and what they gave, ends with the membership. Part of a caller's action."""
    open_ones = Delegation.objects.filter(Q(guardian=member) | Q(given_by=member), status=Delegation.Status.GIVEN)
    for one in open_ones.select_for_update(of=("self",)).select_related(*_WITH):
        _end_with(one, actor)


def why_not_guardian(member: Member) -> str:
    """Why nothing is put into somebody's care; empty where it may be."""
    if member.organization_id != current_tenant_id() or not member.is_active or member.user.is_service:
        return "Choose somebody who has an account here."
    if ONLY_READ & set(member.roles):
        return f"{member.name} is an auditor or a viewer, who only reads: choose somebody else."
    return ""


@action
def _end_with(one: Delegation, actor: Actor) -> None:
    Delegation.END.apply(one, actor=actor, note="The access of the guardian, or of whoever gave it, has ended.", ended_at=now())
    _note_care(one.guardian)


@action
def _expire(one: Delegation) -> None:
    Delegation.EXPIRE.apply(one, actor=SCHEDULE, ended_at=now())
    _note_care(one.guardian)


def _expire_overdue(subject: TenantModel) -> None:
    late = Delegation.objects.filter(subject_id=subject.pk, status="given", until__lt=current_organization().today())
    for one in late.select_for_update(of=("self",)).select_related(*_WITH):
        _expire(one)


def _must_give(kind: Kind, actor: Actor, subject: TenantModel) -> None:
    if not kind.may_give(actor, subject):
        raise ActionRefused("Its owner, or somebody who looks after all of them, hands it over.")
    if kind.is_over(subject):
        raise ActionRefused(f"{subject} is over: there is nothing to look after.")


def _check_day(until: dt.date) -> None:
    today = current_organization().today()
    if until <= today:
        raise ActionRefused("Choose a day after today.", field="until")
    if until - today > LONGEST:
        raise ActionRefused("At most a year from now: for longer, give it another owner.", field="until")


def _check_guardian(guardian: Member, giver: Member, grants: list[str]) -> None:
    """Somebody else, who may act, and for whom nothing comes together that should be apart. Raises ActionRefused."""
    if guardian.pk == giver.pk:
        raise ActionRefused("Choose somebody else: you have it already.", field="guardian")
    if why := why_not_guardian(guardian):
        raise ActionRefused(why, field="guardian")
    own = {role.key: role.grants for role in own_roles(guardian.roles)}
    before = {one.key for one in conflicts_between(grants_of(guardian.roles, own))}
    together = [*grants_of(guardian.roles, own), grants]
    if fresh := [one for one in conflicts_between(together) if one.key not in before]:
        raise ActionRefused(f"{named(fresh)} Choose somebody else.", field="guardian")


def _note_care(guardian: Member) -> None:
    """Write what is in somebody's care beside their roles, where each request reads it."""
    rows = Delegation.objects.filter(guardian=guardian, status=Delegation.Status.GIVEN)
    care = {str(one.subject_id): {"grants": one.grants, "until": one.until.isoformat()} for one in rows}
    Member.objects.filter(pk=guardian.pk).update(care=care)


def _locked(delegation: Delegation) -> Delegation:
    """As it is now, with the guardian's row, which is written too."""
    Member.objects.select_for_update(no_key=True).get(pk=delegation.guardian_id)
    return Delegation.objects.select_for_update(of=("self",)).select_related(*_WITH).get(pk=delegation.pk)


def _write(to: Member, delegation: Delegation, subject: str) -> None:
    text = (
        f"{subject}.\n\nUntil {spelled(delegation.until)}, that day included. Handed over by {delegation.given_by.name}:"
        f" {delegation.reason}\n\n{settings.PLUMBLINE_BASE_URL}{delegation.get_absolute_url()}\n"
    )
    queue_mail(to=to.email, subject=subject[:200], text=text, key=f"delegation:{delegation.pk}:{uuid.uuid4()}")
