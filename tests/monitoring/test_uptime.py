"""Uptime by hand-made tables: what was known, planned maintenance apart, nothing made up for when nobody looked."""

import datetime as dt

import pytest
from django.utils import timezone

from audit.actors import System
from audit.record import record
from monitoring.defining.actions import pause, resume
from monitoring.models import CheckHour, MaintenanceCheck, MaintenanceWindow
from monitoring.uptime import reckoning
from monitoring.uptime.charts import lasting, percent, timings
from monitoring.uptime.pages import counted
from monitoring.uptime.periods import period_of
from monitoring.uptime.reckoning import share_of, shares
from tests.monitoring.making import MINUTE, START, check_of, see

pytestmark = pytest.mark.usefixtures("in_acme")
HOUR = 60 * MINUTE


@pytest.fixture(autouse=True)
def later(monkeypatch):
    """It is the day after the story."""
    monkeypatch.setattr(reckoning, "now", lambda: START + 24 * HOUR)


def window(begins: dt.datetime, ends: dt.datetime, *checks, **facts) -> MaintenanceWindow:
    """Maintenance of the past, which no action would plan."""
    row = MaintenanceWindow.objects.create(name="Upgrade", starts_at=begins, ends_at=ends, reason="x", set_at=begins, **facts)
    for check in checks:
        MaintenanceCheck.objects.create(window=row, check_of=check)
    record("maintenance.plan", row, actor=System("test"))
    return row


def test_down_for_six_minutes_of_an_hour_is_ninety_percent(manager):
    check = see(check_of(manager), "+" * 20 + "-" * 6 + "+" * 34)
    share = share_of(check, START, START + HOUR)
    assert (share.up, share.down, share.unknown) == (54 * 60, 6 * 60, 0)
    assert share.uptime == pytest.approx(90.0)


def test_a_failure_that_was_not_confirmed_is_no_downtime(manager):
    check = see(check_of(manager), "+++-+-+++")
    assert share_of(check, START, START + 9 * MINUTE).uptime == 100.0


def test_when_nobody_looked_it_was_not_up(manager):
    check = see(check_of(manager), "+" * 30 + " " * 20 + "+" * 10)
    share = share_of(check, START, START + HOUR)
    assert (share.up, share.unknown, share.down) == (40 * 60, 20 * 60, 0)
    assert share.uptime == 100.0  # of what is known


def test_of_nothing_known_there_is_no_uptime(manager):
    check = check_of(manager)
    share = share_of(check, START, START + HOUR)
    assert share.uptime is None
    assert share.unknown == 3600
    assert share.state == "unknown"


def test_before_it_was_made_nothing_was_expected(manager):
    check = see(check_of(manager), "+" * 60)
    share = share_of(check, START - HOUR, START + HOUR)
    assert (share.expected, share.unknown) == (3600, 0)


def test_planned_maintenance_stands_apart(manager):
    check = check_of(manager)
    window(START + 10 * MINUTE, START + 20 * MINUTE, check)
    window(START + 15 * MINUTE, START + 25 * MINUTE)  # of all checks, and overlapping
    see(check, "+" * 10 + "-" * 15 + "+" * 35)
    share = share_of(check, START, START + HOUR)
    assert (share.maintenance, share.up, share.down, share.unknown) == (15 * 60, 45 * 60, 0, 0)
    assert share.uptime == 100.0


def test_what_was_cancelled_or_is_about_others_counts_as_time(manager):
    check, other = check_of(manager), check_of(manager, "Other")
    window(START + 10 * MINUTE, START + 20 * MINUTE, check, status="cancelled")
    window(START + 10 * MINUTE, START + 20 * MINUTE, other)
    see(check, "+" * 10 + "-" * 10 + "+" * 40)
    assert share_of(check, START, START + HOUR).down == 10 * 60


