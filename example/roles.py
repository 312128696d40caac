"""A role of Larkfield's own, and the conflict of duty that is answered for."""

import datetime as dt

from accounts.actions import accept_conflict, change_roles, create_role
from accounts.giving import Answer
from accounts.models import CustomRole, Member

PEOPLE_TEAM = "people-team"
_DAYS = 90


def make_roles(*, manager: Member, administrator: Member, people_lead: Member) -> CustomRole:
    """The People lead keeps the roster, training and background checks; the IT lead reviews accounts, and administers."""
    role = create_role(
        name="People team",
        description="Keeps the roster, training and background checks, beside any other role.",
        grants=["people.write", "training.write", "background_checks.write", "policies.read"],
        actor=manager,
    )
    change_roles(people_lead, roles=[*people_lead.roles, role.key], actor=manager)
    until = manager.organization.today() + dt.timedelta(days=_DAYS)
    reason = "The IT lead knows these accounts best. The security lead looks through every decision of hers before sign-off."
    accept_conflict(administrator, duties=["access"], answer=Answer(reason, until), actor=manager)
    return role
