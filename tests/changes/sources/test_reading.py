"""What payloads say, without a database."""

import copy
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changes.sources import github, gitlab, listed
from changes.sources.facts import Unreadable
from evidence.tables.errors import FormatError
from tests.changes.sources import payloads
from tests.changes.sources.payloads import AUTHOR, REVIEWER, sha

SENT = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)
ALL = {
    "pull_request": payloads.pull_request("opened", payloads.pull()),
    "pull_request_review": payloads.review(5),
    "check_run": payloads.check_run(5),
    "status": payloads.status(5),
    "push": payloads.push(("one", AUTHOR)),
}
HOOKS = {
    "Merge Request Hook": payloads.merge_request(5, "approved", by=REVIEWER),
    "Pipeline Hook": payloads.pipeline(5),
}


def test_a_pull_request_is_read():
    request = github.read("pull_request", ALL["pull_request"]).request
    assert request is not None
    assert (request.repository, request.number, request.state, request.is_draft) == ("acme/billing", 12, "open", False)
    assert (request.head_sha, request.head_branch, request.base_branch) == (sha("one"), "fix-12", "main")
    assert request.body == "Totals were rounded down.\n\nTested with last month's invoices."
    assert request.updated_at == dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
    assert request.author is not None
    assert request.author.login == AUTHOR


def test_the_merge_commit_of_an_open_pull_request_is_one_of_trial():
    open_, over = (github.request_of(one) for one in (payloads.pull(), payloads.merged(9)))
    assert (open_.merge_sha, open_.state) == ("", "open")
    assert (over.merge_sha, over.state, over.merged_at) == (sha("merge"), "merged", dt.datetime(2026, 3, 2, 9, 9, tzinfo=dt.UTC))


def test_a_request_from_a_fork_says_so():
    fork = payloads.repository("somebody/billing")
    assert github.request_of(payloads.pull(head="one") | {"head": {"sha": sha("one"), "ref": "x", "repo": fork}}).from_elsewhere
    assert not github.request_of(payloads.pull()).from_elsewhere


def test_a_review_names_who_and_which_commit():
    told = github.read("pull_request_review", ALL["pull_request_review"])
    (review,) = told.reviews
    assert (review.who.login, review.judgement, review.sha, review.key) == (REVIEWER, "approved", sha("one"), "4000000080")
    assert told.request is not None


def test_a_comment_is_no_review():
    assert github.read("pull_request_review", payloads.review(5, state="commented")).nothing


def test_checks_count_once_they_have_finished():
    (check,) = github.read("check_run", ALL["check_run"]).checks
    assert (check.name, check.outcome, check.sha) == ("tests", "passed", sha("one"))
    assert github.read("check_run", payloads.check_run(5, conclusion=None)).nothing
    (check,) = github.read("status", payloads.status(5, state="error")).checks
    assert (check.name, check.outcome) == ("security/scan", "failed")


def test_a_push_holds_the_commits_that_are_new_to_the_repository():
    told = github.read("push", payloads.push(("main 1", REVIEWER), ("two", AUTHOR), before="one", known=("main 1",)))
    assert told.push is not None
    assert [one.sha for one in told.push.commits] == [sha("two")]
    assert (told.push.before, told.push.after, told.push.branch) == (sha("one"), sha("two"), "fix-12")


def test_a_hidden_address_of_github_names_its_login():
    assert github.author_of("", "Helper", "1+helper@users.noreply.github.com").login == "helper"
    assert github.author_of("", "dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com").is_bot


def test_an_event_nobody_knows_is_no_error():
    assert not github.read("star", {}).is_known
    assert not gitlab.read("Wiki Page Hook", {}, SENT).is_known
    assert "hello" in github.read("ping", {"zen": "Keep it logically awesome."}).nothing


def test_a_merge_request_of_gitlab_is_read():
    told = gitlab.read("Merge Request Hook", payloads.merge_request(5), SENT)
    request = told.request
    assert request is not None
    assert (request.number, request.head_sha, request.state) == (5, sha("one"), "open")
    assert request.author is not None
    assert (request.author.login, request.author.email) == (AUTHOR, "")
    assert request.head is not None
    assert request.head.author.email == "employee@acme.example"
    assert told.reviews == ()


