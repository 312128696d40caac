"""What happens to people and their access, as events that controls run on: from the roster and the imported populations.

Somebody may be hired and leave more than once. The roster has their last employment; earlier ones are in the trail, in what a
rehire replaced.
"""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from audit.models import AuditEvent
from controls.occurrences.cadence import Event
from controls.occurrences.calendar import spelled
from inventory.models import Entitlement, Person, Snapshot

_PERSON = Person._meta.label_lower


@dataclass(frozen=True, slots=True)
class _Employment:
    """From when to when somebody worked here, as far as is known."""

    person_id: uuid.UUID
    name: str
    started_on: dt.date | None
    ended_on: dt.date | None


def joiners(first: dt.date, last: dt.date) -> Iterator[Event]:
    """Everybody whose first day lies in the span."""
    for one in _employments():
        if one.started_on and first <= one.started_on <= last:
            label = f"{one.name}, first day {spelled(one.started_on)}"
            yield Event(_key(one.person_id, one.started_on), label, one.started_on, _PERSON, one.person_id)


def leavers(first: dt.date, last: dt.date) -> Iterator[Event]:
    """Everybody whose last working day lies in the span."""
    for one in _employments():
        if one.ended_on and first <= one.ended_on <= last:
            label = f"{one.name}, last day {spelled(one.ended_on)}"
            yield Event(_key(one.person_id, one.ended_on), label, one.ended_on, _PERSON, one.person_id)


def access_grants(first: dt.date, last: dt.date) -> Iterator[Event]:
    """Every access right that an import shows as granted in the span, once, however many imports list it."""
    listed = Entitlement.objects.filter(
        snapshot__status=Snapshot.Status.IMPORTED,
        snapshot__as_of__date__gte=first,
        granted_at__date__range=(first, last),
        no_access=False,
    )
    columns = ("account_id", "account__name", "account__system__name", "role", "entitlement_key", "resource", "granted_at")
    seen: set[str] = set()
    for account, name, system, role, entitlement, resource, granted_at in listed.order_by().values_list(*columns).distinct():
        on = timezone.localtime(granted_at).date()
        what = hashlib.md5(f"{account}\n{entitlement}\n{resource}".encode(), usedforsecurity=False).hexdigest()
        key = f"{what}-{on:%y%m%d}"
        if key not in seen:
            seen.add(key)
            right = " ".join(part for part in (role, resource) if part)
            yield Event(key, f"{name}: {right} in {system}, {spelled(on)}", on, "inventory.account", account)


def _employments() -> Iterator[_Employment]:
    for person in Person.objects.only("name", "started_on", "left_on", "contract_ends_on", "tenant_id").iterator():
        yield _Employment(person.pk, person.name, person.started_on, person.last_day)
    for event in AuditEvent.objects.filter(verb=Person.REHIRE.verb, result="success").iterator():
        before = event.data["before"] or {}
        started, left, contract = (_day(before.get(name)) for name in ("started_on", "left_on", "contract_ends_on"))
        ended = min((day for day in (left, contract) if day), default=None)
        if event.object_id is not None:
            yield _Employment(event.object_id, event.object_name, started, ended)


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _key(person: uuid.UUID, day: dt.date) -> str:
    """A person may come and go more than once, on different days."""
    return f"{person.hex}-{day:%y%m%d}"
