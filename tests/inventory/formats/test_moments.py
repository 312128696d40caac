"""Dates as exports write them."""

import datetime as dt

import pytest

from evidence.tables.errors import FormatError
from evidence.tables.moments import Moments

NOON = dt.datetime(2026, 10, 1, 12, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-01T12:30:00Z",
        "2026-10-01T12:30:00+00:00",
        "2026-10-01 12:30:00 UTC",
        "2026-10-01T14:30:00+02:00",
        "2026-10-01 12:30",
        "2026/10/01 12:30:00",
        "01.10.2026 12:30",
        "1 Oct 2026 12:30",
        "Oct 1, 2026 12:30 PM",
        "October 1, 2026 at 12:30 PM",
        "Thu, 01 Oct 2026 12:30:00 GMT",
        "01-Oct-2026 12:30:00",
    ],
)
def test_unambiguous_forms_are_read(text):
    assert Moments().moment(text) == NOON


def test_a_naive_time_is_in_the_given_zone():
    assert Moments("America/New_York").moment("2026-10-01 08:30:00") == NOON
    assert Moments("Europe/Berlin").moment("2026/10/01 14:30:00") == NOON


def test_a_day_that_may_be_a_month_is_refused_until_the_order_is_named():
    with pytest.raises(ValueError, match="day first or month first"):
        Moments().moment("03/04/2026")
    assert Moments(date_order="dmy").day("03/04/2026") == dt.date(2026, 4, 3)
    assert Moments(date_order="mdy").day("03/04/2026") == dt.date(2026, 3, 4)
    assert Moments().day("13/04/2026") == dt.date(2026, 4, 13)
    assert Moments().day("04/13/2026") == dt.date(2026, 4, 13)


@pytest.mark.parametrize(
    "text",
    [
        "31.02.2026",
        "13/13/2026",
        "1/2/26",
        "soon",
        "46000",
        "1759300000",
        "0001-01-01",
        "9999-12-31",
        "2026-10-01 25:00",
        "x" * 500,
        "20260101112",
    ],
)
def test_what_is_no_date_is_a_sentence(text):
    with pytest.raises(ValueError, match="“"):
        Moments().moment(text)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("no_information", "no_information"),
        ("N/A", "not_applicable"),
        ("not_supported", "not_supported"),
        ("Never logged in", "never"),
        ("", "no_information"),
    ],
)
def test_four_ways_of_having_no_date_stay_four(text, state):
    assert Moments().last_used(text) == (None, state)


def test_a_known_use_is_known():
    moments = Moments()
    assert moments.last_used("2026-10-01T12:30:00Z") == (NOON, "known")
    assert moments.last_used("2026-10-01T12:30:00Z") == (NOON, "known")


def test_an_unknown_zone_is_refused():
    with pytest.raises(FormatError, match="not a known time zone"):
        Moments("../../etc/passwd")
