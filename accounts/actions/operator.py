"""What the operator does at the host, where no administrator can: recorded, and told to all whom it concerns."""

from collections.abc import Iterable

from django.db import transaction

from accounts.actions.members import forget_factors
from accounts.mailer import send_mail
from accounts.models import Member, User
from accounts.roles import ADMINISTRATOR
from audit.actors import System
from audit.record import record
from tenancy.models import Organization
from tenancy.scope import tenant
from ui.refusals import ActionRefused, stated

OPERATOR = System("operator at the host")
_TOLD = """\
Hello,

The operator of this installation has reset the second factor of {who}, in a command on the host.

Reason: {reason}

All sessions have ended. At the next sign-in a new authenticator is set up, after the password.
{organization} keeps this in its audit trail. If it surprises you, speak to the operator at once.
"""


@transaction.atomic
def reset_factor_as_operator(user: User, *, reason: str) -> None:
    """Forget somebody's second factors. It is recorded in each of their organizations; they and all administrators are told.

    Raises ActionRefused for an empty reason, and for somebody who belongs to no organization.
    """
    why, members = stated(reason), Member.of_user(user)
    if not members or user.is_service:
        raise ActionRefused("Nobody who signs in to an organization has this e-mail.")
    forget_factors(user)
    told: set[str] = set()
    for member in members:
        with tenant(member.organization):
            event = record("factor.reset", member, actor=OPERATOR, note=why)
            for email in {user.email, *_administrators(member.organization)} - told:
                told.add(email)
                text = _TOLD.format(who=f"{user.name} ({user.email})", reason=why, organization=member.organization.name)
                subject = f"The second factor of {user.name} was reset by the operator"
                send_mail(to=email, subject=subject, text=text, key=f"factor-reset/{event.id}/{email}")


def _administrators(organization: Organization) -> Iterable[str]:
    return [one.email for one in Member.objects.active().of(organization).having(ADMINISTRATOR)]
