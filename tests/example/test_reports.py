"""What the example's executives find on their page of reports."""

import io

import pypdf
import pytest

from accounts.models import Member
from audit.models import AuditEvent
from reports.models import MonthlyReport
from reports.monthly.actions import ask_report, take_figures
from reports.monthly.report import report_pdf
from reports.monthly.span import due_at
from reports.monthly.taking import taken_of
from tenancy.scope import tenant
from tests.example.test_larkfield import _database, clinics, here, made  # noqa: F401 - fixtures

pytestmark = pytest.mark.slow


def sentence(report: MonthlyReport) -> str:
    """What its figures said when they were taken, as the trail has it: the files are those of another test."""
    return str(AuditEvent.objects.get(verb="report.take", object_id=report.pk).data["after"]["sentence"])


def test_each_month_since_the_third_quarter_began_has_its_report_of_what_was_so_then(made, here):  # noqa: F811
    reports = list(MonthlyReport.objects.exclude(month="").order_by("month"))
    assert len(reports) >= 3
    assert [one.reference for one in reports] == [f"R-{number}" for number in range(1, len(reports) + 1)]
    assert all(one.as_of == due_at(one.starts_on, made) for one in reports)
    shares = [(one.implemented, one.in_scope) for one in reports]
    assert shares[:3] == [(37, 58), (49, 58), (49, 58)]
    assert "on course for" in sentence(reports[0]).lower()


def test_this_month_so_far_tells_of_what_a_manager_would_worry_about(here):  # noqa: F811
    report = MonthlyReport.objects.get(month="")
    assert (report.implemented, report.in_scope) == (51, 58)
    assert "is still active after it was reported removed" in sentence(report)


def test_page_one_holds_all_that_belongs_there(made, here):  # noqa: F811
    """However much there is to worry about: an executive reads one page."""
    today = made.today()
    manager = Member.objects.get(organization=made, user__email="samuel.price@larkfield.example")
    report = take_figures(ask_report(today.replace(day=1), today, actor=manager))
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(report_pdf(taken_of(report).snapshot))).pages]
    assert "SHA-256 of its data" in pages[0]
    assert pages[1].lstrip().startswith("2 What stands out")


def test_the_clinics_have_one_that_says_how_little_there_is(clinics):  # noqa: F811
    with tenant(clinics):
        report = MonthlyReport.objects.get()
        assert report.implemented == 0
        assert "0 %" in sentence(report)
