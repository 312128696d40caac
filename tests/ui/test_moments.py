"""Local times where the clocks change: New York and Berlin by an hour, Lord Howe by half of one, Santiago at midnight."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from ui.moments import LocalMomentField, day_begins, hours_of


def utc(instant: str) -> dt.datetime:
    return dt.datetime.fromisoformat(instant).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("zone", "typed", "sentence"),
    [
        ("America/New_York", "2026-03-08T02:30", "the clocks go from 02:00 to 03:00"),
        ("Europe/Berlin", "2026-03-29T02:00", "the clocks go from 02:00 to 03:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "the clocks go from 02:00 to 02:30"),
        ("America/Santiago", "2026-09-06T00:30", "the clocks go from 00:00 to 01:00"),
    ],
)
def test_a_time_that_the_clocks_skip_is_refused_with_those_around_it(zone, typed, sentence):
    with timezone.override(zone), pytest.raises(ValidationError) as refused:
        LocalMomentField().clean(typed)
    assert sentence in refused.value.messages[0]
    assert zone in refused.value.messages[0]


@pytest.mark.parametrize(
    ("zone", "typed", "first", "second"),
    [
        ("America/New_York", "2026-11-01T01:30", utc("2026-11-01T05:30"), utc("2026-11-01T06:30")),
        ("Europe/Berlin", "2026-10-25T02:30", utc("2026-10-25T00:30"), utc("2026-10-25T01:30")),
        ("Australia/Lord_Howe", "2026-04-05T01:45", utc("2026-04-04T14:45"), utc("2026-04-04T15:15")),
    ],
)
def test_of_a_time_that_comes_twice_a_window_holds_both(zone, typed, first, second):
    with timezone.override(zone):
        assert LocalMomentField().clean(typed) == first
        assert LocalMomentField(ends=True).clean(typed) == second


def test_a_form_that_shows_what_it_showed_moves_nothing():
    second = utc("2026-11-01T06:30:12")
    with timezone.override("America/New_York"):
        assert not LocalMomentField().has_changed(second, "2026-11-01T01:30")
        assert LocalMomentField().has_changed(second, "2026-11-01T01:31")
        assert LocalMomentField().has_changed(second, "2026-11-01T01:30:12-04:00")
        assert LocalMomentField().has_changed(second, "in an hour")
        assert LocalMomentField().has_changed(None, "2026-11-01T01:30")


def test_a_value_with_an_offset_is_that_instant_and_nonsense_is_refused_at_the_field():
    with timezone.override("America/New_York"):
        assert LocalMomentField().clean("2026-03-08T02:30:00Z") == utc("2026-03-08T02:30")
        assert LocalMomentField(required=False).clean("") is None
        for nonsense in ("tomorrow", "2026-02-30T10:00"):
            with pytest.raises(ValidationError, match="Enter a valid date/time"):
                LocalMomentField().clean(nonsense)


@pytest.mark.parametrize("far", ["0001-01-01T00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_year_that_no_zone_could_show_is_refused(far):
    with timezone.override("America/New_York"), pytest.raises(ValidationError, match="Give a year from 1990 to 2199"):
        LocalMomentField().clean(far)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/New_York", dt.date(2026, 3, 8), 23),
        ("America/New_York", dt.date(2026, 11, 1), 25),
        ("Europe/Berlin", dt.date(2026, 3, 29), 23),
        ("Europe/Berlin", dt.date(2026, 10, 25), 25),
        ("Australia/Lord_Howe", dt.date(2026, 10, 4), 23.5),
        ("Australia/Lord_Howe", dt.date(2026, 4, 5), 24.5),
        ("America/Santiago", dt.date(2026, 9, 6), 23),
        ("Europe/Berlin", dt.date(2026, 6, 1), 24),
    ],
)
def test_a_day_has_as_many_hours_as_its_clocks_show(zone, day, hours):
    with timezone.override(zone):
        assert hours_of(day) == hours


def test_a_day_whose_midnight_is_skipped_begins_with_the_first_hour_there_is():
    with timezone.override("America/Santiago"):
        assert timezone.localtime(day_begins(dt.date(2026, 9, 6))).isoformat() == "2026-09-06T01:00:00-03:00"
