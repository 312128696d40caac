"""Rotations over a year in three zones, against tables made by hand: the instants are worked out from the clocks' changes.

New York: UTC-5, from 8 March to 1 November 2026 UTC-4. Berlin: UTC+1, from 29 March to 25 October UTC+2.
Lord Howe: UTC+11, from 5 April to 4 October UTC+10:30. None of this is read from the zone database.
"""

import datetime as dt
import itertools
from types import SimpleNamespace
from typing import Any

import pytest

from incidents.oncall.turns import Rotation

ADA, BO, CY = (SimpleNamespace(pk=name) for name in ("ada", "bo", "cy"))
PEOPLE: Any = [ADA, BO, CY]
ZONES = {"NY": "America/New_York", "BE": "Europe/Berlin", "LH": "Australia/Lord_Howe"}
# Zone: hours ahead of UTC in January, the days (local) from which they differ, and hours then.
CLOCKS = {
    "NY": (-5.0, "2026-03-08", "2026-11-01", -4.0),
    "BE": (1.0, "2026-03-29", "2026-10-25", 2.0),
    "LH": (11.0, "2026-04-05", "2026-10-04", 10.5),
}
# A minute before a hand-over and who has it still; the hand-over and who has it then. Mondays at nine o'clock there.
TABLE = [
    ("NY", "2026-01-05 13:59", None, "2026-01-05 14:00", ADA),
    ("NY", "2026-01-12 13:59", ADA, "2026-01-12 14:00", BO),
    ("NY", "2026-03-02 13:59", BO, "2026-03-02 14:00", CY),
    ("NY", "2026-03-09 12:59", CY, "2026-03-09 13:00", ADA),
    ("NY", "2026-10-26 12:59", CY, "2026-10-26 13:00", ADA),
    ("NY", "2026-11-02 13:59", ADA, "2026-11-02 14:00", BO),
    ("NY", "2026-12-28 13:59", CY, "2026-12-28 14:00", ADA),
    ("BE", "2026-01-05 07:59", None, "2026-01-05 08:00", ADA),
    ("BE", "2026-03-23 07:59", BO, "2026-03-23 08:00", CY),
    ("BE", "2026-03-30 06:59", CY, "2026-03-30 07:00", ADA),
    ("BE", "2026-10-19 06:59", BO, "2026-10-19 07:00", CY),
    ("BE", "2026-10-26 07:59", CY, "2026-10-26 08:00", ADA),
    ("LH", "2026-01-04 21:59", None, "2026-01-04 22:00", ADA),
    ("LH", "2026-03-29 21:59", CY, "2026-03-29 22:00", ADA),
    ("LH", "2026-04-05 22:29", ADA, "2026-04-05 22:30", BO),
    ("LH", "2026-09-27 22:29", BO, "2026-09-27 22:30", CY),
    ("LH", "2026-10-04 21:59", CY, "2026-10-04 22:00", ADA),
]


def utc(text: str) -> dt.datetime:
    """An instant as it is written above."""
    return dt.datetime.strptime(f"{text} +0000", "%Y-%m-%d %H:%M %z")


def rotation(zone: str, hour: str = "09:00", days: int = 7, first: str = "2026-01-05") -> Rotation:
    """Ada, Bo, Cy."""
    begins = dt.date.fromisoformat(first)
    return Rotation(utc("2025-01-01 00:00"), ZONES[zone], days, begins, dt.time.fromisoformat(hour), PEOPLE)


@pytest.mark.parametrize(("zone", "before", "had", "at", "has"), TABLE)
def test_who_has_it_around_a_hand_over(zone, before, had, at, has):
    weekly = rotation(zone)
    assert weekly.member_at(utc(before)) is had
    assert weekly.member_at(utc(at)) is has
    assert weekly.hand_overs(utc(before), utc(at) + dt.timedelta(minutes=1)) == [utc(at)]


@pytest.mark.parametrize("zone", ZONES)
def test_the_hand_overs_of_the_year_are_at_nine_by_the_clocks_of_the_place(zone):
    winter, from_day, to_day, summer = CLOCKS[zone]
    wanted, day, turn = [], dt.date(2026, 1, 5), 0
    while day.year == 2026:
        ahead = summer if from_day <= day.isoformat() < to_day else winter
        wanted.append(dt.datetime.combine(day, dt.time(9), dt.UTC) - dt.timedelta(hours=ahead))
        day, turn = day + dt.timedelta(weeks=1), turn + 1
    weekly = rotation(zone)
    assert turn == 52
    assert weekly.hand_overs(utc("2026-01-01 00:00"), utc("2026-12-31 23:00")) == wanted
    for number, (begins, ends) in enumerate(itertools.pairwise(wanted)):
        for at in (begins, begins + (ends - begins) / 2, ends - dt.timedelta(microseconds=1)):
            assert weekly.member_at(at) is PEOPLE[number % 3]


# Where the clocks change at a daily hand-over: zone, the hour, the day, its hand-over in UTC, hours since and until the next.
DAILY = [
    ("NY", "02:30", "2026-03-07", "2026-03-07 07:30", 24.0, 24.0),  # the next is shown as 03:30, as 02:30 is skipped
    ("NY", "02:30", "2026-03-08", "2026-03-08 07:30", 24.0, 23.0),
    ("NY", "01:30", "2026-11-01", "2026-11-01 05:30", 24.0, 25.0),  # 01:30 comes twice: the first time
    ("NY", "09:00", "2026-03-08", "2026-03-08 13:00", 23.0, 24.0),
    ("NY", "09:00", "2026-11-01", "2026-11-01 14:00", 25.0, 24.0),
    ("BE", "02:30", "2026-03-29", "2026-03-29 01:30", 24.0, 23.0),
    ("BE", "02:30", "2026-10-25", "2026-10-25 00:30", 24.0, 25.0),
    ("BE", "00:00", "2026-03-29", "2026-03-28 23:00", 24.0, 23.0),
    ("LH", "02:15", "2026-10-04", "2026-10-03 15:45", 24.0, 23.5),  # 02:00 becomes 02:30
    ("LH", "01:45", "2026-04-05", "2026-04-04 14:45", 24.0, 24.5),
    ("LH", "09:00", "2026-04-05", "2026-04-04 22:30", 24.5, 24.0),
]


@pytest.mark.parametrize("row", DAILY)
def test_a_day_at_the_change_of_the_clocks_is_as_long_as_it_is(row):
    zone, hour, day, at, since, until = row
    daily = rotation(zone, hour, days=1, first="2026-01-01")
    turn = (dt.date.fromisoformat(day) - dt.date(2026, 1, 1)).days
    assert daily.begins(turn) == utc(at)
    assert (daily.begins(turn) - daily.begins(turn - 1)) / dt.timedelta(hours=1) == since
    assert (daily.begins(turn + 1) - daily.begins(turn)) / dt.timedelta(hours=1) == until
    assert daily.turn_at(utc(at)) == turn
    assert daily.turn_at(utc(at) - dt.timedelta(microseconds=1)) == turn - 1


def test_somebody_has_every_hour_of_the_year_and_nobody_what_is_before_it():
    for zone in ZONES:
        for days in (1, 3, 14):
            turns = rotation(zone, "02:30", days=days, first="2026-01-01")
            at, last = utc("2026-01-01 12:00"), 0
            while at < utc("2027-01-01 12:00"):
                turn = turns.turn_at(at)
                assert turn in {last, last + 1}
                assert turns.begins(turn) <= at < turns.begins(turn + 1)
                at, last = at + dt.timedelta(hours=7), turn
    assert rotation("BE").member_at(utc("2025-12-31 00:00")) is None
