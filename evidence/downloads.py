"""Who took a file away: each download of an item, and of a file that is none, is an event under whoever asked."""

from django.http import FileResponse

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from evidence.files import download
from evidence.models import Evidence, EvidenceRevision, StoredFile

REPORT, ITEM, FILE = "report.download", "evidence.download", "file.download"


@action
def record_download(evidence: Evidence, file: StoredFile, *, actor: Actor, verb: str = ITEM) -> None:
    """Note who took the file of an item away; `verb` is REPORT where it is a report as it was printed."""
    record(verb, evidence, actor=actor, metadata={"sha256": file.sha256, "number": evidence.reference})


@action
def _record_file(file: StoredFile, *, actor: Actor) -> None:
    record(FILE, file, actor=actor, metadata={"sha256": file.sha256})


def take_away(
    file: StoredFile, *, actor: Actor, evidence: Evidence | None = None, name: str = "", verb: str = ITEM
) -> FileResponse:
    """The file as an attachment, noted in the trail. Raises ActionRefused when the storage does not have it.

    Without `evidence` it is noted of the item that has it as its latest revision, or of the file itself.
    """
    response = download(file, name)
    holding = EvidenceRevision.objects.filter(file=file).select_related("evidence").order_by("-made_at", "-pk")
    item = evidence or next((revision.evidence for revision in holding[:1]), None)
    if item is None:
        _record_file(file, actor=actor)
    else:
        record_download(item, file, actor=actor, verb=verb)
    return response
