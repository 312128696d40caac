"""People at work, as training and background checks ask for them."""

import datetime as dt

from django.db.models import Q

from inventory.models import Person


def at_work(today: dt.date) -> Q:
    """Of people: whoever works here on a day, somebody on leave too. For a query of people."""
    here = ~Q(status=Person.Status.LEFT)
    return here & (Q(left_on=None) | Q(left_on__gte=today)) & (Q(contract_ends_on=None) | Q(contract_ends_on__gte=today))
