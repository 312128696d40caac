"""What the audit binder is told of incidents: from the record of each, never from what somebody says of them in general."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse

from controls.binder.facts import Fact, Outcome, register_fact
from controls.models import AuditPeriod
from evidence.printing.words import plural
from incidents.models import AlertChannel, EscalationPolicy, Incident, IncidentReview, SecurityEvent
from incidents.models.incident import GRAVE, NEEDS_REVIEW, OVER
from incidents.outputs.population import within
from tenancy.models import current_organization
from tenancy.scope import now

LEFT_DAYS = 7  # a security event that nobody has evaluated for so long is left; the same as for alerts (docs/binder.md)


def register() -> None:
    """Answer two lines of the checklist, a rule, and the part of the description about incidents."""
    register_fact("incident-procedures", handled)
    register_fact("alerting", alarmed)
    register_fact("no-ignored-alert", evaluated)
    register_fact("incidents", grave_ones)


def handled(period: AuditPeriod, _day: dt.date) -> Iterator[Fact]:
    """Whether the incidents of the period were acknowledged and reviewed in time. Silent where there was none."""
    moment, url = now(), reverse("incidents:list")
    approved = IncidentReview.objects.filter(incident=OuterRef("pk"), status=IncidentReview.Status.APPROVED)
    late = Q(acknowledged_at__gt=F("acknowledge_due_at"))
    late |= Q(acknowledged_at=None, acknowledge_due_at__lt=moment) & ~Q(status__in=OVER)
    today = current_organization().today()
    counted = (
        within(period.starts_on, period.ends_on)
        .exclude(status=Incident.Status.DISMISSED)
        .annotate(reviewed=Exists(approved))
        .aggregate(
            all=Count("pk"),
            late=Count("pk", filter=late),
            unreviewed=Count("pk", filter=NEEDS_REVIEW & Q(reviewed=False, review_due_on__lt=today)),
        )
    )
    total = plural(counted["all"], "incident")
    if counted["late"]:
        yield Fact(Outcome.BROKEN, f"{counted['late']:,} of {total} of the period acknowledged late.", url)
    if counted["unreviewed"]:
        words = plural(counted["unreviewed"], "grave incident has", "grave incidents have")
        yield Fact(Outcome.BROKEN, f"{words} no approved review although it was due.", url)
    if counted["all"] and not counted["late"] and not counted["unreviewed"]:
        yield Fact(Outcome.HOLDS, f"{total} in the period, none acknowledged late, and reviewed where that is due.", url)


def alarmed(_period: AuditPeriod, _day: dt.date) -> Iterator[Fact]:
    """Whether an alarm reaches somebody at once: a policy that escalates. Silent where nobody has set one up."""
    policies = EscalationPolicy.objects.filter(status="active").count()
    channels = AlertChannel.objects.filter(status="active").count()
    if policies:
        also = f", and {plural(channels, 'channel')}" if channels else ""
        words = plural(policies, "escalation policy tells", "escalation policies tell")
        yield Fact(Outcome.HOLDS, f"{words} whoever is on call until somebody acknowledges{also}.", reverse("incidents:on-call"))


def evaluated(period: AuditPeriod, day: dt.date) -> Iterator[Fact]:
    """Whether a security event of the period was left for more than a week. Silent where none was reported."""
    organization = current_organization()
    begin, end = organization.end_of(period.starts_on - dt.timedelta(days=1)), organization.end_of(period.ends_on)
    left = Q(status=SecurityEvent.Status.NEW, reported_at__lt=organization.end_of(day - dt.timedelta(days=LEFT_DAYS + 1)))
    rows = SecurityEvent.objects.filter(reported_at__gte=begin, reported_at__lt=end).order_by()
    counted = rows.aggregate(all=Count("pk"), left=Count("pk", filter=left))
    url = reverse("incidents:event-list")
    if counted["left"]:
        words = plural(counted["left"], "security event was", "security events were")
        yield Fact(Outcome.BROKEN, f"{words} not evaluated for more than {LEFT_DAYS} days.", url)
    elif counted["all"]:
        yield Fact(Outcome.HOLDS, f"{plural(counted['all'], 'security event')} of the period, none left without a look.", url)


def grave_ones(period: AuditPeriod, day: dt.date) -> Iterator[Fact]:
    """How many critical and high incidents the period had up to a day; that there were none is said with the days.

    Silent where incidents are not kept here: without any, nothing says that they would have been.
    """
    organization = current_organization()
    last = min(day, period.ends_on)
    kept = Incident.objects.exists() or SecurityEvent.objects.filter(reported_at__lt=organization.end_of(last)).exists()
    if not kept or last < period.starts_on:
        return
    rows = within(period.starts_on, last).exclude(status=Incident.Status.DISMISSED).order_by()
    found = dict(rows.filter(severity__in=GRAVE).values_list("severity").annotate(Count("pk")))
    days = f"from {period.starts_on:%-d %B %Y} to {last:%-d %B %Y}"
    if not found.get("critical"):
        yield Fact(Outcome.HOLDS, f"No critical incident was recorded {days}.", reverse("incidents:list"))
    for name in ("critical", "high"):
        if number := found.get(name, 0):
            words = plural(number, f"{name} incident was", f"{name} incidents were")
            yield Fact(Outcome.HOLDS, f"{words} recorded {days}.", f"{reverse('incidents:list')}?severity={name}")
