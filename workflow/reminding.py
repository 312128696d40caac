"""Reminding people of what is due on a day: before it, the day after, and each week it is late; by the one mail of the day."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Model

from accounts.models import Member
from audit.actions import action
from audit.actors import SCHEDULE
from audit.record import Entry, record_many
from tenancy.models import Organization
from workflow.digests import MORNING, latest_milestone, reminded_since, send_digest


@dataclass(frozen=True, slots=True)
class Due:
    """A record, the member it waits for, and its day."""

    member_id: uuid.UUID
    record: Model
    day: dt.date


@dataclass(frozen=True)
class Reminding:
    """What is reminded of: as the subject of a mail calls it, and as the trail does. `before`: how many days before."""

    head: str
    verb: str
    before: Sequence[int]

    @property
    def longest(self) -> dt.timedelta:
        """How far ahead to look."""
        return dt.timedelta(days=max(self.before))

    def subject(self, found: Sequence[Due], today: dt.date) -> str:
        """How many are overdue or, where none is, due soon."""
        late = sum(one.day < today for one in found)
        number, state = (late, "overdue") if late else (len(found), "due soon")
        return f"{self.head}: 1 is {state}" if number == 1 else f"{self.head}: {number:,} are {state}"

    def run(self, organization: Organization, at: dt.datetime, due: Callable[[dt.date], Iterable[Due]]) -> None:
        """Write to everybody who has something of what `due(today)` gives, on the days when it is worth a mail.

        From seven in the morning where the organization lives. A host that was down makes up for it with one mail.
        """
        local = at.astimezone(organization.tzinfo)
        if local.hour < MORNING:
            return
        today = local.date()
        owed: dict[uuid.UUID, list[Due]] = defaultdict(list)
        for one in due(today):
            owed[one.member_id].append(one)
        members = Member.objects.active().filter(pk__in=owed).select_related("user", "organization")
        reminded = [one for member in members if self._write(member, owed[member.pk], today) for one in owed[member.pk]]
        if reminded:
            _note(self.verb, reminded, today)

    def _write(self, member: Member, found: Sequence[Due], today: dt.date) -> bool:
        """Queue the mail of the day, unless there was one since something in it became worth a mail."""
        days = [day for one in found if (day := latest_milestone(one.day, today, self.before))]
        if not days or reminded_since(member.pk, max(days), today):
            return False
        return send_digest(member, self.subject(found, today), today)


@action
def _note(verb: str, reminded: Iterable[Due], today: dt.date) -> None:
    """One event for each record and day."""
    records = {one.record.pk: one.record for one in reminded}.values()
    entries = [Entry(one._meta.label_lower, one.pk, str(one), metadata={"day": today}) for one in records]
    record_many(verb, actor=SCHEDULE, entries=entries)
