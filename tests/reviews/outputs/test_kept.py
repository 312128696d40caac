"""Reports of a real review: made once by the task, kept as evidence, re-checked, made again."""

import hashlib
from collections.abc import Callable
from typing import Any

import pypdf
import pytest
from django.core.files.storage import default_storage
from django.test import Client

from accounts.models import Member
from audit.models import AuditEvent
from evidence.files import open_file
from evidence.models import Evidence
from evidence.printing.printer import PrintingFailed
from reviews.deciding.actions import decide
from reviews.deciding.rules import Choice
from reviews.models import Campaign, Item
from reviews.outputs import tasks
from reviews.outputs.data import Kind
from reviews.outputs.gather import gather
from reviews.outputs.kept import reports_of
from reviews.outputs.report import Document
from reviews.signoff.actions import close_campaign, sign_off
from tenancy.scope import Scope
from tenancy.tasks import HEADER
from tests.conftest import commits
from tests.reviews.world import grant, person, person_of, snapshot, started, system
from ui.refusals import ActionRefused


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The PDF is what takes seconds; its own tests print it."""
    monkeypatch.setattr("reviews.outputs.report.report_pdf", lambda data, html="": b"%PDF-1.7 " + data.digest.encode())


@pytest.fixture
def review(in_acme: Scope, manager: Member, reviewer: Member) -> Campaign:
    """Two entitlements, both kept."""
    okta = system("Okta", owner=person_of(reviewer), reviewer_order=["system_owner"])
    snapshot(okta, [grant(person("Ada Long")), grant(person("Ben Short"), role="Admin")])
    campaign = started(okta, actor=manager)
    for item in Item.objects.filter(campaign=campaign):
        decide(item, Choice("retain", reason="Needed for the daily work"), actor=reviewer)
    return campaign


@pytest.fixture
def signed(review: Campaign, manager: Member) -> Campaign:
    sign_off(review, actor=manager, note="Looked at with the team leads.")
    return review.refreshed()


def make(campaign: Campaign, job_id: str = "", task: Any = tasks.make_decision_report) -> None:
    task.apply(args=[str(campaign.pk), job_id], headers={HEADER: str(campaign.tenant_id)})


def test_the_decisions_of_the_report_are_those_that_were_signed(signed: Campaign) -> None:
    data = gather(signed, Kind.DECISION)
    assert hashlib.sha256(data.decisions_file).hexdigest() == signed.decision_digest
    assert data.decisions_agree
    assert [(row.person, row.decision, row.decided_by) for row in data.items] == [
        ("Ada Long", "retain", "Reviewer Acme"),
        ("Ben Short", "retain", "Reviewer Acme"),
    ]
    assert data.campaign.signed_off_by == "Manager Acme"


def test_gathering_twice_gives_the_same_data(signed: Campaign) -> None:
    assert gather(signed, Kind.DECISION).to_json() == gather(signed, Kind.DECISION).to_json()


def test_the_sign_off_leaves_one_report_of_three_files(signed: Campaign, quick: None) -> None:
    make(signed)
    make(signed)
    (report,) = reports_of(signed).latest
    assert [file.form for file in report.files] == ["PDF", "XLSX", "JSON"]
    assert all(file.intact for file in report.files)
    assert report.made_by == "automatically"
    assert Evidence.objects.filter(subject_id=signed.pk).count() == 3


@pytest.mark.slow
def test_the_pdf_of_a_real_review_has_its_words_and_numbers(signed: Campaign) -> None:
    make(signed)
    pdf = reports_of(signed).latest[0].files[0].evidence.file
    with open_file(pdf) as file:
        pages = [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(file).pages]
    assert "All 2 entitlements in 1 system were decided and signed off; all are kept" in pages[0]
    assert "2 of 2 (100 %)" in pages[0]
    assert "No decisions needed." in pages[0]
    text = " ".join(pages)
    assert "The file was checked against the source's own count" in text
    assert "Ada Long" in text
    assert "they are those that were signed" in text
    assert signed.decision_digest in text
    assert "Looked at with the team leads." in text


def test_keeping_a_report_is_recorded_with_its_hash(signed: Campaign, quick: None) -> None:
    make(signed)
    evidence = Evidence.objects.filter(title__endswith="(PDF)").get()
    event = AuditEvent.objects.get(verb="evidence.add", object_id=evidence.pk)
    assert event.data["after"]["sha256"] == evidence.file.sha256


def test_made_again_it_is_a_revision_beside_the_first(signed: Campaign, quick: None, manager: Member) -> None:
    make(signed)
    job = tasks.make_again(signed, Kind.DECISION, actor=manager)
    make(signed, str(job.pk))
    make(signed, str(job.pk))
    reports = reports_of(signed)
    assert [(one.revision, one.made_by) for one in reports.latest] == [(2, "by Manager Acme")]
    assert [one.revision for one in reports.earlier] == [1]
    same = [file.evidence.file.sha256 for file in reports.latest[0].files]
    assert same == [file.evidence.file.sha256 for file in reports.earlier[0].files]


def test_a_changed_file_is_seen_on_the_page(
    signed: Campaign, quick: None, manager: Member, client_of: Callable[[Member], Client]
) -> None:
    make(signed)
    stored = Evidence.objects.filter(title__endswith="(PDF)").get().file
    with open(default_storage.path(stored.path), "ab") as file:  # noqa: PTH123 - as an intruder would
        file.write(b" ")
    assert [file.intact for file in reports_of(signed).latest[0].files] == [False, True, True]
    page = client_of(manager).get(f"/o/acme/reviews/{signed.pk}/reports/").content.decode()
    assert "Does not match its hash" in page
    assert page.count("Verified just now") == 2


def test_a_report_is_not_made_before_its_time(review: Campaign, manager: Member) -> None:
    with pytest.raises(ActionRefused, match="nothing to report yet"):
        tasks.make_again(review, Kind.DECISION, actor=manager)


def test_the_closed_review_gets_its_completed_report(signed: Campaign, quick: None, manager: Member) -> None:
    close_campaign(signed, actor=manager, note="Nothing had to be removed.")
    closed = signed.refreshed()
    make(closed, task=tasks.make_completed_report)
    assert [one.kind for one in reports_of(closed).latest] == ["completed"]


def test_what_cannot_be_printed_fails_its_job_and_keeps_nothing(signed: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(data: Any) -> list[Document]:
        raise PrintingFailed("out of memory")

    monkeypatch.setattr(tasks, "make_documents", broken)
    make(signed)
    reports = reports_of(signed)
    assert reports.failed
    assert reports.job is not None
    assert "could not be printed" in reports.job.message
    assert not reports.latest


def test_a_report_that_is_missing_is_queued_again(
    signed: Campaign, quick: None, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(tasks.make_decision_report, "apply_async", lambda args, *rest, **options: asked.append(args))
    assert signed.signed_off_at is not None
    for minutes, expected in ((29, 0), (31, 1)):
        with commits(django_capture_on_commit_callbacks):
            tasks.make_missing(signed.tenant, signed.signed_off_at + minutes * (tasks.OVERDUE / 30))
        assert len(asked) == expected


def test_making_a_report_asks_for_the_permission(
    signed: Campaign, auditor: Member, manager: Member, client_of: Callable[[Member], Client]
) -> None:
    path = f"/o/acme/reviews/{signed.pk}/report/make/"
    assert client_of(auditor).post(path, {"kind": "decision"}).status_code == 403
    assert client_of(manager).post(path, {"kind": "other"}).status_code == 400
    assert client_of(manager).post(path, {"kind": "decision"}).status_code == 302