def test_an_outage_that_went_on_into_maintenance_is_cut_there(manager):
    check = check_of(manager)
    window(START + 20 * MINUTE, START + 30 * MINUTE)
    see(check, "+" * 10 + "-" * 25 + "+" * 25)
    share = share_of(check, START, START + HOUR)
    assert (share.down, share.maintenance) == (15 * 60, 10 * 60)


def test_degraded_is_up_and_told_beside(manager):
    check = see(check_of(manager), "+" * 30 + "~" * 30)
    share = share_of(check, START, START + HOUR)
    assert (share.uptime, share.degraded) == (100.0, 30 * 60)
    assert share.state == "degraded"


def test_several_times_of_several_checks_cost_two_queries(manager, django_assert_num_queries):
    checks = [see(check_of(manager, f"Check {number}"), "++--++") for number in range(3)]
    times = [(START + number * MINUTE, START + (number + 1) * MINUTE) for number in range(6)]
    with django_assert_num_queries(2):
        found = shares(checks, times)
    for check in checks:
        assert [share.state for share in found[check.pk]] == ["healthy", "healthy", "down", "down", "healthy", "healthy"]


def test_a_pause_is_neither_up_nor_down(manager, monkeypatch):
    check = check_of(manager)
    moment = [START]
    monkeypatch.setattr("monitoring.defining.actions.now", lambda: moment[0])
    see(check, "+" * 10)
    moment[0] = START + 10 * MINUTE
    pause(check, actor=manager, reason="Moved")
    moment[0] = START + 40 * MINUTE
    resume(check.refreshed(), actor=manager)
    see(check, "+" * 20, begins=START + 40 * MINUTE)
    share = share_of(check, START, START + HOUR)
    assert (share.up, share.paused, share.unknown) == (30 * 60, 30 * 60, 0)


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "not known"), (100.0, "100 %"), (99.9999, "99.999 %"), (99.95, "99.95 %"), (0.0, "0 %"), (99.8996, "99.899 %")],
)
def test_a_percentage_is_never_rounded_up(value, words):
    assert percent(value) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (2820, "47 min"),
        (3599, "1 h"),
        (18_600, "5 h 10 min"),
        (172_800, "2 d"),
        (180_000, "2 d 2 h"),
    ],
)
def test_a_length_is_told_in_words(seconds, words):
    assert lasting(seconds) == words


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1999-12-31"])
def test_days_that_no_calendar_reaches_are_not_asked_for(day):
    assert period_of({"from": day, "to": day}, START.date()).key == "30d"


@pytest.mark.parametrize(
    ("days", "begins", "means"),
    [
        (1, [0, 1, 25], [100, 300, None]),
        (30, [0, 24], [200, None]),
        (365, [0], [200]),
    ],
)
def test_answers_are_drawn_by_hour_by_day_and_by_seven_days(manager, days, begins, means):
    check, midnight = (
        check_of(manager),
        dt.datetime(2026, 3, 28, tzinfo=timezone.get_current_timezone()),
    )  # a day of 23 hours is near
    for hour, count, total in ((0, 2, 200), (1, 2, 600), (25, 0, 0)):
        CheckHour.objects.create(
            check_of=check, hour=midnight + hour * HOUR, results=2, timed=count, total_ms=total, max_ms=total
        )
    found = timings(check, midnight, midnight + days * 24 * HOUR + (2 * HOUR if days == 1 else dt.timedelta()))
    assert [one.begins for one in found] == [midnight + hour * HOUR for hour in begins]
    assert [one.mean for one in found] == means


def test_an_outage_counts_in_every_time_that_it_lasts_through(manager):
    check = see(check_of(manager), "++" + "-" * 30 + "++")
    spans = [(-10, 0), (0, 60), (10, 20), (40, 60)]
    found = [counted([check], START + begins * MINUTE, START + ends * MINUTE).get(check.pk, 0) for begins, ends in spans]
    assert found == [0, 1, 1, 0]
