"""What somebody confirmed, as a signed PDF that anybody can check."""

import datetime as dt
import hashlib
import io
import json
from typing import Any

import pypdf
import pypdfium2
import pytest

from audit.models import AuditEvent
from audit.record import canonical
from evidence.files import open_file
from evidence.printing.papers import paper_pdf
from policies.acknowledging.asking import start_campaign
from policies.acknowledging.certificates import ask_certificate, paper_of, sheet_of
from policies.acknowledging.confirming import confirm
from policies.models import Acknowledgement, PolicyVersion
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token
from tests.cast import signed_in
from tests.conftest import commits
from tests.policies.making import in_force
from ui.refusals import ActionRefused

PAGES = "/o/acme/policies/acknowledgements/"


@pytest.fixture
def confirmed(in_acme, manager, approver, employee) -> Acknowledgement:
    """The employee has confirmed a policy."""
    version = PolicyVersion.objects.get(policy=in_force(manager, approver))
    campaign = start_campaign(version, actor=manager, due_on=manager.organization.today() + dt.timedelta(days=14))
    one = campaign.acknowledgements.get(person__member=employee)
    return confirm(one, actor=employee, content_hash=campaign.content_hash).refreshed()


@pytest.fixture
def printed(confirmed, employee, django_capture_on_commit_callbacks) -> bytes:
    """Its certificate, as a worker printed it."""
    for _ in range(2):
        with commits(django_capture_on_commit_callbacks):
            ask_certificate(confirmed, actor=employee)
    assert confirmed.papers.count() == 1
    paper = paper_of(confirmed)
    assert paper is not None
    with open_file(paper.file) as file:
        return file.read()


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", " ")


def test_it_says_who_confirmed_what_when_and_from_where(printed, confirmed, employee):
    text = text_of(printed)
    version = confirmed.campaign.version
    for fact in (employee.name, version.title, f"version {version.number}", confirmed.content_hash[:20], "Not known"):
        assert fact in text, fact
    assert confirmed.confirmed_at.strftime("%Y-%m-%d %H:%M") in text
    assert AuditEvent.objects.filter(verb="acknowledgement.print", object_id=confirmed.pk).count() == 1


def test_it_is_signed_and_carries_the_facts_by_which_anybody_checks_its_hash(printed, confirmed):
    document = pypdf.PdfReader(io.BytesIO(printed))
    assert "/AcroForm" in document.root_object
    (enclosed,) = document.attachments.values()
    sheet = json.loads(enclosed[0])
    assert hashlib.sha256(canonical(sheet["certified"]).encode()).hexdigest() == confirmed.certificate
    assert sheet["status"].startswith("The facts below are those that were certified")


def test_the_same_facts_give_the_same_bytes(printed, confirmed):
    assert hashlib.sha256(paper_pdf(sheet_of(confirmed))).digest() == hashlib.sha256(printed).digest()


def test_whoever_it_is_of_the_manager_and_the_auditor_take_it_and_nobody_else(printed, confirmed, cast):
    url = f"{PAGES}{confirmed.pk}/certificate.pdf"
    for member in (cast.employee, cast.manager, cast.auditor):
        answer: Any = signed_in(member).get(url)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert b"".join(answer.streaming_content) == printed
    assert signed_in(cast.of("globex", "employee")).get(url).status_code == 404
    page = signed_in(cast.employee).get(f"{PAGES}{confirmed.pk}/").content.decode()
    assert url in page


def test_the_page_has_it_printed(confirmed, employee):
    reads = signed_in(employee)
    assert reads.get(f"{PAGES}{confirmed.pk}/certificate.pdf").status_code == 404
    assert "Make a PDF of it" in reads.get(f"{PAGES}{confirmed.pk}/").content.decode()
    assert reads.post(f"{PAGES}{confirmed.pk}/print/").status_code in {302, 303}
    assert "is being printed" in reads.get(f"{PAGES}{confirmed.pk}/").content.decode()


def test_what_is_not_confirmed_has_no_certificate(confirmed, cast):
    one = confirmed.campaign.acknowledgements.get(person__member=cast.reviewer)
    with pytest.raises(ActionRefused, match="not confirmed yet"):
        ask_certificate(one, actor=cast.reviewer)
    assert paper_of(one) is None


def test_facts_that_were_changed_since_are_not_said_to_be_those_certified(confirmed):
    confirmed.ip = "203.0.113.77"
    assert "NOT those that were certified" in sheet_of(confirmed)["status"]


def test_programs_have_it_printed_and_take_it(acme, manager, approver, employee, django_capture_on_commit_callbacks):
    with tenant(acme):
        version = PolicyVersion.objects.get(policy=in_force(manager, approver))
        campaign = start_campaign(version, actor=manager, due_on=acme.today())
        one = campaign.acknowledgements.get(person__member=employee)
        confirm(one, actor=employee, content_hash=campaign.content_hash)
    mine = Program(make_token(employee)[1])
    assert mine.get(f"acknowledgements/{one.pk}/pdf").status_code == 404
    with commits(django_capture_on_commit_callbacks):
        assert mine.post(f"acknowledgements/{one.pk}/print", {}, **{"If-Match": "*"}).status_code in {200, 202, 204}
    answer = mine.get(f"acknowledgements/{one.pk}/pdf")
    assert (answer.status_code, b"".join(answer.streaming_content)[:5]) == (200, b"%PDF-")
