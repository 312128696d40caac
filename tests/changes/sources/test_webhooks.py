"""Deliveries become changes with authors, reviews, checks and merge commits."""

import itertools
import random

import pytest

from changes.lifecycle.inbox import waiting
from changes.models import Approval, Change, SourcePush, SourceReview
from changes.sources.pushes import direct_pushes, pushed_directly
from tenancy.scope import tenant
from tests.changes.sources import payloads
from tests.changes.sources.payloads import APPROVER, AUTHOR, REVIEWER, sha


def opened(minute=0, **more):
    return "pull_request", payloads.pull_request("opened", payloads.pull(minute, **more))


def pushed_again(minute, head="two", **more):
    return "pull_request", payloads.pull_request("synchronize", payloads.pull(minute, head=head, **more))


def approvals(acme, change):
    with tenant(acme):
        return [(one.status, one.approver_person.name, one.source) for one in change.approvals.select_related("approver_person")]


def test_a_pull_request_is_a_change_that_waits_for_approval(github, the_change):
    answer = github.github(*opened())
    assert (answer.status_code, answer.json()["outcome"]) == (202, "done")
    change = the_change()
    assert (change.status, change.kind, change.type, change.source) == ("submitted", "code", "normal", "github")
    assert (change.title, change.head_sha, change.number) == ("Round invoices half up", sha("one"), 12)
    assert change.environments == ["production"]
    assert change.requester.name == "Employee Acme"
    assert change.raised_by is None


def test_its_link_and_its_last_commit_stand_on_it(github, the_change, acme):
    github.github(*opened())
    with tenant(acme):
        change = the_change()
        assert [(one.kind, one.url) for one in change.links.all()] == [
            ("pull_request", "https://github.com/acme/billing/pull/12")
        ]
        assert [(one.sha, one.author, one.person.name) for one in change.commits.all()] == [(sha("one"), AUTHOR, "Employee Acme")]


def test_a_draft_is_submitted_when_it_is_ready(github, the_change):
    github.github(*opened(draft=True))
    assert the_change().status == "draft"
    github.github("pull_request", payloads.pull_request("ready_for_review", payloads.pull(5)))
    assert the_change().status == "submitted"
    github.github("pull_request", payloads.pull_request("converted_to_draft", payloads.pull(6, draft=True)))
    assert the_change().status == "draft"


def test_closed_unmerged_is_withdrawn_and_reopened_waits_again(github, the_change):
    github.github(*opened())
    github.github("pull_request", payloads.pull_request("closed", payloads.pull(5, state="closed")))
    assert the_change().status == "withdrawn"
    github.github("pull_request", payloads.pull_request("reopened", payloads.pull(6)))
    assert the_change().status == "submitted"


def test_a_review_of_an_approver_approves(github, the_change, acme):
    github.github(*opened())
    github.github("pull_request_review", payloads.review(5, by=APPROVER))
    change = the_change()
    assert change.status == "approved"
    assert change.approved_at.isoformat() == "2026-03-02T09:05:00+00:00"
    assert approvals(acme, change) == [("given", "Approver Acme", "github")]


def test_the_page_of_a_change_says_which_review_counts_and_why_not(github, the_change, client_of, viewer):
    github.github(*opened())
    github.github("pull_request_review", payloads.review(4, by="nobody"))
    github.github("pull_request_review", payloads.review(5, by=APPROVER, key=81))
    page = client_of(viewer).get(f"/o/acme/changes/{the_change().pk}/").content.decode()
    assert "Does not count" in page
    assert "Nobody on the roster is known as nobody." in page
    assert "Counts" in page


def test_an_approved_request_is_carried_out_by_a_pipeline_and_no_task_of_its_author(github, the_change, acme, employee):
    github.github(*opened())
    github.github("pull_request_review", payloads.review(5, by=APPROVER))
    with tenant(acme):
        assert the_change().status == "approved"
        assert not list(waiting(employee))


def test_the_author_does_not_approve_their_own(github, the_change, acme):
    github.github(*opened(author=APPROVER))
    github.github("pull_request_review", payloads.review(5, by=APPROVER, author=APPROVER))
    assert the_change().status == "submitted"
    with tenant(acme):
        assert "does not approve it" in SourceReview.objects.get().why_not


def test_somebody_who_wrote_a_commit_is_not_its_only_approver(github, the_change, acme):
    github.github("push", payloads.push(("zero", APPROVER), ("one", AUTHOR)))
    github.github(*opened())
    github.github("pull_request_review", payloads.review(5, by=APPROVER))
    assert the_change().status == "submitted"


@pytest.mark.parametrize(
    ("login", "why"), [("nobody", "Nobody on the roster"), ("renovate[bot]", "application"), (REVIEWER, "No rule")]
)
def test_a_review_that_does_not_count_says_why(github, the_change, acme, login, why):
    github.github(*opened())
    github.github("pull_request_review", payloads.review(5, by=login))
    assert the_change().status == "submitted"
    with tenant(acme):
        assert why in SourceReview.objects.get().why_not


