"""The hand-computed table of occurrences: every expected value is written out, none is computed."""

import datetime as dt
import uuid
import zoneinfo

import pytest

from controls.models import Occurrence
from controls.models.control import Cadence
from controls.models.occurrence import State
from controls.occurrences.cadence import (
    Change,
    Event,
    expected_after_change,
    expected_configuration,
    expected_events,
    expected_intervals,
    expected_statements,
    in_force,
)

ANY = uuid.UUID("01900000-0000-7000-8000-000000000002")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def rows(changes, since, until, retired=None):
    """(key, from, to, asked for, due, missed after) of each expected occurrence."""
    spans = in_force([Change(day(at), cadence, grace) for at, cadence, grace in changes], day(since), day(until), retired)
    found = [one for span in spans for one in expected_intervals(span, day(since))]
    return [
        (one.key, *(str(moment) for moment in (one.starts_on, one.ends_on, one.opens_on, one.due_on, one.missed_after)))
        for one in found
    ]


def keys(changes, since, until, retired=None):
    return [row[0] for row in rows(changes, since, until, day(retired) if retired else None)]


def test_quarterly_over_a_year():
    assert rows([("2026-01-01", Cadence.QUARTERLY, 0)], "2026-01-01", "2026-12-31") == [
        ("2026-Q1", "2026-01-01", "2026-03-31", "2026-03-01", "2026-03-31", "2026-06-30"),
        ("2026-Q2", "2026-04-01", "2026-06-30", "2026-05-31", "2026-06-30", "2026-09-30"),
        ("2026-Q3", "2026-07-01", "2026-09-30", "2026-08-31", "2026-09-30", "2026-12-31"),
        ("2026-Q4", "2026-10-01", "2026-12-31", "2026-12-01", "2026-12-31", "2027-03-31"),
    ]


def test_days_of_grace_move_what_is_due():
    assert rows([("2026-01-01", Cadence.MONTHLY, 5)], "2026-01-01", "2026-03-31") == [
        ("2026-01", "2026-01-01", "2026-01-31", "2026-01-22", "2026-02-05", "2026-03-05"),
        ("2026-02", "2026-02-01", "2026-02-28", "2026-02-19", "2026-03-05", "2026-04-05"),
        ("2026-03", "2026-03-01", "2026-03-31", "2026-03-22", "2026-04-05", "2026-05-05"),
    ]


def test_a_start_in_the_middle_counts_from_half_of_the_interval():
    # January has 31 days: from the 16th there are 16 of them, from the 17th 15.
    assert rows([("2026-01-16", Cadence.MONTHLY, 0)], "2026-01-16", "2026-02-28") == [
        ("2026-01", "2026-01-16", "2026-01-31", "2026-01-17", "2026-01-31", "2026-02-28"),
        ("2026-02", "2026-02-01", "2026-02-28", "2026-02-14", "2026-02-28", "2026-03-31"),
    ]
    assert keys([("2026-01-17", Cadence.MONTHLY, 0)], "2026-01-17", "2026-02-28") == ["2026-02"]


def test_a_start_in_the_middle_of_a_quarter_and_of_a_year():
    # Q1 2026 has 90 days. From 15 February there are 14 + 31 = 45 of them; from 16 February 44.
    assert keys([("2026-02-15", Cadence.QUARTERLY, 0)], "2026-02-15", "2026-06-30") == ["2026-Q1", "2026-Q2"]
    assert keys([("2026-02-16", Cadence.QUARTERLY, 0)], "2026-02-16", "2026-06-30") == ["2026-Q2"]
    # 2026 has 365 days: from 2 July there are 183 of them, from 3 July 182.
    assert keys([("2026-07-02", Cadence.YEARLY, 0)], "2026-07-02", "2027-12-31") == ["2026", "2027"]
    assert keys([("2026-07-03", Cadence.YEARLY, 0)], "2026-07-03", "2027-12-31") == ["2027"]


def test_a_period_that_begins_inside_an_interval_takes_what_ends_in_it():
    spans = in_force([Change(day("2025-01-01"), Cadence.QUARTERLY)], day("2025-01-01"), day("2026-06-30"))
    assert [one.key for one in expected_intervals(spans[0], day("2026-02-10"))] == ["2026-Q1", "2026-Q2"]


