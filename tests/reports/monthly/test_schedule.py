"""When reports are made by themselves: at six on the first, in the organization's zone; late, twice, and never."""

import datetime as dt

import pytest

from audit.models import AuditEvent
from reports.models import MonthlyReport
from reports.monthly.periodic import months_due, next_due, run_monthly, see_to_unfinished
from reports.monthly.span import due_at, name_of
from tenancy.models import Organization
from tests.reports.monthly.conftest import again
from workflow.models import Job, OutboxMessage

pytestmark = pytest.mark.usefixtures("unprinted")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.fixture
def old(acme):
    """An organization that is here since the middle of January."""
    Organization.objects.filter(pk=acme.pk).update(created_at=at("2026-01-15T12:00:00+00:00"))
    return Organization.objects.get(pk=acme.pk)


@pytest.fixture(autouse=True)
def _later(monkeypatch):
    """What is asked for lies in the past of the clock of these tests."""
    monkeypatch.setattr("reports.monthly.actions._check", lambda *_: None)


@pytest.mark.parametrize(
    ("month", "zone", "expected"),
    [
        ("2026-10-01", "America/New_York", "2026-11-01T11:00:00+00:00"),  # clocks went back four hours before
        ("2026-09-01", "America/New_York", "2026-10-01T10:00:00+00:00"),
        ("2026-02-01", "Europe/Berlin", "2026-03-01T05:00:00+00:00"),
        ("2026-03-01", "Europe/Berlin", "2026-04-01T04:00:00+00:00"),  # summer time has begun
        ("2026-12-01", "Pacific/Kiritimati", "2026-12-31T16:00:00+00:00"),
        ("2028-02-01", "UTC", "2028-03-01T06:00:00+00:00"),  # a leap year
    ],
)
def test_it_is_due_at_six_where_the_organization_lives(month, zone, expected):
    assert due_at(dt.date.fromisoformat(month), Organization(zone=zone)) == at(expected)


def test_at_six_and_not_before_and_then_once(old, in_acme):
    asked = []
    for minute in ("09:45", "10:00", "10:15", "10:15"):  # New York is four hours behind
        run_monthly(old, at(f"2026-02-01T{minute}:00+00:00") + dt.timedelta(hours=1))
        asked.append(MonthlyReport.objects.count())
    assert asked == [0, 1, 1, 1]
    report = MonthlyReport.objects.get()
    assert (report.month, report.starts_on.isoformat(), report.ends_on.isoformat()) == ("2026-01", "2026-01-01", "2026-01-31")
    assert AuditEvent.objects.get(verb="report.ask").actor_name == "Plumbline (schedule)"


def test_after_days_without_a_schedule_each_month_is_made_up_for_once(old, in_acme):
    for day in ("2026-04-09", "2026-04-10", "2026-05-01"):
        run_monthly(old, at(f"{day}T15:00:00+00:00"))
    months = list(MonthlyReport.objects.order_by("asked_at", "reference").values_list("reference", "month"))
    assert sorted(months) == [("R-1", "2026-01"), ("R-2", "2026-02"), ("R-3", "2026-03"), ("R-4", "2026-04")]


def test_nothing_is_made_up_for_from_before_the_organization_or_of_more_than_a_year(old, acme, in_acme):
    assert [f"{one:%Y-%m}" for one in months_due(old, at("2026-03-01T12:00:00+00:00"))] == ["2026-01", "2026-02"]
    assert months_due(old, at("2026-01-31T12:00:00+00:00")) == []
    late = months_due(old, at("2028-01-05T12:00:00+00:00"))
    assert (len(late), late[-1].isoformat()) == (12, "2027-12-01")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [("2026-11-01T10:59:00+00:00", "2026-11-01T11:00:00+00:00"), ("2026-11-01T11:00:00+00:00", "2026-12-01T11:00:00+00:00")],
)
def test_the_page_says_when_the_next_one_comes(acme, moment, expected):
    assert next_due(acme, at(moment)) == at(expected)


def test_what_gave_no_sign_for_half_an_hour_is_made_again(asked, acme, executive, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        see_to_unfinished(acme, asked.asked_at + dt.timedelta(minutes=29))
    assert again(asked).status == "pending"
    with django_capture_on_commit_callbacks(execute=True):
        see_to_unfinished(acme, asked.asked_at + dt.timedelta(minutes=31))
    assert again(asked).status == "ready"


def test_a_worker_that_began_a_while_ago_is_not_joined_by_another(asked, acme, django_capture_on_commit_callbacks):
    job = Job.objects.create(kind="reports.monthly", title="R-1", subject_id=asked.pk)
    Job.objects.filter(pk=job.pk).update(created_at=asked.asked_at + dt.timedelta(minutes=20))
    with django_capture_on_commit_callbacks(execute=True):
        see_to_unfinished(acme, asked.asked_at + dt.timedelta(minutes=40))
    assert again(asked).status == "pending"


def test_after_two_hours_the_alarm_is_raised_once_and_the_work_goes_on(
    asked, acme, cast, client_of, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks():  # and nobody runs what is queued
        for minutes in (119, 121, 136, 151):
            see_to_unfinished(acme, asked.asked_at + dt.timedelta(minutes=minutes))
    failed = again(asked)
    assert (failed.status, "two hours" in failed.problem) == ("failed", True)
    assert OutboxMessage.objects.filter(key__startswith="report-alarm:", to=cast.administrator.email).count() == 1
    assert f"{failed.reference} has not been made" in client_of(cast.manager).get("/o/acme/").content.decode()
    assert "A report has not been made" in client_of(cast.manager).get("/o/acme/reports/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        see_to_unfinished(acme, asked.asked_at + dt.timedelta(minutes=166))
    assert again(asked).status == "ready"


def test_after_a_week_nobody_tries_any_more(asked, acme, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as queued:
        see_to_unfinished(acme, asked.asked_at + dt.timedelta(days=8))
    assert len([one for one in queued if "make_report" in repr(one)]) == 0
    assert again(asked).status == "failed"


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("2026-10-01", "2026-10-31", "October 2026"),
        ("2026-10-01", "2026-10-30", "1 to 30 October 2026"),
        ("2026-10-03", "2026-11-09", "3 October to 9 November 2026"),
        ("2026-12-03", "2027-01-09", "3 December 2026 to 9 January 2027"),
        ("2026-10-03", "2026-10-03", "3 October 2026"),
    ],
)
def test_spans_have_names(first, last, name):
    assert name_of(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) == name