def test_a_push_after_the_approval_ends_it(github, the_change, acme):
    github.github(*opened())
    github.github("pull_request_review", payloads.review(5, by=APPROVER))
    github.github(*pushed_again(9))
    change = the_change()
    assert (change.status, change.head_sha) == ("submitted", sha("two"))
    assert [status for status, *_ in approvals(acme, change)] == ["void"]
    github.github("pull_request_review", payloads.review(12, by=APPROVER, head="two", key=81))
    assert the_change().status == "approved"


def test_a_new_text_ends_the_approval_and_the_old_review_does_not_count_again(github, the_change, acme):
    github.github(*opened())
    github.github("pull_request_review", payloads.review(5, by=APPROVER))
    github.github("pull_request", payloads.pull_request("edited", payloads.pull(6, title="Round everything")))
    change = the_change()
    assert (change.status, change.title) == ("submitted", "Round everything")
    assert [status for status, *_ in approvals(acme, change)] == ["void"]


def test_a_dismissed_review_takes_its_approval_back(github, the_change, acme):
    github.github(*opened())
    github.github("pull_request_review", payloads.review(5, by=APPROVER))
    github.github("pull_request_review", payloads.review(8, by=APPROVER, state="dismissed"))
    change = the_change()
    assert change.status == "submitted"
    assert [status for status, *_ in approvals(acme, change)] == ["void"]


def test_changes_asked_for_take_the_approval_back_and_reject_nothing(github, the_change):
    github.github(*opened())
    github.github("pull_request_review", payloads.review(5, by=APPROVER))
    github.github("pull_request_review", payloads.review(8, by=APPROVER, state="changes_requested", key=81))
    assert the_change().status == "submitted"


def test_merged_without_approval_stays_submitted(github, the_change):
    github.github(*opened())
    github.github("pull_request", payloads.pull_request("closed", payloads.merged(20)))
    change = the_change()
    assert (change.status, change.merge_sha, change.merged_by) == ("submitted", sha("merge"), AUTHOR)
    assert change.merged_at.isoformat() == "2026-03-02T09:20:00+00:00"


def test_checks_are_those_of_the_last_commit(github, the_change):
    github.github("check_run", payloads.check_run(3, conclusion="failure"))
    github.github(*opened())
    github.github("check_run", payloads.check_run(2, name="lint"))
    github.github("status", payloads.status(4))
    outcomes = {one["name"]: one["outcome"] for one in the_change().checks}
    assert outcomes == {"tests": "failed", "lint": "passed", "security/scan": "passed"}
    github.github("check_run", payloads.check_run(6))
    github.github("check_run", payloads.check_run(5, conclusion="cancelled"))
    assert {one["name"]: one["outcome"] for one in the_change().checks}["tests"] == "passed"
    github.github(*pushed_again(9))
    assert the_change().checks == []


def test_commits_are_those_of_the_pushes_that_led_to_the_last_one(github, the_change, acme):
    github.github(*opened(head="three"))
    github.github("push", payloads.push(("three", "stranger@nowhere.example"), before="two"))
    github.github("push", payloads.push(("one", AUTHOR), ("two", REVIEWER)))
    github.github("push", payloads.push(("other", APPROVER), branch="elsewhere"))
    github.github("pull_request", payloads.pull_request("edited", payloads.pull(9, head="three")))
    with tenant(acme):
        found = {one.sha: (one.author, one.person and one.person.name) for one in the_change().commits.all()}
    assert found == {
        sha("one"): (AUTHOR, "Employee Acme"),
        sha("two"): (REVIEWER, "Reviewer Acme"),
        sha("three"): ("stranger@nowhere.example", None),
    }


EVENTS = [
    opened(),
    ("push", payloads.push(("one", AUTHOR))),
    ("check_run", payloads.check_run(2)),
    pushed_again(4),
    ("push", payloads.push(("two", REVIEWER), before="one")),
    ("check_run", payloads.check_run(6, head="two")),
    ("pull_request_review", payloads.review(7, by=APPROVER, head="two")),
    ("pull_request", payloads.pull_request("closed", payloads.merged(9, head="two"))),
]


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_deliveries_does_not_matter(github, the_change, acme, seed):
    """Whatever comes first: the same change, approved by the review of the last commit, merged."""
    order = list(EVENTS)
    random.Random(seed).shuffle(order)
    for event, payload in order:
        assert github.github(event, payload).status_code == 202
    change = the_change()
    assert (change.status, change.head_sha, change.merge_sha) == ("approved", sha("two"), sha("merge"))
    assert change.checks == [{"name": "tests", "outcome": "passed", "url": "https://github.com/acme/billing/runs/128620228"}]
    with tenant(acme):
        assert {one.sha for one in change.commits.all()} == {sha("one"), sha("two")}
        assert Approval.objects.filter(change=change, status="given").count() == 1


def test_of_the_same_second_a_commit_that_was_left_behind_is_older(github, the_change):
    github.github(*opened())
    github.github(*pushed_again(5))
    github.github("pull_request", payloads.pull_request("edited", payloads.pull(5, head="one")))
    assert the_change().head_sha == sha("two")


