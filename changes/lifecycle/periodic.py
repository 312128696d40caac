"""What changes do by themselves: approvals expire, an emergency without its approval in writing becomes a finding."""

import datetime as dt
import uuid
from collections import defaultdict

from django.db.models import Q

from accounts.models import Member
from audit.actions import action
from audit.actors import SCHEDULE
from audit.record import Entry, record, record_many
from changes.lifecycle.moving import hold
from changes.lifecycle.submitting import lapse
from changes.lifecycle.unwritten import raise_overdue
from changes.models import Change
from changes.models.change import APPROVED, ATTEMPTED
from tenancy.models import Organization
from ui.values import exact
from workflow.digests import MORNING, latest_milestone, reminded_since, send_digest

BEFORE = 1  # days before a review is due
UNWRITTEN = Q(type=Change.Type.EMERGENCY, status__in=ATTEMPTED, written_at=None)


def expire(_organization: Organization, at: dt.datetime) -> None:
    """An approval that was not used in its time ends: the change waits for approval again. Idempotent."""
    for change in Change.objects.filter(status__in=APPROVED, approved_until__lt=at).order_by("pk"):
        until = exact(change.approved_until) if change.approved_until else ""
        lapse(change, actor=SCHEDULE, reason=f"The approval was not used by {until}.")


def raise_unwritten(_organization: Organization, at: dt.datetime) -> None:
    """An emergency that nobody approved in writing in time becomes a finding, once. Idempotent."""
    for change in Change.objects.filter(UNWRITTEN, written_due_at__lt=at, written_finding=None).order_by("pk"):
        hold(change)
        if change.written_at is None and change.written_finding_id is None:
            _raise(change)


@action
def _raise(change: Change) -> None:
    found = raise_overdue(change, actor=SCHEDULE)
    record("change.overdue", change, actor=SCHEDULE, after={"finding": found.reference})


def remind(organization: Organization, at: dt.datetime) -> None:
    """Write to whoever reviews a change the day before its review is due, on the day after, and each week it is late.

    One mail a day and person, from seven in the morning where the organization lives, with all that waits for its reader.
    """
    local = at.astimezone(organization.tzinfo)
    if local.hour < MORNING:
        return
    today = local.date()
    rows = Change.objects.filter(status__in=ATTEMPTED, review_due_on__lte=today + dt.timedelta(days=BEFORE))
    owed: dict[uuid.UUID, list[Change]] = defaultdict(list)
    for change in rows.select_related("verifier", "requester"):
        if key := _reviewer(change):
            owed[key].append(change)
    members = Member.objects.active().filter(pk__in=owed).select_related("user", "organization")
    reminded = [one for member in members if _write(member, owed[member.pk], today) for one in owed[member.pk]]
    if reminded:
        _note(reminded, today)


def _reviewer(change: Change) -> uuid.UUID | None:
    person = change.verifier or change.requester
    reviewer: uuid.UUID | None = person.member_id if person else None
    return reviewer or (None if change.verifier else change.raised_by_id)


def _write(member: Member, found: list[Change], today: dt.date) -> bool:
    due = [one.review_due_on for one in found if one.review_due_on]
    latest = max(day for one in due if (day := latest_milestone(one, today, [BEFORE])))
    if reminded_since(member.pk, latest, today):
        return False
    late = sum(one < today for one in due)
    number, state = (late, "overdue") if late else (len(found), "due soon")
    subject = f"Reviews of changes: 1 is {state}" if number == 1 else f"Reviews of changes: {number:,} are {state}"
    return send_digest(member, subject, today)


@action
def _note(reminded: list[Change], today: dt.date) -> None:
    """One event for each change and day."""
    kind = Change._meta.label_lower
    entries = [Entry(kind, one.pk, str(one), metadata={"day": today}) for one in reminded]
    record_many("change.remind", actor=SCHEDULE, entries=entries)
