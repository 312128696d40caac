"""Reading what belongs to controls in an audit period: policies, evidence, tests, occurrences; requests; populations."""

import datetime as dt
import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet

from controls.models import (
    AuditPeriod,
    AuditRequest,
    Control,
    ControlCriterion,
    ControlEvidence,
    ControlState,
    ControlTest,
    ControlTestEvidence,
    Occurrence,
    RequestProof,
)
from controls.models.control import Leg
from controls.requests.giving import SUBMITTED
from controls.status.facts import counted_links, tests_of
from evidence.hiding import Outsider, evidence_seen_by
from evidence.models import Evidence, Population, Sample
from policies.models import PolicyControl, PolicyVersion
from proof.package.contents import Contents, Folder
from proof.package.names import file_name, kind_of, plain
from tenancy.models import current_organization

KEPT = (Evidence.Status.CURRENT, Evidence.Status.SUPERSEDED)  # what a test or a request had before it; never what was withdrawn
IN_FORCE = ("published", "superseded", "retired")
_BATCH = 2_000
_LEGS, _CATEGORIES, _METHODS = dict(Leg.choices), dict(Evidence.Category.choices), dict(Evidence.Method.choices)
# What is told of an item of evidence: there are ten thousands of them.
_OF_EVIDENCE = (
    "reference", "title", "category", "source", "method", "collector", "query", "period_from", "period_to", "collected_at",
    "validated_at", "expires_on", "file__tenant", "file__name", "file__sha256", "file__size", "file__content_type",
)  # fmt: skip


def gather(period: AuditPeriod, controls: Sequence[Control], *, with_requests: bool, with_populations: bool) -> Contents:
    """Read what belongs to these controls in a period. A handful of queries, whatever their number."""
    found = Contents(period)
    keys = [control.pk for control in controls]
    parts = _Parts(period, keys)
    for control in controls:
        _control(found, control, parts)
    if with_requests:
        _requests(found, period)
    if with_populations:
        _populations(found, period)
    return found


class _Parts:
    """What hangs on the controls, by control."""

    def __init__(self, period: AuditPeriod, keys: list[uuid.UUID]) -> None:
        first, last = period.starts_on, period.ends_on
        seen = evidence_seen_by(Outsider()).values("pk")
        shown = counted_links(period, current_organization()).filter(control__in=keys, evidence__in=seen)
        self.proofs = _InTurn(
            shown.select_related("evidence__file", "occurrence")
            .only("control", "leg", "occurrence", *(f"evidence__{name}" for name in _OF_EVIDENCE))
            .order_by("control__code", "evidence__reference", "leg", "pk")
        )
        self.answers = _by_control(ControlCriterion.objects.filter(control__in=keys))
        self.states = {one.control_id: one for one in ControlState.objects.filter(control__in=keys, period=period)}
        tests = tests_of(period, current_organization().today()).filter(control__in=keys)
        self.tests = _by_control(tests.select_related("tester__user", "tester_person").order_by("tested_on", "id"))
        rows = (
            ControlTestEvidence.objects.filter(test__in=tests, evidence__in=seen, evidence__status__in=KEPT)
            .select_related("evidence__file")
            .order_by("evidence__reference")
        )
        self.test_proofs: dict[uuid.UUID, list[ControlTestEvidence]] = defaultdict(list)
        for row in rows:
            self.test_proofs[row.test_id].append(row)
        occurrences = Occurrence.objects.filter(control__in=keys, starts_on__lte=last, ends_on__gte=first)
        self.occurrences = _by_control(
            occurrences.select_related("performed_by__user", "stated_by__user").order_by("starts_on", "key")
        )
        self.policies = self._policies(keys, first, last)

    def _policies(self, keys: list[uuid.UUID], first: dt.date, last: dt.date) -> dict[uuid.UUID, list[PolicyVersion]]:
        """The versions in force on a day of the period, of the policies that document each control."""
        documents = list(PolicyControl.objects.filter(control__in=keys).order_by("policy__reference"))
        in_force = PolicyVersion.objects.filter(
            Q(ended_on=None) | Q(ended_on__gt=first),
            policy__in={one.policy_id for one in documents},
            status__in=IN_FORCE,
            effective_on__lte=last,
        )
        versions: dict[uuid.UUID, list[PolicyVersion]] = defaultdict(list)
        for version in in_force.select_related("policy", "file").order_by("number"):
            versions[version.policy_id].append(version)
        found: dict[uuid.UUID, list[PolicyVersion]] = defaultdict(list)
        for one in documents:
            found[one.control_id] += versions[one.policy_id]
        return found


