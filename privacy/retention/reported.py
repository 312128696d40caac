"""Deletions elsewhere, as other systems report them: control events that name a schedule."""

import datetime as dt
import re

from django.db.models import QuerySet

from controls.models import ControlEvent
from controls.models.event import EventKind
from privacy.models import RetentionSchedule
from tenancy.models import current_organization


def reports_of(schedule: RetentionSchedule) -> QuerySet[ControlEvent]:
    """The deletion events of the schedule's control that name its number, the latest first."""
    if schedule.control_id is None:
        return ControlEvent.objects.none()
    # Canonical JSON has no white space: this is the beginning of the field's text, up to where the number ends.
    named = f'"retention":"{re.escape(schedule.reference)}[^[:alnum:]_-]'
    events = ControlEvent.objects.filter(control=schedule.control_id, kind=EventKind.DELETION, body__regex=named)
    return events.order_by("-occurred_at")


def report_due_on(schedule: RetentionSchedule, today: dt.date) -> dt.date | None:
    """By when, where the organization lives, the next deletion has to be reported; None where none is expected."""
    if schedule.control_id is None or not schedule.report_days:
        return None
    latest = reports_of(schedule).values_list("occurred_at", flat=True).first()
    since = (latest or schedule.made_at).astimezone(current_organization().tzinfo).date()
    return min(since, today) + dt.timedelta(days=schedule.report_days)
