"""Gap analyses: what they count, that they stay as they are, and that withdrawing evidence never looks better."""

import datetime as dt
import json
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import AuditEvent
from controls.evidence import link_evidence
from controls.gaps.actions import take_run
from controls.gaps.kept import files_of, pdf_of
from controls.gaps.periodic import quarter_of, run_quarterly
from controls.gaps.reading import before, snapshot_of
from controls.models import AuditPeriod, GapRun
from controls.models.control import Leg
from controls.status.readiness import readiness
from evidence.actions import change_evidence, revise_evidence
from evidence.models import Evidence
from evidence.standing import withdraw_evidence
from tests.controls.status import rows
from tests.evidence.helpers import stored
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("unprinted")


def test_it_counts_what_is_kept_under_the_one_name(period, controls, manager):
    run = take_run(period, actor=manager)
    figure = readiness(period)
    data = snapshot_of(run)
    assert (run.implemented, run.in_scope) == (figure.implemented, figure.in_scope) == (1, 3)
    assert data.readiness == str(figure) == "1 of 3 (33 %)"
    assert data.figures["overallCompliance"] == figure.percent
    assert run.critical_gaps == figure.critical_gaps == data.figures["gapsByPriority"]["critical"] == 1
    assert [(gap.code, gap.priority) for gap in data.gaps] == [("AC-001", "critical"), ("CC6.6", "high"), ("AC-002", "medium")]
    assert data.figures["criteria"] == {"inScope": 4, "withoutControl": ["CC6.6"]}
    assert data.figures["evidence"] == {"items": 4, "byHand": 4}
    assert [one.rule for one in data.recommendations] == ["R1", "R2", "R3", "R4", "R5"]


def test_the_file_is_evidence_and_its_hash_is_in_the_trail(period, controls, manager):
    run = take_run(period, actor=manager)
    event = AuditEvent.objects.get(object_id=run.pk, verb="gap_run.take")
    assert event.data["after"]["sha256"] == run.file.sha256 == run.evidence.file.sha256
    assert event.data["after"]["inputs_sha256"] == run.inputs_digest
    assert json.loads(snapshot_of(run).to_json())["reference"] == run.reference == f"GAP-{run.as_of.year}-0001"
    assert files_of(run).count() == 1


def test_its_pdf_follows_once(period, controls, manager, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        run = take_run(period, actor=manager)
    kept = pdf_of(run)
    assert kept is not None
    assert kept.evidence.title.endswith("(PDF)")
    from controls.gaps.tasks import make_gap_report

    with django_capture_on_commit_callbacks(execute=True):
        make_gap_report.delay_on_commit(str(run.pk))
    assert files_of(run).count() == 2


@pytest.mark.parametrize("statement", ["UPDATE controls_gaprun SET gaps = 0, critical_gaps = 0", "DELETE FROM controls_gaprun"])
def test_the_database_lets_nobody_change_it(period, controls, manager, statement):
    take_run(period, actor=manager)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_altered_file_is_not_shown(period, controls, manager):
    run = take_run(period, actor=manager)
    default_storage.delete(run.file.path)
    from django.core.files.base import ContentFile

    default_storage.save(run.file.path, ContentFile(b'{"format": "plumbline.gap-analysis/1"}'))
    with pytest.raises(ActionRefused, match="does not match the hash"):
        snapshot_of(run)


def test_each_input_moves_the_hash(period, controls, manager):
    seen = [take_run(period, actor=manager).inputs_digest]
    seen.append(take_run(period, actor=manager).inputs_digest)
    assert seen[0] == seen[1]
    proof = link_evidence(controls["missing"], rows.evidence(), Leg.POLICY, actor=manager)
    seen.append(take_run(period, actor=manager).inputs_digest)
    withdraw_evidence(proof.evidence, actor=manager, reason="Wrong.")
    seen.append(take_run(period, actor=manager).inputs_digest)
    assert seen[2] != seen[1]
    assert seen[3] == seen[0]


def test_a_period_without_controls_is_refused_and_draws_no_number(period, manager):
    with pytest.raises(ActionRefused, match="nothing to analyse"):
        take_run(period, actor=manager)
    assert GapRun.objects.count() == 0


def test_the_same_number_of_queries_for_any_number_of_controls(period, controls, manager):
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            take_run(period, actor=manager)
        return len(found)

    asked()
    few = asked()
    for number in range(12):
        made = rows.control(criteria=("CC6.1",))
        rows.link(made, rows.evidence(), Leg.POLICY if number % 2 else Leg.OPERATION)
    from controls.status.keep import refresh

    refresh()
    assert asked() == few


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(6)), count=st.integers(1, 6))
def test_withdrawing_evidence_never_raises_readiness_between_two_runs(period, controls, manager, order, count):
    """Nor does it take a gap away, or make one less urgent."""
    savepoint = transaction.savepoint()
    for leg in (Leg.TECHNICAL, Leg.OPERATION):
        link_evidence(controls["missing"], rows.evidence(), leg, actor=manager)
    items = list(Evidence.objects.filter(controls__status="linked", status="current").order_by("reference").distinct())
    assert len(items) == 6
    earlier = take_run(period, actor=manager)
    for place in order[:count]:
        withdraw_evidence(items[place], actor=manager, reason="Not valid.")
        later = take_run(period, actor=manager)
        assert worse_or_same(earlier, later)
        earlier = later
    transaction.savepoint_rollback(savepoint)