def test_an_approval_of_gitlab_is_of_the_last_commit_when_it_was_sent():
    (review,) = gitlab.read("Merge Request Hook", HOOKS["Merge Request Hook"], SENT).reviews
    assert (review.who.login, review.judgement, review.sha, review.at) == (REVIEWER, "approved", sha("one"), SENT)
    (back,) = gitlab.read("Merge Request Hook", payloads.merge_request(6, "unapproved", by=REVIEWER), SENT).reviews
    assert back.judgement == "dismissed"
    reset = payloads.merge_request(6, "unapproved", by=REVIEWER, system=True, system_action="approvals_reset_on_push")
    assert gitlab.read("Merge Request Hook", reset, SENT).reviews == ()


def test_a_fast_forward_of_gitlab_merges_the_last_commit():
    over = gitlab.read("Merge Request Hook", payloads.merge_request(9, "merge", state="merged"), SENT).request
    assert over is not None
    assert (over.state, over.merge_sha) == ("merged", sha("one"))


def test_a_pipeline_tells_of_itself_and_of_its_jobs():
    checks = gitlab.read("Pipeline Hook", payloads.pipeline(5, status="failed"), SENT).checks
    assert [(one.name, one.outcome) for one in checks] == [("Pipeline", "failed"), ("test: unit", "failed")]
    assert gitlab.read("Pipeline Hook", payloads.pipeline(5, status="running"), SENT).nothing


def test_what_gh_prints_is_read():
    told = listed.read(payloads.listed())
    request = told.request
    assert request is not None
    assert (request.state, request.merge_sha, request.head_sha) == ("merged", sha("merge 12"), sha("head 12"))
    assert request.commits is not None
    assert [one.author.login for one in request.commits] == [AUTHOR, "helper"]
    assert [(one.name, one.outcome) for one in told.checks] == [("tests", "passed"), ("security/scan", "failed")]
    assert [(one.judgement, one.sha) for one in told.reviews] == [("approved", sha("head 12"))]


@pytest.mark.parametrize("text", ['[{"a": 1}, {"b": 2}]', '{"a": 1}\n{"b": 2}\n', '\ufeff[{"a": 1}]\n[{"b": 2}]'])
def test_lists_may_stand_one_after_the_other(text):
    assert len(listed.documents(text.encode())) == 2


@pytest.mark.parametrize("content", [b"", b"[]", b"number,title", b'[{"a": NaN}]', b"\xff\xfe", b"[" * 100_000])
def test_a_file_that_is_no_list_is_refused_with_a_sentence(content):
    with pytest.raises(FormatError):
        listed.documents(content)


@pytest.mark.parametrize("missing", ["number", "url", "state", "headRefOid", "updatedAt"])
def test_a_row_without_what_it_needs_says_so(missing):
    row = payloads.listed()
    del row[missing]
    with pytest.raises(Unreadable):
        listed.read(row)


def test_the_documentation_asks_gh_for_the_fields_that_are_read():
    text = (Path(__file__).parents[3] / "docs" / "change-sources.md").read_text()
    assert listed.FIELDS in "".join(line.strip() for line in text.splitlines())


ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", "x", "\x00" * 300, "http://[", "0" * 40, -1, 2**70, 1.5, True, [], [None], {}, {"id": []}]
)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in a payload."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, one in inner for found in _paths(one, (*path, key)))]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_nothing_that_anybody_sends_is_more_than_unreadable(data):
    """Any part of a payload may be of any kind: it is read, or said to be unreadable."""
    readers: dict[str, tuple[Any, Any]] = {
        name: (lambda one, name=name: github.read(name, one), body) for name, body in ALL.items()
    }
    readers |= {name: (lambda one, name=name: gitlab.read(name, one, SENT), body) for name, body in HOOKS.items()}
    readers["gh"] = (listed.read, payloads.listed())
    read, body = readers[data.draw(st.sampled_from(sorted(readers)))]
    payload = copy.deepcopy(body)
    for path in data.draw(st.lists(st.sampled_from(_paths(payload)[1:]), max_size=3)):
        place = payload
        try:
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = copy.deepcopy(data.draw(ODD))
        except (KeyError, IndexError, TypeError):
            continue
    try:
        told = read(json.loads(json.dumps(payload)))
    except Unreadable:
        return
    if told.request:
        assert len(told.request.title) <= 200
        assert told.request.updated_at.tzinfo is not None