def test_a_leap_year():
    assert rows([("2028-01-01", Cadence.MONTHLY, 0)], "2028-02-01", "2028-02-29") == [
        ("2028-02", "2028-02-01", "2028-02-29", "2028-02-15", "2028-02-29", "2028-03-31")
    ]
    assert keys([("2028-02-27", Cadence.DAILY, 0)], "2028-02-27", "2028-03-01") == [
        "2028-02-27",
        "2028-02-28",
        "2028-02-29",
        "2028-03-01",
    ]
    # 29 days: from the 15th there are 15 of them, from the 16th 14. In 2027, 28 days: from the 15th 14, which is half.
    assert keys([("2028-02-15", Cadence.MONTHLY, 0)], "2028-02-15", "2028-03-31") == ["2028-02", "2028-03"]
    assert keys([("2028-02-16", Cadence.MONTHLY, 0)], "2028-02-16", "2028-03-31") == ["2028-03"]
    assert keys([("2027-02-15", Cadence.MONTHLY, 0)], "2027-02-15", "2027-03-31") == ["2027-02", "2027-03"]
    assert rows([("2028-01-01", Cadence.YEARLY, 0)], "2028-01-01", "2028-12-31") == [
        ("2028", "2028-01-01", "2028-12-31", "2028-11-01", "2028-12-31", "2029-12-31")
    ]


def test_half_years():
    assert rows([("2026-01-01", Cadence.HALF_YEARLY, 0)], "2026-01-01", "2026-12-31") == [
        ("2026-H1", "2026-01-01", "2026-06-30", "2026-05-16", "2026-06-30", "2026-12-31"),
        ("2026-H2", "2026-07-01", "2026-12-31", "2026-11-16", "2026-12-31", "2027-06-30"),
    ]


def test_iso_weeks_across_the_year():
    # 1 January 2026 is a Thursday: 2026 has 53 weeks, and the last ends on Sunday, 3 January 2027.
    assert rows([("2026-01-01", Cadence.WEEKLY, 0)], "2026-12-21", "2027-01-10") == [
        ("2026-W52", "2026-12-21", "2026-12-27", "2026-12-21", "2026-12-27", "2027-01-03"),
        ("2026-W53", "2026-12-28", "2027-01-03", "2026-12-28", "2027-01-03", "2027-01-10"),
        ("2027-W01", "2027-01-04", "2027-01-10", "2027-01-04", "2027-01-10", "2027-01-17"),
    ]
    # Of the week from 28 December, four of seven days lie on or after Thursday, three on or after Friday.
    assert keys([("2026-12-31", Cadence.WEEKLY, 0)], "2026-12-31", "2027-01-10") == ["2026-W53", "2027-W01"]
    assert keys([("2027-01-01", Cadence.WEEKLY, 0)], "2027-01-01", "2027-01-10") == ["2027-W01"]


@pytest.mark.parametrize(("first", "last"), [("2026-03-07", "2026-03-09"), ("2026-10-31", "2026-11-02")])
def test_the_days_on_which_the_clocks_change_are_one_day_each(first, last):
    # New York changes on 8 March and 1 November 2026: a day of 23 hours and one of 25.
    found = rows([("2026-01-01", Cadence.DAILY, 0)], first, last)
    assert [row[0] for row in found] == {
        "2026-03-07": ["2026-03-07", "2026-03-08", "2026-03-09"],
        "2026-10-31": ["2026-10-31", "2026-11-01", "2026-11-02"],
    }[first]
    assert (
        found[1][1:]
        == {
            "2026-03-07": ("2026-03-08", "2026-03-08", "2026-03-08", "2026-03-08", "2026-03-09"),
            "2026-10-31": ("2026-11-01", "2026-11-01", "2026-11-01", "2026-11-01", "2026-11-02"),
        }[first]
    )


