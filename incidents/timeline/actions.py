"""Writing into the timeline of an incident."""

import datetime as dt

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from evidence.models import Evidence
from incidents.models import Incident, IncidentEntry
from tenancy.scope import now
from ui.refusals import ActionRefused, stated

KINDS = IncidentEntry.Kind
SLACK = dt.timedelta(minutes=2)  # clocks of browsers go wrong by this much


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
) -> IncidentEntry:
    """Add a line: what was noticed, done, decided or said at `at` (now, unless said). Raises ActionRefused.

    A line that corrects another stands beside it; the one before stays as it was written.
    """
    told = stated(text, "Write what happened.", field="text")
    moment = _past(at)
    if corrects is not None:
        _may_be_corrected(corrects, incident)
    entry = _add(incident, kind, told, actor, at=moment, evidence=evidence, corrects=corrects)
    verb = "incident.correct_entry" if corrects else "incident.write"
    before = {"text": corrects.text[:1000], "at": corrects.at} if corrects else None
    about = {"text": told[:1000], "kind": entry.get_kind_display(), "at": moment}
    record(verb, incident, actor=actor, before=before, after={**about, "evidence": evidence.reference} if evidence else about)
    return entry


def note(incident: Incident, text: str, actor: Actor, at: dt.datetime | None = None) -> None:
    """A line of the product's own about what was recorded elsewhere in the same transaction."""
    _add(incident, KINDS.STATUS, text, actor, at=at or now())


def _add(
    incident: Incident,
    kind: str,
    text: str,
    actor: Actor,
    *,
    at: dt.datetime,
    evidence: Evidence | None = None,
    corrects: IncidentEntry | None = None,
) -> IncidentEntry:
    return IncidentEntry.objects.create(
        incident=incident,
        kind=KINDS(kind),
        text=text[:10_000],
        at=at,
        recorded_at=now(),
        recorded_by=actor if isinstance(actor, Member) else None,
        recorded_as=(actor.name or actor.email)[:120],
        evidence=evidence,
        corrects=corrects,
    )


def _past(at: dt.datetime | None) -> dt.datetime:
    if at is not None and at > now() + SLACK:
        raise ActionRefused("This is in the future.", field="at")
    return at or now()


def _may_be_corrected(entry: IncidentEntry, incident: Incident) -> None:
    if entry.incident_id != incident.pk:
        raise ActionRefused("This line belongs to another incident.")
    if IncidentEntry.objects.filter(corrects=entry.pk).exists():
        raise ActionRefused("Somebody has corrected this line already. Correct the correction.")
