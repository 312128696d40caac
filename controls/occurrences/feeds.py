"""What other areas do is evidence of controls by itself: an area that has finished something feeds it in here."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from accounts.models import Member
from audit.actions import action
from audit.actors import WORKER
from audit.record import Entry, record_many
from controls.evidence import attach
from controls.models import Control, ControlEvidence, Occurrence
from controls.models.control import Cadence, Leg
from controls.occurrences.coverage import Coverage, coverage_of
from controls.occurrences.layout import lay_out
from controls.status.keep import refresh
from evidence.models import Evidence
from tenancy.measuring import plan_anew
from tenancy.models import current_organization
from tenancy.scope import current_tenant_id

ACCESS_REVIEWS = "access_reviews"
SCANS = "vulnerability_scans"
PENETRATION_TESTS = "penetration_tests"
ENCRYPTED_STORAGE = "encrypted_storage"
KEPT_LOGS = "kept_logs"
RECOVERY_TESTS = "recovery_tests"
CAPACITY_REVIEWS = "capacity_reviews"
LOAD_TESTS = "load_tests"
RISK_ASSESSMENTS = "risk_assessments"
MANY = 100  # occurrences at once make what the planner believes of their tables worth mending
# The starter controls that an area's work is the operation of; others say so by their population.
_STARTERS = {
    ACCESS_REVIEWS: ("AC-005",),
    ENCRYPTED_STORAGE: ("ENC-001",),
    KEPT_LOGS: ("MON-002",),
    RECOVERY_TESTS: ("BCP-003",),
    CAPACITY_REVIEWS: ("AVL-001",),
    LOAD_TESTS: ("AVL-001",),
    RISK_ASSESSMENTS: ("RSK-001",),
}


@dataclass(frozen=True, slots=True)
class Fed:
    """Something finished: its evidence, the day that places it among the occurrences, when it was done and by whom.

    `event` is its key among the events of its kind, for controls that run on each of them.
    """

    kind: str
    evidence: Collection[Evidence]
    belongs_on: dt.date
    performed_on: dt.date
    performed_by: Member | None
    statement: str
    event: str = ""


@dataclass(frozen=True, slots=True)
class Worked:
    """An occurrence of an event that another area has worked on: the item that shows it, when, by whom, and in which words.

    Load the row with its control.
    """

    row: Occurrence
    evidence: Evidence
    performed_on: dt.date
    performed_by: Member | None
    statement: str


_PERFORM = """
UPDATE controls_occurrence AS o
SET status = 'performed', performed_on = w.day, performed_by_id = w.member, statement = w.words
FROM unnest(%(rows)s::uuid[], %(days)s::date[], %(members)s::uuid[], %(words)s::text[]) AS w (id, day, member, words)
WHERE o.tenant_id = %(tenant)s AND o.id = w.id AND o.status = 'open' AND o.kind = 'event'
RETURNING o.id
"""


def controls_fed(kind: str) -> QuerySet[Control]:
    """The controls in service that the work of an area shows at work."""
    starters = Q(library_key__in=_STARTERS.get(kind, ()))
    return Control.objects.filter(starters | Q(population=kind), status=Control.Status.ACTIVE)


def covered_by(row: Occurrence) -> Coverage | None:
    """What of an occurrence the work that feeds its control has covered; None where nothing has to be."""
    control = row.control
    kinds = {kind for kind, keys in _STARTERS.items() if control.library_key in keys} | {control.population}
    return next((found for kind in sorted(kinds) if (found := coverage_of(row, kind))), None)


def feed(fed: Fed) -> None:
    """Link the evidence to the controls it shows at work, and perform the occurrence that it belongs to.

    Part of a caller's action. Idempotent: an item that was ever linked to a control is left as somebody has left it.
    """
    controls = list(controls_fed(fed.kind).select_related("owner"))
    # What has just happened may not have its row yet.
    lay_out([control.pk for control in controls if control.cadence == Cadence.PER_EVENT], actor=WORKER)
    known = set(
        ControlEvidence.objects.filter(evidence__in=list(fed.evidence), control__in=controls).values_list("control", "evidence")
    )
    touched: set[uuid.UUID] = set()
    for control in controls:
        fresh = [item for item in fed.evidence if (control.pk, item.pk) not in known]
        if fresh:
            _feed(control, fresh, fed)
            touched.add(control.pk)
    refresh(touched)


def show(kind: str, evidence: Collection[Evidence]) -> None:
    """Link the evidence to the controls that it shows at work, and perform nothing: it is only a part of what they owe.

    Part of a caller's action; the evidence is new.
    """
    controls = list(controls_fed(kind).select_related("owner"))
    for control in controls:
        for item in evidence:
            attach(control, item, Leg.OPERATION, actor=WORKER)
    refresh({control.pk for control in controls})


def _feed(control: Control, items: Collection[Evidence], fed: Fed) -> None:
    row = _occurrence(control, fed)
    for item in items:
        attach(control, item, Leg.OPERATION, actor=WORKER, occurrence=row)
    if row is None or row.status != Occurrence.Status.OPEN:
        return
    covered = coverage_of(row, fed.kind)
    if covered and covered.missing:  # a part of an interval's work is evidence, and does not perform it
        return
    day = max(fed.performed_on, row.starts_on)
    if day <= current_organization().today():  # nothing is done on a day that has not come
        Occurrence.PERFORM.apply(row, actor=WORKER, performed_on=day, performed_by=fed.performed_by, statement=fed.statement)


def _occurrence(control: Control, fed: Fed) -> Occurrence | None:
    """The one that this shows: of its event, else of the interval that holds its day; none that was stated or excused."""
    takes = Occurrence.objects.filter(control=control, status__in=[Occurrence.Status.OPEN, Occurrence.Status.PERFORMED])
    of_event = Q(kind=Occurrence.Kind.EVENT, key=f"{fed.kind}:{fed.event}")
    of_interval = Q(kind=Occurrence.Kind.INTERVAL, starts_on__lte=fed.belongs_on, ends_on__gte=fed.belongs_on)
    rows = takes.filter(of_event | of_interval).select_related("control").select_for_update(of=("self",))
    return rows.order_by("kind", "ends_on").first()


@action
def perform_events(worked: Sequence[Worked]) -> int:
    """Perform the open ones among occurrences of events, each with the item that shows it; returns how many.

    Set-based: an area accounts for hundreds of events at once. Each has its event in the trail, and so has each link.
    """
    by_row = {one.row.pk: one for one in worked}
    with connection.cursor() as cursor:
        cursor.execute(
            _PERFORM,
            {
                "tenant": current_tenant_id(),
                "rows": list(by_row),
                "days": [one.performed_on for one in by_row.values()],
                "members": [one.performed_by.pk if one.performed_by else None for one in by_row.values()],
                "words": [one.statement for one in by_row.values()],
            },
        )
        performed = [by_row[key] for (key,) in cursor.fetchall()]
    proofs = ControlEvidence.objects.bulk_create(
        ControlEvidence(control=one.row.control, evidence=one.evidence, leg=Leg.OPERATION, occurrence=one.row)
        for one in performed
    )
    record_many("control_evidence.link", actor=WORKER, entries=[_linked(one) for one in proofs])
    record_many(Occurrence.PERFORM.verb, actor=WORKER, entries=[_performed(one) for one in performed])
    if len(performed) >= MANY:
        plan_anew(len(performed), Occurrence, ControlEvidence)
    refresh({one.row.control_id for one in performed})
    return len(performed)


def _linked(proof: ControlEvidence) -> Entry:
    facts = {"evidence": f"{proof.evidence.reference} {proof.evidence.title}", "leg": proof.leg}
    label = proof.occurrence.label if proof.occurrence else ""
    return Entry(proof._meta.label_lower, proof.pk, str(proof), after={**facts, "occurrence": label})


def _performed(one: Worked) -> Entry:
    after = {"status": Occurrence.Status.PERFORMED, "performed_on": one.performed_on, "statement": one.statement}
    return Entry(one.row._meta.label_lower, one.row.pk, str(one.row), {"status": Occurrence.Status.OPEN}, after)
