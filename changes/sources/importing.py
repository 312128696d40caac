"""Importing what gh prints: seen before it is done, done row by row, and the same however often."""

import hashlib
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.actors import System as Product
from audit.models import AuditEvent
from audit.record import record
from changes.models import Change, ChangeSource, Delivery, Provider, SourceRequest, SourceReview
from changes.sources import listed
from changes.sources.actions import RUN
from changes.sources.applying import Applied, Way, apply, covers, way_of
from changes.sources.facts import Told, Unreadable
from evidence.files import open_file, store
from evidence.models import StoredFile
from evidence.tables.errors import FormatError
from tenancy.scope import now
from ui.refusals import ActionRefused

RECEIVED = "change_source.receive_list"
_BLOCK = 500


@dataclass(slots=True)
class Row:
    """A row of the list, and what importing it would do."""

    number: int
    shown: str
    words: str
    change: Change | None = None


@dataclass(slots=True)
class Plan:
    """What importing a list would do now."""

    new: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    same: list[Row] = field(default_factory=list)
    left: list[Row] = field(default_factory=list)
    wrong: list[Row] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        """Whether importing it would do nothing."""
        return not (self.new or self.changed)


@action
def receive(source: ChangeSource, *, actor: Actor, upload: "UploadedFile[Any]") -> StoredFile:
    """Keep a list, and see that it is one. Raises ActionRefused. Nothing is imported yet."""
    if not actor.can(RUN):
        raise ActionRefused("Your role does not allow this.")
    if source.provider != Provider.GITHUB:
        raise ActionRefused("Lists are what gh prints of GitHub: GitLab's merge requests come by its webhook.")
    if (upload.size or 0) > listed.MOST:
        raise ActionRefused("The file is larger than 20 MB: split it.", field="file")
    stored = store(upload, upload.name or "pull-requests.json")
    rows = _documents(stored)
    record(RECEIVED, stored, actor=actor, metadata={"sha256": stored.sha256, "rows": len(rows), "source": str(source.pk)})
    return stored


def received_for(file_id: uuid.UUID) -> ChangeSource | None:
    """The source that a stored file came for last as such a list; None for any other file: it is not shown as one."""
    event = AuditEvent.objects.filter(object_id=file_id, verb=RECEIVED).order_by("-at").first()
    if event is None:
        return None
    key = json.loads(event.body)["metadata"]["source"]
    return ChangeSource.objects.select_related("directory").filter(pk=key).first()


def _documents(stored: StoredFile) -> list[object]:
    with open_file(stored) as file:
        content = file.read(listed.MOST + 1)
    try:
        return listed.documents(content)
    except FormatError as error:
        raise ActionRefused(str(error), field="file") from error


def preview(stored: StoredFile, source: ChangeSource) -> Plan:
    """What importing it would do. Raises ActionRefused when the storage has lost it."""
    plan, readable = Plan(), []
    for number, document in enumerate(_documents(stored), start=1):
        told = _read(document)
        if isinstance(told, str):
            plan.wrong.append(Row(number, f"Row {number}", told))
        else:
            readable.append((number, told))
    for start in range(0, len(readable), _BLOCK):
        _judge(readable[start : start + _BLOCK], source, plan)
    return plan


def _read(document: object) -> Told | str:
    """A row, or what is wrong with it."""
    try:
        return listed.read(document)
    except Unreadable as error:
        return str(error)


def _judge(rows: list[tuple[int, Told]], source: ChangeSource, plan: Plan) -> None:
    numbers = [told.request.number for _, told in rows if told.request]
    same = Change.objects.filter(source=source.provider, number__in=numbers)
    changes = {(one.repository, one.number): one for one in same}
    requests = {one.change_id: one for one in SourceRequest.objects.filter(change__in=changes.values())}
    known = set(SourceReview.objects.filter(change__in=changes.values()).values_list("change_id", "key", "judgement"))
    for number, told in rows:
        request = told.request
        if request is None:
            continue
        row = Row(number, f"#{request.number} {request.title}", "", changes.get((request.repository, request.number)))
        if not covers(source, request.repository):
            row.words = f"{request.repository} is none of the repositories of this source."
            plan.left.append(row)
        elif row.change is None and source.branches and request.base_branch not in source.branches:
            row.words = f"It goes to the branch {request.base_branch}."
            plan.left.append(row)
        elif row.change is None:
            row.words = {"merged": "Merged", "closed": "Closed unmerged", "open": "Open"}[request.state]
            plan.new.append(row)
        else:
            _compare(row, told, requests.get(row.change.pk), known, plan)


def _compare(row: Row, told: Told, there: SourceRequest | None, known: set[tuple[Any, str, str]], plan: Plan) -> None:
    """What the list knows that is not known yet."""
    change, request = row.change, told.request
    if change is None or request is None:
        return
    newer = there is None or request.updated_at > there.updated_at
    reviews = sum((change.pk, one.key, one.judgement) not in known for one in told.reviews)
    words = ["a later state of it"] if newer else []
    words += [f"{reviews} review{'' if reviews == 1 else 's'}"] if reviews else []
    words += ["its merge commit"] if request.merge_sha and request.merge_sha != change.merge_sha else []
    row.words = ", ".join(words)
    (plan.changed if words else plan.same).append(row)


def rows_of(stored: StoredFile) -> list[object]:
    """The rows, for the worker."""
    return _documents(stored)


def import_row(document: object, way: Way, sha256: str) -> str:
    """Do one row and log it; returns what became of it. A row that was imported before is done again, and changes nothing."""
    body = json.dumps(document, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace")
    digest = hashlib.sha256(body).hexdigest()
    told = _read(document)
    if isinstance(told, str):
        applied, told = Applied("failed", told), Told(listed.EVENT)
    else:
        try:
            with transaction.atomic():
                applied = apply(told, way)
        except ActionRefused as refusal:
            applied = Applied("failed", refusal.sentence)
    _log(way.source, told, applied, digest=digest, size=len(body), act=f"file {sha256[:12]}")
    return applied.outcome


def way_for(source: ChangeSource, member: Member) -> Way:
    """How rows of a member's list come: the trail names the list and whose it is; nobody raises changes by it."""
    return way_of(source, Product(f"list imported by {member.name}"), brought_by=member)


def _log(source: ChangeSource, told: Told, applied: Applied, **sent: Any) -> None:
    """A row of the delivery log; the same row once."""
    same = Delivery.objects.filter(source=source, digest=sent["digest"]).exclude(outcome=Delivery.Outcome.FAILED)
    again = {"repeats": F("repeats") + 1, "repeated_at": now(), "act": sent["act"]}
    if applied.outcome != "failed" and same.update(**again):
        return
    Delivery.objects.create(
        source=source,
        key=sent["digest"],
        event=told.event,
        repository=told.repository,
        change=applied.change,
        outcome=applied.outcome,
        detail=applied.detail[:500],
        received_at=now(),
        **sent,
    )
