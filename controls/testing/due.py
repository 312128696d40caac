"""When a control is to be tested again, and whose work that is."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Min, Q
from django.urls import reverse

from accounts.models import Member
from controls.models import Control, ControlTest
from controls.testing.actions import PERMISSION
from workflow.inbox import InboxEntry, Rows, named

AHEAD = dt.timedelta(days=30)
OVERDUE, SOON = "overdue", "soon"
_LATEST = Q(status=ControlTest.Status.CURRENT, control__status=Control.Status.ACTIVE)


def overdue(today: dt.date) -> Q:
    """Tests after which another one should have come."""
    return _LATEST & Q(next_due_on__lt=today)


def due_soon(today: dt.date) -> Q:
    """Tests after which another one is due within 30 days."""
    return _LATEST & Q(next_due_on__gte=today, next_due_on__lte=today + AHEAD)


def tests_about(member: Member) -> Rows:
    """The rows behind `tests_waiting`."""
    if member.can(PERMISSION):
        today = member.organization.today()
        yield ControlTest.objects.filter(overdue(today) | due_soon(today))


def tests_waiting(member: Member) -> Iterator[InboxEntry]:
    """The controls that this member may test and that are due for it: what is overdue, and what is due within 30 days."""
    if not member.can(PERMISSION):
        return
    today = member.organization.today()
    others = ControlTest.objects.exclude(control__owner__member=member)
    chosen = {OVERDUE: overdue(today), SOON: due_soon(today)}
    figures = {f"{key}_count": Count("pk", filter=which) for key, which in chosen.items()}
    days = {f"{key}_due": Min("next_due_on", filter=which) for key, which in chosen.items()}
    codes = {f"{key}_code": Min("control__code", filter=which) for key, which in chosen.items()}
    found = others.order_by().aggregate(**figures, **days, **codes)
    for key in chosen:
        if count := found[f"{key}_count"]:
            yield InboxEntry(
                title=f"{named(found[f'{key}_code'], count)} {'is' if count == 1 else 'are'} to be tested again",
                url=f"{reverse('controls:test-list')}?due={key}",
                why="you test controls and do not own " + ("it" if count == 1 else "them"),
                due=found[f"{key}_due"],
                overdue=key == OVERDUE,
                count=count,
                delegable=False,
            )
