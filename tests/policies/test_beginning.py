"""Policies begin from starters with the organization's facts, or come in with the minutes of their approval."""

import datetime as dt
import re

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from controls.catalogue.adopting import adopt
from controls.criteria import CRITERIA
from controls.library import LIBRARY
from evidence.files import open_file
from inventory.models import Person
from policies.importing.actions import Approved, import_policy
from policies.library.actions import offered, take_starters
from policies.library.facts import facts
from policies.library.starters import STARTERS
from policies.models import Policy, PolicyVersion
from policies.printing.tasks import ask_pdf, paper_of
from policies.publishing.days import months_after
from policies.writing.actions import begin_version, submit_version
from tenancy.scope import settle_constraints
from tests.cast import signed_in
from tests.conftest import commits
from tests.policies.making import draft, in_force
from tests.reviews.world import system
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("in_acme")
PDF = b"%PDF-1.4 the old policy"


def test_there_are_fifteen_starters_each_a_page_of_our_own(in_acme):
    known = set(LIBRARY)
    for starter in STARTERS:
        text = starter.text(facts({}))
        assert 300 <= len(text.split()) <= 500, starter.key
        assert text.startswith("# Purpose"), starter.key
        assert "Acme" in text, starter.key
        assert "{" not in text, starter.key
        assert not re.search(r"(^|[.] |[|] )the ", text), starter.key
        assert set(starter.controls) <= known, starter.key
        assert set(starter.criteria) <= set(CRITERIA), starter.key
    assert len(STARTERS) == 15


def test_starters_become_drafts_with_the_facts_filled_in(manager, acme, approver):
    system("Okta")
    person = Person.objects.get(member=approver)
    control = adopt(["AC-001"], actor=manager, owners={"IT lead": person}, in_scope_since=acme.today())[0]
    made = take_starters(["access-control", "backup"], actor=manager)
    assert [one.title for one in made] == ["Access control policy", "Backup policy"]
    access = Policy.objects.get(library_key="access-control")
    version = access.versions.get()
    assert (version.status, access.owner) == ("draft", person)
    assert f"IT lead ({person.name})" in version.text
    assert "Okta" in version.text
    assert [row.control for row in access.documents.all()] == [control]
    assert len(offered()) == 13
    with pytest.raises(ActionRefused, match="Choose what"):
        take_starters(["access-control"], actor=manager)
    assert submit_version(version, actor=manager).status == "in_review"
    settle_constraints()


def test_all_starters_are_taken_from_the_page_in_one_step(manager):
    writes = signed_in(manager)
    page = writes.get("/o/acme/policies/starters/")
    assert page.context["form"].initial == {} or len(page.context["form"]["starters"].value()) == 15
    assert writes.post("/o/acme/policies/starters/", {"starters": [one.key for one in STARTERS]}).status_code == 303
    assert Policy.objects.count() == 15
    assert writes.get("/o/acme/policies/?state=draft").status_code == 200


def test_a_policy_comes_in_with_the_minutes_of_its_approval(manager, acme):
    today = acme.today()
    days = {"approved_on": today - dt.timedelta(days=200), "effective_on": today - dt.timedelta(days=190)}
    sent = {
        "title": "Physical security", "kind": "policy", "review_months": 12, "quorum": 1, "approved_by": "Board\r\nA. Smith",
        "upload": SimpleUploadedFile("physical.pdf", PDF), "minutes": SimpleUploadedFile("minutes.txt", b"The board agreed."),
        "owner": Person.objects.get(member=manager).pk, **days,
    }  # fmt: skip
    answer = signed_in(manager).post("/o/acme/policies/import/", sent)
    assert answer.status_code == 303, answer.content.decode()
    version = PolicyVersion.objects.select_related("policy", "file").get()
    assert (version.status, version.is_imported, version.file.name) == ("published", True, "physical.pdf")
    with open_file(version.file) as file:
        assert file.read() == PDF
    assert version.policy.next_review_on == months_after(days["effective_on"], 12)
    said = list(version.approvals.order_by("approver_name"))
    assert [(one.approver_name, one.source, one.given_on) for one in said] == [
        ("A. Smith", "minutes", days["approved_on"]),
        ("Board", "minutes", days["approved_on"]),
    ]
    assert {one.minutes.name for one in said} == {"minutes.txt"}
    assert {one.recorded_by_id for one in said} == {manager.pk}


def minutes() -> SimpleUploadedFile:
    """A new file each time."""
    return SimpleUploadedFile("minutes.txt", b"The board agreed.")


def test_what_cannot_have_been_is_refused(manager, acme):
    today, day = acme.today(), dt.timedelta(days=1)
    for approved, quorum, words in (
        (Approved([], today, today), 1, "who approved"),
        (Approved(["Board", " board "], today, today), 1, "each person once"),
        (Approved([manager.name.upper()], today, today), 1, "by somebody else"),
        (Approved(["Board"], today, today), 2, "needs 2 approvals"),
        (Approved(["Board"], today + day, today + day), 1, "Not in the future"),
        (Approved(["Board"], today, today - day), 1, "before it was approved"),
        (Approved(["Board"], today, today, today - day), 1, "reviewed before"),
    ):
        with pytest.raises(ActionRefused, match=words):
            import_policy(
                actor=manager,
                title="Old",
                upload=SimpleUploadedFile("old.pdf", PDF),
                minutes=minutes(),
                approved=approved,
                quorum=quorum,
            )
    text = SimpleUploadedFile("a.txt", b"x")
    with pytest.raises(ActionRefused, match="neither a PDF"):
        import_policy(actor=manager, title="Old", upload=text, minutes=minutes(), approved=Approved(["Board"], today, today))


def test_an_imported_policy_goes_on_with_a_version_that_is_approved_here(manager, acme):
    today = acme.today()
    upload, approved = SimpleUploadedFile("old.pdf", PDF), Approved(["Board"], today, today)
    policy = import_policy(actor=manager, title="Old", upload=upload, minutes=minutes(), approved=approved)
    second = begin_version(policy, actor=manager)
    assert (second.number, second.form, second.is_imported) == (2, "uploaded", False)
    settle_constraints()


def test_a_version_is_printed_by_a_worker_and_kept_as_evidence_once_in_force(
    manager, approver, django_capture_on_commit_callbacks
):
    version = in_force(manager, approver).versions.get()
    for _ in range(2):
        with commits(django_capture_on_commit_callbacks):
            ask_pdf(version, actor=manager)
    paper = version.papers.get()
    assert paper.evidence.category == "policy"
    with open_file(paper.file) as file, pypdfium2.PdfDocument(file.read()) as document:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    assert "Nobody shares a password." in text
    assert version.content_hash[:20] in text.replace("\r\n", "")
    assert approver.name in text


def test_what_is_a_document_already_is_not_printed(manager):
    version = draft(manager)
    version.form = "uploaded"
    with pytest.raises(ActionRefused, match="a document already"):
        ask_pdf(version, actor=manager)
    assert paper_of(version) is None
