"""Readiness by hand: one figure, with its denominator, and none where there is nothing."""

import pytest

from controls.models import ControlState, CriterionExclusion
from controls.models.state import Design, Operation
from controls.status.parts import WHOLE, parts_of
from controls.status.readiness import CRITICAL_GAP, GAP, Share, readiness
from tests.controls.status import rows
from tests.controls.status.world import END


@pytest.mark.parametrize(
    ("part", "whole", "percent", "words"),
    [
        (51, 58, 88, "51 of 58 (88 %)"),
        (49, 58, 84, "49 of 58 (84 %)"),
        (1, 8, 13, "1 of 8 (13 %)"),  # 12.5: halves go up
        (999, 1000, 99, "999 of 1,000 (99 %)"),
        (1, 1000, 1, "1 of 1,000 (1 %)"),
        (0, 4, 0, "0 of 4 (0 %)"),
        (4, 4, 100, "4 of 4 (100 %)"),
        (0, 0, None, "No controls in scope"),
    ],
)
def test_a_share_never_claims_more_than_there_is(part, whole, percent, words):
    assert Share(part, whole).percent == percent
    assert str(Share(part, whole)) == words


def state(period, design, operation="not_tested", *, criteria=("CC6.1",), in_scope=True, priority="medium", **fields):
    control = rows.control(criteria=criteria, priority=priority)
    return ControlState.objects.create(
        period=period, control=control, as_of=END, in_scope=in_scope, design=design, operation=operation, **fields
    )


def test_nothing_in_scope_is_neither_0_nor_100_percent(in_acme):
    period = rows.period()
    state(period, "implemented", in_scope=False)
    found = readiness(period)
    assert (found.implemented, found.in_scope, found.percent) == (0, 0, None)
    assert found.activities.percent is None
    assert all(family.share.percent is None for family in found.by_family)
    assert str(found) == "No controls in scope"


def test_it_is_what_was_worked_out_by_hand(in_acme, django_assert_num_queries):
    period = rows.period()
    CriterionExclusion.objects.create(period=period, criterion="CC8.1", reason="Nothing changes.")
    state(period, "implemented", "no_deviations", criteria=("CC6.1", "CC6.2", "CC7.2"), on_time=4, expected=4)
    state(period, "implemented", "deviations", criteria=("CC7.1",), priority="critical", on_time=2, expected=3)
    state(period, "partial", "deviations", criteria=("CC6.3",), priority="critical", expected=1)
    state(period, "missing", "not_yet_due", criteria=("CC6.3", "A1.1", "CC8.1"), priority="high")
    state(period, "not_evaluable", criteria=("CC9.2",), priority="critical")
    state(period, "implemented", "no_deviations", criteria=("A1.1",), in_scope=False, on_time=9, expected=9)
    with django_assert_num_queries(3):
        found = readiness(period)
    assert str(found) == "2 of 5 (40 %)"
    assert found.by_design == {
        Design.IMPLEMENTED: 2,
        Design.PARTIAL: 1,
        Design.MISSING: 1,
        Design.NOT_EVALUABLE: 1,
    }
    assert found.by_operation == {
        Operation.NO_DEVIATIONS: 1,
        Operation.DEVIATIONS: 2,
        Operation.NOT_TESTED: 1,
        Operation.NOT_YET_DUE: 1,
        Operation.DID_NOT_OCCUR: 0,
    }
    assert found.critical_gaps == 2
    assert str(found.activities) == "6 of 8 (75 %)"
    families = {one.family: str(one.share) for one in found.by_family if one.share.whole}
    assert families == {"CC6": "1 of 3 (33 %)", "CC7": "2 of 2 (100 %)", "CC9": "0 of 1 (0 %)"}
    assert [one.family for one in found.by_family] == [f"CC{number}" for number in (1, 2, 3, 4, 5, 6, 7, 9)]


def test_the_number_leads_to_exactly_the_rows_it_counts(in_acme):
    period = rows.period()
    state(period, "partial", priority="critical")
    state(period, "missing")
    state(period, "missing", priority="critical", in_scope=False)
    states = ControlState.objects.filter(period=period)
    found = readiness(period)
    assert states.filter(CRITICAL_GAP).count() == found.critical_gaps == 1
    assert states.filter(GAP).count() == found.in_scope - found.implemented == 2


def test_a_part_counts_through_its_criteria_in_scope_only(in_acme, django_assert_num_queries):
    period = rows.period(categories=["security", "availability"])
    CriterionExclusion.objects.create(period=period, criterion="CC6.4", reason="No premises.")
    state(period, "implemented", "no_deviations", criteria=("CC6.1", "A1.1"), on_time=4, expected=4)
    state(period, "missing", criteria=("CC6.4", "CC7.1"), priority="critical", expected=2)
    state(period, "partial", criteria=("A1.2",), in_scope=False)
    parts = parts_of(period)
    with django_assert_num_queries(2):
        assert str(readiness(period, parts["CC6"])) == "1 of 1 (100 %)"
    assert str(readiness(period, parts["CC7"])) == "0 of 1 (0 %)"
    assert str(readiness(period, parts["availability"]).activities) == "4 of 4 (100 %)"
    assert [one.family for one in readiness(period, parts["availability"]).by_family] == ["A1"]
    whole = readiness(period, parts["security"])
    assert (str(whole), whole.critical_gaps) == ("1 of 2 (50 %)", 1)
    assert str(readiness(period, parts[WHOLE])) == str(readiness(period)) == "1 of 2 (50 %)"


def test_the_parts_of_a_period_are_what_it_covers(in_acme):
    alone = parts_of(rows.period())
    assert list(alone) == [WHOLE, *(f"CC{number}" for number in range(1, 10))]
    assert len(alone[WHOLE].criteria) == 33
    several = rows.period("Two", categories=["security", "confidentiality"])
    CriterionExclusion.objects.create(period=several, criterion="CC8.1", reason="Nothing changes.")
    CriterionExclusion.objects.create(period=several, criterion="C1.1", reason="Nothing to keep.")
    parts = parts_of(several)
    assert list(parts)[:3] == [WHOLE, "security", "confidentiality"]
    assert "CC8" not in parts
    assert parts["confidentiality"].criteria == parts["C1"].criteria == ("C1.2",)
