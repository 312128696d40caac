"""Assurance windows against a calendar that looks at every single day."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vendors.assurance.drawing import sentences, timeline
from vendors.assurance.windows import DAY, Span, is_long, months_after, union, window, without

START = dt.date(2025, 1, 1)
days = st.integers(0, 120).map(lambda count: START + count * DAY)
spans = st.tuples(days, days).map(lambda two: Span(min(two), max(two)))
many = st.lists(spans, max_size=6)


def calendar(of):
    """Every day of some spans."""
    return {one.first + count * DAY for one in of for count in range(one.days)}


@given(spans, many, many)
def test_each_day_is_in_the_part_that_a_calendar_puts_it_in(period, reports, bridges):
    found = window(period, reports, bridges)
    whole, reported, bridged = calendar([period]), calendar(reports), calendar(bridges)
    assert calendar(found.covered) == whole & reported
    assert calendar(found.bridged) == (whole & bridged) - reported
    assert calendar(found.gaps) == whole - reported - bridged
    assert found.covered_days == len(whole & reported)
    assert found.is_whole == (whole <= reported)


@given(spans, many, many)
def test_the_parts_follow_each_other_without_overlap_or_hole(period, reports, bridges):
    parts = [one for _, one in window(period, reports, bridges).parts]
    assert parts[0].first == period.first
    assert parts[-1].last == period.last
    assert all(after.first == before.last + DAY for before, after in pairwise(parts))


@given(many)
def test_a_union_has_the_same_days_in_as_few_spans_as_can_be(given_spans):
    joined = union(given_spans)
    assert calendar(joined) == calendar(given_spans)
    assert all((after.first - before.last).days > 1 for before, after in pairwise(joined))


@given(many, many)
def test_what_is_taken_away_is_gone_and_nothing_else(given_spans, taken):
    assert calendar(without(given_spans, taken)) == calendar(given_spans) - calendar(taken)


@given(many, many, spans)
def test_bridge_letters_never_add_a_covered_day(reports, bridges, period):
    assert window(period, reports, bridges).covered == window(period, reports).covered


@given(days, st.integers(0, 30))
def test_months_are_those_of_the_calendar(day, months):
    found = months_after(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found + DAY).day == 1


@pytest.mark.parametrize(
    ("first", "last", "is_too_long"),
    [
        (dt.date(2026, 1, 1), dt.date(2026, 3, 31), False),
        (dt.date(2026, 1, 1), dt.date(2026, 4, 1), True),
        (dt.date(2026, 11, 30), dt.date(2027, 2, 27), False),
        (dt.date(2026, 11, 30), dt.date(2027, 2, 28), True),
        (dt.date(2026, 7, 1), dt.date(2026, 12, 31), True),
    ],
)
def test_a_letter_for_more_than_three_months_is_long(first, last, is_too_long):
    assert is_long(Span(first, last)) is is_too_long


def test_a_span_does_not_end_before_it_begins():
    with pytest.raises(ValueError, match="ends before"):
        Span(START, START - DAY)


def test_the_line_and_the_words_say_the_same():
    found = window(
        Span(dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
        [Span(dt.date(2025, 7, 1), dt.date(2026, 6, 30))],
        [Span(dt.date(2026, 6, 1), dt.date(2026, 9, 15))],
    )
    assert sentences(found) == [
        "Reports cover 181 of 365 days.",
        "Covered: 1 Jan 2026 to 30 Jun 2026 (181 days).",
        "Only a bridge letter speaks of 1 Jul 2026 to 15 Sep 2026 (77 days): not covered.",
        "Not covered: 16 Sep 2026 to 31 Dec 2026 (107 days).",
    ]
    drawn = timeline(found, name="line", title="What is covered")
    widths = [int(part.split('"')[0]) for part in drawn.split(' width="')[2:]]
    assert sum(widths) == 1000
    assert [kind in drawn for kind in ('class="ok"', 'class="info"', 'class="bad"')] == [True, True, True]
    assert "181 of 365 days" in drawn
