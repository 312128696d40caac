"""Facts from what other systems log: alerts and whether somebody looked, changes and whether somebody approved, incidents."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from controls.binder.facts import Fact, Outcome
from controls.events.actions import OWN
from controls.models import Alert, AlertRule, AuditPeriod, ControlEvent
from controls.models.event import EventKind, EventResult
from tenancy.models import current_organization

LEFT_DAYS = 7  # an alert that nobody has looked at for so long is left. Our own rule: docs/binder.md
_WITHOUT = Q(result__in=[EventResult.UNAPPROVED, EventResult.SELF_APPROVED])


def alerts_looked_at(period: AuditPeriod, day: dt.date) -> Iterator[Fact]:
    """Whether an alert of the period was left for more than a week, on a rule that is on."""
    begin, end = _span(period)
    organization = current_organization()
    left = Q(status=Alert.Status.OPEN, raised_at__lt=organization.end_of(day - dt.timedelta(days=LEFT_DAYS + 1)))
    raised = Alert.objects.filter(raised_at__gte=begin, raised_at__lt=end)
    counted = raised.aggregate(all=Count("pk"), left=Count("pk", filter=left), open=Count("pk", filter=Q(status="open")))
    url = reverse("controls:alert-list")
    if counted["left"]:
        yield Fact(Outcome.BROKEN, f"{_many(counted['left'], 'alert')} waited more than {LEFT_DAYS} days for a look.", url)
    elif counted["all"]:
        waiting = f"; {counted['open']} of the last days still wait" if counted["open"] else ""
        yield Fact(Outcome.HOLDS, f"{_many(counted['all'], 'alert')} in the period, none left without a look{waiting}.", url)
    elif AlertRule.objects.filter(status=AlertRule.Status.ON).exists():
        yield Fact(Outcome.HOLDS, "No rule has raised an alert in the period.", url)
    else:
        yield Fact(Outcome.UNKNOWN, "No alert rule is on, so nothing could raise an alert.", url)


def changes_approved(period: AuditPeriod, _day: dt.date) -> Iterator[Fact]:
    """Whether each change that another system logged as carried out was approved by somebody who did not make it.

    Plumbline's own changes are judged by what it holds of them, not by what it logged.
    """
    logged = _logged(period, EventKind.CHANGE).exclude(source=OWN).exclude(result=EventResult.NOTED)
    counted = logged.aggregate(all=Count("pk"), without=Count("pk", filter=_WITHOUT))
    url = f"{reverse('controls:event-list')}?{urlencode({'category': EventKind.CHANGE.value})}"
    if not counted["all"] and _logged(period, EventKind.CHANGE).filter(source=OWN).exists():
        return
    if not counted["all"]:
        yield Fact(Outcome.UNKNOWN, "No system logs its changes and deployments here.", url)
    elif counted["without"]:
        yield Fact(
            Outcome.BROKEN,
            f"{counted['without']:,} of {counted['all']:,} logged changes had no approver but their implementer.",
            url,
        )
    else:
        yield Fact(Outcome.HOLDS, f"Each of {_many(counted['all'], 'logged change')} was approved by somebody else.", url)


def logged_incidents(period: AuditPeriod, _day: dt.date) -> Iterator[Fact]:
    """Incidents that systems logged, for the description."""
    found = dict(_logged(period, EventKind.INCIDENT).order_by().values_list("result").annotate(Count("pk")))
    if found:
        order = (EventResult.CRITICAL, EventResult.HIGH, EventResult.MEDIUM, EventResult.LOW)
        severities = ", ".join(f"{found[one]} {one.label.lower()}" for one in order if found.get(one))
        total = sum(found.values())
        yield Fact(Outcome.HOLDS, f"Other systems logged {_many(total, 'report')} of incidents in the period ({severities}).")


def _logged(period: AuditPeriod, kind: EventKind) -> QuerySet[Any]:
    begin, end = _span(period)
    return ControlEvent.objects.filter(kind=kind, occurred_at__gte=begin, occurred_at__lt=end)


def _span(period: AuditPeriod) -> tuple[dt.datetime, dt.datetime]:
    organization = current_organization()
    return organization.end_of(period.starts_on - dt.timedelta(days=1)), organization.end_of(period.ends_on)


def _many(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count:,} {noun}s"
