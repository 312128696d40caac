"""The rules of a gap analysis, by hand."""

from typing import Any

import pytest

from controls.gaps.data import ControlRow, Snapshot
from controls.gaps.difference import difference
from controls.gaps.rules import deviations_of, gap_of, gaps_of, priority_of, recommendations


def row(**changes: Any) -> ControlRow:
    facts: dict[str, Any] = {
        "id": "1", "code": "AC-001", "title": "Access is restricted", "owner": "Ada", "owner_id": "9", "priority": "high",
        "cadence": "monthly", "library_key": "", "criteria": ["CC6.1"], "design": "missing", "operation": "not_yet_due",
        "reasons": ["no_owner", "no_policy"], "evidence": 0, "by_hand": 0, "expected": 0, "on_time": 0, "last_tested_on": "",
        "next_due_on": "", "inputs": {},
    }  # fmt: skip
    return ControlRow(**{**facts, **changes})


def snapshot(rows: list[ControlRow], *unanswered: str, percent: int | None = 50) -> Snapshot:
    figures = {"overallCompliance": percent, "readiness": {"sentence": f"{percent} %"}}
    return Snapshot(
        format="plumbline.gap-analysis/1", reference="GAP", organization="", zone="UTC", as_of="", made_at="", made_by="",
        period={}, figures=figures, recommendations=[], gaps=gaps_of(rows, unanswered), deviations=[], controls=rows,
        inputs_digest="",
    )  # fmt: skip


def test_a_gap_says_what_is_wrong_in_a_sentence():
    assert gap_of(row()).sentence == "AC-001 (Access is restricted) is missing: nobody owns it; no policy documents it."
    assert gap_of(row(design="not_evaluable", reasons=[])).sentence == "AC-001 (Access is restricted) could not be evaluated."


@pytest.mark.parametrize(
    ("priority", "design", "reasons", "expected"),
    [
        ("critical", "missing", [], "critical"),
        ("critical", "partial", [], "critical"),
        ("high", "missing", [], "high"),
        ("high", "partial", [], "medium"),
        ("high", "partial", ["failed_test"], "high"),
        ("high", "partial", ["file_damaged"], "high"),
        ("high", "not_evaluable", [], "high"),
        ("medium", "partial", [], "low"),
        ("low", "partial", [], "low"),
    ],
)
def test_priority_follows_the_control_and_its_state(priority, design, reasons, expected):
    assert priority_of(priority, design, reasons) == expected


def test_the_most_urgent_come_first_and_a_criterion_without_a_control_is_a_gap():
    found = gaps_of([row(code="B", priority="low"), row(code="A", priority="critical"), row(design="implemented")], ["CC6.6"])
    assert [(gap.code, gap.priority) for gap in found] == [("A", "critical"), ("CC6.6", "high"), ("B", "low")]
    assert found[1].sentence.startswith("No control in scope answers CC6.6 (")


def test_what_did_not_work_is_a_deviation_and_no_gap():
    late = row(design="implemented", operation="deviations", reasons=["late", "not_tested"])
    assert gaps_of([late], []) == []
    assert deviations_of([late])[0].sentence == "AC-001 (Access is restricted) had deviations: an occurrence was late."


def rules_of(rows: list[ControlRow], percent: int | None) -> dict[str, str]:
    return {one.rule: one.text for one in recommendations(rows, gaps_of(rows, []), percent)}


def test_critical_gaps_come_before_the_auditor():
    assert rules_of([row(priority="critical")], 80)["R1"] == "Close the critical gap before you engage an auditor."
    assert "R1" not in rules_of([row()], 80)


@pytest.mark.parametrize(("percent", "advised"), [(0, True), (69, True), (70, False), (100, False)])
def test_below_seventy_a_type_i_is_not_booked_by_our_rule_and_not_the_aicpa_s(percent, advised):
    found = rules_of([row()], percent)
    assert ("R2" in found) == advised
    if advised:
        assert "not one of the AICPA's" in found["R2"]


@pytest.mark.parametrize(("items", "by_hand", "advised"), [(0, 0, False), (10, 4, False), (10, 5, True)])
def test_evidence_collected_by_hand_is_to_be_automated(items, by_hand, advised):
    assert ("R3" in rules_of([row(evidence=items, by_hand=by_hand)], 80)) == advised


def test_policies_are_counted_and_the_first_named():
    text = rules_of([row(code=f"C-{number}") for number in range(7)], 80)["R4"]
    assert text == "Write all policies: 7 controls are not documented by one (C-0, C-1, C-2, C-3, C-4 and 2 more)."


def test_quarterly_reviews_are_kept():
    assert "Adopt a quarterly access review" in rules_of([row()], 80)["R5"]
    assert rules_of([row(cadence="quarterly")], 80)["R5"].endswith("none has been due yet.")
    assert "none of 1 quarterly controls that were due is behind" in rules_of([row(cadence="quarterly", expected=1)], 80)["R5"]
    assert "AC-001 missed a quarter" in rules_of([row(cadence="quarterly", reasons=["missed"])], 80)["R5"]


def test_without_controls_nothing_is_advised_but_to_adopt_some():
    assert list(rules_of([], None)) == ["R0"]


def test_the_difference_names_what_is_new_closed_and_moved():
    earlier = snapshot([row(id="1"), row(id="2", code="B"), row(id="3", code="C")], percent=40)
    later = snapshot([row(id="1", design="partial"), row(id="2", code="B", design="implemented"), row(id="4", code="D")], "CC6.6")
    found = difference(earlier, later)
    assert [gap.code for gap in found.new] == ["CC6.6", "D"]
    assert [gap.code for gap in found.closed] == ["B", "C"]
    assert [(one.gap.code, one.worse, one.words) for one in found.moved] == [("AC-001", False, "less urgent: medium, was high")]
    assert (found.entered, found.left, found.points, found.unchanged) == (["D"], ["C"], 10, 0)
    assert found.sentence == "Readiness went from 40 % to 50 %; 2 gaps were closed, 2 are new."


def test_a_snapshot_is_read_back_as_it_was_written():
    made = snapshot([row()], "CC6.6")
    assert Snapshot.from_json(made.to_json()) == made
    with pytest.raises(ValueError, match="no gap analysis"):
        Snapshot.from_json(b'{"format": "something else"}')
