"""One e-mail a day and person at most: what waits for them, and what others are late with that they answer for.

Somebody is written to when a milestone has passed that no mail to them has covered: 14, 7 and 1 days before a review is due
and each day after; on the third day late the reviewer's manager, on the seventh the compliance managers; and the compliance
managers on day 15 of a quarter whose review has not started. A host that was down makes up for it with one mail.
"""

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass, field

from accounts.models import Member
from audit.actions import action
from audit.actors import SCHEDULE
from audit.record import record
from reviews.models import Campaign
from reviews.reminders.alarm import Alarm, alarms
from reviews.reminders.people import Outstanding, account_of, compliance_managers, local_day, manager_of, outstanding
from tenancy.models import Organization
from workflow.digests import MORNING, days, link, reminded_since, send_digest

BEFORE = (14, 7, 1)
MANAGER_AFTER = 3
COMPLIANCE_AFTER = 7


@dataclass(slots=True)
class Digest:
    """What a member is written about; `milestones` are the days on which something in it became worth a mail."""

    member: Member
    own: list[Outstanding] = field(default_factory=list)
    late_people: list[Outstanding] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    milestones: set[dt.date] = field(default_factory=set)


def send_digests(organization: Organization, at: dt.datetime) -> None:
    """Write to everybody for whom a milestone has passed; from seven in the morning where the organization lives."""
    if at.astimezone(organization.tzinfo).hour < MORNING:
        return
    today = local_day(organization, at)
    reminded: dict[Campaign, list[str]] = defaultdict(list)
    for digest in digests(organization, at):
        if _is_due(digest, today) and write(digest, today):
            for row in digest.own:
                reminded[row.campaign].append(digest.member.email)
    for campaign, emails in reminded.items():
        _note(campaign, emails, today)


def digests(organization: Organization, at: dt.datetime) -> list[Digest]:
    """What each member would be written about at `at`."""
    today = local_day(organization, at)
    found: dict[uuid.UUID, Digest] = {}

    def of(member: Member) -> Digest:
        return found.setdefault(member.pk, Digest(member))

    managers = compliance_managers()
    for row in outstanding():
        if (member := account_of(row.person)) is not None:
            of(member).own.append(row)
            of(member).milestones |= milestones(row.campaign, today, organization)
        for told, after in _told(row, managers):
            if row.days_late(today) >= after:
                of(told).late_people.append(row)
                of(told).milestones.add(row.campaign.due_on + dt.timedelta(days=after))
    for alarm in alarms(organization, at):
        for member in managers:
            of(member).alarms.append(alarm)
            of(member).milestones.add(alarm.since)
    return list(found.values())


def milestones(campaign: Campaign, today: dt.date, organization: Organization) -> set[dt.date]:
    """The days up to `today` on which a reviewer with open items is due a reminder; none on or before the start."""
    started = local_day(organization, campaign.started_at) if campaign.started_at else dt.date.min
    days = {campaign.due_on - dt.timedelta(days=days) for days in BEFORE}
    if today > campaign.due_on:
        days.add(today)
    return {day for day in days if started < day <= today}


def _told(row: Outstanding, managers: list[Member]) -> list[tuple[Member, int]]:
    """Who is told that somebody is late, and after how many days; without a manager the compliance managers, sooner."""
    manager = manager_of(row.person)
    told = [(manager, MANAGER_AFTER)] if manager else []
    after = COMPLIANCE_AFTER if manager else MANAGER_AFTER
    reviewer = account_of(row.person)
    others = [(member, after) for member in managers if manager is None or member.pk != manager.pk]
    return [(member, days) for member, days in [*told, *others] if reviewer is None or member.pk != reviewer.pk]


def _is_due(digest: Digest, today: dt.date) -> bool:
    """Whether a milestone has passed since the last mail."""
    if not digest.milestones:
        return False
    return not reminded_since(digest.member.pk, max(digest.milestones), today)


def write(digest: Digest, today: dt.date) -> bool:
    """Queue the mail of the day; False when this person has had it."""
    before = [f"{alarm.title}. {alarm.text}\n{link(alarm.url)}" for alarm in digest.alarms]
    late = "\n".join(["Late with their decisions:", *(_late(row, today) for row in digest.late_people)])
    return send_digest(digest.member, _subject(digest, today), today, before=before, after=[late] if digest.late_people else [])


def _subject(digest: Digest, today: dt.date) -> str:
    if digest.alarms:
        return digest.alarms[0].title
    open_ = sum(row.count for row in digest.own)
    if not open_:
        return "Access review: others are late"
    things = "1 decision is" if open_ == 1 else f"{open_:,} decisions are"
    late = max(row.days_late(today) for row in digest.own)
    return f"Access review: {things} overdue" if late > 0 else f"Access review: {things} waiting for you"


def _late(row: Outstanding, today: dt.date) -> str:
    open_ = "1 decision" if row.count == 1 else f"{row.count:,} decisions"
    return f"- {row.person.name}: {open_} in {row.campaign.reference}, {days(row.days_late(today))} late"


@action
def _note(campaign: Campaign, emails: list[str], today: dt.date) -> None:
    """One event for each review and day."""
    record("campaign.remind", campaign, actor=SCHEDULE, metadata={"day": today, "reminded": sorted(emails)})
