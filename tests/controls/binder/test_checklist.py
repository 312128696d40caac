"""The checklist and the rules: by hand, by property, and that nobody can set them."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db.models import Q
from hypothesis import given
from hypothesis import strategies as st

from audit.models import AuditEvent
from controls.binder.checklist import Keeping, Standing, judge_items, judge_rules, tally
from controls.binder.event_facts import LEFT_DAYS
from controls.binder.facts import Fact, Outcome, facts_of
from controls.binder.gathering import gather
from controls.binder.reading import TIED, readiness_of
from controls.binder.waiving import waive, withdraw_waiver
from controls.events.actions import log_events
from controls.events.alerts import evaluate
from controls.events.reference import example_of
from controls.events.rules import create_rule
from controls.library.checklist import CHECKLIST, EIGHT_RULES
from controls.models import Alert, AlertRule, Control, ControlEvidence, ControlState
from controls.periods.actions import close_period
from controls.testing.actions import Findings, record_test
from evidence.standing import withdraw_evidence
from tenancy.scope import now
from ui.refusals import ActionRefused

NOBODY = uuid.UUID(int=0)
HOLDS, BROKEN, UNKNOWN = (Fact(outcome, "So it is.") for outcome in Outcome)


def state(design: str, operation: str = "not_yet_due") -> ControlState:
    """Of nobody: the rules are pure."""
    control = Control(tenant_id=NOBODY, code="X-001", title="A control")
    return ControlState(tenant_id=NOBODY, control=control, design=design, operation=operation, reasons=[])


def item(*states: ControlState, facts: tuple[Fact, ...] = ()) -> str:
    lines = judge_items({"mfa": states}, {"mfa": facts}, {})
    return next(str(line.standing) for line in lines if line.item.key == "mfa")


def rule(*states: ControlState, facts: tuple[Fact, ...] = ()) -> str:
    lines = judge_rules({"no-internal-errors": states}, {"no-internal-errors": facts})
    return next(str(line.standing) for line in lines if line.item.key == "no-internal-errors")


@pytest.mark.parametrize(
    ("designs", "expected"),
    [
        ([], "no_control"),
        (["implemented"], "in_place"),
        (["implemented", "implemented"], "in_place"),
        (["partial"], "partly"),
        (["implemented", "partial"], "partly"),
        (["implemented", "missing"], "partly"),
        (["missing", "partial"], "partly"),
        (["missing"], "missing"),
        (["missing", "not_evaluable"], "missing"),
        (["not_evaluable"], "not_evaluable"),
        (["implemented", "not_evaluable"], "not_evaluable"),
    ],
)
def test_an_item_is_in_place_only_when_each_of_its_controls_is(designs, expected):
    assert item(*(state(design) for design in designs)) == expected


def test_a_control_that_did_not_work_is_not_in_place():
    assert item(state("implemented", "deviations")) == "partly"


@pytest.mark.parametrize(("fact", "expected"), [(HOLDS, "in_place"), (BROKEN, "partly"), (UNKNOWN, "not_evaluable")])
def test_a_fact_makes_an_item_worse_and_never_better(fact, expected):
    assert item(state("implemented"), facts=(fact,)) == expected
    assert item(facts=(fact,)) == "no_control"
    assert item(state("missing"), facts=(fact,)) == "missing"


@pytest.mark.parametrize(
    ("design", "operation", "facts", "expected"),
    [
        ("implemented", "no_deviations", (), "kept"),
        ("implemented", "no_deviations", (HOLDS,), "kept"),
        ("implemented", "no_deviations", (HOLDS, UNKNOWN), "not_evaluable"),
        ("implemented", "no_deviations", (HOLDS, BROKEN, UNKNOWN), "broken"),
        ("implemented", "not_tested", (HOLDS,), "not_evaluable"),
        ("implemented", "did_not_occur", (), "not_evaluable"),
        ("partial", "no_deviations", (), "not_evaluable"),
        ("implemented", "deviations", (HOLDS,), "broken"),
    ],
)
def test_a_rule_is_kept_only_when_everything_was_looked_at(design, operation, facts, expected):
    assert rule(state(design, operation), facts=facts) == expected


def test_a_rule_without_control_is_broken_by_a_fact_and_kept_by_none():
    assert rule() == "no_control"
    assert rule(facts=(HOLDS,)) == "no_control"
    assert rule(facts=(BROKEN,)) == "broken"


def test_each_item_and_rule_is_tied_to_a_starter_control_and_they_are_26_and_8():
    assert all(TIED[key] for key in (*CHECKLIST, *EIGHT_RULES))
    assert (len(CHECKLIST), len(EIGHT_RULES)) == (26, 8)


RANK = {"implemented": 2, "partial": 1, "missing": 0, "not_evaluable": 0}
DESIGNS = st.lists(st.sampled_from(sorted(RANK)), min_size=1, max_size=4)


@given(designs=DESIGNS, place=st.integers(0, 3), worse=st.sampled_from(["partial", "missing", "not_evaluable"]))
def test_a_worse_control_never_puts_an_item_in_place(designs, place, worse):
    before = item(*(state(design) for design in designs))
    designs[place % len(designs)] = worse
    after = item(*(state(design) for design in designs))
    assert after != Standing.IN_PLACE
    assert before == Standing.IN_PLACE or after != Standing.IN_PLACE


def of(period: Any, today: Any, key: str) -> Any:
    found = readiness_of(period, today)
    return next(line for line in (*found.items, *found.rules) if line.item.key == key)


def test_it_follows_the_evidence_both_ways(period, proven, manager, today):
    assert of(period, today, "mfa").standing == "no_control"
    control = proven("AC-002")
    assert of(period, today, "mfa").standing == "in_place"
    proof = ControlEvidence.objects.filter(control=control, leg="policy")[0]
    withdraw_evidence(proof.evidence, actor=manager, reason="Wrong.")
    line = of(period, today, "mfa")
    assert line.standing == "partly"
    assert line.reasons == ["AC-002 is partly in place: no policy documents it."]


def test_the_figure_keeps_what_could_not_be_evaluated_in_the_denominator(period, proven, manager, today):
    proven("AC-002")
    found = readiness_of(period, today).items_tally
    assert (found.good, found.applicable, found.words) == (1, 26, "1 of 26")
    waive(period, "auto-scaling", actor=manager, reason="One server is all there is.")
    assert readiness_of(period, today).items_tally.words == "1 of 25"
    assert tally([]).words == "None applies"


def test_a_rule_that_only_records_can_answer_says_which_are_missing(period, proven, manager, today):
    control = proven("CHG-004")
    record_test(control, Findings(tested_on=today, procedure="Looked.", result="pass"), actor=manager)
    line = of(period, today, "no-unapproved-deployment")
    assert line.standing == Keeping.NOT_EVALUABLE
    assert line.reasons == ["No system logs its changes and deployments here."]


def test_a_rule_that_tests_can_answer_is_kept_once_one_passed(period, proven, manager, today):
    control = proven("NET-004")
    assert of(period, today, "no-internal-errors").reasons == ["NET-004 was not tested in the period."]
    record_test(control, Findings(tested_on=today, procedure="Provoked an error.", result="pass"), actor=manager)
    assert of(period, today, "no-internal-errors").standing == Keeping.KEPT
    record_test(control, Findings(tested_on=today, procedure="Provoked another.", result="fail", notes="A trace."), actor=manager)
    assert of(period, today, "no-internal-errors").standing == Keeping.BROKEN


def test_the_trail_is_seen_to_refuse(period, today):
    facts = facts_of("no-log-deletion", period, today)
    assert [fact.outcome for fact in facts] == [Outcome.HOLDS]


def test_shared_accounts_are_unknown_until_something_was_imported(period, today):
    facts = facts_of("no-shared-credentials", period, today)
    assert [fact.outcome for fact in facts] == [Outcome.UNKNOWN]


def test_what_does_not_apply_is_said_with_a_reason_once_and_recorded(period, manager, today):
    waiver = waive(period, "auto-scaling", actor=manager, reason=" One server is all there is. ")
    event = AuditEvent.objects.get(object_id=waiver.pk)
    assert (event.verb, event.data["metadata"]["note"]) == ("checklist_waiver.create", "One server is all there is.")
    assert of(period, today, "auto-scaling").standing == Standing.NOT_APPLICABLE
    with pytest.raises(ActionRefused, match="already"):
        waive(period, "auto-scaling", actor=manager, reason="Again.")
    withdraw_waiver(waiver, actor=manager, reason="We grew.")
    assert of(period, today, "auto-scaling").standing == Standing.NO_CONTROL
    waive(period, "auto-scaling", actor=manager, reason="Shrunk again.")


@pytest.mark.parametrize(("key", "reason"), [("auto-scaling", "  "), ("no-log-deletion", "A rule."), ("nonsense", "x")])
def test_only_items_and_only_with_a_reason(period, manager, key, reason):
    with pytest.raises(ActionRefused):
        waive(period, key, actor=manager, reason=reason)


def test_nobody_waives_without_the_right_nor_in_a_closed_period(period, manager, auditor):
    with pytest.raises(ActionRefused, match="role"):
        waive(period, "mfa", actor=auditor, reason="No.")
    close_period(period, actor=manager)
    with pytest.raises(ActionRefused, match="closed"):
        waive(period, "mfa", actor=manager, reason="No.")


@pytest.fixture
def rule_on(in_acme, manager) -> AlertRule:
    """Each failed backup raises an alert."""
    return create_rule(actor=manager, name="Backups", watches="failed_backup", by="control", threshold=1, minutes=60)


def outcomes(key: str, period: Any, today: Any) -> list[str]:
    return [fact.outcome.value for fact in facts_of(key, period, today)]


@pytest.mark.usefixtures("rule_on")
def test_alerts_are_left_after_a_week_without_a_look(period, adopted, acme, manager, today):
    adopted("BCP-002")
    assert outcomes("no-ignored-alert", period, today) == ["holds"]
    log(acme, manager, "backup", result="failure")
    evaluate(Q(), actor=manager)
    assert Alert.objects.count() == 1
    assert outcomes("no-ignored-alert", period, today) == ["holds"]
    later = today + dt.timedelta(days=LEFT_DAYS)
    assert outcomes("no-ignored-alert", period, later) == ["holds"]
    assert outcomes("no-ignored-alert", period, later + dt.timedelta(days=1)) == ["broken"]


def test_without_a_rule_nothing_is_known_of_alerts(period, today):
    assert outcomes("no-ignored-alert", period, today) == ["unknown"]


def test_one_change_without_another_approver_breaks_the_rule(period, adopted, acme, manager, today):
    adopted("CHG-001")
    assert outcomes("no-unapproved-deployment", period, today) == ["unknown"]
    log(acme, manager, "change", approver="Ann", implementer="Ben")
    assert outcomes("no-unapproved-deployment", period, today) == ["holds"]
    log(acme, manager, "change", approver="Ben", implementer="Ben")
    assert outcomes("no-unapproved-deployment", period, today) == ["broken"]


def test_logged_incidents_stand_in_the_description(period, adopted, acme, manager, today):
    adopted("INC-002")
    assert gather(period, today)["incidents"] == []
    log(acme, manager, "incident", severity="critical")
    assert gather(period, today)["incidents"] == ["Other systems logged 1 report of incidents in the period (1 critical)."]


def log(organization: Any, manager: Any, kind: str, **data: Any) -> None:
    """An event of this moment for the only control there is."""
    event = example_of(kind, Control.objects.get().code) | {"occurred_at": now().isoformat(), "event_id": str(uuid.uuid4())}
    event["data"] = {**event["data"], **data}
    (result,) = log_events([event], source="test", organization=organization, actor=manager)
    assert result.status == "accepted", result
