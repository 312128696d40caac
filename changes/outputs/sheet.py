"""What the PDF of a change is printed from: its record, what was kept of it, and its activity, as one frozen JSON."""

from typing import Any

from audit.models import AuditEvent
from audit.sentences import actor, did
from changes.models import Change
from changes.outputs.kept import records_of
from changes.outputs.record import Record, instant, loaded, record_of
from tenancy.models import current_organization

FORMAT = "plumbline.change-sheet/1"
SHOWN = 200  # events of its activity; the trail has all
_FOLDED = frozenset({"change.save"})  # what a draft saved by itself


def sheet_of(change: Change) -> Record:
    """Everything of a change as of now; the same again, byte for byte, as long as nothing happens to it."""
    organization = current_organization()
    (whole,) = loaded([change.pk])
    events = list(AuditEvent.objects.filter(object_id=change.pk).exclude(verb__in=_FOLDED).order_by("-at", "-id")[: SHOWN + 1])
    return {
        "format": FORMAT,
        "organization": organization.name,
        "zone": organization.zone,
        "change": record_of(whole),
        "carriedOut": _carried_out(whole),
        "kept": [
            {"reference": one.evidence.reference, "stage": one.stage, "sha256": one.sha256, "at": instant(one.taken_at)}
            for one in records_of(change)
        ],
        "comments": [
            {"by": one.said_by.name if one.said_by else "", "at": instant(one.said_at), "text": one.text}
            for one in whole.comments.select_related("said_by__user").order_by("said_at", "pk")
        ],
        "activity": [_event(one) for one in reversed(events[:SHOWN])],
        "moreActivity": len(events) > SHOWN,
        "asOf": instant(max([change.edited_at, *(event.at for event in events[:1])])),
    }


def _carried_out(change: Change) -> dict[str, str]:
    """What the calendar had against its being carried out when it was, and why it went ahead; {} where it had nothing."""
    event = AuditEvent.objects.filter(object_id=change.pk, verb=Change.IMPLEMENT.verb).order_by("-at", "-id").first()
    metadata: dict[str, Any] = (event.data.get("metadata") or {}) if event else {}
    if event is None or not (against := metadata.get("outside")):
        return {}
    return {"against": str(against), "reason": str(metadata.get("note", "")), "by": actor(event)}


def _event(event: AuditEvent) -> dict[str, Any]:
    metadata: dict[str, Any] = event.data.get("metadata") or {}
    return {"at": instant(event.at), "by": actor(event), "did": did(event), "note": str(metadata.get("note", ""))}
