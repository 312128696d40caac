"""What changes do by themselves: approvals expire, an emergency without its approval in writing becomes a finding."""

import datetime as dt
import uuid
from collections.abc import Iterator

from django.db.models import Q

from accounts.models import Member
from audit.actions import action
from audit.actors import SCHEDULE
from audit.record import record
from changes import rights
from changes.lifecycle.moving import hold
from changes.lifecycle.submitting import lapse
from changes.lifecycle.unwritten import raise_overdue
from changes.models import Change
from changes.models.change import APPROVED, ATTEMPTED
from tenancy.models import Organization, current_organization
from ui.values import exact
from workflow.reminding import Due, Reminding

REMINDING = Reminding("Reviews of changes", "change.remind", before=(1,))
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
    """Write to whoever reviews a change the day before its review is due, on the day after, and each week it is late."""
    REMINDING.run(organization, at, _due)


def _due(today: dt.date) -> Iterator[Due]:
    rows = Change.objects.filter(status__in=ATTEMPTED, review_due_on__lte=today + REMINDING.longest)
    runners = {one.pk for one in Member.objects.active().of(current_organization()) if one.can(rights.RUN)}
    for change in rows.select_related("verifier", "requester", "implementer"):
        if change.review_due_on:
            yield from (Due(key, change, change.review_due_on) for key in _reviewers(change, runners))


def _reviewers(change: Change, runners: set[uuid.UUID]) -> set[uuid.UUID]:
    """Whoever reviews it; where nobody may who is named or asked for it, those who run changes and have no part in it."""
    person = rights.reviewer_of(change)
    if person is None and change.is_grave:
        parts = {one.member_id for one in (change.requester, change.implementer) if one}
        return runners - parts - {change.raised_by_id}
    key = (person.member_id if person else None) or (None if change.verifier else change.raised_by_id)
    if key is None and change.verifier is None:  # nobody here asked for it
        return runners
    return {key} if key else set()
