"""What findings do by themselves: acceptances end, and whoever a finding is with is reminded."""

import datetime as dt
import uuid
from collections import defaultdict

from accounts.models import Member
from audit.actions import action
from audit.actors import SCHEDULE
from audit.record import Entry, record_many
from controls.findings.actions import lapse
from controls.models import Finding
from tenancy.models import Organization
from ui.values import spelled
from workflow.digests import MORNING, latest_milestone, reminded_since, send_digest

BEFORE = (7, 1)


def end_acceptances(organization: Organization, at: dt.datetime) -> None:
    """Open accepted findings again once their end has passed. Idempotent."""
    today = at.astimezone(organization.tzinfo).date()
    for finding in Finding.objects.filter(status=Finding.Status.ACCEPTED, accepted_until__lt=today).order_by("pk"):
        lapse(finding, actor=SCHEDULE, reason=f"The acceptance ended on {spelled(finding.accepted_until)}.")


def remind(organization: Organization, at: dt.datetime) -> None:
    """Write to everybody who has a finding 7 days or a day before it is due, on the day after, and each week it is late.

    One mail a day and person, from seven in the morning where the organization lives, with all that waits for its reader.
    A host that was down makes up for it with one mail.
    """
    local = at.astimezone(organization.tzinfo)
    if local.hour < MORNING:
        return
    today = local.date()
    working = Finding.objects.filter(status__in=(Finding.Status.OPEN, Finding.Status.IN_REMEDIATION), owner__member__isnull=False)
    owed: dict[uuid.UUID, list[Finding]] = defaultdict(list)
    for finding in working.filter(due_on__lte=today + dt.timedelta(days=max(BEFORE))).select_related("owner"):
        owed[finding.owner.member_id].append(finding)
    members = Member.objects.active().filter(pk__in=owed, user__is_active=True).select_related("user", "organization")
    reminded = [one for member in members if _write(member, owed[member.pk], today) for one in owed[member.pk]]
    if reminded:
        _note(reminded, today)


def _write(member: Member, found: list[Finding], today: dt.date) -> bool:
    """Queue the mail of the day, unless there was one since something in it became worth a mail."""
    latest = max(day for one in found if (day := latest_milestone(one.due_on, today, BEFORE)))
    if reminded_since(member.pk, latest, today):
        return False
    late = sum(one.due_on < today for one in found)
    number, state = (late, "overdue") if late else (len(found), "due soon")
    subject = f"Findings: 1 is {state}" if number == 1 else f"Findings: {number:,} are {state}"
    return send_digest(member, subject, today)


@action
def _note(reminded: list[Finding], today: dt.date) -> None:
    """One event for each finding and day."""
    kind = Finding._meta.label_lower
    entries = [Entry(kind, one.pk, str(one), metadata={"day": today}) for one in reminded]
    record_many("finding.remind", actor=SCHEDULE, entries=entries)
