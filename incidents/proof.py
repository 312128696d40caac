"""Files that belong to an incident: evidence, but of a confidential one a file that only those see who see the incident."""

import uuid
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from audit.actors import Actor
from evidence.actions import add_evidence
from evidence.files import store
from evidence.models import Evidence, StoredFile
from incidents.models import Incident, IncidentEntry, NotificationClock, ReviewPaper


@dataclass(frozen=True, slots=True)
class Proof:
    """What was kept."""

    file: StoredFile
    evidence: Evidence | None


def keep(incident: Incident, upload: "UploadedFile[Any]", what: str, actor: Actor) -> Proof:
    """Keep a file of an incident; `what` says what it is, such as "timeline". Part of a caller's action.

    Who reads evidence reads all of it, so a confidential incident adds nothing to it: neither the file nor its name.
    """
    if incident.confidential:
        return Proof(store(upload, f"{incident.reference}{PurePath(upload.name or '').suffix[:10]}"), None)
    name = upload.name or "file"
    file = store(upload, name)
    evidence = add_evidence(
        title=f"{incident.reference} {name}"[:200],
        category=Evidence.Category.INCIDENT,
        description=f"For the {what} of {incident.reference}",
        file=file,
        source=actor.name,
        collector=actor.name,
        subject=incident,
        actor=actor,
        method=Evidence.Method.MANUAL,
    )
    return Proof(file, evidence)


def is_of_an_incident(file_id: uuid.UUID) -> bool:
    """Whether a stored file hangs on an incident, whose page shows it to those who see the incident."""
    return any(model.objects.filter(file=file_id).exists() for model in (IncidentEntry, NotificationClock, ReviewPaper))
