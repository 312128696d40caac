"""Recording tests of controls. A later test supersedes an earlier one; none is changed or removed."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.models import Control, ControlTest, ControlTestEvidence
from controls.occurrences.categories import category_for
from controls.status.keep import refresh
from controls.testing.hooks import tell_tested
from controls.testing.independence import why_not_independent
from evidence.actions import add_evidence
from evidence.files import store
from evidence.models import Evidence, Population, Sample
from inventory.models import Person
from tenancy.models import current_organization
from ui.refusals import ActionRefused

PERMISSION = "controls.test"
Result = ControlTest.Result
# How long until the next test where no other day is given.
AFTER_A_PASS = dt.timedelta(days=365)
AFTER_ANYTHING_ELSE = dt.timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a tester says of one test."""

    tested_on: dt.date
    procedure: str
    result: str
    population: Population | None = None
    sample: Sample | None = None
    population_note: str = ""
    items_tested: int | None = None
    exceptions_found: int | None = None
    notes: str = ""
    next_due_on: dt.date | None = None


@action
def record_test(
    control: Control,
    findings: Findings,
    *,
    actor: Actor,
    evidence: Collection[Evidence] = (),
    uploads: Sequence["UploadedFile[Any]"] = (),
) -> ControlTest:
    """Keep what a tester found. Raises ActionRefused for who owns or performed the control, and for what does not add up."""
    if not actor.can(PERMISSION):
        raise ActionRefused("Your role does not allow this.")
    locked = Control.objects.select_for_update(of=("self",)).select_related("owner").get(pk=control.pk)
    check(findings)
    if refusal := why_not_independent(actor, locked, tested_on=findings.tested_on, population=_population(findings)):
        raise ActionRefused(refusal)
    test = _insert(locked, findings, actor)
    proofs = [*evidence, *(_keep(test, upload, actor) for upload in uploads)]
    ControlTestEvidence.objects.bulk_create([ControlTestEvidence(test=test, evidence=item) for item in proofs])
    record("control_test.record", test, actor=actor, after=_recorded(test, proofs))
    _supersede(test, actor)
    tell_tested(test, actor)
    refresh([locked.pk])
    return test


def check(findings: Findings) -> None:
    """Raise ActionRefused for what does not add up."""
    if findings.tested_on > current_organization().today():
        raise ActionRefused("A test is recorded once it was made: not after today.", field="tested_on")
    if not findings.procedure.strip():
        raise ActionRefused("Say how it was tested, so that somebody else can do it again.", field="procedure")
    if findings.next_due_on is not None and findings.next_due_on <= findings.tested_on:
        raise ActionRefused("The next test comes after this one.", field="next_due_on")
    if findings.result != Result.PASS and not findings.notes.strip():
        raise ActionRefused("Say what was found.", field="notes")
    _check_counts(findings)
    _check_sample(findings)


def _check_counts(findings: Findings) -> None:
    tested, exceptions = findings.items_tested, findings.exceptions_found or 0
    if exceptions and tested is not None and exceptions > tested:
        raise ActionRefused("There cannot be more exceptions than items tested.", field="exceptions_found")
    if exceptions and findings.result == Result.PASS:
        raise ActionRefused("Exceptions were found: it passed in part, or failed.", field="result")


def _check_sample(findings: Findings) -> None:
    population, sample = findings.population, findings.sample
    if sample is not None and population is not None and sample.population_id != population.pk:
        raise ActionRefused("The sample is of another population.", field="sample")
    frozen = _population(findings)
    if frozen is not None and frozen.status != Population.Status.FROZEN:
        raise ActionRefused(f"{frozen} is not frozen, so nobody could draw the same rows again.", field="sample")


def _population(findings: Findings) -> Population | None:
    """The population named, or that of the sample."""
    return findings.sample.population if findings.sample else findings.population


def _insert(control: Control, findings: Findings, actor: Actor) -> ControlTest:
    tester = actor if isinstance(actor, Member) else None
    wait = AFTER_A_PASS if findings.result == Result.PASS else AFTER_ANYTHING_ELSE
    test = ControlTest(
        control=control,
        tested_on=findings.tested_on,
        tester=tester,
        tester_person=Person.objects.filter(member=tester).first() if tester else None,
        owner_person=control.owner,
        procedure=findings.procedure.strip(),
        population=_population(findings),
        sample=findings.sample,
        population_note=findings.population_note.strip(),
        items_tested=findings.items_tested,
        exceptions_found=findings.exceptions_found,
        result=findings.result,
        notes=findings.notes.strip(),
        next_due_on=findings.next_due_on or findings.tested_on + wait,
    )
    test.full_clean(exclude=["tester"])
    test.save(force_insert=True)
    return test


def _keep(test: ControlTest, upload: "UploadedFile[Any]", actor: Actor) -> Evidence:
    """A working paper, as evidence of the test."""
    return add_evidence(
        title=f"{test}: {upload.name}",
        category=category_for(test.control),
        file=store(upload, upload.name or "file"),
        source=actor.name,
        collector=actor.name,
        method=Evidence.Method.MANUAL,
        subject=test,
        actor=actor,
        period_from=test.population.period_from if test.population else None,
        period_to=test.population.period_to if test.population else None,
    )


def _supersede(test: ControlTest, actor: Actor) -> None:
    """Only the latest by its day is current; one that is recorded late is superseded by what came after it."""
    others = ControlTest.objects.filter(control=test.control_id, status=ControlTest.Status.CURRENT).exclude(pk=test.pk)
    later = others.filter(tested_on__gt=test.tested_on).order_by("-tested_on", "-recorded_at").first()
    if later is not None:
        ControlTest.SUPERSEDE.apply(test, actor=actor, superseded_by=later)
        return
    for earlier in others:
        ControlTest.SUPERSEDE.apply(earlier, actor=actor, superseded_by=test)


def _recorded(test: ControlTest, proofs: Collection[Evidence]) -> dict[str, Any]:
    names = ("tested_on", "result", "procedure", "population_note", "items_tested", "exceptions_found", "notes", "next_due_on")
    facts = {name: getattr(test, name) for name in names}
    chosen = {"population": test.population, "sample": test.sample}
    said = {name: str(value) for name, value in chosen.items() if value is not None}
    papers = {"evidence": [f"{one.reference} {one.title}" for one in proofs]} if proofs else {}
    return {**{name: value for name, value in facts.items() if value not in (None, "")}, **said, **papers}
