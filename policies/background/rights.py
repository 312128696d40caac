"""Who sees background checks: those with the permission, and nobody else, not even whoever they are about."""

from accounts.models import Member
from audit.actors import Actor
from ui.refusals import ActionRefused

READ, WRITE = "background_checks.read", "background_checks.write"


def authorise(actor: Actor) -> None:
    """Raise ActionRefused for whoever does not record background checks."""
    if not actor.can(WRITE):
        raise ActionRefused("Your role does not allow this.")


def member_of(actor: Actor) -> Member | None:
    """Who acts, where it is a member."""
    return actor if isinstance(actor, Member) else None
