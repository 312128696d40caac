"""Writing into the timeline of an incident."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from evidence.models import Evidence, StoredFile
from incidents.lifecycle.moving import for_workers, refuse_over
from incidents.models import Incident, IncidentEntry
from incidents.proof import keep
from tenancy.scope import now
from ui.refusals import ActionRefused, stated

KINDS = IncidentEntry.Kind
SLACK = dt.timedelta(minutes=2)  # clocks of those who call the API go wrong by this much


@action
def write(
    incident: Incident,
    *,
    kind: str,
    text: str,
    actor: Actor,
    at: dt.datetime | None = None,
    evidence: Evidence | None = None,
    corrects: IncidentEntry | None = None,
    reason: str = "",
) -> IncidentEntry:
    """Add a line: what was noticed, done, decided or said at `at` (now, unless said). Raises ActionRefused.

    A line that corrects another, for a reason, stands beside it; the one before stays as it was written.
    """
    _open_to(incident, actor, corrects)
    told, moment = stated(text, "Write what happened.", field="text"), _past(at)
    why = stated(reason, "Say why it is corrected.", field="reason") if corrects else ""
    file = evidence.file if evidence else corrects.file if corrects else None
    entry = _add(incident, kind, told, actor, at=moment, file=file, evidence=evidence, corrects=corrects, reason=why)
    _say(entry, actor)
    return entry


@action
def write_with_files(
    incident: Incident,
    *,
    kind: str,
    text: str,
    actor: Actor,
    files: "Sequence[UploadedFile[Any]]" = (),
    at: dt.datetime | None = None,
) -> list[IncidentEntry]:
    """Add a line, and one for each file, which is kept as evidence. A file needs no words. Raises ActionRefused."""
    if not files:
        return [write(incident, kind=kind, text=text, at=at, actor=actor)]
    _open_to(incident, actor, None)
    moment, lines = _past(at), []
    for upload in files:
        kept = keep(incident, upload, "timeline", actor)
        told = text.strip() or (upload.name or "A file")
        line = _add(incident, KINDS.EVIDENCE, told, actor, at=moment, file=kept.file, evidence=kept.evidence)
        _say(line, actor)
        lines.append(line)
    return lines


def note(incident: Incident, text: str, actor: Actor, at: dt.datetime | None = None) -> None:
    """A line of the product's own about what was recorded elsewhere in the same transaction."""
    _add(incident, KINDS.STATUS, text, actor, at=at or now())


def put_right(line: IncidentEntry, actor: Actor, *, text: str, at: dt.datetime, reason: str) -> None:
    """Correct a line of the product's own, as what it says was corrected where it was recorded."""
    _add(line.incident, line.kind, text, actor, at=at, corrects=line, reason=reason)


def detected(incident: Incident, text: str, actor: Actor, at: dt.datetime) -> None:
    """The product's line about how it was noticed."""
    _add(incident, KINDS.DETECTION, text, actor, at=at)


def _open_to(incident: Incident, actor: Actor, corrects: IncidentEntry | None) -> None:
    """For those who work on it; what is over is only corrected. Raises ActionRefused."""
    for_workers(incident, actor)
    if corrects is None:
        refuse_over(incident)
        return
    if corrects.incident_id != incident.pk:
        raise ActionRefused("This line belongs to another incident.")
    if corrects.recorded_by_id is None:
        raise ActionRefused("Plumbline wrote this line of what was recorded elsewhere: correct that.")
    if IncidentEntry.objects.filter(corrects=corrects.pk).exists():
        raise ActionRefused("Somebody has corrected this line already. Correct the correction.")


def _add(
    incident: Incident,
    kind: str,
    text: str,
    actor: Actor,
    *,
    at: dt.datetime,
    file: StoredFile | None = None,
    evidence: Evidence | None = None,
    corrects: IncidentEntry | None = None,
    reason: str = "",
) -> IncidentEntry:
    return IncidentEntry.objects.create(
        incident=incident,
        kind=KINDS(kind),
        text=text[:10_000],
        at=at,
        recorded_at=now(),
        recorded_by=actor if isinstance(actor, Member) else None,
        recorded_as=(actor.name or actor.email)[:120],
        file=file,
        evidence=evidence,
        corrects=corrects,
        reason=reason[:1_000],
    )


def _say(entry: IncidentEntry, actor: Actor) -> None:
    """The event: of the incident, as its lines have no state of their own."""
    before = {"text": entry.corrects.text[:1000], "at": entry.corrects.at} if entry.corrects else None
    after: dict[str, Any] = {"text": entry.text[:1000], "at": entry.at, "kind": entry.get_kind_display()}
    if entry.evidence:
        after["evidence"] = entry.evidence.reference
    verb = "incident.correct_entry" if entry.corrects else "incident.write"
    record(verb, entry.incident, actor=actor, before=before, after=after, note=entry.reason)


def _past(at: dt.datetime | None) -> dt.datetime:
    if at is not None and at > now() + SLACK:
        raise ActionRefused("This is in the future.", field="at")
    return at or now()
