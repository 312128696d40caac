"""What the tests of the request list share."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Member
from audit.models import AuditEvent
from audit.sentences import did
from controls.models import AuditRequest
from controls.requests.giving import Given, submit
from evidence.actions import add_evidence
from evidence.files import store
from evidence.models import Evidence


def upload(text: bytes = b"proof", name: str = "proof.txt") -> SimpleUploadedFile:
    """A file somebody chose."""
    return SimpleUploadedFile(name, text)


def kept(actor: Member, title: str) -> Evidence:
    """An item of evidence with a file of its own."""
    file = store(io.BytesIO(title.encode()), "file.txt")
    return add_evidence(title=title, category="other", file=file, source="HR", collector="Anna", actor=actor)


def fresh(asked: AuditRequest) -> AuditRequest:
    """As the database has it."""
    return AuditRequest.objects.get(pk=asked.pk)


def submitted(asked: AuditRequest, actor: Member) -> AuditRequest:
    """Handed to the auditor, with a file."""
    submit(asked, actor=actor, given=Given(files=[upload()]))
    return fresh(asked)


def deeds(asked: AuditRequest) -> list[str]:
    """What its activity says."""
    return [did(event) for event in AuditEvent.objects.filter(object_id=asked.pk).order_by("at", "id")]
