"""Asking for the reset of a factor, deciding on it, stopping it, and its end by itself."""

import datetime as dt

from accounts.actions.members import must_be_ours_to_reset, reset_factor
from accounts.giving import must_administer
from accounts.models import Member
from audit.actions import action
from audit.actors import SCHEDULE
from audit.record import record
from tenancy.models import Organization
from tenancy.scope import now
from ui.refusals import ActionRefused, stated
from workflow.models import FactorReset
from workflow.resetting.rights import ALONE, may_stop, second_administrators, why_not_confirm, why_not_decide
from workflow.resetting.telling import tell_asked, tell_confirmed, tell_over

_IDENTITY = "Say how you made sure that it is this person who asks."
_WITH = ("member__user", "member__organization", "asked_by__user", "asked_by__organization")


@action
def ask_reset(member: Member, *, actor: Member, reason: str, identity: str) -> FactorReset:
    """Ask that a member's second factor be reset; `identity` says how the asker made sure who it is. Tells the person at once.

    Raises ActionRefused: also where nobody could confirm it, and while another one waits.
    """
    must_administer(actor)
    held = Member.objects.select_for_update(of=("self",), no_key=True).select_related("user", "organization").get(pk=member.pk)
    must_be_ours_to_reset(held, actor=actor)
    seconds = second_administrators(held, beside=actor)
    if not seconds:
        raise ActionRefused(ALONE)
    for late in FactorReset.objects.filter(member=held, status=FactorReset.Status.ASKED, expires_at__lte=now()):
        _lapse(late)
    if FactorReset.objects.filter(member=held, status=FactorReset.Status.ASKED).exists():
        raise ActionRefused("A reset of this person's second factor waits already.")
    reset = FactorReset(
        member=held, asked_by=actor, reason=stated(reason), identity=stated(identity, _IDENTITY, field="identity")
    )
    reset.full_clean()
    reset.save()
    after = {"member": held.name, "reason": reset.reason, "identity": reset.identity, "expires_at": reset.expires_at}
    record("factor_reset.ask", reset, actor=actor, after=after)
    tell_asked(reset, seconds)
    return reset


@action
def confirm_reset(reset: FactorReset, *, actor: Member) -> FactorReset:
    """Reset the factor, as a second administrator. Raises ActionRefused for anybody else, and once it is too late."""
    current = _locked(reset)
    if why := why_not_confirm(current, actor):
        raise ActionRefused(why)
    FactorReset.CONFIRM.apply(current, actor=actor, decided_by=actor, decided_at=now())
    reset_factor(current.member, actor=actor, reason=current.reason)
    tell_confirmed(current)
    return current


@action
def refuse_reset(reset: FactorReset, *, actor: Member, reason: str) -> FactorReset:
    """Leave the factor as it is, as a second administrator. Raises ActionRefused."""
    current = _locked(reset)
    if why := why_not_decide(current, actor):
        raise ActionRefused(why)
    note = stated(reason)
    FactorReset.REFUSE.apply(current, actor=actor, note=note, decided_by=actor, decided_at=now())
    tell_over(current, f"{actor.name} refused it. The reason given: {note.rstrip('.')}")
    return current


@action
def stop_reset(reset: FactorReset, *, actor: Member) -> FactorReset:
    """The person whose factor it is stops it, or whoever asked takes it back. Raises ActionRefused."""
    current = _locked(reset)
    if not may_stop(current, actor):
        raise ActionRefused("Only the person whom it is about and whoever asked for it stop it, while it waits.")
    FactorReset.STOP.apply(current, actor=actor, decided_by=actor, decided_at=now())
    tell_over(current, f"{actor.name} stopped it")
    return current


def end_late(_organization: Organization, at: dt.datetime) -> None:
    """What nobody decided in time ends; what is being decided at this moment is left alone."""
    late = FactorReset.objects.filter(status=FactorReset.Status.ASKED, expires_at__lte=at)
    for reset in late.select_for_update(of=("self",), skip_locked=True).select_related(*_WITH):
        _lapse(reset)


@action
def _lapse(reset: FactorReset) -> None:
    FactorReset.LAPSE.apply(reset, actor=SCHEDULE, decided_at=now())
    tell_over(reset, "no second administrator decided in time")


def _locked(reset: FactorReset) -> FactorReset:
    """As it is now, locked: two decisions wait for each other."""
    return FactorReset.objects.select_for_update(of=("self",)).select_related(*_WITH).get(pk=reset.pk)
