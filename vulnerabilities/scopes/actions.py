"""Writing scopes of scans."""

import datetime as dt
from typing import Any

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from tenancy.scope import now
from ui.refusals import ActionRefused
from vulnerabilities.models import Scan, ScanScope
from vulnerabilities.rights import WRITE
from vulnerabilities.settings import local_day
from workflow.changes import change, differing, shown
from workflow.uniqueness import refusing_taken

FIELDS = ("name", "tool", "target", "host", "port", "system", "owner", "every_days")


@action
def create_scope(*, actor: Actor, name: str, tool: str, every_days: int = 7, **facts: Any) -> ScanScope:
    """Say that something is scanned from now on; the first scan is due within its interval. Raises ActionRefused."""
    if not actor.can(WRITE):
        raise ActionRefused("Your role does not allow this.")
    moment = now()
    scope = ScanScope(
        name=name.strip(),
        tool=tool,
        every_days=every_days,
        made_by=actor if isinstance(actor, Member) else None,
        made_at=moment,
        next_due_on=local_day(moment),
        **facts,
    )
    scope.next_due_on = _due(scope, None)
    if scope.is_endpoint:
        scope.target = f"{scope.host}:{scope.port}"
    with refusing_taken(ScanScope):
        scope.save(force_insert=True)
    record("scan_scope.create", scope, actor=actor, after={one: shown(getattr(scope, one)) for one in FIELDS})
    return scope


def edit_scope(scope: ScanScope, *, actor: Actor, **facts: Any) -> ScanScope:
    """Change what is said of it; the tool and the endpoint stay: another is another scope. Raises ActionRefused."""
    if not actor.can(WRITE):
        raise ActionRefused("Your role does not allow this.")
    current = ScanScope.objects.select_related("owner", "system").get(pk=scope.pk)
    return _edit(current, actor, facts) if differing(current, facts) else current


@action
def _edit(scope: ScanScope, actor: Actor, facts: dict[str, Any]) -> ScanScope:
    with refusing_taken(ScanScope):
        changed = change(scope, "scan_scope.edit", actor=actor, fields=facts)
    plan_next(changed)
    return changed


@action
def retire_scope(scope: ScanScope, *, actor: Actor, reason: str) -> None:
    """It is scanned no more. What is open in it stays open until it is accepted: nothing has seen that it is gone."""
    ScanScope.RETIRE.apply(scope, actor=actor, note=said(reason))


@action
def restore_scope(scope: ScanScope, *, actor: Actor) -> None:
    """Scan it again."""
    ScanScope.RESTORE.apply(scope, actor=actor)
    plan_next(scope)


def plan_next(scope: ScanScope) -> None:
    """The next scan is due so many days after the last that could be evaluated; one that could not moves nothing."""
    evaluated = Scan.objects.filter(scope=scope, evaluable=True, status=Scan.Status.KEPT)
    last = evaluated.order_by("-ran_at").values_list("ran_at", flat=True).first()
    ScanScope.objects.filter(pk=scope.pk).update(next_due_on=_due(scope, last))


def _due(scope: ScanScope, last: dt.datetime | None) -> dt.date:
    """What Plumbline checks by itself is due at once while it was never checked."""
    at_once = last is None and scope.is_endpoint
    return local_day(last or scope.made_at) + dt.timedelta(days=0 if at_once else scope.every_days)


def said(reason: str) -> str:
    """A reason. Raises ActionRefused when there is none."""
    if not reason.strip():
        raise ActionRefused("Give a reason: an auditor will ask for it.", field="reason")
    return reason.strip()
