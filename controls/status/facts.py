"""The dated facts of many controls in one period, in SQL: five queries for any number, and one for each area adding to a leg."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import BooleanField, Count, ExpressionWrapper, Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from controls.models import AuditPeriod, Control, ControlEvidence, ControlTest, Occurrence
from controls.models.control import Leg
from controls.models.occurrence import State, state_as_of
from controls.status.legs import counted_for
from controls.status.rules import Facts, LegFacts
from controls.status.scope import scope_of
from evidence.models import Evidence, FileCheck
from tenancy.models import Organization

Ids = Collection[uuid.UUID] | None
Rows = dict[uuid.UUID, dict[str, Any]]
_DAMAGED = (FileCheck.Result.ALTERED, FileCheck.Result.MISSING, FileCheck.Result.UNREADABLE)
LATEST = ("-tested_on", "-recorded_at", "-pk")
# What a control works on. A test of the configuration that was made is itself what shows a continuous one at work.
_TO_BE_DONE = Q(status=Occurrence.Status.OPEN) | Q(status=Occurrence.Status.PERFORMED) & ~Q(kind=Occurrence.Kind.CONFIGURATION)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one control in one period: the facts that rules judge, and what lists show beside the status."""

    control_id: uuid.UUID
    in_scope: bool
    facts: Facts
    evidence_count: int
    last_tested_on: dt.date | None
    next_due_on: dt.date | None


def facts_of(period: AuditPeriod, day: dt.date, organization: Organization, control_ids: Ids = None) -> Iterator[Known]:
    """What is known as of a day of the controls named, or of all."""
    evidence = _evidence(period, day, organization, control_ids)
    occurrences = _occurrences(period, day, control_ids)
    tests = _tests(period, day, control_ids)
    due = _next_due(day, control_ids)
    beside = counted_for(control_ids, day)
    scope = ExpressionWrapper(scope_of(period), output_field=BooleanField())
    controls = _of(Control.objects.annotate(counts=scope), control_ids, "pk").order_by("pk")
    for key, owner, legs, counts in controls.values_list("pk", "owner_id", "legs", "counts"):
        yield Known(
            control_id=key,
            in_scope=counts,
            facts=_facts(owner is not None, legs, _legs(evidence[key], partial(beside, key)), occurrences[key], tests[key]),
            evidence_count=evidence[key].get("items", 0),
            last_tested_on=tests[key].get("last"),
            next_due_on=due.get(key),
        )


def _facts(
    owned: bool,  # noqa: FBT001 - a fact among facts
    legs: list[str],
    held: dict[Leg, LegFacts],
    occurrences: dict[str, Any],
    tests: dict[str, Any],
) -> Facts:
    return Facts(
        owned=owned,
        needed=frozenset(Leg(leg) for leg in legs),
        legs=held,
        **{name: occurrences.get(name, 0) for name in ("on_time", "late", "missed", "did_not_occur", "fallen_due")},
        last_result=_first(tests.get("last_result")),
        last_verdict=_first(tests.get("last_verdict")),
        period_result=_first(tests.get("period_result")),
        period_verdict=_first(tests.get("period_verdict")),
    )


def _legs(evidence: dict[str, Any], beside: Callable[[Leg], LegFacts]) -> dict[Leg, LegFacts]:
    """What each leg stands on: linked evidence, and what other areas hold."""
    linked = {leg: LegFacts(*(evidence.get(f"{leg}_{kind}", 0) for kind in ("fresh", "stale", "damaged"))) for leg in Leg}
    return {leg: linked[leg] + beside(leg) for leg in Leg}


def _evidence(period: AuditPeriod, day: dt.date, organization: Organization, control_ids: Ids) -> Rows:
    """Current items by leg and state of their file; those of the operation leg only where they tell of the period.

    Which items are current is asked in the aggregates, not of the rows: the planner, which cannot know the evidence that was
    just added, would otherwise begin with all current items for each link.
    """
    damaged = Q(evidence__file__checks__result__in=_DAMAGED)
    stale = Q(evidence__expires_on__lt=day)
    counting = _counting(period, organization)
    states = {
        "fresh": ~damaged & (Q(evidence__expires_on__isnull=True) | Q(evidence__expires_on__gte=day)),
        "stale": ~damaged & stale,
        "damaged": damaged,
    }
    counts = {f"{leg}_{name}": Count("pk", filter=Q(leg=leg) & counting & state) for leg in Leg for name, state in states.items()}
    return _by_control(_of(_linked(), control_ids), items=Count("evidence", distinct=True, filter=counting), **counts)


