"""Maintenance: planned before it begins, shortened or moved while it may be, cancelled."""

from collections.abc import Collection
from typing import Any

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from monitoring.models import Check, MaintenanceCheck, MaintenanceWindow
from monitoring.models.check import EDITS
from tenancy.scope import now
from ui.refusals import ActionRefused
from ui.values import exact
from workflow.changes import change, differing, shown

WRITTEN = ("name", "starts_at", "ends_at", "reason")
LATE = "Maintenance is planned before it begins: what has passed stays as it was found."


@action
def plan(*, actor: Actor, checks: Collection[Check] = (), **facts: Any) -> MaintenanceWindow:
    """Plan maintenance of some checks, or of all. `facts`: all of WRITTEN. Raises ActionRefused."""
    _authorise(actor)
    window = MaintenanceWindow(set_by=actor if isinstance(actor, Member) else None, set_at=now(), **facts)
    if window.starts_at < now().replace(second=0, microsecond=0):
        raise ActionRefused(LATE, field="starts_at")
    _refuse_backwards(window)
    window.save(force_insert=True)
    _cover(window, checks)
    after = {name: shown(getattr(window, name)) for name in WRITTEN}
    record("maintenance.plan", window, actor=actor, after={**after, "checks": _names(checks)})
    return window


@action
def edit(window: MaintenanceWindow, *, actor: Actor, checks: Collection[Check], **facts: Any) -> MaintenanceWindow:
    """Change what is not over. What is under way keeps its beginning and its checks. Raises ActionRefused."""
    _authorise(actor)
    current = MaintenanceWindow.objects.select_for_update(of=("self",)).get(pk=window.pk)
    refuse_over(current)
    before = sorted(current.checks.values_list("check_of__name", flat=True))
    wanted = _names(checks)
    under_way = current.starts_at <= now()
    if under_way and (facts["starts_at"] != current.starts_at or wanted != before):
        raise ActionRefused("It is under way: its beginning and its checks stay.", field="starts_at")
    if not under_way and facts["starts_at"] < now().replace(second=0, microsecond=0):
        raise ActionRefused(LATE, field="starts_at")
    if facts["ends_at"] < min(now(), current.ends_at):
        raise ActionRefused("It ends now at the earliest.", field="ends_at")
    if not differing(current, facts) and wanted == before:
        raise ActionRefused("It says so already: nothing was changed.")
    _refuse_backwards(MaintenanceWindow(**facts))
    changed = change(window, "maintenance.edit", actor=actor, fields=facts)
    if wanted != before:
        _cover(changed, checks)
        record("maintenance.edit", changed, actor=actor, before={"checks": before}, after={"checks": wanted})
    return changed


@action
def cancel(window: MaintenanceWindow, *, actor: Actor, reason: str) -> MaintenanceWindow:
    """It does not take place. One that has begun is ended instead. Raises ActionRefused."""
    _authorise(actor)
    current = MaintenanceWindow.objects.select_for_update(of=("self",)).get(pk=window.pk)
    refuse_over(current)
    if not reason.strip():
        raise ActionRefused("Give a reason: an auditor will ask for it.", field="reason")
    if current.starts_at <= now():
        return change(window, "maintenance.end", actor=actor, fields={"ends_at": now()}, note=reason.strip())
    return MaintenanceWindow.CANCEL.apply(window, actor=actor, note=reason.strip())


def refuse_over(window: MaintenanceWindow) -> None:
    """Raise ActionRefused when it is cancelled, or over."""
    if window.status == MaintenanceWindow.Status.CANCELLED:
        raise ActionRefused(f"{window} is cancelled: plan another one.")
    if window.ends_at <= now():
        raise ActionRefused(f"{window} has been over since {exact(window.ends_at)}: it stays as it was.")


def _cover(window: MaintenanceWindow, checks: Collection[Check]) -> None:
    rows = MaintenanceCheck.objects.filter(window=window)
    rows.exclude(check_of__in=[one.pk for one in checks]).delete()
    there = set(rows.values_list("check_of", flat=True))
    MaintenanceCheck.objects.bulk_create(MaintenanceCheck(window=window, check_of=one) for one in checks if one.pk not in there)


def _refuse_backwards(window: MaintenanceWindow) -> None:
    if window.ends_at <= window.starts_at:
        raise ActionRefused("The maintenance ends before it begins.", field="ends_at")


def _authorise(actor: Actor) -> None:
    if not actor.can(EDITS):
        raise ActionRefused("Your role does not allow this.")


def _names(checks: Collection[Check]) -> list[str]:
    return sorted(one.name for one in checks)
