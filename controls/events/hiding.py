"""What of the control events is not shown to everybody who may read them: events about records that are confidential.

They are kept, hashed and counted in frozen figures like all other; pages, lists, totals and the API pass over them, and over
the alerts that are called by what such an event is about.
"""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q, QuerySet

from controls.models import Alert, AlertRule, ControlEvent

Hidden = Callable[[Any], Iterable[QuerySet[ControlEvent]]]
_hidden: list[Hidden] = []


def register_hidden_events(function: Hidden) -> Hidden:
    """`function(member)` gives querysets of the events of which this member must see nothing; none for those who may."""
    if function not in _hidden:
        _hidden.append(function)
    return function


def _hidden_from(member: Any) -> list[QuerySet[ControlEvent]]:
    return [rows.order_by() for function in _hidden for rows in function(member)]


def hidden_keys(member: Any) -> set[uuid.UUID]:
    """The ids of the events that are hidden from a member: at most one query."""
    parts = [rows.values_list("pk", flat=True) for rows in _hidden_from(member)]
    return set(parts[0].union(*parts[1:])) if parts else set()


def events_seen_by(member: Any) -> QuerySet[ControlEvent]:
    """The events that a reader of them may see. Where nothing is hidden the indexes serve as they did."""
    hidden = hidden_keys(member)
    return ControlEvent.objects.exclude(pk__in=hidden) if hidden else ControlEvent.objects.all()


def alerts_called_by(events: QuerySet[ControlEvent]) -> QuerySet[Alert]:
    """The alerts whose sentence says what one of these incidents is about."""
    watches = AlertRule.Watches.CRITICAL_INCIDENT
    return Alert.objects.filter(by=AlertRule.By.SUBJECT, watches=watches, same__in=events.order_by().values("subject"))


def alerts_seen_by(member: Any) -> QuerySet[Alert]:
    """The alerts that a reader of them may see; asks the database nothing."""
    seen = Q()
    for rows in _hidden_from(member):
        seen &= ~Q(pk__in=alerts_called_by(rows).order_by().values("pk"))
    return Alert.objects.filter(seen)
