"""What runs by itself: leavers whose last day has come, and acceptances that have ended."""

import datetime as dt

from audit.actions import action
from audit.actors import SCHEDULE
from inventory.models import Person, Removal
from inventory.removals.leavers import open_leaver_removals
from inventory.removals.mail import tell_managers_of_end
from tenancy.models import Organization
from ui.values import spelled


def follow_leavers(organization: Organization, at: dt.datetime) -> None:
    """Mark those whose last working day has passed as left, and open what must be removed. Idempotent."""
    today = organization.day_of(at)
    for person in Person.objects.filter(left_on__lt=today).exclude(status=Person.Status.LEFT):
        _mark_left(person)
    open_leaver_removals(SCHEDULE)


@action
def _mark_left(person: Person) -> None:
    Person.LEAVE.apply(person, actor=SCHEDULE, note="The last working day has passed.")


def end_acceptances(organization: Organization, at: dt.datetime) -> None:
    """Open accepted removals again once their end has passed, and tell the compliance managers. Idempotent."""
    today = organization.day_of(at)
    ended = Removal.objects.filter(status=Removal.Status.ACCEPTED, accepted_until__lt=today)
    for removal in ended.select_related("system", "account", "person"):
        _reopen(removal)


@action
def _reopen(removal: Removal) -> None:
    until = removal.accepted_until
    Removal.REOPEN.apply(
        removal,
        actor=SCHEDULE,
        note=f"The acceptance ended on {spelled(until)}.",
        times_reopened=removal.times_reopened + 1,
        closed_at=None,
    )
    tell_managers_of_end(removal)
