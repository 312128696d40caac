"""What of incidents waits for a member."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.models import Member
from incidents.lifecycle.ending import needed
from incidents.models import Incident, SecurityEvent
from incidents.models.incident import GRAVE, PENDING
from incidents.outputs.facts import LEFT_DAYS
from incidents.rights import RUN, WORK, events_visible_to, visible_to
from tenancy.scope import now
from workflow.inbox import SHOWN, InboxEntry, Rows, named

Status = Incident.Status
_NEW = Q(status=SecurityEvent.Status.NEW)


def waiting(member: Member) -> Iterator[InboxEntry]:
    """Incidents with a member; for those who run incidents reports to be evaluated, and what nobody has yet."""
    if member.can(WORK):
        rows = list(own(member)[: SHOWN + 1])
        for incident in rows[:SHOWN]:
            yield _entry(incident, member)
        if len(rows) > SHOWN:
            count = own(member).count() - SHOWN
            yield InboxEntry(f"{count:,} more incidents", _list(view="mine"), "they are with you", count=count)
    if member.can(RUN):
        yield from _events(member)
        yield from _nobodys(member)


def about(member: Member) -> Rows:
    """The rows behind `waiting`."""
    if member.can(WORK):
        yield own(member)
    if member.can(RUN):
        yield events_visible_to(member).filter(_NEW)
        yield nobodys(member)


def own(member: Member) -> QuerySet[Incident]:
    """Those assigned to a member that are not over."""
    mine = Incident.objects.filter(assigned_to=member.pk, status__in=PENDING)
    return mine.order_by("acknowledged_at", "acknowledge_due_at", "review_due_on", "pk")


def nobodys(member: Member) -> QuerySet[Incident]:
    """Those that a member may see and nobody has."""
    return visible_to(member).filter(assigned_to=None, status__in=PENDING)


def _entry(incident: Incident, member: Member) -> InboxEntry:
    title = f"{incident.reference}: {incident.title}" if _open(incident) else f"The confidential {incident.reference}"
    url = incident.get_absolute_url()
    if incident.acknowledged_at is None and incident.is_ongoing:
        due = incident.acknowledge_due_at
        late = due is not None and due < now()
        return InboxEntry(
            f"{title} is to be acknowledged", url, "it is with you", _day(due), overdue=late, delegable=_open(incident)
        )
    if incident.status == Status.RESOLVED:
        day = incident.review_due_on
        late = day is not None and day < member.organization.today()
        what = "is to be completed and closed" if list(needed(incident)) else "is to be closed"
        return InboxEntry(f"{title} {what}", url, "it is with you", day, overdue=late, delegable=_open(incident))
    return InboxEntry(f"{title} is {incident.get_status_display().lower()}", url, "it is with you", delegable=_open(incident))


def _open(incident: Incident) -> bool:
    """Neither a deputy nor a mail is told what a confidential one is about."""
    return not incident.confidential


def _events(member: Member) -> Iterator[InboxEntry]:
    """Those reported as grave are due on the day of the report; others within the days after which they count as left."""
    new, grave = events_visible_to(member).filter(_NEW), Q(severity__in=GRAVE)
    found = new.aggregate(
        count=Count("pk"),
        first=Min("reference"),
        at=Min("reported_at"),
        grave=Count("pk", filter=grave),
        grave_first=Min("reference", filter=grave),
        grave_at=Min("reported_at", filter=grave),
    )
    if not (count := found["count"]):
        return
    day_of, wait = member.organization.day_of, "is to be evaluated" if count == 1 else "are to be evaluated"
    due, why = day_of(found["at"]) + dt.timedelta(days=LEFT_DAYS), "you run incidents"
    if found["grave"]:
        due = min(due, day_of(found["grave_at"]))
        why = f"{why}, and {found['grave']:,} {'is' if found['grave'] == 1 else 'are'} reported as critical or high"
    title = f"{named(found['grave_first'] or found['first'], count)} {wait}"
    url = f"{reverse('incidents:event-list')}?{urlencode({'state': 'new'})}"
    late = due < member.organization.today()
    yield InboxEntry(title, url, why, due, overdue=late, count=count, delegable=False)


def _nobodys(member: Member) -> Iterator[InboxEntry]:
    found = nobodys(member).aggregate(count=Count("pk"), first=Min("reference"), due=Min("acknowledge_due_at"))
    if count := found["count"]:
        late = found["due"] is not None and found["due"] < now()
        title = f"{named(found['first'], count)} {'is' if count == 1 else 'are'} with nobody"
        url = _list(view="nobody")
        yield InboxEntry(title, url, "you run incidents", _day(found["due"]), overdue=late, count=count, delegable=False)


def _list(**chosen: str) -> str:
    return f"{reverse('incidents:list')}?{urlencode(chosen)}"


def _day(at: dt.datetime | None) -> dt.date | None:
    return timezone.localdate(at) if at else None
