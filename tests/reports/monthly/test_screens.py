"""The pages of reports: who sees them, what they show, what they let one do, and how much they ask of the database."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.actors import SCHEDULE
from audit.models import AuditEvent
from controls.gaps.actions import take_run
from controls.models import AuditPeriod
from reports.models import MonthlyReport, ReportSettings
from reports.monthly.actions import ask_month, ask_report, choose_recipients, fail_report
from reports.monthly.mail import recipients
from tests.reports.monthly.conftest import again
from tests.reports.world import make_programme
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage

pytestmark = pytest.mark.usefixtures("unprinted")
LIST = "/o/acme/reports/"


@pytest.fixture
def report(asked, manager, work) -> MonthlyReport:
    """Of the programme, ready."""
    make_programme(manager)
    made: MonthlyReport = work(asked)
    return made


def status_of(client, path: str) -> int:
    """Of an answer that is read to its end."""
    answer = client.get(path)
    if answer.streaming:
        list(answer.streaming_content)
    return int(answer.status_code)


def said(answer) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("administrator", (True, True)),
        ("manager", (True, True)),
        ("executive", (True, False)),
        ("approver", (True, False)),
        ("auditor", (True, False)),
        ("viewer", (True, False)),
        ("reviewer", (False, False)),
        ("employee", (False, False)),
    ],
)
def test_who_reads_and_who_asks(report, cast, client_of, role, may):
    reads, asks = may
    client = client_of(getattr(cast, role))
    own = (LIST, f"{LIST}monthly/", f"{LIST}{report.pk}/", f"{LIST}{report.pk}/report.pdf", f"{LIST}file/{report.evidence_id}/")
    assert {status_of(client, path) for path in own} == {200 if reads else 403}
    assert {status_of(client, f"{LIST}{name}/") for name in ("new", "recipients")} == {200 if asks else 403}


def test_another_organization_s_report_is_not_there(report, cast, client_of):
    client = client_of(cast.of("globex", "manager"))
    for path in ("", "report.pdf", "report.json"):
        assert client.get(f"/o/globex/reports/{report.pk}/{path}").status_code == 404
    assert client.get(f"/o/globex/reports/file/{report.evidence_id}/").status_code == 404


def test_the_page_says_what_page_one_says(report, executive, client_of):
    page = said(client_of(executive).get(report.get_absolute_url()))
    for words in ("Controls implemented (readiness)", "2 of 7 (29 %)", "Not measured in March", "The other 5 controls", "by "):
        assert words in page
    assert "Verified just now" in page


def test_a_report_that_is_not_there_yet_says_so(asked, executive, client_of):
    client, url = client_of(executive), asked.get_absolute_url()
    assert "The figures are being taken" in said(client.get(url))
    assert {client.get(f"{url}report.{form}").status_code for form in ("pdf", "json")} == {404}
    assert "is here in a moment" in said(client.get(LIST))


def test_without_any_the_page_says_when_the_first_comes(in_acme, executive, client_of):
    page = said(client_of(executive).get(LIST))
    assert "No report yet" in page
    assert "The next monthly report is made by itself" in page
    assert executive.name in page


def test_any_days_are_asked_for_in_the_browser_once(in_acme, acme, manager, client_of, django_capture_on_commit_callbacks):
    client = client_of(manager)
    form = client.get(f"{LIST}new/").context["form"]
    today = acme.today().isoformat()
    sent = {"first": today, "last": today, "once": form["once"].value()}
    with django_capture_on_commit_callbacks(execute=True):
        answers = [client.post(f"{LIST}new/", sent) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    report = MonthlyReport.objects.get()
    assert (report.status, report.asked_by_id) == ("ready", manager.pk)
    wrong = client.post(f"{LIST}new/", {"first": "2030-01-01", "last": "2030-01-02"})
    assert wrong.status_code == 422
    assert "not over" in said(wrong)


def test_a_failed_one_is_tried_again_by_its_button(asked, manager, viewer, client_of, django_capture_on_commit_callbacks):
    fail_report(asked, "It was not printed.")
    client, url = client_of(manager), asked.get_absolute_url()
    assert "Try now" not in said(client_of(viewer).get(url))
    assert "Try now" in said(client.get(url))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{url}retry/")
    assert again(asked).status == "ready"


def test_an_altered_snapshot_is_not_shown(report, executive, client_of):
    default_storage.delete(report.snapshot.path)
    default_storage.save(report.snapshot.path, ContentFile(b"{}"))
    page = said(client_of(executive).get(report.get_absolute_url()))
    assert "does not match the hash" in page
    assert "Controls implemented" not in page


def test_everybody_with_the_executive_role_is_told_unless_others_are_chosen(in_acme, cast, client_of):
    assert recipients() == [cast.executive]
    client = client_of(cast.manager)
    chosen = [str(cast.approver.pk), str(cast.viewer.pk)]
    assert client.post(f"{LIST}recipients/", {"members": chosen}).status_code == 303
    assert {one.pk for one in recipients()} == {cast.approver.pk, cast.viewer.pk}
    event = AuditEvent.objects.get(verb="report_settings.change")
    assert event.data["before"] == {"recipients": []}
    assert event.data["after"] == {"recipients": sorted([cast.approver.name, cast.viewer.name])}
    page = said(client.get(LIST))
    assert cast.approver.name in page
    choose_recipients([], actor=cast.manager)
    assert recipients() == [cast.executive]
    assert ReportSettings.objects.count() == 1


def test_nobody_is_told_who_may_not_read_it(in_acme, cast, client_of):
    refused = client_of(cast.manager).post(f"{LIST}recipients/", {"members": [str(cast.employee.pk)]})
    assert refused.status_code == 422
    choose_recipients([cast.employee], actor=cast.manager)
    assert recipients() == [cast.executive]
    with pytest.raises(ActionRefused, match="role"):
        choose_recipients([], actor=cast.executive)


def test_the_mail_says_the_sentence_the_figures_and_where_to_read_on(report, executive):
    mail = OutboxMessage.objects.get(to=executive.email)
    assert mail.subject == "Acme: report of April 2026"
    assert mail.text.startswith("Not on course for December (2 of 7 controls implemented, 29 %)")
    assert "- Controls implemented (readiness): 2 of 7 (29 %)" in mail.text
    assert "Decisions needed\n1. " in mail.text


def test_gap_analyses_and_reviews_stand_beside_them(report, manager, executive, client_of, django_capture_on_commit_callbacks):
    with pytest.MonkeyPatch.context() as patched, django_capture_on_commit_callbacks(execute=True):
        patched.setattr("controls.gaps.tasks.gap_pdf", lambda _: b"%PDF-1.7 gaps")
        run = take_run(AuditPeriod.objects.get(name="2026"), actor=manager)
    client, gaps, monthly = client_of(executive), run.get_absolute_url(), report.get_absolute_url()
    page = said(client.get(LIST))
    assert gaps in page
    assert monthly in page
    only = said(client.get(f"{LIST}?kind=gaps"))
    assert gaps in only
    assert monthly not in only


def test_queries_do_not_grow_with_the_reports(in_acme, acme, manager, client_of, work):
    client = client_of(manager)

    def asked_of(path: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(path).status_code == 200
        return len([one for one in found if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "SET ", "SELECT set_config"))])

    work(ask_report(acme.today(), acme.today(), actor=manager))
    few = [[asked_of(path) for path in (LIST, f"{LIST}monthly/")] for _ in range(2)][1]
    for number in range(1, 7):
        one = ask_month(dt.date(2026, number, 1), actor=SCHEDULE)
        assert one is not None
        work(one)
    assert [asked_of(path) for path in (LIST, f"{LIST}monthly/")] == few
    assert max(few) <= 10
