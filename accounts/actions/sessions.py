"""What an organization's administrators decide about its members' sessions."""

from accounts.giving import must_administer, must_reach
from accounts.models import IdleLimit
from accounts.models.member import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from tenancy.models import current_organization
from ui.refusals import ActionRefused, stated


@action
def end_member_sessions(member: Member, *, actor: Actor, reason: str) -> None:
    """Sign a member out everywhere, at each session's next page; they may sign in again."""
    must_administer(actor)
    must_reach(actor, member)
    if member.user_id == getattr(actor, "user_id", None):
        raise ActionRefused("End your own sessions on your account page.")
    if member.user.is_service:
        raise ActionRefused("A service account has no sessions. Revoke its tokens.")
    member.user.end_sessions()
    record("member.end_sessions", member, actor=actor, note=stated(reason))


@action
def set_idle_limit(*, minutes: int, actor: Member) -> None:
    """Say after how many minutes without use members are signed out; it holds from everybody's next page on.

    Raises ValidationError for minutes out of bounds.
    """
    if not actor.can("organization.admin"):
        raise ActionRefused("Your role does not allow this.")
    organization = current_organization()
    before = IdleLimit.minutes_of(organization)
    limit = IdleLimit(organization=organization, minutes=minutes, set_by=actor)
    limit.full_clean(exclude=["organization"])  # there may be one already, which this one replaces
    IdleLimit.objects.update_or_create(organization=organization, defaults={"minutes": minutes, "set_by": actor})
    record(
        "organization.set_idle_limit",
        organization,
        actor=actor,
        before={"idle_minutes": before},
        after={"idle_minutes": minutes},
    )
