"""Findings in the browser: who sees and does what, what a link fills in, and that a second sending does nothing."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from controls.findings.actions import give_back, raise_finding
from controls.models import ControlTest, Finding, FindingEvidence
from tenancy.scope import tenant
from tests.controls.findings.test_actions import handed_in
from tests.controls.status.rows import trial
from tests.controls.status.world import Trial
from tests.inventory.snapshots.helpers import person_of

LIST = "/o/acme/controls/findings/"


def page_of(finding: Finding, deed: str = "") -> str:
    return f"{LIST}{finding.pk}/{deed}"


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_owner_puts_it_right_whatever_their_role_and_somebody_else_closes_it(client_of, finding, employee, reviewer, today):
    own = client_of(employee)
    assert "The second quarter was not reviewed" in said(own.get(LIST))
    assert own.post(page_of(finding, "start/")).status_code == 302
    sent = {"done": "It was reviewed.", "files": SimpleUploadedFile("proof.txt", b"proof")}
    assert own.post(page_of(finding, "hand-in/"), sent).status_code == 303
    other = client_of(reviewer)
    assert "Retest" in said(other.get(page_of(finding)))
    answer = other.post(page_of(finding, "retest/"), {"result": "pass", "retested_on": today.isoformat(), "note": "Seen."})
    assert answer.status_code == 303
    assert Finding.objects.get(pk=finding.pk).status == "closed"
    assert "retested it and closed it" in said(own.get(page_of(finding)))


def test_others_without_the_right_find_nothing(client_of, finding, control, manager, employee):
    other = raise_finding(actor=manager, title="Not theirs", severity="low", owner=person_of(manager))
    client = client_of(employee)
    assert client.get(page_of(other)).status_code == 404
    assert "Not theirs" not in said(client.get(LIST))
    assert client.get(page_of(finding, "accept/")).status_code == 403
    assert client.get(page_of(finding, "edit/")).status_code == 403


def test_a_reader_sees_all_and_is_offered_nothing(client_of, viewer, finding):
    client = client_of(viewer)
    page = said(client.get(page_of(finding)))
    for label in (">Start<", "Hand on", "Accept by name", "Add evidence"):
        assert label not in page
    assert client.post(page_of(finding, "start/")).status_code == 409


def test_who_handed_it_in_is_told_why_there_is_no_retest(client_of, manager, finding):
    handed_in(finding, manager)
    client = client_of(manager)
    assert "/retest/" not in said(client.get(page_of(finding)))
    answer = client.get(page_of(finding, "retest/"))
    assert (answer.status_code, "You handed it in" in said(answer)) == (409, True)


@pytest.mark.parametrize("role", ["auditor", "viewer", "executive", "approver", "reviewer"])
def test_those_who_read_findings_see_the_list(client_of, cast, role, finding):
    assert str(finding) in said(client_of(getattr(cast, role)).get(LIST))


def form_of(**changes: Any) -> dict[str, Any]:
    return {"title": "Something is wrong", "severity": "low", "source": "other", **changes}


def test_sent_twice_it_is_raised_once(client_of, manager, in_acme):
    client = client_of(manager)
    token = client.get(f"{LIST}new/").context["form"]["once"].value()
    answers = [client.post(f"{LIST}new/", form_of(once=token)) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Finding.objects.count() == 1


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("/o/acme/reviews/", True),
        ("https://auditor.example/report", True),
        ("javascript:alert(1)", False),
        ("//elsewhere.example/", False),
        ("/o/globex/reviews/", False),
        ("https://", False),
        ("https://[", False),
        ("https://\N{ACCOUNT OF}.example/", False),
    ],
)
def test_a_link_leads_to_a_page_here_or_on_the_web(client_of, manager, in_acme, link, kept):
    answer = client_of(manager).post(f"{LIST}new/", form_of(link=link))
    assert answer.status_code == (303 if kept else 422)
    assert Finding.objects.filter(link=link).exists() == kept


def test_a_failed_test_fills_the_form_and_stays_its_source(client_of, manager, control, today):
    test: ControlTest = trial(control, Trial(on=today, result="fail"), notes="Three of 25 were not approved.")
    path = f"{LIST}new/?test={test.pk}"
    client = client_of(manager)
    initial = client.get(path).context["form"].initial
    assert (initial["control"], initial["severity"], initial["criterion"]) == (control, "high", "CC6.2")
    assert initial["risk"] == "Three of 25 were not approved."
    sent = form_of(title=initial["title"], source="test", control=control.pk, severity="high")
    assert client.post(path, sent).status_code == 303
    found = Finding.objects.get()
    assert (found.test, found.owner) == (test, control.owner)
    assert str(test) in said(client.get(page_of(found)))


@pytest.mark.parametrize("query", ["?test=nonsense", "?occurrence=01900000-0000-7000-8000-000000000000", "?control="])
def test_a_link_to_nothing_fills_nothing(client_of, manager, in_acme, query):
    answer = client_of(manager).get(f"{LIST}new/{query}")
    assert (answer.status_code, answer.context["form"].initial.get("control")) == (200, None)


def test_evidence_is_downloaded_by_those_who_may_and_taken_away_with_a_reason(client_of, finding, employee, executive):
    own = client_of(employee)
    own.post(page_of(finding, "evidence/"), {"files": SimpleUploadedFile("proof.txt", b"proof")})
    proof = FindingEvidence.objects.get(finding=finding)
    path = page_of(finding, f"evidence/{proof.pk}/")
    assert b"".join(own.get(path).streaming_content) == b"proof"
    assert own.post(f"{path}remove/", {"reason": ""}).status_code == 422
    assert own.post(f"{path}remove/", {"reason": "The wrong file."}).status_code == 303
    assert own.get(path).status_code == 404


@pytest.mark.parametrize("query", ["", "?state=pending&severity=low&whose=me", "?q=no&due=soon&source=other"])
def test_the_list_asks_little_however_many_rows(acme, client_of, manager, finding, query):
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"{LIST}{query}").status_code == 200
        return len([one for one in found if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "SET "))])

    client = client_of(manager)
    with tenant(acme):
        raise_finding(actor=manager, title="No. 20", severity="low", owner=person_of(manager))
    asked()
    few = asked()
    with tenant(acme):
        for number in range(20):
            raise_finding(actor=manager, title=f"No. {number}", severity="low", owner=person_of(manager))
    assert asked() == few
    assert few <= 10


def test_handing_several_on_says_which_were_refused(client_of, manager, finding, employee, reviewer):
    handed_in(finding, employee)
    other = raise_finding(actor=manager, title="B", severity="low", owner=person_of(employee))
    sent = {
        "action": "hand_on",
        "selected": [str(finding.pk), str(other.pk)],
        "hand_on-owner": person_of(reviewer).pk,
        "hand_on-reason": "Away.",
    }
    answer = client_of(manager).post(LIST, sent)
    assert "waits for its retest" in said(answer)
    assert Finding.objects.get(pk=other.pk).owner == person_of(reviewer)
    assert Finding.objects.get(pk=finding.pk).owner == person_of(employee)


def test_the_page_of_an_item_names_the_finding_it_was_handed_in_for(client_of, finding, employee, manager):
    handed_in(finding, employee)
    proof = FindingEvidence.objects.get()
    client, address = client_of(manager), proof.evidence.get_absolute_url()
    page = said(client.get(address))
    assert page_of(finding) in page
    assert f"{finding.reference} {finding.title}" in page
    assert "Ready for retest" in page
    removal, why = page_of(finding, f"evidence/{proof.pk}/remove/"), {"reason": "Of something else."}
    assert client.post(removal, why).status_code == 422  # its retest looks at it
    with tenant(manager.organization):
        give_back(finding, actor=manager, note="Not what was asked for.")
    assert client.post(removal, why).status_code == 303
    assert page_of(finding) not in said(client.get(address))