@pytest.mark.parametrize(
    ("instant", "state"),
    [
        ("2026-11-01T03:59:00+00:00", State.NOT_YET_DUE),  # 31 October, 23:59 in New York
        ("2026-11-01T04:00:00+00:00", State.DUE),  # midnight, summer time
        ("2026-11-02T04:59:00+00:00", State.DUE),  # 23:59, winter time: the day had 25 hours
        ("2026-11-02T05:00:00+00:00", State.LATE),
        ("2026-11-03T04:59:00+00:00", State.LATE),
        ("2026-11-03T05:00:00+00:00", State.MISSED),
    ],
)
def test_a_day_ends_at_the_organizations_midnight(instant, state):
    daily = Occurrence(
        tenant_id=ANY,
        starts_on=day("2026-11-01"),
        ends_on=day("2026-11-01"),
        opens_on=day("2026-11-01"),
        due_on=day("2026-11-01"),
        missed_after=day("2026-11-02"),
    )
    there = dt.datetime.fromisoformat(instant).astimezone(zoneinfo.ZoneInfo("America/New_York"))
    assert daily.state_on(there.date()) is state


@pytest.mark.parametrize(
    ("today", "performed_on", "state"),
    [
        ("2026-02-28", None, State.NOT_YET_DUE),
        ("2026-03-01", None, State.DUE),
        ("2026-03-31", None, State.DUE),
        ("2026-04-01", None, State.LATE),
        ("2026-06-30", None, State.LATE),
        ("2026-07-01", None, State.MISSED),
        ("2026-12-31", "2026-03-31", State.PERFORMED),
        ("2026-12-31", "2026-01-02", State.PERFORMED),
        ("2026-12-31", "2026-04-01", State.LATE),
        ("2026-12-31", "2026-06-30", State.LATE),
        ("2026-12-31", "2026-07-01", State.MISSED),
    ],
)
def test_a_quarter_that_is_performed_late_or_missed(today, performed_on, state):
    quarter = Occurrence(
        tenant_id=ANY,
        starts_on=day("2026-01-01"),
        ends_on=day("2026-03-31"),
        opens_on=day("2026-03-01"),
        due_on=day("2026-03-31"),
        missed_after=day("2026-06-30"),
        status="performed" if performed_on else "open",
        performed_on=day(performed_on) if performed_on else None,
    )
    assert quarter.state_on(day(today)) is state


def test_a_cadence_changed_from_quarterly_to_monthly():
    # Of February, 19 of 28 days lie on or after the 10th. Q1 ends under the new cadence, so it is no quarter any more.
    changes = [("2025-10-01", Cadence.QUARTERLY, 0), ("2026-02-10", Cadence.MONTHLY, 0)]
    assert keys(changes, "2025-10-01", "2026-04-30") == ["2025-Q4", "2026-02", "2026-03", "2026-04"]


def test_a_cadence_changed_from_monthly_to_quarterly():
    # March ends under the new cadence; of Q1 only 12 of 90 days lie on or after the 20th.
    changes = [("2026-01-01", Cadence.MONTHLY, 0), ("2026-03-20", Cadence.QUARTERLY, 0)]
    assert keys(changes, "2026-01-01", "2026-09-30") == ["2026-01", "2026-02", "2026-Q2", "2026-Q3"]


def test_other_days_of_grace_alone_are_no_new_cadence():
    # The month goes on as it was, and takes the days of grace that hold when it ends.
    changes = [("2026-01-01", Cadence.MONTHLY, 0), ("2026-03-20", Cadence.MONTHLY, 3)]
    assert rows(changes, "2026-01-01", "2026-04-30") == [
        ("2026-01", "2026-01-01", "2026-01-31", "2026-01-17", "2026-01-31", "2026-02-28"),
        ("2026-02", "2026-02-01", "2026-02-28", "2026-02-14", "2026-02-28", "2026-03-31"),
        ("2026-03", "2026-03-01", "2026-03-31", "2026-03-20", "2026-04-03", "2026-05-03"),
        ("2026-04", "2026-04-01", "2026-04-30", "2026-04-19", "2026-05-03", "2026-06-03"),
    ]
    # Nor do they make an interval count in which the cadence began too late.
    late = [("2026-03-20", Cadence.MONTHLY, 0), ("2026-03-25", Cadence.MONTHLY, 3)]
    assert keys(late, "2026-03-20", "2026-04-30") == ["2026-04"]


