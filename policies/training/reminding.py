"""Mail to whoever has to take a course, and once a week to the managers of those who are late."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.urls import reverse

from accounts.models import Member
from audit.actions import action
from audit.actors import SCHEDULE
from audit.record import Entry, record_many
from inventory.models import Person
from policies.training.standing import everybody_owing, late_under_managers, required
from tenancy.models import Organization
from workflow.digests import MORNING
from workflow.models import OutboxMessage
from workflow.outbox import queue_mail
from workflow.reminding import Due, Reminding

REMINDING = Reminding("Training to take", "training.remind", (14, 7, 1))
LATE = dt.timedelta(days=7)
NAMED = 50
Late = tuple[str, Person, dt.date]  # the course's name, who, and their day


def remind(organization: Organization, at: dt.datetime) -> None:
    """Write 14 days, 7 days and a day before a course is due, the day after, and each week it is late. Idempotent."""
    REMINDING.run(organization, at, _due)


def escalate(organization: Organization, at: dt.datetime) -> None:
    """Tell managers who of their people is a week late or more: one mail a week, by its key. Idempotent."""
    local = at.astimezone(organization.tzinfo)
    if local.hour < MORNING:
        return
    today = local.date()
    courses = {one.pk: one for one in required()}
    rows = late_under_managers(list(courses.values()), today - LATE, today)
    people = Person.objects.in_bulk({person for _, person, _, _ in rows})
    told: dict[uuid.UUID, list[Late]] = defaultdict(list)
    for course, person, day, manager in rows:
        if manager != people[person].member_id:
            told[manager].append((courses[course].name, people[person], day))
    week = today - dt.timedelta(days=today.weekday())
    for member in Member.objects.active().filter(pk__in=told).select_related("user", "organization"):
        key = f"training:late:{member.pk}:{week}"
        if not OutboxMessage.objects.filter(key=key).exists():
            _tell(member, sorted(told[member.pk], key=lambda one: (one[2], one[1].name)), key)


def _due(today: dt.date) -> Iterator[Due]:
    """One for each person: the course that is due first."""
    first: dict[uuid.UUID, dt.date] = {}
    for _, person, day in everybody_owing(list(required()), today):
        first[person] = min(day, first.get(person, day))
    for one in Person.objects.filter(pk__in=list(first)).order_by("pk"):
        if one.member_id is not None:
            yield Due(one.member_id, one, first[one.pk])


@action
def _tell(member: Member, late: Sequence[Late], key: str) -> None:
    lines = [f"{person.name}: {course}, due on {day:%-d %B %Y}" for course, person, day in late[:NAMED]]
    if len(late) > NAMED:
        lines.append(f"and {len(late) - NAMED:,} more")
    where = f"{settings.PLUMBLINE_BASE_URL}{reverse('policies:training')}"
    text = "\n".join(["They have to take these courses, and are a week late or more:", "", *lines, "", where])
    count = len({person.pk for _, person, _ in late})
    subject = f"{count:,} of your people {'is' if count == 1 else 'are'} late with training"
    queue_mail(to=member.email, subject=subject, text=text, key=key)
    kind = Person._meta.label_lower
    entries = [Entry(kind, person.pk, person.name, after={"course": course, "told": member.name}) for course, person, _ in late]
    record_many("training.escalate", actor=SCHEDULE, entries=entries)
