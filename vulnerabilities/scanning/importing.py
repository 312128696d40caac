"""Importing a scan: its file kept, seen for what it would do, and done by a worker."""

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from audit.actions import action
from audit.actors import Actor
from audit.models import AuditEvent
from audit.record import record
from evidence.files import open_file, store
from evidence.models import StoredFile
from evidence.tables.errors import FormatError
from ui.refusals import ActionRefused
from vulnerabilities.models import Scan, ScanScope, Vulnerability
from vulnerabilities.reading.detecting import read
from vulnerabilities.reading.json_values import MOST
from vulnerabilities.reading.report import Report
from vulnerabilities.rights import WRITE
from vulnerabilities.scanning.comparing import Compared, compare
from vulnerabilities.scanning.judging import consider, evaluated_after
from vulnerabilities.scanning.stated import Stated

RECEIVED = "scan.receive"


@dataclass(frozen=True, slots=True)
class Plan:
    """What importing a file would do now."""

    report: Report
    compared: Compared
    ran_at: Any
    basis: str
    same: Scan | None  # the scan that this very file was imported as

    @property
    def evaluable(self) -> bool:
        """Whether what it does not have counts as fixed."""
        return not self.report.reasons

    @property
    def may_be_narrower(self) -> bool:
        """Whether somebody can say that what is missing is gone."""
        return self.report.is_narrower

    @property
    def may_have_moved(self) -> bool:
        """Whether somebody can say why a scan of something else counts here."""
        return self.report.is_elsewhere


@action
def receive(scope: ScanScope, *, actor: Actor, upload: "UploadedFile[Any]") -> StoredFile:
    """Keep a file, and see that the scope's tool wrote it. Raises ActionRefused. Nothing is imported yet."""
    authorise(scope, actor)
    if (upload.size or 0) > MOST:
        raise ActionRefused("The file is larger than 50 MB: scan fewer things at once.", field="file")
    stored = store(upload, upload.name or "scan.json")
    report = report_of(stored, scope)
    facts = {"scope": str(scope.pk), "sha256": stored.sha256, "found": len(report.found)}
    record(RECEIVED, stored, actor=actor, metadata=facts)
    return stored


def authorise(scope: ScanScope, actor: Actor) -> None:
    """Raise ActionRefused unless the actor may bring scans of the scope."""
    if not actor.can(WRITE):
        raise ActionRefused("Your role does not allow this.")
    if scope.is_endpoint:
        raise ActionRefused("Plumbline checks this endpoint by itself: there is no file to import.")
    if scope.status == ScanScope.Status.RETIRED:
        raise ActionRefused(f"{scope} is retired: nothing is scanned there any more.")


def received_for(file_id: uuid.UUID, asked: str = "") -> ScanScope | None:
    """The scope that a stored file came for: the one asked for, else the last; None for any other file, which is no scan.

    The same bytes are one file: they may come for two scopes, and a page that was opened for one imports into no other.
    """
    key = next((key for key, _ in _receipts(file_id) if asked in ("", key)), None)
    return ScanScope.objects.select_related("owner", "system").filter(pk=key).first() if key else None


def received_at(file_id: uuid.UUID, scope: ScanScope) -> dt.datetime | None:
    """When a stored file came for a scope last: it says how things were then, however late somebody confirms its import."""
    return next((at for key, at in _receipts(file_id) if key == str(scope.pk)), None)


def _receipts(file_id: uuid.UUID) -> Iterator[tuple[str, dt.datetime]]:
    """For which scopes a file came, and when, the last first."""
    for event in AuditEvent.objects.filter(object_id=file_id, verb=RECEIVED).order_by("-at"):
        yield json.loads(event.body)["metadata"]["scope"], event.at


def report_of(stored: StoredFile, scope: ScanScope) -> Report:
    """What a file says. Raises ActionRefused when it is not what the scope's tool writes."""
    with open_file(stored) as file:
        content = file.read(MOST + 1)
    try:
        return read(content, scope.tool)
    except FormatError as error:
        raise ActionRefused(str(error), field="file") from error


def preview(stored: StoredFile, scope: ScanScope, stated: Stated) -> Plan:
    """What importing it would do. Raises ActionRefused."""
    report = report_of(stored, scope)
    at, basis = stated.when(report)
    consider(report, stated, scope)
    known = list(Vulnerability.objects.filter(scope=scope))
    compared = compare(known, report.counting, at=at, evaluable=not report.reasons, later=evaluated_after(scope, at, report))
    kept = Scan.objects.filter(scope=scope, sha256=stored.sha256, status=Scan.Status.KEPT)
    same = kept.order_by("-ran_at").first()
    return Plan(report, compared, at, str(Scan.Basis(basis).label), same)
