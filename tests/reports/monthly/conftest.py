"""Reports without the seconds that printing takes, and a worker that can be started at will."""

import datetime as dt
from collections.abc import Callable

import pytest

from audit.actors import SCHEDULE
from evidence.files import open_file
from reports.models import MonthlyReport
from reports.monthly.actions import ask_month
from reports.monthly.data import Snapshot
from reports.monthly.tasks import make_report

APRIL = dt.date(2026, 4, 1)
Work = Callable[[MonthlyReport], MonthlyReport]


@pytest.fixture
def unprinted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for the printing process: bytes that differ by the figures they are printed from."""
    monkeypatch.setattr("reports.monthly.tasks.report_pdf", lambda snapshot, _register: b"%PDF-1.7 " + snapshot.to_json())


@pytest.fixture
def asked(in_acme: None) -> MonthlyReport:
    """The report of April, asked for and not begun."""
    made = ask_month(APRIL, actor=SCHEDULE)
    assert made is not None
    return made


@pytest.fixture
def work(django_capture_on_commit_callbacks) -> Work:
    """Start a worker on a report; what it leaves."""

    def start(report: MonthlyReport) -> MonthlyReport:
        with django_capture_on_commit_callbacks(execute=True):
            make_report.delay_on_commit(str(report.pk))
        return again(report)

    return start


def again(report: MonthlyReport) -> MonthlyReport:
    """As it is now."""
    return MonthlyReport.objects.select_related("snapshot", "evidence__file").get(pk=report.pk)


def read(report: MonthlyReport) -> Snapshot:
    """What was frozen."""
    assert report.snapshot is not None
    with open_file(report.snapshot) as file:
        return Snapshot.from_json(file.read())
