"""Owners are reminded 30, 7 and 1 days before their evidence expires: by the one mail of the day, with all that waits."""

import datetime as dt
from collections import defaultdict

from accounts.models import Member
from audit.actors import SCHEDULE
from audit.record import Entry, record_many
from evidence.models import Evidence
from tenancy.models import Organization
from workflow.digests import MORNING, link, reminded_since, send_digest

BEFORE = (30, 7, 1)
CATCH_UP = dt.timedelta(days=7)  # a host that was down for longer leaves it to "My work"


def send_reminders(organization: Organization, at: dt.datetime) -> None:
    """Write to each owner for whom a milestone has passed that no mail to them has covered."""
    local = at.astimezone(organization.tzinfo)
    if local.hour < MORNING:
        return
    today = local.date()
    for owner, items in _expiring(today).items():
        since = max((day for item in items for day in _milestones(item, today, organization)), default=None)
        if since and today - since <= CATCH_UP and not reminded_since(owner.pk, since, today):
            _write(owner, items, today)


def _expiring(today: dt.date) -> dict[Member, list[Evidence]]:
    """The items that expire soon, or did within the week, by those owners who may still enter."""
    found: dict[Member, list[Evidence]] = defaultdict(list)
    window = (today - CATCH_UP, today + dt.timedelta(days=max(BEFORE)))
    items = Evidence.objects.filter(status=Evidence.Status.CURRENT, owner__isnull=False, expires_on__range=window)
    for item in items.select_related("owner__user", "owner__organization").order_by("expires_on", "reference"):
        if item.owner is not None and item.owner.is_active:
            found[item.owner].append(item)
    return found


def _milestones(item: Evidence, today: dt.date, organization: Organization) -> list[dt.date]:
    """The days up to `today` on which the owner is due a reminder; none before there was such an item."""
    if item.expires_on is None:
        return []
    collected = organization.day_of(item.collected_at)
    days = [item.expires_on - dt.timedelta(days=days) for days in BEFORE]
    return [day for day in days if collected <= day <= today]


def _write(owner: Member, items: list[Evidence], today: dt.date) -> None:
    owned = "\n".join(["Evidence that you own:", *(_line(item, today) for item in items)])
    soonest = items[0]
    subject = (
        f"Evidence expires: {soonest.reference} {soonest.title}" if len(items) == 1 else f"Evidence expires: {len(items)} items"
    )
    if send_digest(owner, subject, today, before=[owned]):
        facts = {"reminded": [owner.email], "day": today}
        entries = [Entry(item._meta.label_lower, item.pk, str(item), metadata=facts) for item in items]
        record_many("evidence.remind", actor=SCHEDULE, entries=entries)


def _line(item: Evidence, today: dt.date) -> str:
    expires = item.expires_on or today
    verb = "expired" if expires < today else "expires"
    return f"- {item.reference} {item.title} {verb} on {expires.day} {expires:%B}.\n  {link(item.get_absolute_url())}"
