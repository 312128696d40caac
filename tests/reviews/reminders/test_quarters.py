"""Months and quarters as dates."""

import datetime as dt

import pytest

from reviews.quarters import default_due, month_of, quarter_of

DAY = dt.date


@pytest.mark.parametrize(
    ("day", "label", "first", "last"),
    [
        (DAY(2026, 1, 1), "2026-Q1", DAY(2026, 1, 1), DAY(2026, 3, 31)),
        (DAY(2026, 6, 30), "2026-Q2", DAY(2026, 4, 1), DAY(2026, 6, 30)),
        (DAY(2026, 12, 31), "2026-Q4", DAY(2026, 10, 1), DAY(2026, 12, 31)),
    ],
)
def test_a_day_lies_in_its_quarter(day: dt.date, label: str, first: dt.date, last: dt.date) -> None:
    quarter = quarter_of(day)
    assert (quarter.label, quarter.first, quarter.last) == (label, first, last)
    assert day in quarter


def test_the_years_meet() -> None:
    last = quarter_of(DAY(2026, 12, 31))
    assert last.next().label == "2027-Q1"
    assert last.next().previous() == last
    assert month_of(DAY(2026, 12, 5)).next().label == "2027-01"


def test_february_knows_leap_years() -> None:
    assert month_of(DAY(2028, 2, 10)).last == DAY(2028, 2, 29)
    assert month_of(DAY(2028, 2, 10)).days == 29


def test_a_review_is_due_on_day_30_of_its_quarter() -> None:
    assert default_due(quarter_of(DAY(2026, 10, 5))) == DAY(2026, 10, 30)
    assert default_due(quarter_of(DAY(2026, 2, 5))) == DAY(2026, 1, 30)


def test_a_period_names_itself() -> None:
    assert str(quarter_of(DAY(2026, 10, 5))) == "2026-Q4"
    assert quarter_of(DAY(2026, 10, 5)).name == "Q4 2026"
    assert month_of(DAY(2026, 10, 5)).name == "October 2026"


def test_a_review_prepared_late_gets_two_weeks():
    fourth = quarter_of(DAY(2026, 10, 5))
    assert default_due(fourth, DAY(2026, 10, 30)) == DAY(2026, 10, 30)
    assert default_due(fourth, DAY(2026, 11, 21)) == DAY(2026, 12, 5)
