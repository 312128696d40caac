"""The records of changes as evidence: one item for a change, or one for all that moved together."""

import datetime as dt
import io
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from changes.models import Change, ChangeRecord
from changes.outputs.events import ITSELF, control_of_changes
from changes.outputs.record import line_of, record_of
from controls.evidence import attach
from controls.models.control import Leg
from controls.status.keep import refresh
from evidence.actions import add_evidence
from evidence.files import store
from evidence.kept import printed_of
from evidence.models import Evidence, EvidenceRevision, StoredFile
from tenancy.models import current_organization
from tenancy.scope import now

COLLECTOR = "Plumbline's changes"
TAG = "change record"
POPULATION = "changes"  # of controls that run on each change


def keep_records(changes: Sequence[Change], stage: str) -> Evidence:
    """Keep what is known of changes that came to a stage, a line for each. Part of a caller's action.

    Load them by changes.outputs.record.loaded.
    """
    lines = [line_of(record_of(change)) for change in changes]
    moment, zone = now(), current_organization().tzinfo
    days = [_day(change, zone) for change in changes]
    item = add_evidence(
        title=_title(changes, stage),
        category=Evidence.Category.CHANGE,
        file=store(io.BytesIO(b"".join(line for line, _ in lines)), _name(changes, stage)),
        source="Plumbline",
        collector=COLLECTOR,
        subject=changes[0] if len(changes) == 1 else None,
        actor=ITSELF,
        collected_at=moment,
        period_from=min(days),
        period_to=max(days),
        query=f"{stage}: {changes[0].reference} to {changes[-1].reference}",
        description="Each line is a change as it stood: what was approved, by whom, with which hash, and what was carried out.",
        tags=[TAG],
    )
    ChangeRecord.objects.bulk_create(
        ChangeRecord(change=change, evidence=item, stage=stage, sha256=digest, taken_at=moment)
        for change, (_, digest) in zip(changes, lines, strict=True)
    )
    _link(item)
    return item


def _link(item: Evidence) -> None:
    """Let it stand for the control of changes at work; one that runs on each change gets it with the change's occurrence."""
    control = control_of_changes()
    if control is not None and control.population != POPULATION:
        attach(control, item, Leg.OPERATION, actor=ITSELF)
        refresh([control.pk])


def keep_pdf(change: Change, file: StoredFile, digest: str) -> Evidence:
    """Keep a PDF of a change. Part of a caller's action."""
    zone = current_organization().tzinfo
    return add_evidence(
        title=f"{change.reference} {change.title}"[:190] + " (PDF)",
        category=Evidence.Category.CHANGE,
        file=file,
        source="Plumbline",
        collector=COLLECTOR,
        subject=change,
        actor=ITSELF,
        period_from=change.raised_at.astimezone(zone).date(),
        period_to=now().astimezone(zone).date(),
        query=digest,
        description=f"{change.reference} as it stood: its approvals, hashes, evidence and deployments.",
    )


def pdf_of(change: Change, digest: str = "") -> EvidenceRevision | None:
    """The latest PDF of a change as it was printed; with a digest, that of this very content."""
    printed = printed_of(change.pk, COLLECTOR).order_by("-made_at", "-pk")
    return (printed.filter(evidence__query=digest) if digest else printed).first()


def records_of(change: Change) -> QuerySet[ChangeRecord]:
    """What was kept of a change at its milestones, oldest first."""
    return ChangeRecord.objects.filter(change=change).select_related("evidence__file")


def _title(changes: Sequence[Change], stage: str) -> str:
    if len(changes) == 1:
        return f"{changes[0].reference} {changes[0].title}"[:180] + f", {stage}"
    return f"{len(changes):,} changes {stage}, {changes[0].reference} to {changes[-1].reference}"


def _name(changes: Sequence[Change], stage: str) -> str:
    last = f"-to-{changes[-1].reference}" if len(changes) > 1 else ""
    return f"{changes[0].reference}{last}-{stage}.json{'l' if last else ''}"


def _day(change: Change, zone: ZoneInfo) -> dt.date:
    return (change.implemented_at or change.ended_at or now()).astimezone(zone).date()