def test_a_retired_control_owes_what_ended_before():
    monthly = [("2026-01-01", Cadence.MONTHLY, 0)]
    assert keys(monthly, "2026-01-01", "2026-12-31", retired="2026-03-31") == ["2026-01", "2026-02"]
    assert keys(monthly, "2026-01-01", "2026-12-31", retired="2026-04-01") == ["2026-01", "2026-02", "2026-03"]
    assert keys(monthly, "2026-01-01", "2026-12-31", retired="2026-01-01") == []


def test_a_cadence_without_intervals_has_none():
    assert keys([("2026-01-01", Cadence.CONTINUOUS, 0)], "2026-01-01", "2026-12-31") == []


def test_scope_begins_later_than_the_first_cadence():
    changes = [("2025-01-01", Cadence.DAILY, 0), ("2025-06-01", Cadence.MONTHLY, 0)]
    assert keys(changes, "2026-01-01", "2026-02-28") == ["2026-01", "2026-02"]


def per_event(since, until, population="leavers", grace=0):
    return in_force([Change(day(since), Cadence.PER_EVENT, grace, population)], day(since), day(until))[0]


def test_events_are_due_one_business_day_after():
    # 6 November 2026 is a Friday, 8 November a Sunday.
    events = [Event("a", "Ada", day("2026-11-06")), Event("b", "Ben", day("2026-11-08")), Event("c", "Cy", day("2026-12-01"))]
    found = list(expected_events(per_event("2026-11-01", "2026-11-30"), events))
    assert [(one.key, str(one.starts_on), str(one.due_on), str(one.missed_after)) for one in found] == [
        ("leavers:a", "2026-11-06", "2026-11-09", "2026-12-09"),
        ("leavers:b", "2026-11-08", "2026-11-09", "2026-12-09"),
    ]
    found = list(expected_events(per_event("2026-11-01", "2026-11-30", grace=5), events[:1]))
    assert [str(one.due_on) for one in found] == ["2026-11-13"]


def test_a_quarter_without_an_event_wants_a_statement_once_it_is_over():
    span = per_event("2026-01-01", "2026-12-31")
    events = [Event("a", "Ada", day("2026-05-06"))]
    found = list(expected_statements(span, events, "no leavers", day("2026-01-01"), day("2026-09-30")))
    assert [(one.key, one.label) for one in found] == [("none:leavers:2026-Q1", "Q1 2026: no leavers")]
    found = list(expected_statements(span, events, "no leavers", day("2026-01-01"), day("2026-10-01")))
    assert [(one.label, str(one.opens_on), str(one.due_on), str(one.missed_after)) for one in found] == [
        ("Q1 2026: no leavers", "2026-04-01", "2026-04-10", "2026-07-10"),
        ("Q3 2026: no leavers", "2026-10-01", "2026-10-10", "2027-01-10"),
    ]


def test_the_configuration_is_tested_once_in_a_period():
    period = uuid.UUID("01900000-0000-7000-8000-000000000001")
    span = in_force([Change(day("2025-01-01"), Cadence.CONTINUOUS)], day("2025-01-01"), day("2027-12-31"))[0]
    found = list(expected_configuration(span, period, "2026", day("2026-01-01"), day("2026-12-31")))
    assert [(one.key, str(one.opens_on), str(one.ends_on), str(one.due_on)) for one in found] == [
        ("period:01900000-0000-7000-8000-000000000001", "2026-11-01", "2026-12-31", "2026-12-31")
    ]
    one_day = list(expected_configuration(span, period, "Type I", day("2026-06-30"), day("2026-06-30")))
    assert [(str(one.starts_on), str(one.due_on)) for one in one_day] == [("2026-06-30", "2026-06-30")]


def test_a_change_of_the_configuration_asks_for_a_test():
    one = expected_after_change(day("2026-05-03"))
    assert (one.label, str(one.due_on)) == ("Test after the change of 3 May 2026", "2026-06-02")
