"""Who of the roster may be asked to decide in reviews."""

import datetime as dt

from django.db.models import Q, QuerySet

from accounts.models import Member
from accounts.models.member import holding
from inventory.models import Person

DECIDE = "reviews.decide"


def routable_people(today: dt.date) -> QuerySet[Person]:
    """People at work who have an account here with a role that decides. Everybody else is passed over."""
    return Person.objects.filter(
        Q(left_on=None) | Q(left_on__gte=today),
        Q(contract_ends_on=None) | Q(contract_ends_on__gte=today),
        holding(DECIDE, "member__"),
        status=Person.Status.ACTIVE,
        member__status=Member.Status.ACTIVE,
        member__user__is_active=True,
    )
