"""Due moments against a table made by hand, with a calendar and a clock, not with the product."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.clocks.business import Terms, add, due_of
from inventory.removals.due import add_business_days, is_business_day

BERLIN, NEW_YORK, AUCKLAND = (ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Pacific/Auckland"))
# Thanksgiving, Christmas and New Year's Day of New York's calendar; Good Friday and Easter Monday of Berlin's.
HOLIDAYS = frozenset(dt.date.fromisoformat(day) for day in ("2026-11-26", "2026-12-25", "2027-01-01", "2026-04-03", "2026-04-06"))

# Zone, when it began there, how much of what, the last moment that is in time, there.
TABLE = [
    (BERLIN, "2026-06-01 10:00", 72, "hours", "2026-06-04 10:00"),
    (BERLIN, "2026-03-27 10:00", 72, "hours", "2026-03-30 11:00"),  # the clocks go forward on the 29th: an hour later there
    (BERLIN, "2026-10-23 10:00", 72, "hours", "2026-10-26 09:00"),  # and back on the 25th
    (NEW_YORK, "2026-10-31 22:30", 4, "hours", "2026-11-01 01:30"),  # 22:30, 23:30, 00:30, 01:30 twice: the second 01:30
    (NEW_YORK, "2026-03-07 23:00", 24, "hours", "2026-03-09 00:00"),
    (AUCKLAND, "2026-04-04 12:00", 24, "hours", "2026-04-05 11:00"),
    (NEW_YORK, "2026-01-15 09:00", 60, "days", "2026-03-16 23:59:59"),  # 16 of January, 28, 16: over the change of clocks
    (BERLIN, "2026-12-31 23:59", 60, "days", "2027-03-01 23:59:59"),
    (NEW_YORK, "2028-01-01 00:00", 60, "days", "2028-03-01 23:59:59"),  # a leap year
    (BERLIN, "2026-01-31 08:00", 1, "months", "2026-02-28 23:59:59"),
    (BERLIN, "2028-01-31 08:00", 1, "months", "2028-02-29 23:59:59"),
    (BERLIN, "2026-12-15 08:00", 1, "months", "2027-01-15 23:59:59"),
    (BERLIN, "2026-08-31 23:30", 1, "months", "2026-09-30 23:59:59"),
    (BERLIN, "2026-02-28 12:00", 1, "months", "2026-03-28 23:59:59"),  # the night before the clocks change
    (NEW_YORK, "2026-06-01 09:00", 4, "business_days", "2026-06-05 23:59:59"),  # Monday to Friday
    (NEW_YORK, "2026-06-04 17:00", 4, "business_days", "2026-06-10 23:59:59"),  # over a weekend
    (NEW_YORK, "2026-06-06 12:00", 4, "business_days", "2026-06-11 23:59:59"),  # a Saturday: Monday is the first
    (NEW_YORK, "2026-11-24 09:00", 4, "business_days", "2026-12-01 23:59:59"),  # Thanksgiving and a weekend
    (NEW_YORK, "2026-12-23 09:00", 4, "business_days", "2026-12-30 23:59:59"),  # Christmas on a Friday
    (NEW_YORK, "2026-12-29 09:00", 4, "business_days", "2027-01-05 23:59:59"),  # New Year on a Friday
    (BERLIN, "2026-04-01 09:00", 1, "business_days", "2026-04-02 23:59:59"),
    (BERLIN, "2026-04-02 09:00", 1, "business_days", "2026-04-07 23:59:59"),  # Good Friday, weekend, Easter Monday
    (NEW_YORK, "2026-03-06 23:30", 1, "business_days", "2026-03-09 23:59:59"),  # the clocks change in between
]


@pytest.mark.parametrize(("zone", "begun", "amount", "unit", "due"), TABLE)
def test_it_is_due_as_the_calendar_says(zone, begun, amount, unit, due):
    found = add(at(begun, zone), amount, unit, zone, HOLIDAYS).astimezone(zone)
    assert found.strftime("%Y-%m-%d %H:%M:%S") == (due if len(due) > 16 else f"{due}:00")


def test_of_an_hour_that_comes_twice_it_is_the_right_one():
    found = add(at("2026-10-31 22:30", NEW_YORK), 4, "hours", NEW_YORK, frozenset())
    assert found.isoformat() == "2026-11-01T06:30:00+00:00"


# DORA: four hours from classification, at most a day from awareness. Awareness, classification, due.
DORA = [
    ("2026-06-01 10:00", "2026-06-01 12:00", "2026-06-01 16:00"),
    ("2026-06-01 10:00", "2026-06-02 05:59", "2026-06-02 09:59"),
    ("2026-06-01 10:00", "2026-06-02 06:01", "2026-06-02 10:00"),  # the day ends before the four hours
    ("2026-06-01 10:00", "", "2026-06-02 10:00"),  # not classified yet: at most until then
    ("", "2026-06-01 12:00", "2026-06-01 16:00"),
    ("", "", ""),
]


@pytest.mark.parametrize(("awareness", "classification", "due"), DORA)
def test_the_earlier_of_two_limits_holds(awareness, classification, due):
    terms = Terms("classification", 4, "hours", "awareness", 24, "hours")
    given = {"awareness": awareness, "classification": classification}
    found = due_of(terms, {what: at(when, BERLIN) for what, when in given.items() if when}, BERLIN, frozenset())
    assert found.due_at == (at(due, BERLIN) if due else None)
    assert found.trigger_at == (at(classification, BERLIN) if classification else None)


@given(st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31)), st.integers(1, 30), st.sets(st.integers(0, 40), max_size=8))
def test_so_many_business_days_lie_between(day, count, free):
    holidays = frozenset(day + dt.timedelta(days=number) for number in free)
    due = add_business_days(day, count, holidays)
    between = [day + dt.timedelta(days=number) for number in range(1, (due - day).days + 1)]
    assert sum(is_business_day(one, holidays) for one in between) == count
    assert is_business_day(due, holidays)


def at(words: str, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.fromisoformat(words).replace(tzinfo=zone)