def worse_or_same(earlier: GapRun, later: GapRun) -> bool:
    """No figure is better in the later run."""
    ranks = {"critical": 0, "high": 1, "medium": 2, "low": 3}
    urgent = [{gap.key: ranks[gap.priority] for gap in snapshot_of(run).gaps} for run in (earlier, later)]
    return (
        later.implemented <= earlier.implemented
        and later.in_scope == earlier.in_scope
        and later.gaps >= earlier.gaps
        and later.critical_gaps >= earlier.critical_gaps
        and all(urgent[1].get(key, 9) <= rank for key, rank in urgent[0].items())
    )


def at(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, 15, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("day", "label", "first"),
    [
        ("2026-01-01", "2026-Q1", "2026-01-01"),
        ("2026-03-31", "2026-Q1", "2026-01-01"),
        ("2026-04-01", "2026-Q2", "2026-04-01"),
        ("2026-12-31", "2026-Q4", "2026-10-01"),
    ],
)
def test_quarters(day, label, first):
    assert quarter_of(dt.date.fromisoformat(day)) == (label, dt.date.fromisoformat(first))


def test_one_each_quarter_by_itself_but_not_in_the_quarter_a_period_was_added(period, controls, acme, today):
    run_quarterly(acme, at(today))
    assert GapRun.objects.count() == 0
    later = quarter_of(today)[1] + dt.timedelta(days=95)
    for days in (0, 0, 1, 20):
        run_quarterly(acme, at(later + dt.timedelta(days=days)))
    run = GapRun.objects.get()
    assert run.quarter == quarter_of(later)[0]
    assert AuditEvent.objects.get(object_id=run.pk, verb="gap_run.take").actor_name == "Plumbline (schedule)"


def test_a_quarter_has_one_of_its_own_whoever_asks(period, controls, manager):
    take_run(period, actor=manager, quarter="2026-Q4")
    with pytest.raises(IntegrityError), transaction.atomic():
        take_run(period, actor=manager, quarter="2026-Q4")


def test_the_one_before_is_of_the_same_period_where_there_is_one(period, controls, manager, today):
    first = take_run(period, actor=manager)
    second = take_run(period, actor=manager)
    assert before(first) is None
    assert before(second) == first


def test_a_closed_period_is_analysed_as_it_was_kept(period, controls, manager):
    AuditPeriod.CLOSE.apply(period, actor=manager)
    kept: Any = take_run(period, actor=manager)
    assert kept.in_scope == 3


def test_its_pdf_stays_the_one_that_was_printed(period, controls, manager, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        run = take_run(period, actor=manager)
    printed = pdf_of(run)
    assert printed is not None
    change_evidence(printed.evidence, actor=manager, title="Something else")
    change_evidence(run.evidence, actor=manager, title="Not this one (PDF)")
    revise_evidence(printed.evidence, actor=manager, file=stored(b"%PDF-1.7 mine"), note="Looks better")
    kept = pdf_of(run)
    assert kept is not None
    assert (kept.file, kept.file.content_type) == (printed.file, "application/pdf")
