"""An incident as it stands, as plain values: what a review is about, and what its PDF is printed from. "" is none."""

import datetime as dt
import hashlib
from typing import Any

from audit.record import canonical
from incidents.models import Incident, IncidentReview, IncidentTask, IncidentTime, NotificationClock

TEXTS = ("summary", "root_cause", "went_well", "went_badly", "control_note", "commitment_note", "disclose_note")
ANSWERS = ("control_failed", "commitment_missed", "disclose")
_TIMES = ("occurred", "detected", "acknowledged", "contained", "resolved", "closed")
_ITSELF = ("title", "description", "kind", "severity", "dataAffected", "detectedBy", "rootCause", "resolution", "systems")
Record = dict[str, Any]


def record_of(incident: Incident) -> Record:
    """Times with who recorded them and what they were before, the timeline with its corrections, tasks, notices and links."""
    return {
        "reference": incident.reference,
        "title": incident.title,
        "description": incident.description,
        "kind": incident.get_kind_display(),
        "severity": incident.severity_words,
        "confidential": incident.confidential,
        "status": incident.get_status_display(),
        "dataAffected": incident.data_affected,
        "detectedBy": incident.detected_by,
        "rootCause": incident.root_cause,
        "resolution": incident.resolution,
        "timesReopened": incident.times_reopened,
        "reportedAt": instant(incident.reported_at),
        "times": {what: instant(getattr(incident, f"{what}_at")) for what in _TIMES},
        "timesRecorded": [_time(row) for row in incident.times.all()],
        "people": {
            "reportedBy": _name(incident.reported_by),
            "assignedTo": _name(incident.assigned_to),
            "commander": _name(incident.commander),
            "scribe": _name(incident.scribe),
        },
        "systems": sorted(row.system.name for row in incident.systems.select_related("system")),
        "timeline": _timeline(incident),
        "tasks": [_task(row) for row in incident.tasks.select_related("owner__user")],
        "clocks": [_clock(row) for row in incident.clocks.all()],
        "links": [{"label": row.label, "note": row.note} for row in incident.links.filter(status="linked")],
    }


def standing_of(incident: Incident, at: dt.datetime) -> Record:
    """What goes on while a review waits: tasks and notices, as of a moment."""
    tasks = [_task(row) for row in incident.tasks.select_related("owner__user")]
    return {"at": instant(at), "tasks": tasks, "clocks": [_clock(row) for row in incident.clocks.all()]}


def sha256(value: Record) -> str:
    """Of its canonical form, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def differs(then: Record, now: Record) -> bool:
    """Whether the incident itself is another one than it was: its times, its severity, what is written of it.

    Its timeline, tasks and notices go on while a review waits, and so does closing it.
    """
    return _itself(then) != _itself(now)


def _itself(record: Record) -> Record:
    times = {what: at for what, at in record.get("times", {}).items() if what != "closed"}
    return {"times": times, **{name: record.get(name) for name in _ITSELF}}


def content_of(review: IncidentReview, record: Record) -> Record:
    """All that is approved."""
    controls = sorted(str(row.control.code) for row in review.controls.select_related("control"))
    texts = {name: getattr(review, name) for name in TEXTS}
    answers = {name: getattr(review, name) for name in ANSWERS}
    return {"number": review.number, "texts": texts, "answers": answers, "controls": controls, "incident": record}


def hash_of(review: IncidentReview, record: Record) -> str:
    """SHA-256 of it."""
    return sha256(content_of(review, record))


def instant(value: dt.datetime | None) -> str:
    """2026-10-30T14:05:00Z"""
    return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value else ""


def _time(row: IncidentTime) -> Record:
    return {
        "what": row.get_what_display(),
        "at": instant(row.at),
        "by": row.recorded_as,
        "recordedAt": instant(row.recorded_at),
        "reason": row.reason,
    }


def _task(row: IncidentTask) -> Record:
    return {
        "title": row.title,
        "kind": row.kind,
        "owner": row.owner.name,
        "due": row.due_on.isoformat(),
        "status": row.get_status_display(),
        "outcome": row.outcome,
    }


def _clock(row: NotificationClock) -> Record:
    return {
        "name": row.name,
        "recipient": row.recipient,
        "due": instant(row.due_at),
        "status": row.get_status_display(),
        "reason": row.reason,
        "notifiedAt": instant(row.notified_at),
        "whom": row.notified_whom,
        "late": row.was_late(),
    }


def _timeline(incident: Incident) -> list[Record]:
    entries = list(incident.entries.select_related("evidence", "file"))
    corrected = {row.corrects_id: row for row in entries if row.corrects_id}
    return [
        {
            "at": instant(row.at),
            "kind": row.get_kind_display(),
            "text": row.text,
            "by": row.recorded_as,
            "recordedAt": instant(row.recorded_at),
            "correctedTo": corrected[row.pk].text if row.pk in corrected else "",
            "correctedWhy": corrected[row.pk].reason if row.pk in corrected else "",
            "evidence": row.evidence.reference if row.evidence else "",
            "sha256": row.file.sha256 if row.file else "",
        }
        for row in entries
    ]


def _name(member: Any) -> str:
    return member.name if member else ""