def test_a_request_to_another_branch_is_no_change(github, acme, log):
    base = payloads.pull()["base"] | {"ref": "develop"}
    github.github(*opened(base=base))
    assert log() == [("nothing", "It goes to the branch develop, not to main.")]
    with tenant(acme):
        assert not Change.objects.filter(repository="acme/billing").exists()


def test_another_repository_is_none_of_its_business(github, log):
    base = payloads.pull()["base"] | {"repo": payloads.repository("globex/billing")}
    payload = payloads.pull_request("opened", payloads.pull(base=base)) | {"repository": payloads.repository("globex/billing")}
    github.github("pull_request", payload)
    assert log() == [("nothing", "globex/billing is none of the repositories of this source.")]


def test_what_people_write_here_stays(github, the_change, acme, manager):
    from changes.drafting.actions import edit_change

    github.github(*opened())
    with tenant(acme):
        edit_change(the_change(), actor=manager, title="Totals are rounded half up", impact="Customers see other totals.")
    github.github(*pushed_again(9))
    change = the_change()
    assert (change.title, change.impact, change.head_sha) == (
        "Totals are rounded half up",
        "Customers see other totals.",
        sha("two"),
    )


def test_a_review_before_an_edit_here_is_no_approval_of_it(github, the_change, acme, manager):
    from changes.drafting.actions import edit_change

    github.github(*opened())
    with tenant(acme):
        edit_change(the_change(), actor=manager, impact="Customers see other totals.")
    github.github("pull_request_review", payloads.review(5, by=APPROVER))
    assert the_change().status == "submitted"
    with tenant(acme):
        assert SourceReview.objects.get().why_not == "The change was edited after the review."


def test_a_push_to_the_main_branch_past_every_request_is_noted(github, acme):
    github.github("push", payloads.push(("hotfix", REVIEWER), branch="main", before="base"))
    github.github(*opened())
    github.github("pull_request", payloads.pull_request("closed", payloads.merged(9)))
    github.github("push", payloads.push(("merge", AUTHOR), branch="main", before="hotfix"))
    with tenant(acme):
        assert [one.after for one in direct_pushes(SourcePush.objects.all())] == [sha("hotfix")]
        assert pushed_directly("acme/billing", sha("hotfix"))
        assert pushed_directly("acme/billing", sha("merge")) is None


def test_commits_of_the_main_branch_that_were_merged_in_are_not_the_requests(github, the_change, acme):
    github.github("push", payloads.push(("main 1", APPROVER), branch="main", before="base"))
    github.github("push", payloads.push(("main 1", APPROVER), ("one", AUTHOR)))
    github.github(*opened())
    with tenant(acme):
        assert {one.sha for one in the_change().commits.all()} == {sha("one")}


def test_gitlab_merge_requests_approvals_and_pipelines(gitlab, the_change, acme):
    gitlab.gitlab("Merge Request Hook", payloads.merge_request(0))
    gitlab.gitlab("Pipeline Hook", payloads.pipeline(3))
    gitlab.gitlab("Merge Request Hook", payloads.merge_request(5, "approved", by=APPROVER))
    change = the_change()
    assert (change.status, change.source, change.requester.name) == ("approved", "gitlab", "Employee Acme")
    assert [one["name"] for one in change.checks] == ["Pipeline", "test: unit"]
    gitlab.gitlab("Merge Request Hook", payloads.merge_request(6, "unapproved", by=APPROVER))
    assert the_change().status == "submitted"
    assert approvals(acme, change) == [("void", "Approver Acme", "gitlab")]


def test_gitlab_pushes_end_approvals_and_merges_are_kept(gitlab, the_change):
    gitlab.gitlab("Merge Request Hook", payloads.merge_request(0))
    gitlab.gitlab("Merge Request Hook", payloads.merge_request(5, "approval", by=APPROVER))
    gitlab.gitlab("Merge Request Hook", payloads.merge_request(6, "update", head="two", oldrev=sha("one")))
    assert the_change().status == "submitted"
    gitlab.gitlab("Merge Request Hook", payloads.merge_request(9, "merge", head="two", state="merged"))
    change = the_change()
    assert (change.status, change.merge_sha, change.merged_by) == ("submitted", sha("two"), AUTHOR)


def test_every_pair_of_deliveries_may_come_in_either_order(github, the_change):
    """Opening and merging, the two that would do most harm."""
    first, last = opened(), ("pull_request", payloads.pull_request("closed", payloads.merged(9)))
    for event, payload in itertools.chain([last, first]):
        github.github(event, payload)
    assert (the_change().status, the_change().merge_sha) == ("submitted", sha("merge"))


def test_a_comment_on_gitlab_is_known_and_changes_nothing(gitlab, log, acme):
    about = {"noteable_type": "MergeRequest", "note": "LGTM", "action": "create"}
    sent = {"object_kind": "note", "project": payloads.project(), "user": payloads.user(REVIEWER), "object_attributes": about}
    assert gitlab.gitlab("Note Hook", sent).status_code == 202
    assert [outcome for outcome, _ in log()] == ["nothing"]
    with tenant(acme):
        assert not Change.objects.exists()
