"""Writing the description: texts in revisions, their approval by somebody else, the tables, the diagrams."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Max

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.binder.sections import SECTIONS
from controls.models import (
    DescriptionApproval,
    DescriptionText,
    Diagram,
    SubserviceOrganization,
    SystemFlow,
    UserEntityControl,
)
from evidence.actions import add_evidence
from evidence.files import store
from evidence.models import Evidence
from evidence.previews.pictures import picture_of
from tenancy.scope import now
from ui.refusals import ActionRefused
from workflow.changes import change, differences, shown
from workflow.transitions import Transition
from workflow.uniqueness import refusing_taken

Row = TypeVar("Row", UserEntityControl, SubserviceOrganization, SystemFlow)
TAG = "system description"


@action
def write_text(section: str, text: str, *, actor: Actor, note: str = "", seen: int | None = None) -> DescriptionText:
    """Add a revision of a section's text. `seen` is the revision the writer began from. Raises ActionRefused."""
    _authorise(actor)
    if section not in SECTIONS:
        raise ActionRefused("There is no such section.", field="section")
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise ActionRefused("Write something, or leave the section as it is.", field="text")
    latest = DescriptionText.objects.filter(section=section).order_by("-number").first()
    if seen is not None and seen != (latest.number if latest else 0):
        raise ActionRefused("Somebody has written a newer revision: read it first, then write yours.", field="text")
    if latest is not None and latest.text == text:
        raise ActionRefused("Nothing was changed.", field="text")
    with refusing_taken(DescriptionText):
        made = DescriptionText.objects.create(
            section=section,
            number=(latest.number if latest else 0) + 1,
            text=text,
            note=note.strip(),
            written_by=_member(actor),
            written_at=now(),
        )
        record(
            "description_text.write",
            made,
            actor=actor,
            before={"text": latest.text} if latest else None,
            after={"section": SECTIONS[section].title, "revision": made.number, "text": text},
            note=made.note,
        )
    return made


def why_not_approve(text: DescriptionText, actor: Member) -> str:
    """The sentence that says why somebody may not approve a revision; empty when they may."""
    if not actor.can("description.approve"):
        return "Your role does not allow this."
    if text.written_by_id == actor.pk:
        return "You wrote it: somebody else approves it."
    if text.approvals.exists():
        return "It is approved already."
    latest = DescriptionText.objects.filter(section=text.section).aggregate(last=Max("number"))["last"]
    return "There is a newer revision: approve that one." if latest != text.number else ""


@action
def approve_text(text: DescriptionText, *, actor: Member, note: str = "") -> DescriptionApproval:
    """Approve the latest revision of a section, by somebody who did not write it. Raises ActionRefused."""
    locked = DescriptionText.objects.select_for_update(of=("self",)).get(pk=text.pk)
    if reason := why_not_approve(locked, actor):
        raise ActionRefused(reason)
    with refusing_taken(DescriptionApproval):
        approval = DescriptionApproval.objects.create(text=locked, approved_by=actor, approved_at=now(), note=note.strip())
        after = {"section": SECTIONS[locked.section].title, "revision": locked.number}
        record("description_approval.create", approval, actor=actor, after=after, note=approval.note)
        record("description_text.approve", locked, actor=actor, after=after, note=approval.note)
    return approval


@action
def add_row(row: Row, *, actor: Actor) -> Row:
    """Add a row to one of the tables of the description. Raises ActionRefused."""
    _authorise(actor)
    row.full_clean(exclude=["status"], validate_unique=False, validate_constraints=False)
    _check_ends(row)
    with refusing_taken(type(row)):
        row.save(force_insert=True)
        record(f"{_verb(row)}.create", row, actor=actor, after=_facts(row))
    return row


@action
def change_row(row: Row, *, actor: Actor, **fields: Any) -> Row:
    """Change a row that is in use. Raises ActionRefused."""
    _authorise(actor)
    locked: Row = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
    if locked.status != "active":
        raise ActionRefused("It is retired.")
    differences(locked, fields)
    for name, value in fields.items():
        setattr(row, name, value)
    _check_ends(row)
    with refusing_taken(type(row)):
        return change(locked, f"{_verb(row)}.edit", actor=actor, fields=fields)


@action
def retire_row(row: UserEntityControl | SubserviceOrganization | SystemFlow, *, actor: Actor, reason: str) -> None:
    """Take a row out of the description; it stays on record. Raises ActionRefused."""
    if not reason.strip():
        raise ActionRefused("Give a reason: an auditor will ask for it.", field="reason")
    transition: Transition = row.RETIRE
    transition.apply(row, actor=actor, note=reason.strip())


@action
def add_diagram(
    kind: str, upload: "UploadedFile[Any]", *, actor: Actor, alternative: str, expires_on: dt.date | None = None
) -> Diagram:
    """Keep a drawing as evidence and show it in the description. A picture or a PDF. Raises ActionRefused."""
    _authorise(actor)
    if not actor.can("evidence.write"):
        raise ActionRefused("Your role does not allow this.")
    if not alternative.strip():
        raise ActionRefused("Say in words what it shows.", field="alternative")
    diagram = Diagram(kind=kind, alternative=alternative.strip(), made_by=_member(actor), made_at=now())
    file = store(upload, upload.name or "diagram")
    if picture_of(file, 1) is None:
        raise ActionRefused("This can be shown neither as a picture nor as a PDF: give a PNG, a JPEG or a PDF.", field="upload")
    diagram.evidence = add_evidence(
        title=str(diagram),
        category=Evidence.Category.OTHER,
        file=file,
        source=actor.name,
        collector=actor.name,
        subject=diagram,
        actor=actor,
        method=Evidence.Method.MANUAL,
        description=diagram.alternative,
        expires_on=expires_on,
        tags=[TAG, "diagram"],
    )
    diagram.save(force_insert=True)
    record("diagram.add", diagram, actor=actor, after={"kind": diagram.get_kind_display(), "sha256": file.sha256})
    return diagram


def current_diagrams() -> dict[str, Diagram]:
    """The latest drawing of each kind whose evidence counts."""
    rows = Diagram.objects.filter(evidence__status=Evidence.Status.CURRENT).select_related("evidence__file", "made_by__user")
    found: dict[str, Diagram] = {}
    for one in rows:
        found.setdefault(one.kind, one)
    return found


def _check_ends(row: object) -> None:
    """Two different systems, or one and a name for the other end. Raises ActionRefused."""
    if not isinstance(row, SystemFlow):
        return
    both, neither = row.source_id and row.target_id, not row.source_id and not row.target_id
    if neither or bool(both) == bool(row.outside):
        raise ActionRefused("Choose two systems, or one system and name somebody outside.", field="outside")
    if row.source_id == row.target_id:
        raise ActionRefused("It leads back to where it comes from.", field="target")


def _facts(row: UserEntityControl | SubserviceOrganization | SystemFlow) -> dict[str, Any]:
    names: Iterable[str] = (field.name for field in row._meta.fields if field.name not in {"id", "tenant", "status"})
    return {name: shown(getattr(row, name)) for name in names if getattr(row, name) not in (None, "", [])}


def _verb(row: object) -> str:
    verbs: dict[type, str] = {
        UserEntityControl: "user_entity_control",
        SubserviceOrganization: "subservice_organization",
        SystemFlow: "system_flow",
    }
    return verbs[type(row)]


def _member(actor: Actor) -> Member | None:
    return actor if isinstance(actor, Member) else None


def _authorise(actor: Actor) -> None:
    if not actor.can("controls.write"):
        raise ActionRefused("Your role does not allow this.")
