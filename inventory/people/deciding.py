"""Who of the roster may be asked to decide in reviews."""

import datetime as dt

from django.db.models import Q, QuerySet

from accounts.models import Member
from accounts.roles import ROLES
from inventory.models import Person

DECIDING_ROLES = [key for key, role in ROLES.items() if role.allows("reviews.decide")]


def routable_people(today: dt.date) -> QuerySet[Person]:
    """People at work who have an account here with a role that decides. Everybody else is passed over."""
    return Person.objects.filter(
        Q(left_on=None) | Q(left_on__gte=today),
        Q(contract_ends_on=None) | Q(contract_ends_on__gte=today),
        status=Person.Status.ACTIVE,
        member__status=Member.Status.ACTIVE,
        member__user__is_active=True,
        member__roles__overlap=DECIDING_ROLES,
    )
