"""Lists that gh prints: seen first, imported once, counted by the rules."""

import json
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from changes.models import Change, Delivery, SourceReview
from changes.sources.importing import preview, receive
from changes.sources.tasks import start_import
from evidence.files import store
from evidence.models import StoredFile
from inventory.models import Person, PersonAlias
from tenancy.scope import tenant
from tests.changes.sources import payloads
from tests.changes.sources.conftest import make_source
from tests.changes.sources.payloads import APPROVER, AUTHOR, sha
from tests.conftest import commits
from ui.refusals import ActionRefused
from workflow.models import Job


def as_file(*rows: Any) -> SimpleUploadedFile:
    return SimpleUploadedFile("pull-requests.json", json.dumps(list(rows)).encode(), content_type="application/json")


@pytest.fixture
def source(acme, manager, logins):
    with tenant(acme):
        return make_source(manager)


@pytest.fixture
def import_rows(acme, manager, source, django_capture_on_commit_callbacks):
    """Import rows as a compliance manager; returns the job."""

    def run(*rows, actor=manager, leave_out_wrong=False):
        with commits(django_capture_on_commit_callbacks), tenant(acme):
            stored = receive(source, actor=actor, upload=as_file(*rows))
            job = start_import(stored, source, actor=actor, leave_out_wrong=leave_out_wrong)
        with tenant(acme):
            return Job.objects.get(pk=job.pk)

    return run


def test_a_merged_pull_request_is_a_change_with_all_that_is_known_of_it(import_rows, the_change, acme):
    job = import_rows(payloads.listed())
    assert (job.status, job.message) == ("done", "1 of 1 pull requests are changes here.")
    change = the_change()
    assert (change.status, change.source, change.number, change.merge_sha) == ("approved", "github", 12, sha("merge 12"))
    assert (change.requester.name, change.raised_by, change.merged_by) == ("Employee Acme", None, APPROVER)
    assert [(one["name"], one["outcome"]) for one in change.checks] == [("security/scan", "failed"), ("tests", "passed")]
    with tenant(acme):
        assert {(one.author, one.person and one.person.name) for one in change.commits.all()} == {
            (AUTHOR, "Employee Acme"),
            ("helper", "Viewer Acme"),
        }
        approval = change.approvals.get()
        assert (approval.source, approval.approver_person.name, approval.head_sha) == ("file", "Approver Acme", sha("head 12"))


def test_the_same_list_again_changes_nothing(import_rows, acme):
    import_rows(payloads.listed(), payloads.listed(13))
    with pytest.raises(ActionRefused, match="is here already"):
        import_rows(payloads.listed(), payloads.listed(13))
    import_rows(payloads.listed(), payloads.listed(13), payloads.listed(14))
    with tenant(acme):
        assert Change.objects.filter(repository="acme/billing").count() == 3
        assert Delivery.objects.count() == 3
        assert sorted(Delivery.objects.values_list("repeats", flat=True)) == [0, 1, 1]


def test_the_preview_says_what_would_become_of_each_row(import_rows, acme, manager, source):
    import_rows(payloads.listed(), payloads.listed(13, mergeCommit=None, mergedAt=None, state="OPEN", reviews=[]))
    wrong = {**payloads.listed(15), "headRefOid": None}
    elsewhere = payloads.listed(16, url="https://github.com/globex/web/pull/16")
    rows = payloads.listed(), payloads.listed(13, updatedAt=payloads.at(50)), payloads.listed(14), wrong, elsewhere
    with tenant(acme):
        plan = preview(receive(source, actor=manager, upload=as_file(*rows)), source)
    assert [row.number for row in plan.same] == [1]
    assert [(row.number, row.words) for row in plan.changed] == [(2, "a later state of it, 1 review, its merge commit")]
    assert [row.number for row in plan.new] == [3]
    assert [(row.number, row.words[:11]) for row in plan.wrong] == [(4, "It does not")]
    assert [(row.number, row.words) for row in plan.left] == [(5, "globex/web is none of the repositories of this source.")]


