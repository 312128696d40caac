"""What of the trail is not shown to everybody who may read it: events about records that are confidential.

They are recorded, sealed and counted in the tree like all others; only pages, lists and the API pass over them.
"""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet

from audit.masking import with_masks
from audit.models import AuditEvent

Hidden = Callable[[Any], Iterable[QuerySet[Any, Any]]]
_hidden: list[Hidden] = []


def register_hidden(function: Hidden) -> Hidden:
    """`function(member)` gives querysets of the records about which this member must read nothing; none for those who may."""
    if function not in _hidden:
        _hidden.append(function)
    return function


def hidden_from(member: Any) -> list[uuid.UUID]:
    """The ids of the records that are hidden from a member: at most one query."""
    parts = [rows.order_by().values_list("pk", flat=True) for function in _hidden for rows in function(member)]
    return list(parts[0].union(*parts[1:])) if parts else []


def events_seen_by(member: Any) -> QuerySet[AuditEvent]:
    """The events that a reader of the trail may see."""
    events = with_masks(AuditEvent.objects.all())
    for app in member.limits.shut_apps:
        events = events.exclude(object_kind__startswith=f"{app}.")
    hidden = hidden_from(member)
    return events.exclude(object_id__in=hidden) if hidden else events


def part_seen_by(member: Any) -> QuerySet[AuditEvent] | None:
    """The events of a reader who is limited to some of them; None for whoever may read the whole trail."""
    return events_seen_by(member) if member.limits else None
