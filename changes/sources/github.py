"""GitHub's webhook deliveries. Shapes: docs.github.com/webhooks/webhook-events-and-payloads."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from changes.sources.facts import Check, Commit, Judgement, Outcome, Push, Request, Review, Told, Unreadable, Who
from changes.sources.reading import (
    NAME,
    TEXT,
    TITLE,
    address,
    first_line,
    inside,
    key,
    moment,
    needed_moment,
    needed_sha,
    number,
    repository,
    rows,
    sha,
    text,
    yes,
)

Payload = Mapping[str, Any]

BOT = "[bot]"
_NOREPLY = re.compile(r"(?:\d+\+)?(?P<login>[A-Za-z0-9-]+(?:\[bot\])?)@users\.noreply\.github\.com", re.I)
_BRANCH = "refs/heads/"
CONCLUSIONS: dict[str, Outcome] = {
    "success": "passed",
    "failure": "failed",
    "timed_out": "failed",
    "action_required": "failed",
    "startup_failure": "failed",
    "error": "failed",
    "neutral": "skipped",
    "skipped": "skipped",
    "stale": "cancelled",
    "cancelled": "cancelled",
    "pending": "running",
}
JUDGEMENTS: dict[str, Judgement] = {
    "approved": "approved",
    "changes_requested": "changes_requested",
    "commented": "commented",
    "dismissed": "dismissed",
}
_MOVES = {
    *("opened", "edited", "reopened", "closed", "synchronize", "ready_for_review", "converted_to_draft"),
    *("enqueued", "dequeued", "auto_merge_enabled", "auto_merge_disabled"),
}


def read(event: str, payload: object) -> Told:
    """What a delivery says. Raises Unreadable."""
    if event == "ping":
        return Told(event, nothing="GitHub says hello: the webhook is set up.")
    reader = _READERS.get(event)
    if reader is None:
        return Told(event, is_known=False, nothing="Plumbline has no use for events of this kind.")
    if not isinstance(payload, Mapping):
        raise Unreadable("It is not an object.")
    return reader(event, text(payload, "action", most=40), repository(payload, "repository", "full_name"), payload)


def who(data: object) -> Who | None:
    """A user of GitHub."""
    login = text(data, "login", most=100)
    if not login:
        return None
    return Who(login, text(data, "name", most=NAME), is_bot=text(data, "type") == "Bot" or login.endswith(BOT))


def request_of(pull: object) -> Request:
    """A pull request. Its merge commit is one of trial until it is merged. Raises Unreadable."""
    base, head = repository(pull, "base", "repo", "full_name"), inside(pull, "head", "repo", "full_name")
    merged_at = moment(pull, "merged_at")
    is_merged = yes(pull, "merged") or merged_at is not None
    return Request(
        repository=base,
        number=number(pull, "number", words="the number of the pull request"),
        title=text(pull, "title", most=TITLE),
        body=text(pull, "body", most=TEXT),
        url=address(pull, "html_url"),
        author=who(inside(pull, "user")),
        state="merged" if is_merged else "closed" if text(pull, "state") == "closed" else "open",
        is_draft=yes(pull, "draft"),
        head_sha=needed_sha(pull, "head", "sha", words="the last commit of the pull request"),
        head_branch=text(pull, "head", "ref"),
        from_elsewhere=head != base,
        base_branch=text(pull, "base", "ref"),
        default_branch=text(pull, "base", "repo", "default_branch"),
        created_at=moment(pull, "created_at"),
        updated_at=needed_moment(pull, "updated_at", words="when the pull request was updated"),
        merge_sha=sha(pull, "merge_commit_sha") if is_merged else "",
        merged_at=merged_at,
        merged_by=who(inside(pull, "merged_by")),
    )


def author_of(login: str, name: str, email: str) -> Who:
    """Who wrote a commit. GitHub's own addresses name the login."""
    if not login and (match := _NOREPLY.fullmatch(email)):
        login = match["login"]
    return Who(login, name, email, is_bot=login.endswith(BOT) or name.endswith(BOT))


