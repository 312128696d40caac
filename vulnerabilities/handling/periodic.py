"""What vulnerabilities do by themselves: acceptances end, and people are reminded of what is due."""

import datetime as dt
import uuid
from collections import defaultdict

from accounts.models import Member
from audit.actions import action
from audit.actors import SCHEDULE
from audit.record import Entry, record_many
from tenancy.models import Organization
from ui.values import spelled
from vulnerabilities.handling.actions import lapse
from vulnerabilities.models import ScanScope, Vulnerability
from workflow.digests import MORNING, latest_milestone, reminded_since, send_digest

BEFORE = (7, 1)


def end_acceptances(organization: Organization, at: dt.datetime) -> None:
    """Open accepted ones again once their end has passed. Idempotent."""
    today = at.astimezone(organization.tzinfo).date()
    ended = Vulnerability.objects.filter(status=Vulnerability.Status.ACCEPTED, accepted_until__lt=today).order_by("pk")
    for one in ended:
        lapse(one, actor=SCHEDULE, reason=f"The acceptance ended on {spelled(one.accepted_until)}.")


def remind(organization: Organization, at: dt.datetime) -> None:
    """Write to whoever has a vulnerability or an overdue scan: 7 days and a day before, the day after, and each week it is late.

    One mail a day and person, from seven in the morning where the organization lives, with all that waits for its reader.
    """
    local = at.astimezone(organization.tzinfo)
    if local.hour < MORNING:
        return
    today = local.date()
    soon = today + dt.timedelta(days=max(BEFORE))
    owed: dict[uuid.UUID, list[tuple[Vulnerability | ScanScope, dt.date]]] = defaultdict(list)
    open_ones = Vulnerability.objects.filter(status=Vulnerability.Status.OPEN, owner__member__isnull=False, due_on__lte=soon)
    for one in open_ones.select_related("owner"):
        owed[one.owner.member_id].append((one, one.due_on))
    late = ScanScope.objects.filter(status=ScanScope.Status.ACTIVE, owner__member__isnull=False, next_due_on__lt=today)
    for scope in late.select_related("owner"):
        owed[scope.owner.member_id].append((scope, scope.next_due_on))
    members = Member.objects.active().filter(pk__in=owed, user__is_active=True).select_related("user", "organization")
    reminded = [row for member in members if _write(member, owed[member.pk], today) for row, _ in owed[member.pk]]
    if reminded:
        _note(reminded, today)


def _write(member: Member, found: list[tuple[Vulnerability | ScanScope, dt.date]], today: dt.date) -> bool:
    """Queue the mail of the day, unless there was one since something in it became worth a mail."""
    latest = max(day for _, due in found if (day := latest_milestone(due, today, BEFORE)))
    if reminded_since(member.pk, latest, today):
        return False
    late = sum(due < today for _, due in found)
    number, state = (late, "overdue") if late else (len(found), "due soon")
    head = "Vulnerabilities and scans"
    return send_digest(member, f"{head}: 1 is {state}" if number == 1 else f"{head}: {number:,} are {state}", today)


@action
def _note(reminded: list[Vulnerability | ScanScope], today: dt.date) -> None:
    """One event for each and day."""
    entries = [Entry(one._meta.label_lower, one.pk, str(one), metadata={"day": today}) for one in reminded]
    record_many("vulnerability.remind", actor=SCHEDULE, entries=entries)
