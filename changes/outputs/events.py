"""Each move of a change as a control event, for the control that asks for approved changes."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from audit.actors import System
from changes.models import Change
from changes.outputs.record import approvers_of, instant
from controls.events.actions import MOST, OWN, log_events
from controls.events.schemas import CARRIED_OUT
from controls.models import Control
from controls.models.event import EventKind
from tenancy.ids import uuid7
from tenancy.models import current_organization

STARTER, CRITERION = "CHG-001", "CC8.1"
ITSELF = System("changes")
Moved = tuple[Change, str, dt.datetime]  # load the change by changes.outputs.record.loaded
_LONG = 4000  # of a text in an event
_AFTERWARDS = frozenset({*CARRIED_OUT, "approved", "scheduled", "reviewed", "closed"})


def control_of_changes() -> Control | None:
    """The control that the events of changes are logged for: CHG-001 in service, or the first that answers CC8.1."""
    rows = Control.objects.filter(status=Control.Status.ACTIVE)
    starter = rows.filter(library_key=STARTER).order_by("code").first()
    return starter or rows.filter(answers__criterion=CRITERION).order_by("code").first()


def log_moves(moves: Sequence[Moved]) -> None:
    """Log them, up to MOST at a time. Nothing where no control asks for it. Part of a caller's action."""
    control = control_of_changes()
    if control is None:
        return
    organization = current_organization()
    items = [event_of(change, stage, at, control.code) for change, stage, at in moves]
    for start in range(0, len(items), MOST):
        log_events(items[start : start + MOST], source=OWN, organization=organization, actor=ITSELF)


def event_of(change: Change, stage: str, at: dt.datetime, control: str) -> dict[str, Any]:
    """The event that a change came to a stage: what anybody can tell of it then."""
    approvers = approvers_of(change) if stage in _AFTERWARDS else []
    systems = sorted(row.system.name for row in change.systems.all())
    deployments = [row.external_id for row in change.deployments.all()]
    known = {
        "requester": change.requester.name if change.requester else "",
        "system": ", ".join(systems),
        "approved_at": instant(change.approved_at) if stage in _AFTERWARDS else "",
    }
    return {
        "event_id": f"{change.reference}-{stage}-{uuid7().hex}",
        "kind": EventKind.CHANGE.value,
        "control": control,
        "occurred_at": at.isoformat(),
        "data": {
            "title": f"{change.reference} {change.title}"[:200],
            "change_kind": change.kind,
            "approver": _short(", ".join(approvers)),
            "implementer": _short(_implementer(change, stage)),
            "commit": change.merge_sha or change.head_sha or None,
            "deployment": _short(", ".join(deployments)),
            "rollback_plan": change.rollback_plan[:_LONG] or None,
            "testing_evidence": _tested(change),
            "emergency": change.type == Change.Type.EMERGENCY,
            "stage": stage,
            **{name: value[:200] for name, value in known.items() if value},
        },
    }


def _implementer(change: Change, stage: str) -> str:
    """Who carried it out: by name, or as the repository names whoever merged it; the pipeline where nobody is known."""
    if stage not in CARRIED_OUT and change.implemented_at is None:
        return change.implementer.name if change.implementer else ""
    return (change.implementer.name if change.implementer else change.merged_by) or "Pipeline"


def _tested(change: Change) -> str | None:
    passed = [one.get("name", "") for one in change.checks if one.get("outcome") == "passed"]
    return change.testing_evidence[:_LONG] or (f"Checks passed: {', '.join(passed)}"[:_LONG] if passed else None)


def _short(text: str) -> str | None:
    return text[:200] or None
