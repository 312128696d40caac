"""What of risks waits for a member."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Member
from risks.assessing.due import next_due
from risks.models import Risk, RiskAssessment, RiskTask, Treatment
from risks.rights import APPROVE, WRITE, mine, rests_on, wrote
from workflow.inbox import SHOWN, InboxEntry, Rows, beyond, named

AHEAD = dt.timedelta(days=30)
_TO_ACCEPT = Q(status=Risk.Status.OPEN, treatment=Treatment.ACCEPT)


def waiting(member: Member) -> Iterator[InboxEntry]:
    """One's own risks to review and tasks to do; what waits to be accepted or approved; the assessment of the year."""
    today = member.organization.today()
    yield from _reviews(member, today)
    yield from _tasks(member, today)
    if member.can(APPROVE):
        yield from _of_approvers(member, today)
    if member.can(WRITE):
        yield from _of_keepers(today)


def _own(member: Member, today: dt.date) -> QuerySet[Risk]:
    return Risk.objects.exclude(status=Risk.Status.CLOSED).filter(mine(member), next_review_on__lte=today + AHEAD)


def _reviews(member: Member, today: dt.date) -> Iterator[InboxEntry]:
    rows = _own(member, today).order_by("next_review_on", "reference")
    shown = list(rows[:SHOWN])
    for one in shown:
        what = "is to be reviewed" if one.is_rated else "is to be rated"
        title = f"{one.reference} {what}: {one.statement}"[:200]
        due = one.next_review_on
        yield InboxEntry(title, one.get_absolute_url(), "the risk is with you", due, overdue=due < today)
    if len(shown) == SHOWN and (more := rows[SHOWN:].count()):
        url = _list(whose="me", state="pending")
        yield InboxEntry(f"{more:,} more risks are to be reviewed", url, "they are with you", count=more, delegable=False)


def _own_tasks(member: Member) -> QuerySet[RiskTask]:
    return RiskTask.objects.filter(status=RiskTask.Status.OPEN, owner__member_id=member.pk).select_related("risk")


def _tasks(member: Member, today: dt.date) -> Iterator[InboxEntry]:
    rows = _own_tasks(member).order_by("due_on", "pk")
    shown = list(rows[:SHOWN])
    for one in shown:
        title, url = f"{one.risk.reference}: {one.title}"[:200], f"{one.risk.get_absolute_url()}#task-{one.pk}"
        yield InboxEntry(title, url, "the task is with you", one.due_on, overdue=one.due_on < today)
    if len(shown) == SHOWN:
        yield from beyond(rows, "tasks of risks", _list(state="pending"), today)


def _of_approvers(member: Member, today: dt.date) -> Iterator[InboxEntry]:
    to_accept = Risk.objects.filter(_TO_ACCEPT).exclude(mine(member)).exclude(rated_by=member)
    found: dict[str, Any] = to_accept.aggregate(count=Count("pk"), first=Min("reference"))
    if count := found["count"]:
        wait = "waits to be accepted" if count == 1 else "wait to be accepted"
        title = f"{named(found['first'], count)} {wait}, or not"
        yield InboxEntry(title, _list(view="to_accept"), "you may accept risks", count=count, delegable=False)
    for one in _submitted(member):
        title = f"{one.reference}: the assessment of risks of {one.year} waits for approval"
        yield InboxEntry(title, one.get_absolute_url(), "you may approve it", today, delegable=False)


def _submitted(member: Member) -> QuerySet[RiskAssessment]:
    rows = RiskAssessment.objects.filter(status=RiskAssessment.Status.SUBMITTED)
    return rows.exclude(wrote(member.pk)).exclude(rests_on(member.pk)).order_by("year")


def _of_keepers(today: dt.date) -> Iterator[InboxEntry]:
    """The next assessment, two months before it is due; none where there is nothing to assess."""
    due = next_due(today)
    if due is not None and Risk.objects.exists():
        title, url = "The annual assessment of risks is due", reverse("risks:assessment-list")
        yield InboxEntry(title, url, "you keep the register of risks", due, overdue=due < today, delegable=False)


def about(member: Member) -> Rows:
    """The rows behind `waiting`."""
    today = member.organization.today()
    yield _own(member, today)
    yield _own_tasks(member)
    if member.can(APPROVE):
        yield Risk.objects.filter(_TO_ACCEPT)
        yield _submitted(member)
    if member.can(WRITE):
        yield Risk.objects.all()


def _list(**chosen: str) -> str:
    return f"{reverse('risks:list')}?{urlencode(chosen)}"
