"""Saying who is away and who stands in, changing that, and coming back early."""

import datetime as dt
import uuid
from typing import Any

from django.conf import settings

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from tenancy.models import current_organization
from tenancy.scope import current_tenant_id
from ui.refusals import ActionRefused
from ui.values import spelled
from workflow.changes import change, differing
from workflow.models import Absence
from workflow.outbox import queue_mail

FOR_OTHERS = "absences.write"
LONGEST = dt.timedelta(days=366)


def may_set(actor: Actor, member_id: uuid.UUID) -> bool:
    """Whether somebody says this of a member: everybody of themselves, who looks after the team of anybody."""
    return actor.id == member_id or actor.can(FOR_OTHERS)


@action
def set_absence(*, actor: Actor, member: Member, deputy: Member, starts_on: dt.date, ends_on: dt.date, note: str = "") -> Absence:
    """Note that a member is away from one day to another, both included, and that the deputy stands in. Tells them both.

    Raises ActionRefused, at the field it is about.
    """
    _authorise(actor, member.pk)
    held = Member.objects.select_for_update(no_key=True).get(pk=member.pk)  # one at a time for each who is away
    absence = Absence(member=held, deputy=deputy, starts_on=starts_on, ends_on=ends_on, note=note.strip())
    if starts_on < _today():
        raise ActionRefused("It begins today or later: nobody stood in before it was set.", field="starts_on")
    _check(absence)
    absence.save()
    record("absence.set", absence, actor=actor, after=_facts(absence))
    _tell(absence, actor, begins=True)
    return absence


def change_absence(
    absence: Absence, *, actor: Actor, deputy: Member, starts_on: dt.date, ends_on: dt.date, note: str = ""
) -> Absence:
    """Change who stands in, the days or the note. The first day stays once it has come. Raises ActionRefused likewise."""
    _authorise(actor, absence.member_id)
    current = Absence.objects.get(pk=absence.pk)
    _refuse_over(current)
    fields = {"deputy": deputy, "starts_on": starts_on, "ends_on": ends_on, "note": note.strip()}
    return _change(current, actor, fields) if differing(current, fields) else current


@action
def _change(absence: Absence, actor: Actor, fields: dict[str, Any]) -> Absence:
    Member.objects.select_for_update(no_key=True).get(pk=absence.member_id)
    current = Absence.objects.select_related("member__user", "deputy__user").get(pk=absence.pk)
    _refuse_over(current)
    if not differing(current, fields):
        raise ActionRefused("Somebody has made the same change.")
    if fields["starts_on"] != current.starts_on and min(fields["starts_on"], current.starts_on) < _today():
        raise ActionRefused("The first day has come: it stays as it is.", field="starts_on")
    before = current.deputy
    _check(Absence(pk=current.pk, member=current.member, **fields))
    changed = change(current, "absence.change", actor=actor, fields=fields)
    if changed.deputy != before:
        _tell(changed, actor, begins=False, deputy=before)
        _tell(changed, actor, begins=True)
    return changed


@action
def end_absence(absence: Absence, *, actor: Actor) -> Absence:
    """They are back early, or do not go. Nobody stands in from now on."""
    _authorise(actor, absence.member_id)
    _refuse_over(absence)
    Absence.END.apply(absence, actor=actor)
    _tell(absence, actor, begins=False)
    return absence


def is_over(absence: Absence) -> bool:
    """Whether it has ended, early or by its last day."""
    return absence.status == Absence.Status.ENDED or absence.ends_on < _today()


def _today() -> dt.date:
    return current_organization().today()


def _authorise(actor: Actor, member_id: uuid.UUID) -> None:
    if not may_set(actor, member_id):
        raise ActionRefused("You say when you are away yourself; for others an administrator or compliance manager does.")


def _refuse_over(absence: Absence) -> None:
    if is_over(absence):
        raise ActionRefused("This absence is over: it stays as it was.")


def _check(absence: Absence) -> None:
    """Raise ActionRefused unless the days and the deputy make sense."""
    if absence.ends_on < max(absence.starts_on, _today()):
        raise ActionRefused("The last day is before the first, or has passed.", field="ends_on")
    if absence.ends_on - absence.starts_on > LONGEST:
        raise ActionRefused("For longer than a year, hand the work on to somebody else.", field="ends_on")
    for field, member in (("member", absence.member), ("deputy", absence.deputy)):
        if member.organization_id != current_tenant_id() or not member.is_active or member.user.is_service:
            raise ActionRefused("Choose somebody who has an account here.", field=field)
    if absence.member_id == absence.deputy_id:
        raise ActionRefused("Nobody stands in for themselves.", field="deputy")
    same_days = Absence.objects.filter(
        status=Absence.Status.SET, starts_on__lte=absence.ends_on, ends_on__gte=absence.starts_on
    ).exclude(pk=absence.pk)
    if other := same_days.filter(member=absence.member_id).first():
        raise ActionRefused(f"Another absence covers some of these days: {_days(other)}.", field="starts_on")
    if other := same_days.filter(member=absence.deputy_id).first():
        raise ActionRefused(f"{absence.deputy.name} is away too: {_days(other)}.", field="deputy")


def _days(absence: Absence) -> str:
    return f"{spelled(absence.starts_on)} to {spelled(absence.ends_on)}"


def _facts(absence: Absence) -> dict[str, object]:
    return {
        "member": absence.member.name,
        "deputy": absence.deputy.name,
        "starts_on": absence.starts_on,
        "ends_on": absence.ends_on,
        "note": absence.note or None,
    }


def _tell(absence: Absence, actor: Actor, *, begins: bool, deputy: Member | None = None) -> None:
    """A mail to the deputy, and to whoever is away unless they did it themselves."""
    standing = deputy or absence.deputy
    away = absence.member.name
    _write(standing, absence, f"You stand in for {away}" if begins else f"You do not stand in for {away} any more")
    if actor.id != absence.member_id:
        stands = "stands in" if begins else "does not stand in"
        _write(absence.member, absence, f"{standing.name} {stands} for you" + ("" if begins else " any more"))


def _write(to: Member, absence: Absence, subject: str) -> None:
    text = (
        f"{subject}.\n\nAway: {absence.member.name}, {_days(absence)}.\n"
        "What waits for somebody who is away stands in the deputy's work as well. The deputy does it in their own name,"
        " with their own rights.\n\n"
        f"{settings.PLUMBLINE_BASE_URL}{absence.get_absolute_url()}\n"
    )
    queue_mail(to=to.email, subject=subject, text=text, key=f"absence:{absence.pk}:{uuid.uuid4()}")
