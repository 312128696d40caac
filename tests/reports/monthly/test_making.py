"""Exactly one report, one PDF and one mail for each recipient, wherever the worker dies and however often it is started."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from audit.models import AuditEvent
from evidence.models import Evidence
from evidence.printing.printer import PrintingFailed
from reports.models import MonthlyReport
from reports.monthly.actions import ask_report, fail_report, keep_report, take_figures, try_again
from reports.monthly.kept import COLLECTOR
from tests.reports.monthly.conftest import again
from ui.refusals import ActionRefused
from workflow.models import Job, OutboxMessage

pytestmark = pytest.mark.usefixtures("unprinted")


def told(report):
    return sorted(OutboxMessage.objects.filter(key__startswith=f"report:{report.pk}:").values_list("to", flat=True))


def die(*_args, **_kwargs):
    raise RuntimeError("killed")


def assert_whole(report, executive):
    """It is there, once."""
    assert (report.status, report.problem) == ("ready", "")
    assert Evidence.objects.filter(collector=COLLECTOR).count() == 1
    assert told(report) == [executive.email]


def test_a_worker_makes_it_and_another_leaves_it_alone(asked, work, executive):
    report = work(asked)
    assert_whole(report, executive)
    assert_whole(work(report), executive)
    assert Job.objects.filter(subject_id=report.pk).count() == 1


@pytest.mark.parametrize("place", ["tasks.take_figures", "tasks.report_pdf", "tasks.keep_report", "actions.mail.tell_recipients"])
def test_wherever_the_worker_dies_the_next_one_finishes_it(asked, work, executive, monkeypatch, place):
    with monkeypatch.context() as patched:
        patched.setattr(f"reports.monthly.{place}", die)
        with pytest.raises(RuntimeError, match="killed"):
            work(asked)
    half = again(asked)
    assert half.status == "pending"
    assert told(half) == []
    assert not Evidence.objects.filter(collector=COLLECTOR).exists()
    frozen = half.snapshot_id
    report = work(half)
    assert_whole(report, executive)
    if frozen:
        assert report.snapshot_id == frozen, "figures that are frozen are not taken again"


def test_a_pdf_that_was_printed_but_not_kept_is_printed_again(asked, work, executive, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr("reports.monthly.actions.add_evidence", die)
        with pytest.raises(RuntimeError, match="killed"):
            work(asked)
    assert_whole(work(asked), executive)


def test_when_it_cannot_be_printed_that_is_said_aloud_once_and_the_figures_stay(asked, work, cast, monkeypatch):
    def fail(_snapshot, _register):
        raise PrintingFailed("no font")

    with monkeypatch.context() as patched:
        patched.setattr("reports.monthly.tasks.report_pdf", fail)
        failed = work(work(asked))
    assert failed.status == "failed"
    assert "could not be printed" in failed.problem
    assert failed.snapshot is not None
    alarm = OutboxMessage.objects.get(key=f"report-alarm:{failed.pk}:{cast.administrator.pk}")
    assert failed.get_absolute_url() in alarm.text
    assert AuditEvent.objects.filter(verb="report.fail", object_id=failed.pk).count() == 1
    assert told(failed) == []
    assert_whole(work(failed), cast.executive)


def test_somebody_may_have_it_tried_again(asked, executive, manager, django_capture_on_commit_callbacks):
    with pytest.raises(ActionRefused, match="cannot be tried again"):
        try_again(asked, actor=manager)
    failed = fail_report(asked, "It was not printed.")
    with pytest.raises(ActionRefused, match="role"):
        try_again(failed, actor=executive)
    with django_capture_on_commit_callbacks(execute=True):
        try_again(failed, actor=manager)
    assert_whole(again(failed), executive)


def test_figures_are_taken_once(asked):
    take_figures(asked)
    with pytest.raises(ActionRefused, match="taken already"):
        take_figures(asked)


def test_it_is_not_kept_before_its_figures_are_taken(asked):
    with pytest.raises(ActionRefused, match="have not been taken"):
        keep_report(asked, b"%PDF")


@pytest.mark.parametrize("statement", ["UPDATE reports_monthlyreport SET problem = 'x'", "DELETE FROM reports_monthlyreport"])
def test_the_database_lets_nobody_change_a_report_that_is_ready(asked, work, statement):
    work(asked)
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_month_has_one_report_whatever_the_code_does(asked):
    twin = MonthlyReport(
        reference="R-99",
        kind="monthly",
        month=asked.month,
        starts_on=asked.starts_on,
        ends_on=asked.ends_on,
        asked_at=asked.asked_at,
    )
    with pytest.raises(IntegrityError, match="report_month_unique"), transaction.atomic():
        twin.save(force_insert=True)


@pytest.mark.parametrize(
    ("days", "words"), [((0, -1), "before the first"), ((0, 1), "not over"), ((-366, 0), "Choose a year at most")]
)
def test_days_that_make_no_report_are_refused(in_acme, acme, manager, days, words):
    first, last = (acme.today() + dt.timedelta(days=number) for number in days)
    with pytest.raises(ActionRefused, match=words):
        ask_report(first, last, actor=manager)


def test_days_before_any_zone_could_tell_are_refused(in_acme, manager):
    with pytest.raises(ActionRefused, match="Choose days from 2000 on"):
        ask_report(dt.date(1, 1, 1), dt.date(1, 1, 31), actor=manager)


def test_on_demand_whoever_asked_is_told_and_nobody_else(in_acme, acme, manager, executive, work):
    today = acme.today()
    report = work(ask_report(today - dt.timedelta(days=9), today, actor=manager))
    assert (report.kind, report.month) == ("asked", "")
    assert told(report) == [manager.email]


def test_executives_ask_for_none(in_acme, acme, executive):
    with pytest.raises(ActionRefused, match="role"):
        ask_report(acme.today(), acme.today(), actor=executive)
