"""Which checks there are, as runners take them along."""

import datetime as dt
import logging
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from accounts.sealing import SealingError
from monitoring.models import Check
from monitoring.probing.target import Target, target_of
from monitoring.running.schedule import member_of, next_due
from tenancy.models import INSTALLATION_SLUG, Organization
from tenancy.scope import tenant
from workflow.outgoing.hosts import allowed_hosts

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Watched:
    """A check of an organization: what to look at, and of one that is told, when its silence begins to count."""

    organization: Organization
    target: Target
    called_at: dt.datetime | None


def organizations() -> list[Organization]:
    """All but the reserved one."""
    return list(Organization.objects.exclude(slug=INSTALLATION_SLUG).order_by("pk"))


def watched(organization: Organization) -> dict[str, Watched]:
    """The checks of an organization that are watched, by their name in the schedule. Two queries."""
    found: dict[str, Watched] = {}
    with tenant(organization):
        rows = [one for one in Check.objects.filter(status=Check.Status.ACTIVE) if not _is_made_up(one, organization)]
        allowed = allowed_hosts() if rows else frozenset()
        for check in rows:
            try:
                target = target_of(check, allowed)
            except SealingError as error:
                log.warning("Check %s is not looked at: its secret does not open. %s", check.pk, error)
                continue
            found[member_of(organization.pk, check.pk)] = Watched(organization, target, check.called_at)
    return found


def _is_made_up(check: Check, organization: Organization) -> bool:
    """Whether an example organization names a host that is none: nobody looks there, and nobody is alarmed."""
    host = check.host or urlsplit(check.url).hostname or ""
    return organization.is_example and host.endswith(".example")


def first_due(member: str, one: Watched, at: float, watching_since: float) -> float | None:
    """When it is to be looked at, where the schedule does not know; None for one that waits for its first call."""
    if not one.target.is_passive:
        return next_due(member, one.target.interval, at)
    return silent_from(one.target, one.called_at, watching_since)


def silent_from(target: Target, called_at: dt.datetime | None, watching_since: float) -> float | None:
    """When the silence of one that is told becomes an alarm.

    A call that was due while nobody could have heard it may have come: the next one is waited for. One that was due later, and
    not earlier than it may be late, has nothing to do with that: else who restarts every day would never hear of a daily job.
    """
    if called_at is None:
        return None
    last = called_at.timestamp()
    was_heard = last + target.interval - target.timeout >= watching_since
    return (last if was_heard else max(last, watching_since)) + target.interval + target.timeout


def called(organization: Organization, checks: Iterable[uuid.UUID]) -> dict[uuid.UUID, dt.datetime | None]:
    """When these were last called, as the database has it now."""
    with tenant(organization):
        return dict(Check.objects.filter(pk__in=list(checks)).values_list("pk", "called_at"))
