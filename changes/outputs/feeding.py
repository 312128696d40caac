"""Changes and deployments that are accounted for perform the occurrences of the controls that run on each of them."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping

from accounts.models import Member
from changes.models import Change, ChangeRecord, Deployment
from changes.models.deployment import Classification
from changes.outputs.kept import POPULATION
from controls.models import Control, Occurrence
from controls.models.control import Cadence
from controls.occurrences.feeds import Worked, perform_events
from evidence.models import Evidence
from inventory.models import Person
from tenancy.models import Organization

DEPLOYMENTS = "deployments"
MOST = 2_000  # at a time; the schedule comes again
Rows = Mapping[uuid.UUID, list[Occurrence]]


def feed_done(organization: Organization, _at: dt.datetime) -> None:
    """What the schedule does, a few queries for any number: those still open whose change has been approved and kept."""
    worked = [*_of_changes(_open(POPULATION), organization), *_of_deployments(_open(DEPLOYMENTS), organization)]
    if worked:
        perform_events(worked)


def _open(population: str) -> Rows:
    """Open occurrences of events of a population, by the id of what happened."""
    controls = Control.objects.filter(population=population, cadence=Cadence.PER_EVENT, status=Control.Status.ACTIVE)
    rows = Occurrence.objects.filter(
        control__in=controls, kind=Occurrence.Kind.EVENT, status=Occurrence.Status.OPEN, subject_id__isnull=False
    )
    found: dict[uuid.UUID, list[Occurrence]] = {}
    for row in rows.select_related("control").order_by("starts_on", "pk")[:MOST]:
        found.setdefault(row.subject_id, []).append(row)  # type: ignore[arg-type] # it is there, see above
    return found


def _of_changes(rows: Rows, organization: Organization) -> Iterator[Worked]:
    kept = _kept(rows)
    for change in Change.objects.filter(pk__in=kept).select_related("implementer__member__user"):
        at = _settled_at(change)
        if at is not None:
            words = f"{change.reference} was approved and carried out; the record says by whom."
            yield from _worked(rows[change.pk], kept[change.pk], _local(at, organization), change.implementer, words)


def _of_deployments(rows: Rows, organization: Organization) -> Iterator[Worked]:
    accounted = (Classification.APPROVED_BEFORE, Classification.STANDARD, Classification.EMERGENCY)
    found = Deployment.objects.filter(pk__in=rows, classification__in=accounted).select_related("change", "person__member__user")
    deployments = list(found)
    kept = _kept({one.change_id for one in deployments if one.change_id})
    for one in deployments:
        change, proof = one.change, kept.get(one.change_id) if one.change_id else None
        if change is None or proof is None:
            continue
        emergency = one.classification == Classification.EMERGENCY
        at = change.written_at if emergency else one.deployed_at
        if at is not None:
            words = f"It belongs to {change.reference}: {one.get_classification_display().lower()}."
            yield from _worked(rows[one.pk], proof, _local(max(at, one.deployed_at), organization), one.person, words)


def _settled_at(change: Change) -> dt.datetime | None:
    """When a change was both approved and carried out; None before."""
    if change.implemented_at is None:
        return None
    approved = change.written_at if change.type == Change.Type.EMERGENCY else change.approved_at
    return max(approved, change.implemented_at) if approved else None


def _worked(rows: Iterable[Occurrence], evidence: Evidence, day: dt.date, person: Person | None, words: str) -> Iterator[Worked]:
    member: Member | None = person.member if person else None
    for row in rows:
        yield Worked(row, evidence, max(day, row.starts_on), member, words)


def _kept(changes: Iterable[uuid.UUID]) -> dict[uuid.UUID, Evidence]:
    """The latest item with the record of each."""
    records = ChangeRecord.objects.filter(change__in=list(changes), evidence__status=Evidence.Status.CURRENT)
    return {one.change_id: one.evidence for one in records.select_related("evidence").order_by("taken_at", "pk")}


def _local(at: dt.datetime, organization: Organization) -> dt.date:
    return organization.day_of(at)
