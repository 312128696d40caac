"""The screens of policies: what each person sees and may do."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Person
from policies.models import Policy, PolicyVersion
from policies.writing.actions import begin_version, submit_version, write_version
from tests.cast import signed_in
from tests.policies.making import TEXT, draft, in_force

pytestmark = pytest.mark.usefixtures("in_acme")
POLICIES = "/o/acme/policies/"


def of(one: Policy | PolicyVersion, tail: str = "") -> str:
    """The address of a page about it: after a request the addresses of an organization are not resolved any more."""
    return f"{POLICIES}{'versions/' if isinstance(one, PolicyVersion) else ''}{one.pk}/{tail}"


def test_a_policy_is_written_approved_and_published_by_its_pages(manager, approver, acme):
    writes, approves = signed_in(manager), signed_in(approver)
    person = Person.objects.get(member=manager)
    facts = {"title": "Backups", "kind": "policy", "owner": person.pk, "review_months": 12, "quorum": 1}
    written = writes.post(f"{POLICIES}new/", facts)
    assert written.status_code == 303
    version = PolicyVersion.objects.get()
    written = writes.get(written["Location"])
    assert written["Location"].endswith(f"/versions/{version.pk}/write/")
    shown = writes.post(f"{POLICIES}preview/", {"text": "# Purpose\n<script>alert(1)</script>"}).content.decode()
    assert "<h2>Purpose</h2>" in shown
    assert "<script" not in shown
    assert writes.post(written["Location"], {"title": "Backups", "text": "# Purpose\r\n\r\nDaily."}).status_code == 303
    page = f"{POLICIES}versions/{version.pk}/"
    assert writes.post(f"{page}submit/").status_code == 303
    assert "waits for approval" in approves.get("/o/acme/").content.decode()
    bound = PolicyVersion.objects.get().content_hash
    assert approves.post(f"{page}approve/", {"content_hash": "0" * 64}).status_code == 422
    asks = approves.get(page).content.decode()
    assert f"approve/?sha256={bound}" in asks
    assert 'data-key="a" data-key-label="Approve"' in asks
    assert 'data-key="r" data-key-label="Return"' in asks
    assert "data-key=" not in writes.get(page).content.decode()
    assert "0" * 64 in approves.get(f"{page}approve/?sha256={'0' * 64}").content.decode()
    assert approves.post(f"{page}approve/", {"content_hash": bound}).status_code == 303
    assert writes.post(f"{page}publish/", {"effective_on": acme.today()}).status_code == 303
    assert PolicyVersion.objects.get().status == "published"
    listed = writes.get(POLICIES).content.decode()
    assert "In force" in listed
    assert "Backups" in writes.get(f"{POLICIES}?state=in_force").content.decode()


def test_an_employee_reads_what_is_in_force_and_nothing_else(manager, approver, employee, auditor):
    policy, other = in_force(manager, approver), draft(manager, "Hidden").policy
    first = policy.versions.get()
    second = begin_version(policy, actor=manager)
    reads = signed_in(employee)
    listed = reads.get(POLICIES).content.decode()
    assert "Access control" in listed
    assert "Hidden" not in listed
    assert "Under way" not in listed
    page = reads.get(of(policy))
    assert "Nobody shares a password" in page.content.decode()
    assert reads.get(of(first)).status_code == 200
    for url in (of(other), of(second), of(second, "write/")):
        assert reads.get(url).status_code == 404
    assert reads.post(of(first, "approve/")).status_code == 403
    assert signed_in(auditor).get(of(second)).status_code == 200
    assert signed_in(auditor).get(of(second, "write/")).status_code == 403


def test_any_two_versions_are_compared_word_by_word(manager, approver):
    policy = in_force(manager, approver)
    second = begin_version(policy, actor=manager)
    write_version(second, actor=manager, text=TEXT.replace("shares", "lends"), title="Access")
    reads = signed_in(manager)
    page = reads.get(of(policy, "difference/")).content.decode()
    assert "Gone: </span>shares</del>" in page
    assert "New: </span>lends</ins>" in page
    assert "Access control</del>" in page
    first = policy.versions.get(number=1)
    backwards = reads.get(f"{of(policy)}difference/?before={second.pk}&after={first.pk}").content.decode()
    assert "New: </span>shares</ins>" in backwards
    assert reads.get(f"{of(policy)}difference/?before=x&after=y").status_code == 200


def test_a_document_is_taken_away_as_it_came(manager):
    version = draft(manager)
    content = b"%PDF-1.4 as it came"
    writes = signed_in(manager)
    sent = {"title": "Access control", "file": SimpleUploadedFile("access.pdf", content)}
    assert writes.post(of(version, "upload/"), sent).status_code == 303
    answer: Any = writes.get(of(version, "file/"))
    assert b"".join(answer.streaming_content) == content
    assert "sandbox" in answer["Content-Security-Policy"]


def test_two_people_do_not_overwrite_each_other(manager):
    version = draft(manager)
    writes, url = signed_in(manager), of(version, "write/")
    seen = writes.get(url).context["form"]["seen"].value()
    write_version(version, actor=manager, text="# Somebody else was here")
    refused = writes.post(url, {"title": "Access control", "text": "# Mine", "seen": seen})
    assert refused.status_code == 422
    assert "was changed since you opened the page" in refused.content.decode()
    assert "# Mine" in refused.content.decode()


def test_the_list_asks_as_much_for_one_policy_as_for_many(manager, approver, django_assert_num_queries):
    reads = signed_in(manager)
    in_force(manager, approver, "One")
    for number in range(12):
        submit_version(draft(manager, f"Policy {number}"), actor=manager)
    few, many = f"{POLICIES}?q=One", POLICIES
    reads.get(many)
    with CaptureQueriesContext(connection) as asked:
        assert reads.get(few).status_code == 200
    with django_assert_num_queries(len(asked)):
        assert reads.get(many).status_code == 200
