"""When access must be gone."""

import datetime as dt

import pytest

from inventory.removals.due import add_business_days, days_late, leaver_due, review_due

FRIDAY = dt.date(2026, 11, 20)
SATURDAY = dt.date(2026, 11, 21)
MONDAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (MONDAY, 1, dt.date(2026, 11, 24)),
        (FRIDAY, 1, MONDAY),
        (SATURDAY, 1, MONDAY),
        (FRIDAY, 5, dt.date(2026, 11, 27)),
        (SATURDAY, 5, dt.date(2026, 11, 27)),
        (FRIDAY, 0, FRIDAY),
    ],
)
def test_weekends_do_not_count(day, count, expected):
    assert add_business_days(day, count) == expected


def test_a_review_gives_one_business_day_for_what_is_urgent_and_five_otherwise():
    assert review_due(FRIDAY, urgent=True) == MONDAY
    assert review_due(FRIDAY, urgent=False) == dt.date(2026, 11, 27)


def test_a_leavers_privileged_access_goes_on_the_last_day_itself():
    assert leaver_due(FRIDAY, privileged=True) == FRIDAY
    assert leaver_due(FRIDAY, privileged=False) == MONDAY


def test_days_late_are_never_negative():
    assert days_late(FRIDAY, FRIDAY) == 0
    assert days_late(FRIDAY, dt.date(2026, 11, 19)) == 0
    assert days_late(FRIDAY, MONDAY) == 3