class _InTurn:
    """Rows of one control after the other, in the order of their codes: no more of them is held than one control has."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self._rows = groupby(rows.iterator(chunk_size=_BATCH), key=lambda row: row.control_id)
        self._next = next(self._rows, None)

    def of(self, control: uuid.UUID) -> list[Any]:
        """What belongs to the control whose turn it is."""
        if self._next is None or self._next[0] != control:
            return []
        found = list(self._next[1])
        self._next = next(self._rows, None)
        return found


def _by_control(rows: Iterable[Any]) -> dict[uuid.UUID, list[Any]]:
    found: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.control_id].append(row)
    return found


def _control(found: Contents, control: Control, parts: _Parts) -> None:
    folder = found.folder("controls", control.code, control.title)
    found.controls.append(folder)
    found.records.add(control.pk)
    state: ControlState | None = parts.states.get(control.pk)
    design, operation = (state.get_design_display(), state.get_operation_display()) if state else ("Not known", "Not known")
    proofs, tests = parts.proofs.of(control.pk), parts.tests.pop(control.pk, [])  # nothing is kept longer than needed
    occurrences = parts.occurrences.pop(control.pk, [])
    files = [found.put_evidence(folder, one.evidence, kind_of(one.evidence.file, one.evidence.category)) for one in proofs]
    folder.facts = [
        ("Design", design), ("Operation", operation), ("Criteria", ", ".join(one.criterion for one in parts.answers[control.pk])),
        ("Items of evidence", str(len({one.evidence_id for one in proofs}))), ("Tests", _results(tests)),
    ]  # fmt: skip
    told = {
        "code": control.code, "title": control.title, "objective": control.objective, "operation": control.operation,
        "owner": control.owner.name if control.owner else None, "frequency": control.get_cadence_display(),
        "inScopeSince": control.in_scope_since, "retiredOn": control.retired_on, "testProcedure": control.test_procedure,
        "criteria": [{"criterion": one.criterion, "note": one.note} for one in parts.answers[control.pk]],
        "status": {"design": design, "operation": operation, "asOf": state.as_of if state else None},
        "evidence": [_evidence(one, file) for one, file in zip(proofs, files, strict=True)],
        "tests": [_test(one, parts.test_proofs[one.pk]) for one in tests],
        "occurrences": [_occurrence(one) for one in occurrences],
    }  # fmt: skip
    found.put(folder, "control.json", content=_json(told))
    for version in parts.policies[control.pk]:
        _policy(found, folder, version)
    for test in tests:
        found.records.add(test.pk)
        for row in parts.test_proofs[test.pk]:
            found.put_evidence(folder, row.evidence, f"tests/{test.tested_on:%Y-%m-%d}")
    found.records |= {one.pk for one in occurrences}


def _results(tests: Sequence[ControlTest]) -> str:
    """How many, and how each came out."""
    by_result = Counter(one.get_result_display().lower() for one in tests)
    told = ", ".join(f"{count} {result}" for result, count in by_result.items())
    return f"{len(tests)} ({told})" if told else "0"


def _policy(found: Contents, folder: Folder, version: PolicyVersion) -> None:
    name = f"{version.policy.reference}-v{version.number}-{version.title}"
    below = "procedures" if version.policy.kind == version.policy.Kind.PROCEDURE else "policies"
    found.records |= {version.policy_id, version.pk}
    if version.file is not None:
        found.put(folder, f"{below}/{file_name(name, version.file.name)}", file=version.file)
    else:
        found.put(folder, f"{below}/{plain(name)}.md", content=version.text.encode())


def _requests(found: Contents, period: AuditPeriod) -> None:
    asked = AuditRequest.objects.filter(period=period).order_by("place")
    given: dict[uuid.UUID, list[RequestProof]] = defaultdict(list)
    kept = evidence_seen_by(Outsider()).filter(status__in=KEPT)
    rows = RequestProof.objects.filter(SUBMITTED, request__in=asked, status="linked")
    rows = rows.filter(Q(evidence=None) | Q(evidence__in=kept.values("pk")))
    for row in rows.select_related("evidence__file", "population__file", "sample__population"):
        given[row.request_id].append(row)
    for request in asked:
        folder = found.folder("requests", request.reference, request.title)
        folder.facts = [
            ("State", request.get_status_display()), ("Category", request.category), ("Due", str(request.due_on or "")),
            ("Given", str(len(given[request.pk]))),
        ]  # fmt: skip
        found.requests.append(folder)
        found.records.add(request.pk)
        told = {
            "number": request.reference, "title": request.title, "description": request.description,
            "category": request.category, "state": request.get_status_display(), "requestedOn": request.requested_on,
            "dueOn": request.due_on, "statement": request.statement, "judgement": request.judgement,
            "submittedAt": request.submitted_at, "judgedAt": request.judged_at,
        }  # fmt: skip
        found.put(folder, "request.json", content=_json(told))
        for row in given[request.pk]:
            if row.evidence is not None:
                found.put_evidence(folder, row.evidence)
            elif row.population is not None and row.population.file is not None:
                found.put(folder, file_name(row.population.reference, row.population.file.name), file=row.population.file)
            elif row.sample is not None:
                name = f"{row.sample.population.reference}-sample-{row.sample.number}.json"
                found.put(folder, plain(name), content=_json(_sample(row.sample)))


def _populations(found: Contents, period: AuditPeriod) -> None:
    rows = Population.objects.filter(
        period_from__lte=period.ends_on, period_to__gte=period.starts_on, status="frozen", file__isnull=False
    )
    samples: dict[uuid.UUID, list[Sample]] = defaultdict(list)
    for sample in Sample.objects.filter(population__in=rows).order_by("number"):
        samples[sample.population_id].append(sample)
    for one in rows.select_related("file").order_by("reference"):
        folder = found.folder("populations", one.reference, one.title)
        folder.facts = [("Rows", f"{one.row_count:,}"), ("Samples", str(len(samples[one.pk])))]
        found.populations.append(folder)
        found.records |= {one.pk, *(sample.pk for sample in samples[one.pk])}
        told = {
            "number": one.reference, "title": one.title, "from": one.period_from, "to": one.period_to, "rows": one.row_count,
            "digest": one.digest, "statement": one.statement, "samples": [_sample(sample) for sample in samples[one.pk]],
        }  # fmt: skip
        found.put(folder, "population.json", content=_json(told))
        if one.file is not None:
            found.put(folder, file_name(one.reference, one.file.name), file=one.file)


def _evidence(link: ControlEvidence, file: str) -> dict[str, Any]:
    item = link.evidence
    return {
        "number": item.reference, "title": item.title, "leg": _LEGS[link.leg],
        "occurrence": link.occurrence.label if link.occurrence else None, "category": _CATEGORIES[item.category],
        "source": item.source, "method": _METHODS[item.method], "collector": item.collector, "query": item.query,
        "from": item.period_from, "to": item.period_to, "collectedAt": item.collected_at, "validatedAt": item.validated_at,
        "expiresOn": item.expires_on, "sha256": item.file.sha256, "file": file,
    }  # fmt: skip


def _test(test: ControlTest, proofs: Sequence[ControlTestEvidence]) -> dict[str, Any]:
    tester = test.tester_person.name if test.tester_person else test.tester.name if test.tester else None
    return {
        "testedOn": test.tested_on, "tester": tester, "procedure": test.procedure, "result": test.get_result_display(),
        "state": test.get_status_display(), "populationAndSample": test.population_note, "itemsTested": test.items_tested,
        "exceptionsFound": test.exceptions_found, "notes": test.notes, "evidence": [row.evidence.reference for row in proofs],
    }  # fmt: skip


def _occurrence(one: Occurrence) -> dict[str, Any]:
    by = one.performed_by or one.stated_by
    return {
        "label": one.label, "from": one.starts_on, "to": one.ends_on, "dueOn": one.due_on, "state": one.get_status_display(),
        "performedOn": one.performed_on, "by": by.name if by else None, "statement": one.statement,
    }  # fmt: skip


def _sample(sample: Sample) -> dict[str, Any]:
    return {
        "number": sample.number, "method": sample.get_method_display(), "algorithm": sample.algorithm, "seed": sample.seed,
        "seedFrom": sample.seed_from, "size": sample.size, "keys": sample.keys, "reason": sample.reason, "madeAt": sample.made_at,
    }  # fmt: skip


def _json(told: dict[str, Any]) -> bytes:
    """An object, a name of it on each line; of what is a list, each on a line of its own."""
    return ("{\n" + ",\n".join(f"  {_text(name)}: {_value(value)}" for name, value in told.items()) + "\n}\n").encode()


def _value(value: Any) -> str:
    if not isinstance(value, list) or not value:
        return _text(value)
    return "[\n" + ",\n".join(f"    {_text(one)}" for one in value) + "\n  ]"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)
