"""Whoever has a request is reminded of it."""

import datetime as dt
import uuid
from collections import defaultdict

from accounts.models import Member
from audit.actions import action
from audit.actors import SCHEDULE
from audit.record import Entry, record_many
from controls.findings.periodic import BEFORE
from controls.models import AuditRequest
from controls.models.request import WITH_TEAM
from tenancy.models import Organization
from workflow.digests import MORNING, latest_milestone, reminded_since, send_digest


def remind(organization: Organization, at: dt.datetime) -> None:
    """Write to everybody who has a request 7 days and a day before it is due, on the day after, and each week it is late.

    It goes into the one mail of the day. A host that was down makes up for it with one mail.
    """
    local = at.astimezone(organization.tzinfo)
    if local.hour < MORNING:
        return
    today = local.date()
    near = AuditRequest.objects.filter(
        status__in=WITH_TEAM, due_on__lte=today + dt.timedelta(days=max(BEFORE)), assignee__member__isnull=False
    )
    owed: dict[uuid.UUID, list[AuditRequest]] = defaultdict(list)
    for one in near.select_related("assignee"):
        if one.assignee is not None and one.assignee.member_id is not None:
            owed[one.assignee.member_id].append(one)
    members = Member.objects.active().filter(pk__in=owed, user__is_active=True).select_related("user", "organization")
    if reminded := [one for member in members if _write(member, owed[member.pk], today) for one in owed[member.pk]]:
        _note(reminded, today)


def _write(member: Member, found: list[AuditRequest], today: dt.date) -> bool:
    """Queue the mail of the day, unless there was one since something in it became worth a mail."""
    days = [day for one in found if one.due_on and (day := latest_milestone(one.due_on, today, BEFORE))]
    if not days or reminded_since(member.pk, max(days), today):
        return False
    late = sum(one.due_on is not None and one.due_on < today for one in found)
    number, state = (late, "overdue") if late else (len(found), "due soon")
    subject = f"Auditor's requests: 1 is {state}" if number == 1 else f"Auditor's requests: {number:,} are {state}"
    return send_digest(member, subject, today)


@action
def _note(reminded: list[AuditRequest], today: dt.date) -> None:
    """One event for each request and day."""
    kind = AuditRequest._meta.label_lower
    entries = [Entry(kind, one.pk, str(one), metadata={"day": today}) for one in reminded]
    record_many("audit_request.remind", actor=SCHEDULE, entries=entries)
