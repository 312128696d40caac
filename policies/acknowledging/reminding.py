"""Mail about what is to be confirmed: to whoever was asked, and once it is a week late to their manager."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import Member
from audit.actions import action
from audit.actors import SCHEDULE
from audit.record import Entry, record_many
from inventory.models import Person
from policies.models import Acknowledgement
from tenancy.models import Organization
from workflow.digests import MORNING
from workflow.outbox import queue_mail
from workflow.reminding import Due, Reminding

REMINDING = Reminding("Policies to confirm", "acknowledgement.remind", (7, 3, 1))
LATE = dt.timedelta(days=7)
NAMED = 50


def remind(organization: Organization, at: dt.datetime) -> None:
    """Write 7 days, 3 days and a day before it is due, the day after, and each week it is late. Idempotent."""
    REMINDING.run(organization, at, _due)


def escalate(organization: Organization, at: dt.datetime) -> None:
    """Tell managers once who of their people is a week late; where nobody is their manager here, the policy's owner."""
    local = at.astimezone(organization.tzinfo)
    if local.hour < MORNING:
        return
    today = local.date()
    late = pending(today).filter(due_on__lte=today - LATE, escalated_on=None)
    told: dict[uuid.UUID, list[Acknowledgement]] = defaultdict(list)
    for one in late.select_related("person__manager", "campaign__version", "campaign__policy__owner").order_by("due_on", "pk"):
        manager, owner = one.person.manager, one.campaign.policy.owner
        to = (manager.member_id if manager else None) or (owner.member_id if owner else None)
        if to is not None and to != one.person.member_id:
            told[to].append(one)
    for member in Member.objects.active().filter(pk__in=told).select_related("user", "organization"):
        _tell(member, told[member.pk], today)


def pending(today: dt.date) -> QuerySet[Acknowledgement]:
    """What is asked for now of people who still work here."""
    here = (Q(person__left_on=None) | Q(person__left_on__gte=today)) & ~Q(person__status=Person.Status.LEFT)
    return Acknowledgement.objects.filter(here, status="open", campaign__status="open")


def _due(today: dt.date) -> Iterator[Due]:
    soon = pending(today).filter(due_on__lte=today + REMINDING.longest, person__member__isnull=False)
    for one in soon.select_related("person", "campaign__version").order_by("due_on", "pk"):
        if one.person.member_id is not None:
            yield Due(one.person.member_id, one, one.due_on)


@action
def _tell(member: Member, late: Sequence[Acknowledgement], today: dt.date) -> None:
    lines = [f"{one.person.name}: {one.campaign.version}, due on {one.due_on:%-d %B %Y}" for one in late[:NAMED]]
    if len(late) > NAMED:
        lines.append(f"and {len(late) - NAMED:,} more")
    where = f"{settings.PLUMBLINE_BASE_URL}{reverse('policies:acknowledgements')}?state=overdue"
    text = "\n".join(["They were asked to read and confirm, and are a week late or more:", "", *lines, "", where])
    subject = f"{len(late):,} confirmation{'s' if len(late) > 1 else ''} of policies {'are' if len(late) > 1 else 'is'} late"
    queue_mail(to=member.email, subject=subject, text=text, key=f"acknowledgements:late:{member.pk}:{today}")
    found = Acknowledgement.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk for one in late], status="open")
    names, keys = {one.pk: str(one) for one in late}, list(found.order_by("pk").values_list("pk", flat=True))
    Acknowledgement.objects.filter(pk__in=keys).update(escalated_on=today)
    after = {"escalated_on": today, "told": member.name}
    entries = [Entry("policies.acknowledgement", key, names[key], after=after) for key in keys]
    record_many("acknowledgement.escalate", actor=SCHEDULE, entries=entries)
