"""Clocks that wait for a member, and the mail about those whose time runs out."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import Member
from incidents.clocks.page import span
from incidents.clocks.rules import PRODUCT
from incidents.models import NotificationClock
from incidents.models.clock import PENDING
from incidents.reporting.mail import on_it, tell
from incidents.rights import RUN, visible_to
from incidents.settings import security_team
from tenancy.models import Organization
from tenancy.scope import now
from ui.values import exact
from workflow.inbox import SHOWN, InboxEntry, Rows

HOUR = dt.timedelta(hours=1)
# How long before the end somebody is written to, where the whole time is longer than that; and once it is over.
BEFORE = (24 * HOUR, 4 * HOUR, HOUR, dt.timedelta(0))


def waiting(member: Member) -> Iterator[InboxEntry]:
    """For those who run incidents: what is to be decided or sent, by its time."""
    if not member.can(RUN):
        return
    moment, rows = now(), theirs(member)
    for clock in rows[:SHOWN]:
        url = f"{clock.incident.get_absolute_url()}#clock-{clock.pk}"
        due = timezone.localdate(clock.due_at) if clock.due_at else None
        yield InboxEntry(_named(clock), url, "you run incidents", due, overdue=clock.is_overdue(moment), delegable=False)
    if (count := rows.count() - SHOWN) > 0:
        yield InboxEntry(
            f"{count:,} more notification clocks",
            f"{reverse('incidents:list')}#clocks",
            "you run incidents",
            count=count,
            delegable=False,
        )


def about(member: Member) -> Rows:
    """The rows behind `waiting`."""
    if member.can(RUN):
        yield theirs(member)


def theirs(member: Member) -> QuerySet[NotificationClock]:
    """Clocks that run, of incidents that a member sees."""
    running = NotificationClock.objects.filter(status__in=PENDING, due_at__isnull=False)
    seen = running.filter(incident__in=visible_to(member).values("pk"))
    return seen.select_related("incident").order_by("due_at", "name", "id")


def remind(_organization: Organization, at: dt.datetime) -> None:
    """Write to those on the incident and the security team as the time runs out, once for each stage. Idempotent."""
    near = NotificationClock.objects.filter(status__in=PENDING, due_at__lte=at + BEFORE[0]).select_related("incident")
    for clock in near.order_by("due_at", "pk"):
        stage = stage_of(clock, at)
        if stage is not None:
            _write(clock, stage, at)


def stage_of(clock: NotificationClock, at: dt.datetime) -> dt.timedelta | None:
    """The last of BEFORE that has been reached; those longer than half of the whole time are left out."""
    if clock.due_at is None:
        return None
    left, whole = clock.due_at - at, clock.due_at - (clock.trigger_at or clock.started_at)
    reached = [one for one in BEFORE if left <= one and (2 * one <= whole)]
    return min(reached, default=None)


def _write(clock: NotificationClock, stage: dt.timedelta, at: dt.datetime) -> None:
    due = clock.due_at
    if due is None:
        return
    over = due < at
    what = f"has a notification clock that {'has run out' if over else f'runs out in {span(due - at)}'}"
    lines = [f"{clock.name}: {clock.recipient}", f"Due {exact(due)}. Decide whether to notify, or record that it was done."]
    people = {member.pk: member for member in [*on_it(clock.incident), *security_team()]}
    key = f"clock:{clock.pk}:{due:%Y%m%d%H%M%S}:{int(stage.total_seconds())}"
    tell(clock.incident, people.values(), what=what, lines=lines, key=key, but=PRODUCT)


def _named(clock: NotificationClock) -> str:
    to_do = "the notice is to go out" if clock.status == NotificationClock.Status.TO_NOTIFY else "decide whether to notify"
    if clock.incident.confidential:
        return f"{clock.incident.reference}, which is confidential: a notification clock runs"
    return f"{clock.incident.reference}: {clock.name}, {to_do}"
