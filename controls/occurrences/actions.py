"""Everything that can be said of an occurrence: performed with evidence, nothing occurred, not applicable, and back."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import Entry, record_many
from controls.evidence import attach
from controls.models import ControlEvidence, Occurrence
from controls.models.control import Leg
from controls.occurrences.calendar import DAY, spelled
from controls.occurrences.categories import category_for
from controls.occurrences.counting import count_anew, said
from controls.occurrences.events import Population, population_of
from controls.occurrences.reopening import BLANK
from controls.occurrences.rights import authorise
from controls.status.keep import refresh
from controls.testing.independence import why_tester
from evidence.actions import add_evidence
from evidence.files import store
from evidence.models import Evidence
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused

Kind = Occurrence.Kind


@action
def perform(
    occurrence: Occurrence,
    *,
    actor: Actor,
    performed_on: dt.date,
    statement: str = "",
    uploads: Sequence["UploadedFile[Any]"] = (),
    title: str = "",
    evidence: Iterable[Evidence] = (),
) -> Occurrence:
    """Say that it was done, with its evidence: new files, items that exist, or what was supplied before.

    Raises ActionRefused: when the actor may not, when somebody was faster, for a day outside, and without evidence.
    """
    row = _locked(occurrence, actor)
    Occurrence.PERFORM.check(row)
    if refusal := why_not_performed(row) or why_tester(actor, row):
        raise ActionRefused(refusal)
    if not row.starts_on <= performed_on <= _today():
        raise ActionRefused(f"From {spelled(row.starts_on)}, and not after today.", field="performed_on")
    _supply(row, actor, uploads, title, evidence)
    if not proven(row):
        raise ActionRefused("Add the evidence that shows it.", field="uploads")
    by = actor if isinstance(actor, Member) else None
    facts = said([row], {row.pk: performed_on}, by)[row.pk]
    Occurrence.PERFORM.apply(row, actor=actor, performed_by=by, statement=statement.strip(), **facts)
    refresh([row.control_id])
    return row


@action
def supply(
    occurrence: Occurrence,
    *,
    actor: Actor,
    uploads: Sequence["UploadedFile[Any]"] = (),
    title: str = "",
    evidence: Iterable[Evidence] = (),
) -> Occurrence:
    """Add evidence without changing the state. Raises ActionRefused."""
    row = _locked(occurrence, actor)
    if row.status not in {Occurrence.Status.OPEN, Occurrence.Status.PERFORMED}:
        raise ActionRefused(f"{row} is {row.get_status_display().lower()}: it takes no evidence.")
    if not _supply(row, actor, uploads, title, evidence):
        raise ActionRefused("Choose at least one file.", field="uploads")
    count_anew([row.pk], actor)
    refresh([row.control_id])
    return row


@action
def did_not_occur(occurrence: Occurrence, *, actor: Actor, statement: str) -> Occurrence:
    """The owner's dated statement that there was nothing to do it for. Raises ActionRefused before the time is over."""
    row = _locked(occurrence, actor)
    Occurrence.NOTHING.check(row)
    if refusal := why_not_stated(row, _today()):
        raise ActionRefused(refusal)
    if not statement.strip():
        raise ActionRefused("Say what did not occur, and from when to when.", field="statement")
    by = actor if isinstance(actor, Member) else None
    Occurrence.NOTHING.apply(row, actor=actor, statement=statement.strip(), stated_by=by, stated_at=now())
    refresh([row.control_id])
    return row


@action
def not_applicable(occurrence: Occurrence, *, actor: Actor, reason: str) -> Occurrence:
    """Excuse a control from one occurrence. For those who run the controls, not for its owner. Raises ActionRefused."""
    facts = _excused(actor, reason)
    Occurrence.EXCUSE.apply(occurrence, actor=actor, **facts)
    refresh([occurrence.control_id])
    return occurrence


@action
def excuse_all(occurrences: QuerySet[Occurrence], *, actor: Actor, reason: str) -> list[uuid.UUID]:
    """The same for every one of these that is open, with an event for each; returns which. Raises ActionRefused."""
    facts = _excused(actor, reason)
    Occurrence.EXCUSE.authorise(actor)
    still = Occurrence.objects.filter(pk__in=occurrences.order_by().values("pk"), status=Occurrence.Status.OPEN)
    rows = list(still.select_related("control").select_for_update(of=("self",)).order_by("pk"))
    if not rows:
        raise ActionRefused("None of these is open.")
    Occurrence.objects.filter(pk__in=[row.pk for row in rows]).update(status=Occurrence.EXCUSE.target, **facts)
    before, after = {"status": Occurrence.Status.OPEN}, {"status": Occurrence.EXCUSE.target, "statement": facts["statement"]}
    entries = [Entry(row._meta.label_lower, row.pk, str(row), before, after) for row in rows]
    record_many(Occurrence.EXCUSE.verb, actor=actor, entries=entries)
    refresh({row.control_id for row in rows})
    return [row.pk for row in rows]


