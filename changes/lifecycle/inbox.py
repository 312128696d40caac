"""What of the changes waits for a member."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import Member
from changes.approving.rules import APPROVES, WORKS
from changes.approving.waiting import OPEN, waiting_for
from changes.lifecycle.objecting import is_to_confirm
from changes.models import Change
from changes.models.change import APPROVED, ATTEMPTED, GRAVE
from changes.rights import NOBODYS, RUN, is_nobodys
from inventory.models import Person
from tenancy.scope import now
from workflow.inbox import SHOWN, InboxEntry, Rows

# Who is named to review it, if anybody, has another part in it: it waits for those who run changes.
_NOBODY = Q(verifier=None) | Q(verifier=F("requester")) | Q(verifier=F("implementer")) | Q(verifier__member=F("raised_by"))
REJECTED_DAYS = 14  # that a rejection stands in the work of whoever asked for the change
FALLS_TO_YOU = "nobody known here asked for it, and you run changes"
Status = Change.Status
# None of the others waits for anybody. Said of all of it, so that an index of states finds these few among many that are over.
_MAY_WAIT = sorted({*Status.values} - {Status.CLOSED, Status.WITHDRAWN})


def waiting(member: Member) -> Iterator[InboxEntry]:
    """Approvals; then what is to be carried out, reviewed or closed by them, and what of theirs was rejected."""
    today = member.organization.today()
    yield from _approvals(member, today)
    if not (member.can("changes.work") or member.can("changes.raise")):
        return
    rows = list(theirs(member)[: SHOWN + 1])
    for change in rows[:SHOWN]:
        yield _confirmation(change, today) if _names(change, member) else _entry(change, today)
    if len(rows) > SHOWN:
        count = theirs(member).count() - SHOWN
        url = f"{reverse('changes:list')}?view=waiting"
        yield InboxEntry(f"{count:,} more changes to carry out, review or confirm", url, "with you", count=count, delegable=False)


def about(member: Member) -> Rows:
    """The rows behind `waiting`, and those that wait for others: whose they are is told by the rules."""
    if member.can(APPROVES) or member.can(WORKS):
        yield Change.objects.filter(OPEN)
    if member.can("changes.work") or member.can("changes.raise"):
        yield theirs(member)


def theirs(member: Member) -> QuerySet[Change]:
    """What they are to carry out, review or close, are named as having agreed to, and what of theirs was rejected lately.

    Who is not named is who asked; where nobody here did, that is whoever runs changes.
    """
    rows = Change.objects.filter(is_theirs(member)).select_related("agreed_by", "requester")
    return rows.order_by("review_due_on", "window_until", "id")


def is_theirs(member: Member) -> Q:
    """The condition of that."""
    person = Person.objects.filter(member=member.pk).values("pk")
    asked = Q(raised_by=member.pk) | Q(requester__in=person)
    falls_to_them = asked | NOBODYS if member.can(RUN) else asked
    # A request without somebody named is carried out by a pipeline.
    carry = Q(status__in=APPROVED) & (Q(implementer__in=person) | (Q(implementer=None, number=None) & falls_to_them))
    judged = Q(verifier__in=person) | (Q(verifier=None) & falls_to_them)
    if member.can(RUN):
        judged |= GRAVE & _NOBODY
    judged &= ~GRAVE | ~(asked | Q(implementer__in=person))  # as separation.why_not judges one
    ready = ~Q(type=Change.Type.EMERGENCY) | Q(written_at__isnull=False)
    review = Q(status__in=[*ATTEMPTED, Status.REVIEWED], review_due_on__isnull=False) & ready & judged
    rejected = Q(status=Status.REJECTED, ended_at__gte=now() - dt.timedelta(days=REJECTED_DAYS)) & asked
    return Q(status__in=_MAY_WAIT) & (carry | review | rejected | is_to_confirm(member))


def _approvals(member: Member, today: dt.date) -> Iterator[InboxEntry]:
    found = waiting_for(member).exclude(is_to_confirm(member)).order_by("written_due_at", "window_from", "submitted_at", "id")
    rows = list(found[: SHOWN + 1])
    for change in rows[:SHOWN]:
        yield _approval(change, today)
    if len(rows) > SHOWN:
        count = found.count() - SHOWN
        url = f"{reverse('changes:list')}?view=waiting#approvals"  # an address of its own, as one address is one entry
        yield InboxEntry(
            f"{count:,} more changes wait for your approval", url, "you may approve them", count=count, delegable=False
        )


def _approval(change: Change, today: dt.date) -> InboxEntry:
    """An emergency is due at the end of its day, another before its window begins."""
    if change.status in ATTEMPTED:
        due = _day(change.written_due_at)
        late = change.written_due_at is not None and change.written_due_at < now()
        title, why = "waits for your approval in writing", "it was carried out as an emergency"
    else:
        due = _day(change.window_from)
        late = due is not None and due < today
        title, why = "waits for your approval", "you may approve it"
    return InboxEntry(f"{_named(change)} {title}", change.get_absolute_url(), why, due, overdue=late, delegable=False)


def _names(change: Change, member: Member) -> bool:
    """Whether it stands in their work as it names them: who agreed neither asked for it nor carries it out."""
    return change.agreed_by is not None and change.agreed_by.member_id == member.pk and change.written_at is None


def _confirmation(change: Change, today: dt.date) -> InboxEntry:
    words = f"You are named as having agreed to {change.reference} by word: confirm by written approval or say that you did not"
    due = _day(change.written_due_at)
    late = due is not None and due < today
    return InboxEntry(words, change.get_absolute_url(), change.title, due, overdue=late, delegable=False)


def _entry(change: Change, today: dt.date) -> InboxEntry:
    url = change.get_absolute_url()
    if change.status in APPROVED:
        due = _day(change.window_until or change.approved_until)
        late = due is not None and due < today
        named = change.implementer_id is not None  # else it is their own that they asked for, which no deputy does
        title = f"{_named(change)} is to be carried out"
        why = FALLS_TO_YOU if is_nobodys(change) and not named else "you carry it out"
        return InboxEntry(title, url, why, due, overdue=late, delegable=named)
    if change.status == Status.REJECTED:
        why = "you asked for it"
        return InboxEntry(f"{_named(change)} was rejected", url, why, delegable=False)
    due = change.review_due_on
    late = due is not None and due < today
    what = "is to be closed" if change.status == Status.REVIEWED else "is to be reviewed"
    named = change.verifier_id is not None
    why = "you review it" if named else _unnamed(change)
    return InboxEntry(f"{_named(change)} {what}", url, why, due, overdue=late, delegable=named)


def _named(change: Change) -> str:
    return f"{change.reference}: {change.title}"


def _day(at: dt.datetime | None) -> dt.date | None:
    return timezone.localdate(at) if at else None


def _unnamed(change: Change) -> str:
    """Why a review for which nobody is named is with whoever reads this."""
    if is_nobodys(change):
        return FALLS_TO_YOU
    return "you run changes, and nobody is named who may review it" if change.is_grave else "you review it"