def test_wrong_rows_are_left_out_only_when_it_is_said(import_rows, the_change, log):
    rows = payloads.listed(), {"number": 3}
    with pytest.raises(ActionRefused, match="Some rows are wrong"):
        import_rows(*rows)
    job = import_rows(*rows, leave_out_wrong=True)
    assert job.message == "1 of 2 pull requests are changes here, 1 could not be done."
    assert [outcome for outcome, _ in log()] == ["done", "failed"]
    assert the_change().number == 12


def test_whoever_imports_does_not_approve_by_it(import_rows, the_change, acme, cast):
    """A list is signed by nobody: its importer could write into it that they, or others, approved their own change."""
    manager = cast.manager
    reviewed_by_importer = payloads.listed()
    reviewed_by_importer["reviews"][0]["author"]["login"] = "man-codes"
    asked_by_importer = payloads.listed(13, author={"login": "man-codes", "is_bot": False})
    with tenant(acme):
        PersonAlias.objects.create(person=Person.objects.get(member=manager), key="man-codes", confirmed_by=manager)
    import_rows(reviewed_by_importer, asked_by_importer)
    assert {the_change(12).status, the_change(13).status} == {"submitted"}
    with tenant(acme):
        said = dict(SourceReview.objects.values_list("change__number", "why_not"))
    assert said[12] == "Whoever imports a list does not approve by it."
    assert "imported by whoever asked for the change" in said[13]


def test_a_list_completes_what_a_webhook_has_begun(github, import_rows, the_change, acme):
    head = payloads.listed()
    head |= {"headRefOid": sha("one"), "body": payloads.pull()["body"]}
    head["reviews"][0]["commit"]["oid"] = sha("one")
    github.github("pull_request", payloads.pull_request("opened", payloads.pull()))
    import_rows(head)
    change = the_change()
    assert (change.status, change.merge_sha) == ("approved", sha("merge 12"))


def test_a_reviewer_who_becomes_known_counts_with_the_next_list(import_rows, the_change, acme, manager):
    stranger = payloads.listed()
    stranger["reviews"][0]["author"]["login"] = "exec-codes"
    import_rows(stranger)
    assert the_change().status == "submitted"
    with tenant(acme):
        PersonAlias.objects.create(
            person=Person.objects.get(email="executive@acme.example"), key="exec-codes", confirmed_by=manager
        )
    import_rows(stranger, payloads.listed(13))
    assert the_change(12).status == "approved"


def test_a_list_of_gitlab_is_refused(acme, manager):
    with tenant(acme), pytest.raises(ActionRefused, match="GitLab"):
        receive(make_source(manager, "gitlab"), actor=manager, upload=as_file(payloads.listed()))


def test_in_a_browser_it_is_seen_first(client_of, manager, source, acme, django_capture_on_commit_callbacks):
    client = client_of(manager)
    page = client.get(f"/o/acme/changes/sources/{source.pk}/import/")
    assert "gh pr view" in page.content.decode()
    answer = client.post(f"/o/acme/changes/sources/{source.pk}/import/", {"file": as_file(payloads.listed(), {"number": 3})})
    assert answer.status_code == 303
    shown = client.get(answer["Location"]).content.decode()
    assert "#12 Round invoices half up" in shown
    assert client.post(answer["Location"]).status_code == 422
    with commits(django_capture_on_commit_callbacks):
        done = client.post(answer["Location"], {"leave_out_wrong": "on"})
    assert "/work/jobs/" in done["Location"]
    with tenant(acme):
        file = StoredFile.objects.latest("pk").sha256[:12]
    rows = client.get(f"/o/acme/changes/sources/{source.pk}/deliveries/?file={file}").content.decode()
    assert "was raised" in rows
    assert "It does not say the pull request" in rows or "address" in rows


def test_a_file_that_is_no_list_is_refused_at_its_field(client_of, manager, source):
    upload = SimpleUploadedFile("x.json", b"no", content_type="application/json")
    page = client_of(manager).post(f"/o/acme/changes/sources/{source.pk}/import/", {"file": upload})
    assert page.status_code == 422
    assert "not the JSON that gh prints" in page.content.decode()


def test_another_file_is_not_shown_as_a_list(client_of, manager, acme):
    with tenant(acme):
        stored = store(BytesIO(b"[]"), "other.json")
    assert client_of(manager).get(f"/o/acme/changes/sources/import/{stored.pk}/").status_code == 404