def _excused(actor: Actor, reason: str) -> dict[str, Any]:
    if not reason.strip():
        raise ActionRefused("Say why it does not apply.", field="reason")
    return {"statement": reason.strip(), "stated_by": actor if isinstance(actor, Member) else None, "stated_at": now()}


@action
def reopen(occurrence: Occurrence, *, actor: Actor, reason: str) -> Occurrence:
    """Take back what was said, with the reason; what it said stays in the trail. Raises ActionRefused."""
    row = _locked(occurrence, actor)
    if row.status == Occurrence.Status.NOT_APPLICABLE:
        Occurrence.EXCUSE.authorise(actor)
    if row.kind == Kind.CONFIGURATION:
        raise ActionRefused("It follows from a test of the control. Record the test that supersedes it.")
    if not reason.strip():
        raise ActionRefused("Say why it is opened again.", field="reason")
    Occurrence.REOPEN.apply(row, actor=actor, note=reason.strip(), **BLANK)
    refresh([row.control_id])
    return row


def why_not_performed(row: Occurrence) -> str:
    """Why this kind of occurrence is not performed with evidence; empty when it is."""
    if row.kind == Kind.CONFIGURATION:
        return "A test of the control satisfies it: record the test."
    if _held(row):
        return "Nothing occurred that the control works on: state that."
    return ""


def why_not_stated(row: Occurrence, today: dt.date) -> str:
    """Why nobody may state that nothing occurred; empty when one may."""
    if row.kind in {Kind.EVENT, Kind.CONFIGURATION}:
        return "It did occur: the control has to work on it."
    if today <= row.ends_on:
        return f"It can be stated from {spelled(row.ends_on + DAY)}, when the time is over."
    if row.kind == Kind.INTERVAL and today > row.missed_after:
        return f"It was missed: that could be stated until {spelled(row.missed_after)}. Who runs the controls may excuse it."
    if population := _held(row):
        found = [event.label for event in population.events(row.starts_on, row.ends_on)]
        return f"There was something: {', '.join(found[:3])}." if found else ""
    return ""


def _held(row: Occurrence) -> Population | None:
    """The population that a statement is about, where the product holds its events; its key names it (none:leavers:2026-Q1)."""
    return population_of(row.key.split(":")[1]) if row.kind == Kind.STATEMENT else None


def proven(row: Occurrence) -> bool:
    """Whether current evidence is linked to it."""
    linked = ControlEvidence.objects.filter(occurrence=row, status=ControlEvidence.Status.LINKED)
    return linked.filter(evidence__status=Evidence.Status.CURRENT).exists()


def _locked(occurrence: Occurrence, actor: Actor) -> Occurrence:
    """The row as it is now, locked: of two who send at once the second sees what the first did."""
    rows = Occurrence.objects.select_related("control__owner").select_for_update(of=("self",))
    row = rows.get(pk=occurrence.pk)
    authorise(actor, row.control)
    return row


def _supply(
    row: Occurrence, actor: Actor, uploads: Sequence["UploadedFile[Any]"], title: str, evidence: Iterable[Evidence]
) -> list[ControlEvidence]:
    """Keep the uploads as evidence of the occurrence, and link them and the items given."""
    items = [*evidence]
    category = category_for(row.control) if uploads else ""
    for number, upload in enumerate(uploads, 1):
        name = title.strip() or f"{row.control.code} {row.control.title}, {row.label}"
        item = add_evidence(
            title=f"{name} ({number} of {len(uploads)})" if len(uploads) > 1 else name,
            category=category,
            file=store(upload, upload.name or "file"),
            source=actor.name,
            collector=actor.name,
            subject=row,
            actor=actor,
            method=Evidence.Method.MANUAL,
            period_from=row.starts_on,
            period_to=min(row.ends_on, max(row.starts_on, _today())),
        )
        items.append(item)
    return [attach(row.control, item, Leg.OPERATION, actor=actor, occurrence=row) for item in items]


def _today() -> dt.date:
    return current_organization().today()