def _pull_request(event: str, action: str, where: str, payload: Payload) -> Told:
    if action not in _MOVES:
        return Told(event, action, where, nothing="Labels, assignments and the like change nothing here.")
    return Told(event, action, where, request=request_of(inside(payload, "pull_request")))


def _review(event: str, action: str, where: str, payload: Payload) -> Told:
    review, pull = inside(payload, "review"), inside(payload, "pull_request")
    judgement = JUDGEMENTS.get(text(review, "state").lower())
    reviewer = who(inside(review, "user"))
    if judgement is None or reviewer is None or judgement == "commented":
        return Told(event, action, where, nothing="A comment neither approves nor rejects.")
    found = Review(
        key=key(review, "id"),
        who=reviewer,
        judgement=judgement,
        sha=sha(review, "commit_id"),
        at=needed_moment(review, "submitted_at", words="when the review was given"),
        note=text(review, "body", most=5_000),
    )
    return Told(event, action, where, request=request_of(pull), reviews=(found,))


def _check_run(event: str, action: str, where: str, payload: Payload) -> Told:
    run = inside(payload, "check_run")
    return _checked(event, action, where, run, text(run, "name", most=NAME))


def _check_suite(event: str, action: str, where: str, payload: Payload) -> Told:
    suite = inside(payload, "check_suite")
    return _checked(event, action, where, suite, f"{text(suite, 'app', 'name', most=100) or 'Checks'}: all")


def _checked(event: str, action: str, where: str, data: object, name: str) -> Told:
    outcome = CONCLUSIONS.get(text(data, "conclusion"))
    if action != "completed" or outcome is None:
        return Told(event, action, where, nothing="The check has not finished.")
    check = Check(
        sha=needed_sha(data, "head_sha", words="which commit was checked"),
        name=name or "Check",
        outcome=outcome,
        at=moment(data, "completed_at") or needed_moment(data, "updated_at", words="when the check finished"),
        url=address(data, "html_url") or address(data, "details_url"),
    )
    return Told(event, action, where, checks=(check,))


def _status(event: str, action: str, where: str, payload: Payload) -> Told:
    state = text(payload, "state")
    check = Check(
        sha=needed_sha(payload, "sha", words="which commit was checked"),
        name=text(payload, "context", most=NAME) or "Status",
        outcome=CONCLUSIONS.get(state, "running"),
        at=needed_moment(payload, "updated_at", words="when the status was given"),
        url=address(payload, "target_url"),
    )
    return Told(event, state, where, checks=(check,))


def _push(event: str, action: str, where: str, payload: Payload) -> Told:
    ref = text(payload, "ref")
    if not ref.startswith(_BRANCH) or yes(payload, "deleted"):
        return Told(event, action, where, nothing="Tags and branches taken away change nothing here.")
    pushed = Push(
        branch=ref.removeprefix(_BRANCH),
        default_branch=text(payload, "repository", "default_branch"),
        before=sha(payload, "before"),
        after=needed_sha(payload, "after", words="which commit was pushed"),
        is_forced=yes(payload, "forced"),
        pusher=who(inside(payload, "sender")) or Who(text(payload, "pusher", "name", most=100)),
        commits=tuple(
            _commit(one) for one in rows(payload, "commits") if sha(one, "id") and inside(one, "distinct") is not False
        ),
        at=moment(payload, "head_commit", "timestamp"),
    )
    return Told(event, "forced" if pushed.is_forced else action, where, push=pushed)


def _commit(data: object) -> Commit:
    login = text(data, "author", "username", most=100)
    author = author_of(login, text(data, "author", "name", most=NAME), text(data, "author", "email", most=254))
    return Commit(sha(data, "id"), author, first_line(data, "message"), moment(data, "timestamp"))


_READERS: dict[str, Callable[[str, str, str, Payload], Told]] = {
    "pull_request": _pull_request,
    "pull_request_review": _review,
    "check_run": _check_run,
    "check_suite": _check_suite,
    "status": _status,
    "push": _push,
}