def counted_links(period: AuditPeriod, organization: Organization) -> QuerySet[ControlEvidence]:
    """The links whose items a control's `evidence_count` counts."""
    return _linked().filter(_counting(period, organization))


def _counting(period: AuditPeriod, organization: Organization) -> Q:
    """Links to current items that tell of the period, where they stand for operation."""
    of_period = ~Q(leg=Leg.OPERATION) | _tells_of(period, organization)
    return Q(evidence__status=Evidence.Status.CURRENT) & of_period


def _linked() -> QuerySet[ControlEvidence]:
    """Items and their legs, each with the days it tells of: one that names a single day tells of that."""
    linked = ControlEvidence.objects.filter(status=ControlEvidence.Status.LINKED)
    return linked.alias(
        since=Coalesce("evidence__period_from", "evidence__period_to"),
        until=Coalesce("evidence__period_to", "evidence__period_from"),
    )


def _tells_of(period: AuditPeriod, organization: Organization) -> Q:
    """Evidence whose own period overlaps the audit period, or that was collected in it where it names none."""
    begin, end = organization.end_of(period.starts_on - dt.timedelta(days=1)), organization.end_of(period.ends_on)
    collected = Q(evidence__collected_at__gte=begin, evidence__collected_at__lt=end)
    return Q(since__lte=period.ends_on, until__gte=period.starts_on) | (Q(since__isnull=True) & collected)


def _occurrences(period: AuditPeriod, day: dt.date, control_ids: Ids) -> Rows:
    """How many of the period are in which state as of the day."""
    rows = Occurrence.objects.filter(ends_on__range=(period.starts_on, period.ends_on))
    expected = rows.exclude(status=Occurrence.Status.WITHDRAWN).annotate(state=state_as_of(day))
    states = {"on_time": State.PERFORMED, "late": State.LATE, "missed": State.MISSED, "did_not_occur": State.DID_NOT_OCCUR}
    counts = {name: Count("pk", filter=Q(state=state)) for name, state in states.items()}
    return _by_control(_of(expected, control_ids), fallen_due=Count("pk", filter=_TO_BE_DONE & Q(due_on__lt=day)), **counts)


def _tests(period: AuditPeriod, day: dt.date, control_ids: Ids) -> Rows:
    """Results, latest first: of all tests and of those of the period, with and without what could not be evaluated."""
    of_period = _about(period)
    told = ~Q(result=ControlTest.Result.NOT_EVALUABLE)
    results = {"last_result": Q(), "last_verdict": told, "period_result": of_period, "period_verdict": of_period & told}
    arrays = {name: ArrayAgg("result", filter=which or None, order_by=LATEST) for name, which in results.items()}
    return _by_control(_of(_tested_until(day), control_ids), last=Max("tested_on"), **arrays)


def tests_of(period: AuditPeriod, day: dt.date) -> QuerySet[ControlTest]:
    """The tests made until a day that belong to a period: in which their population ends, or, without one, they were made."""
    return _tested_until(day).filter(_about(period))


def _tested_until(day: dt.date) -> QuerySet[ControlTest]:
    return ControlTest.objects.filter(tested_on__lte=day).alias(about=Coalesce("population__period_to", "tested_on"))


def _about(period: AuditPeriod) -> Q:
    return Q(about__range=(period.starts_on, period.ends_on))


def _next_due(day: dt.date, control_ids: Ids) -> dict[uuid.UUID, dt.date]:
    """When the next open occurrence is due."""
    ahead = _of(Occurrence.objects.filter(status=Occurrence.Status.OPEN, due_on__gte=day), control_ids)
    return dict(ahead.order_by().values_list("control").annotate(Min("due_on")))


def _of(rows: QuerySet[Any], control_ids: Ids, field: str = "control") -> QuerySet[Any]:
    return rows if control_ids is None else rows.filter(**{f"{field}__in": list(control_ids)})


def _by_control(rows: QuerySet[Any], **aggregates: Any) -> Rows:
    found: Rows = defaultdict(dict)
    for row in rows.order_by().values("control_id").annotate(**aggregates):
        found[row["control_id"]] = row
    return found


def _first(results: list[str] | None) -> str:
    return results[0] if results else ""
