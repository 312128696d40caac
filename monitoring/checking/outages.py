"""Outages begin and end; each is told to an incident, once, also when whoever would have told it was killed."""

import datetime as dt
import logging
import uuid

from audit.actions import action
from audit.actors import Actor, System
from audit.record import record
from incidents import hooks
from incidents.lifecycle.actions import set_severity
from incidents.models import Incident, Severity
from incidents.models.incident import ONGOING
from incidents.reporting.actions import outage, recovered
from monitoring.models import Check, Outage
from tenancy.models import Organization
from tenancy.scope import now, tenant
from ui.refusals import ActionRefused
from ui.values import exact

MONITOR = System("monitoring")
log = logging.getLogger(__name__)


def component_of(check: Check) -> str:
    """What an incident is about: the system, where the check has one, so that its checks share an incident."""
    return f"system:{check.system_id}" if check.system_id else f"check:{check.pk}"


@action
def begin_outage(check: Check, *, started_at: dt.datetime, confirmed_at: dt.datetime, detail: str) -> Outage:
    """Something is down since `started_at`. Its incident is opened by `tell_outages`, in a transaction of its own."""
    row = Outage.objects.create(check_of=check, started_at=started_at, confirmed_at=confirmed_at, detail=detail)
    record("outage.begin", row, actor=MONITOR, after={"check": check.name, "started_at": started_at, "detail": detail})
    return row


@action
def end_outage(check: Check, *, ended_at: dt.datetime, actor: Actor = MONITOR, note: str = "") -> None:
    """It is up again, or nobody looks any more."""
    row = Outage.objects.get(check_of=check, status=Outage.Status.ONGOING)
    Outage.END.apply(row, actor=actor, ended_at=max(ended_at, row.started_at), note=note)


def tell_outages(organization: Organization) -> int:
    """Open or join the incident of each outage that has none, and note each end in it; returns how many were told.

    Each in a transaction of its own, by whoever takes the row first: what a killed process left behind is told by the next
    one that asks. What cannot be told stays, and is logged.
    """
    passed: set[uuid.UUID] = set()
    told = 0
    while True:
        try:
            with tenant(organization):
                if not _tell_one(passed):
                    return told
        except ActionRefused as refusal:
            log.warning("An outage could not be told: %s", refusal.sentence)
        else:
            told += 1


def _tell_one(passed: set[uuid.UUID]) -> bool:
    """Tell the next one and note that it was tried, whatever comes of it: no outage keeps those behind it from being told."""
    untold = Outage.objects.filter(noted=False).exclude(status=Outage.Status.ONGOING, incident__isnull=False)
    rows = untold.exclude(pk__in=passed).select_for_update(of=("self",), skip_locked=True)
    row = rows.select_related("check_of__system", "incident").order_by("pk").first()
    if row is None:
        return False
    passed.add(row.pk)
    if row.incident_id is None:
        _open(row)
    if row.status == Outage.Status.OVER:
        _note_end(row)
    return True


@action
def _open(row: Outage) -> None:
    check = row.check_of
    incident, is_new = outage(
        component=component_of(check),
        actor=MONITOR,
        title=f"{check.name} is down"[:200],
        severity=Severity.CRITICAL if check.critical else Severity.MEDIUM,
        description=f"{check.get_kind_display()} check, {check.place}: {row.detail or 'no answer.'}",
        systems=[check.system] if check.system else [],
        detected_at=min(row.confirmed_at, now()),
        occurred_at=min(row.started_at, now()),
        detected_by=f"Check {check.name}"[:200],
    )
    if check.critical and not is_new and incident.severity != Severity.CRITICAL:
        set_severity(incident, actor=MONITOR, severity=Severity.CRITICAL, reason=f"{check.name} is critical, and is down too.")
    Outage.objects.filter(pk=row.pk).update(incident=incident)


def _note_end(row: Outage) -> None:
    ended, check = row.ended_at or now(), row.check_of
    if check.status == Check.Status.ACTIVE:
        _note_recovery(row, ended)
    elif row.incident is not None and row.incident.status in {*ONGOING, Incident.Status.RESOLVED}:
        words = f"{check.name} is {check.get_status_display().lower()} since {exact(ended)}: whether it is up, nobody looks."
        record("incident.lose_sight", row.incident, actor=MONITOR, note=words)
        hooks.note(row.incident, words, MONITOR, ended)
    Outage.objects.filter(pk=row.pk).update(noted=True)


def _note_recovery(row: Outage, ended: dt.datetime) -> None:
    component = row.incident.component if row.incident else component_of(row.check_of)  # its system may be another one by now
    if Incident.objects.filter(component=component, status__in=[*ONGOING, Incident.Status.RESOLVED]).exists():
        minutes = max(1, round((ended - row.started_at).total_seconds() / 60))
        length = f"{minutes:,} minute{'' if minutes == 1 else 's'}"
        words = f"{row.check_of.name} is up again since {exact(ended)}, after {length}."
        recovered(component=component, at=ended, actor=MONITOR, note=words)
