"""Performing several occurrences of one control at once: one file or statement for all, an event for each."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from controls.evidence import attach
from controls.models import Control, Occurrence
from controls.models.control import Leg
from controls.occurrences.actions import proven, why_not_performed
from controls.occurrences.calendar import spelled
from controls.occurrences.categories import category_for
from controls.occurrences.counting import said
from controls.occurrences.rights import authorise
from controls.status.keep import refresh
from controls.testing.independence import why_tester
from evidence.actions import add_evidence
from evidence.files import store
from evidence.models import Evidence
from tenancy.models import current_organization
from ui.refusals import ActionRefused

MOST = 100  # at once: a quarter of a daily control


@action
def perform_all(
    control: Control,
    *,
    occurrences: Collection[Occurrence],
    actor: Actor,
    performed_on: dt.date | None = None,
    statement: str = "",
    uploads: Sequence["UploadedFile[Any]"] = (),
    title: str = "",
    evidence: Iterable[Evidence] = (),
) -> list[Occurrence]:
    """Say that all of these were done, with the same evidence; without a day, each on its own last day.

    All or nothing: raises ActionRefused with the first that cannot be performed.
    """
    if not occurrences:
        raise ActionRefused("Choose at least one.", field="occurrences")
    if len(occurrences) > MOST:
        raise ActionRefused(f"At most {MOST} at once.", field="occurrences")
    chosen = Occurrence.objects.filter(control=control, pk__in=[one.pk for one in occurrences])
    rows = list(chosen.select_related("control__owner").select_for_update(of=("self",)).order_by("ends_on", "pk"))
    if len(rows) != len(occurrences):
        raise ActionRefused(f"Choose occurrences of {control.code} only.", field="occurrences")
    authorise(actor, rows[0].control)
    today = current_organization().today()
    days = {row.pk: _day(row, performed_on, today, actor) for row in rows}
    items = [*_kept(rows, uploads, title, today, actor), *evidence]
    by = actor if isinstance(actor, Member) else None
    for row in rows:
        for item in items:
            attach(row.control, item, Leg.OPERATION, actor=actor, occurrence=row)
        if not (items or proven(row)):
            raise ActionRefused("Add the evidence that shows it.", field="uploads")
    facts = said(rows, days, by)
    for row in rows:
        Occurrence.PERFORM.apply(row, actor=actor, performed_by=by, statement=statement.strip(), **facts[row.pk])
    refresh([control.pk])
    return rows


def _day(row: Occurrence, given: dt.date | None, today: dt.date, actor: Actor) -> dt.date:
    """On which day this one was performed. Raises ActionRefused."""
    Occurrence.PERFORM.check(row)
    if refusal := why_not_performed(row) or why_tester(actor, row):
        raise ActionRefused(f"{row.label}: {refusal}", field="occurrences")
    day = given or min(row.ends_on, today)
    if not row.starts_on <= day <= today:
        text = f"{row.label} can be performed from {spelled(row.starts_on)}, and not after today."
        raise ActionRefused(text, field="performed_on" if given else "occurrences")
    return day


def _kept(
    rows: Sequence[Occurrence], uploads: Sequence["UploadedFile[Any]"], title: str, today: dt.date, actor: Actor
) -> list[Evidence]:
    """Each upload once, as an item that tells of all these days."""
    control, first, last = rows[0].control, min(row.starts_on for row in rows), max(row.ends_on for row in rows)
    span = rows[0].label if len(rows) == 1 else f"{rows[0].label} to {rows[-1].label}"
    name = title.strip() or f"{control.code} {control.title}, {span}"[:180]
    return [
        add_evidence(
            title=f"{name} ({number} of {len(uploads)})" if len(uploads) > 1 else name,
            category=category_for(control),
            file=store(upload, upload.name or "file"),
            source=actor.name,
            collector=actor.name,
            subject=control,
            actor=actor,
            method=Evidence.Method.MANUAL,
            period_from=first,
            period_to=min(last, max(first, today)),
        )
        for number, upload in enumerate(uploads, 1)
    ]
