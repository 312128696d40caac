"""Files of a change, kept as evidence: attachments, what the tests showed, what the review saw."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from changes.drafting.actions import member_of
from changes.models import Change, ChangeEvidence
from changes.rights import may_carry_out, may_own, may_verify
from evidence.actions import add_evidence
from evidence.files import store
from evidence.models import Evidence
from ui.refusals import ActionRefused, stated

USES = ChangeEvidence.Use


@action
def attach(
    change: Change,
    *,
    actor: Actor,
    use: str = USES.ATTACHMENT,
    files: Sequence["UploadedFile[Any]"] = (),
    evidence: Iterable[Evidence] = (),
) -> list[ChangeEvidence]:
    """Keep files as evidence of a change, and link them and the items given. Raises ActionRefused."""
    current = _open_to(change, actor)
    items = [*evidence, *(_kept(current, upload, use, actor) for upload in files)]
    if not items:
        raise ActionRefused("Choose at least one file.", field="files")
    return [_link(current, item, use, actor) for item in items]


@action
def detach(proof: ChangeEvidence, *, actor: Actor, reason: str) -> None:
    """Take an item away from a change that is not over. The item itself stays."""
    current = _open_to(proof.change, actor)
    about = {"change": str(current), "evidence": f"{proof.evidence.reference} {proof.evidence.title}"}
    ChangeEvidence.REMOVE.apply(proof, actor=actor, note=stated(reason), metadata=about)


def linked(change: Change) -> Any:
    """What is linked to a change now, with the items and their files."""
    rows = ChangeEvidence.objects.filter(change=change, status=ChangeEvidence.Status.LINKED)
    return rows.select_related("evidence__file", "linked_by__user")


def may_attach(actor: Actor, change: Change) -> bool:
    """Whether somebody may add files: who has a part in it, and who runs changes."""
    return may_own(actor, change) or may_carry_out(actor, change) or may_verify(actor, change)


def _open_to(change: Change, actor: Actor) -> Change:
    current = (
        Change.objects.select_for_update(of=("self",)).select_related("requester", "implementer", "verifier").get(pk=change.pk)
    )
    if not may_attach(actor, current):
        raise ActionRefused("This is for those who have a part in the change, and for those who run changes.")
    if current.is_over:
        raise ActionRefused(f"{current} is {current.get_status_display().lower()}: nothing is added or taken away now.")
    return current


def _kept(change: Change, upload: "UploadedFile[Any]", use: str, actor: Actor) -> Evidence:
    name = upload.name or "file"
    return add_evidence(
        title=f"{change.reference} {name}"[:200],
        category=Evidence.Category.CHANGE,
        description=f"{USES(use).label} of {change.reference}: {change.title}",
        file=store(upload, name),
        source=actor.name,
        collector=actor.name,
        subject=change,
        actor=actor,
        method=Evidence.Method.MANUAL,
    )


def _link(change: Change, item: Evidence, use: str, actor: Actor) -> ChangeEvidence:
    current = Evidence.objects.select_for_update(of=("self",)).select_related("file").get(pk=item.pk)
    if current.status != Evidence.Status.CURRENT:
        raise ActionRefused(f"“{current}” is {current.get_status_display().lower()}: it proves nothing.", field="evidence")
    if linked(change).filter(evidence=current).exists():
        raise ActionRefused(f"“{current}” is linked already.", field="evidence")
    proof = ChangeEvidence.objects.create(change=change, evidence=current, use=use, linked_by=member_of(actor))
    about = {"change": str(change), "evidence": f"{current.reference} {current.title}", "use": USES(use).label}
    record("change_evidence.link", proof, actor=actor, after=about)
    record("change.supply", change, actor=actor, after={"evidence": about["evidence"], "sha256": current.file.sha256})
    return proof
