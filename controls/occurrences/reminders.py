"""E-mail to the owners of controls: 7 and 1 days before something is due, and each week once it is overdue.

The mail of a day holds all that waits for its reader, from every area. A host that was down makes up for it with one mail.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from accounts.models import Member
from audit.actions import action
from audit.actors import SCHEDULE
from audit.record import Entry, record_many
from controls.models import Control, Occurrence
from controls.occurrences.calendar import DAY
from controls.occurrences.states import OPEN
from tenancy.models import Organization
from workflow.digests import MORNING, reminded_since, send_digest

BEFORE = (dt.timedelta(days=7), dt.timedelta(days=1))
WEEK = dt.timedelta(days=7)


@dataclass(slots=True)
class Owed:
    """What a member is reminded of: the controls, and the latest day on which one of them became worth a mail."""

    latest: dt.date
    controls: set[uuid.UUID] = field(default_factory=set)
    open: int = 0
    late: int = 0


def send_reminders(organization: Organization, at: dt.datetime) -> None:
    """Write to every owner for whom a day has come since their last mail; from seven in the morning."""
    local = at.astimezone(organization.tzinfo)
    if local.hour < MORNING:
        return
    today = local.date()
    owed = _owed(today)
    members = Member.objects.active().filter(pk__in=owed, user__is_active=True).select_related("user", "organization")
    reminded: dict[uuid.UUID, list[str]] = defaultdict(list)
    for member in members:
        due = owed[member.pk]
        if not reminded_since(member.pk, due.latest, today) and _write(member, due, today):
            for control in due.controls:
                reminded[control].append(member.email)
    if reminded:
        _note(reminded, today)


def reminder_day(opens_on: dt.date, due_on: dt.date, today: dt.date) -> dt.date | None:
    """The latest day up to today on which something open was worth a mail; None before the first."""
    if today > due_on:
        return due_on + DAY + (today - due_on - DAY) // WEEK * WEEK
    days = [due_on - before for before in BEFORE]
    return max((day for day in days if opens_on <= day <= today), default=None)


def _owed(today: dt.date) -> dict[uuid.UUID, Owed]:
    found: dict[uuid.UUID, Owed] = {}
    for member, control, opens_on, due_on in _open(today):
        if day := reminder_day(opens_on, due_on, today):
            owed = found.setdefault(member, Owed(day))
            owed.latest = max(owed.latest, day)
            owed.controls.add(control)
            owed.open += 1
            owed.late += due_on < today
    return found


def _open(today: dt.date) -> Iterator[tuple[uuid.UUID, uuid.UUID, dt.date, dt.date]]:
    """Owner, control and days of everything open that is due within a week, or was."""
    rows = Occurrence.objects.filter(OPEN, due_on__lte=today + WEEK, control__owner__member__isnull=False).order_by()
    yield from rows.values_list("control__owner__member", "control", "opens_on", "due_on").iterator()


def _write(member: Member, owed: Owed, today: dt.date) -> bool:
    return send_digest(member, _subject(owed), today)


def _subject(owed: Owed) -> str:
    number, state = (owed.late, "overdue") if owed.late else (owed.open, "due soon")
    return f"Controls: 1 occurrence is {state}" if number == 1 else f"Controls: {number:,} occurrences are {state}"


@action
def _note(reminded: dict[uuid.UUID, list[str]], today: dt.date) -> None:
    """One event for each control and day."""
    names = {control.pk: str(control) for control in Control.objects.filter(pk__in=reminded).only("code", "title", "tenant_id")}
    entries = [
        Entry("controls.control", key, names[key], metadata={"day": today, "reminded": sorted(emails)})
        for key, emails in reminded.items()
    ]
    record_many("control.remind", actor=SCHEDULE, entries=entries)
