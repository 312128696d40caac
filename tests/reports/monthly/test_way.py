"""The whole way of a report: asked for by the schedule, frozen, printed, kept, told, read and downloaded."""

import datetime as dt
import hashlib
import io
from typing import Any

import pytest

from audit.actors import SCHEDULE
from audit.models import AuditEvent
from evidence.actions import revise_evidence
from evidence.files import store
from evidence.models import Evidence
from reports.models import MonthlyReport
from reports.monthly.actions import ask_month
from tests.reports.world import make_programme
from workflow.models import OutboxMessage

APRIL = dt.date(2026, 4, 1)


@pytest.fixture
def report(in_acme, manager, django_capture_on_commit_callbacks) -> MonthlyReport:
    """The report of April, printed in earnest."""
    make_programme(manager)
    with django_capture_on_commit_callbacks(execute=True):
        asked = ask_month(APRIL, actor=SCHEDULE)
    assert asked is not None
    return MonthlyReport.objects.select_related("snapshot", "evidence__file").get(pk=asked.pk)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_from_the_schedule_to_the_executive_s_download(report, executive, manager, client_of):
    assert (report.status, report.month, report.reference) == ("ready", "2026-04", "R-1")
    assert report.evidence.collector == "Plumbline's monthly report"
    mail = OutboxMessage.objects.get(key=f"report:{report.pk}:{executive.pk}")
    assert f"/o/acme/reports/{report.pk}/" in mail.text
    client = client_of(executive)
    assert "R-1 report of April 2026" in client.get("/o/acme/reports/").content.decode()
    page = client.get(f"/o/acme/reports/{report.pk}/").content.decode()
    assert "controls implemented" in page
    printed = body(client.get(f"/o/acme/reports/file/{report.evidence_id}/"))
    assert printed.startswith(b"%PDF-1.7")
    revise_evidence(report.evidence, actor=manager, file=store(io.BytesIO(b"Not it."), "other.txt"), note="Changed.")
    assert printed == body(client.get(f"/o/acme/reports/{report.pk}/report.pdf"))
    downloads = AuditEvent.objects.filter(verb="report.download", object_id=report.evidence_id)
    assert [event.actor_name for event in downloads] == [executive.name] * 2


def test_the_figures_are_served_as_they_were_kept(report, executive, client_of):
    served = body(client_of(executive).get(f"/o/acme/reports/{report.pk}/report.json"))
    assert hashlib.sha256(served).hexdigest() == report.snapshot.sha256
    assert Evidence.objects.get(pk=report.evidence_id).query.endswith(report.snapshot.sha256)


def test_a_page_that_waits_is_loaded_anew_once_there_is_something_to_show(in_acme, manager, client_of):
    make_programme(manager)
    asked = ask_month(APRIL, actor=SCHEDULE)
    assert asked is not None
    client, page = client_of(manager), f"/o/acme/reports/{asked.pk}/"
    assert f'hx-get="{page}"' in client.get(page).content.decode()
    assert client.get(page, headers={"HX-Request": "true"}).status_code == 204
    MonthlyReport.objects.filter(pk=asked.pk).update(status="failed")
    assert client.get(page, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
