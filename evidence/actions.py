"""Adding evidence, changing what is said of it, new revisions, and having it validated."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import models

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from evidence.hooks import tell_changed
from evidence.models import Evidence, EvidenceRevision, StoredFile
from evidence.tags import tidy
from evidence.words import learn
from tenancy.scope import now
from ui.refusals import ActionRefused
from workflow.changes import change
from workflow.references import next_reference

WRITE = "evidence.write"
# What a validator vouches for: when one of these changes, the item is to be validated again.
VOUCHED = frozenset({"source", "query", "period_from", "period_to"})


@action
def add_evidence(
    *,
    title: str,
    category: str,
    file: StoredFile,
    source: str,
    collector: str,
    subject: models.Model | None = None,
    actor: Actor,
    method: str = Evidence.Method.AUTOMATIC,
    collected_at: dt.datetime | None = None,
    period_from: dt.date | None = None,
    period_to: dt.date | None = None,
    query: str = "",
    description: str = "",
    expires_on: dt.date | None = None,
    owner: Member | None = None,
    tags: Collection[str] = (),
) -> Evidence:
    """Keep a stored file as evidence, of something done to `subject` where there is one. Its bytes are never changed."""
    collected_at = collected_at or now()
    evidence = Evidence(
        reference=next_reference("EV", f"{collected_at:%Y}"),
        title=title[:200],
        category=category,
        description=description,
        source=source[:200],
        method=method,
        collector=collector[:100],
        query=query,
        period_from=period_from,
        period_to=period_to,
        collected_at=collected_at,
        collected_by=actor if isinstance(actor, Member) else None,
        expires_on=expires_on,
        owner=owner,
        tags=tidy(tags),
        file=file,
        subject_kind=subject._meta.label_lower if subject else "",
        subject_id=subject.pk if subject else None,
    )
    evidence.full_clean(exclude=["file", "collected_by", "owner"])
    evidence.save(force_insert=True)
    _keep_revision(evidence)
    learn(evidence)
    after = {"title": evidence.title, "category": category, "source": source, "sha256": file.sha256, "size": file.size}
    about = {"about": str(subject or ""), "kind": evidence.subject_kind}
    record("evidence.add", evidence, actor=actor, after=after, metadata=about)
    return evidence


@action
def change_evidence(evidence: Evidence, *, actor: Actor, **facts: Any) -> Evidence:
    """Change what is said of an item, not its bytes. Raises ActionRefused.

    Whoever validated it vouched for its origin and period: when those change, it waits to be validated again.
    """
    _authorise(actor)
    locked = _locked(evidence)
    _refuse_withdrawn(locked)
    if "tags" in facts:
        facts["tags"] = tidy(facts["tags"])
    differing = {name for name, value in facts.items() if getattr(locked, name) != value}
    if not differing:
        raise ActionRefused("Nothing was changed.")
    if differing & VOUCHED and locked.validated_by_id:
        facts |= {"validated_by": None, "validated_at": None}
    changed = change(locked, "evidence.change", actor=actor, fields=facts)
    learn(changed)
    tell_changed([changed.pk], actor)
    return changed


@action
def revise_evidence(
    evidence: Evidence,
    *,
    actor: Actor,
    file: StoredFile,
    note: str,
    period_from: dt.date | None = None,
    period_to: dt.date | None = None,
    expires_on: dt.date | None = None,
) -> Evidence:
    """Put a new file in the place of the present one, which stays as the revision it was. Raises ActionRefused."""
    _authorise(actor)
    locked = _locked(evidence)
    if locked.status != Evidence.Status.CURRENT:
        raise ActionRefused(f"{locked.reference} is {locked.get_status_display().lower()}: add another item instead.")
    if not note.strip():
        raise ActionRefused("Say why there is a new revision.", field="note")
    if locked.file_id == file.pk:
        raise ActionRefused("These are the bytes it has already.", field="file")
    before = {"revision": locked.revision, "sha256": locked.file.sha256, "period_to": locked.period_to}
    locked.file, locked.revision = file, locked.revision + 1
    locked.collected_at, locked.collected_by = now(), actor if isinstance(actor, Member) else None
    locked.period_from, locked.period_to, locked.expires_on = period_from, period_to, expires_on
    locked.validated_by = locked.validated_at = None
    locked.full_clean(exclude=["file", "collected_by", "owner", "reference"])
    locked.save()
    _keep_revision(locked, note.strip())
    learn(locked)
    after = {"revision": locked.revision, "sha256": file.sha256, "period_to": period_to}
    record("evidence.revise", locked, actor=actor, before=before, after=after, note=note.strip())
    tell_changed([locked.pk], actor)
    return locked


@action
def validate_evidence(evidence: Evidence, *, actor: Member, note: str = "") -> Evidence:
    """Confirm by somebody else than its collector that an item is what it says. Raises ActionRefused."""
    locked = _locked(evidence)
    if reason := why_not_validate(locked, actor):
        raise ActionRefused(reason)
    locked.validated_by, locked.validated_at = actor, now()
    locked.save(update_fields=["validated_by", "validated_at"])
    after = {"validated_by": actor.name, "sha256": locked.file.sha256, "revision": locked.revision}
    record("evidence.validate", locked, actor=actor, after=after, note=note.strip())
    tell_changed([locked.pk], actor)
    return locked


def why_not_validate(evidence: Evidence, actor: Member) -> str:
    """The sentence that says why somebody may not validate an item now; empty when they may."""
    if not actor.can(WRITE):
        return "Your role does not allow this."
    if evidence.status != Evidence.Status.CURRENT:
        return f"{evidence.reference} is {evidence.get_status_display().lower()}: there is nothing to validate."
    if evidence.collected_by_id == actor.pk:
        return "You collected it: somebody else validates it."
    if evidence.validated_by_id:
        return "It is validated already."
    return ""


def _keep_revision(evidence: Evidence, note: str = "") -> None:
    EvidenceRevision.objects.create(
        evidence=evidence,
        number=evidence.revision,
        file=evidence.file,
        collected_at=evidence.collected_at,
        collected_by=evidence.collected_by,
        period_from=evidence.period_from,
        period_to=evidence.period_to,
        note=note,
    )


def _locked(evidence: Evidence) -> Evidence:
    return Evidence.objects.select_for_update(of=("self",)).select_related("file").get(pk=evidence.pk)


def _authorise(actor: Actor) -> None:
    if not actor.can(WRITE):
        raise ActionRefused("Your role does not allow this.")


def _refuse_withdrawn(evidence: Evidence) -> None:
    if evidence.status == Evidence.Status.WITHDRAWN:
        raise ActionRefused(f"{evidence.reference} is withdrawn: put it back before you change it.")
