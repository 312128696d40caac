"""GitLab's webhook deliveries. Shapes: docs.gitlab.com/user/project/integrations/webhook_events."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from changes.sources.facts import Check, Commit, Outcome, Push, Request, Review, Told, Unreadable, Who
from changes.sources.reading import (
    NAME,
    TEXT,
    TITLE,
    address,
    first_line,
    inside,
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

_BOT = re.compile(r"(?:project|group)_\d+_bot(?:_\w+)?|support-bot|ghost|gitlab-bot|renovate-bot", re.I)
_HIDDEN = "[REDACTED]"  # instead of an e-mail that its owner does not show
_BRANCH = "refs/heads/"
_OUTCOMES: dict[str, Outcome] = {
    "success": "passed",
    "failed": "failed",
    "canceled": "cancelled",
    "skipped": "skipped",
}
_GIVEN, _TAKEN_BACK = {"approved", "approval"}, {"unapproved", "unapproval"}
_MOVES = {"open", "close", "reopen", "update", "merge", *_GIVEN, *_TAKEN_BACK}
_JOBS = 50  # of a pipeline


def read(event: str, payload: object, sent_at: dt.datetime) -> Told:
    """What a delivery sent at `sent_at` says. Raises Unreadable."""
    reader = _READERS.get(event)
    if reader is None:
        return Told(event, is_known=False, nothing="Plumbline has no use for events of this kind.")
    if not isinstance(payload, Mapping):
        raise Unreadable("It is not an object.")
    return reader(event, repository(payload, "project", "path_with_namespace"), payload, sent_at)


def who(data: object) -> Who | None:
    """A user of GitLab, with the e-mail that GitLab has confirmed if it shows it."""
    login = text(data, "username", most=100)
    if not login:
        return None
    email = text(data, "email", most=254)
    return Who(login, text(data, "name", most=NAME), "" if email == _HIDDEN else email, is_bot=bool(_BOT.fullmatch(login)))


def _merge_request(event: str, where: str, payload: Payload, sent_at: dt.datetime) -> Told:
    about, action = inside(payload, "object_attributes"), text(payload, "object_attributes", "action", most=40)
    if action not in _MOVES:
        return Told(event, action, where, nothing="This is no move of a merge request that matters here.")
    request = _request_of(where, payload, about)
    return Told(event, action, where, request=request, reviews=_reviews(payload, about, action, request.head_sha, sent_at))


def _request_of(where: str, payload: Payload, about: object) -> Request:
    state = text(about, "state")
    is_merged = state == "merged"
    updated_at = needed_moment(about, "updated_at", words="when the merge request was updated")
    last = _commit(inside(about, "last_commit")) if sha(about, "last_commit", "id") else None
    return Request(
        repository=where,
        number=number(about, "iid", words="the number of the merge request"),
        title=text(about, "title", most=TITLE),
        body=text(about, "description", most=TEXT),
        url=address(about, "url"),
        author=_author(payload, inside(about, "author_id")),
        state="merged" if is_merged else "closed" if state == "closed" else "open",
        is_draft=yes(about, "draft") or yes(about, "work_in_progress"),
        head_sha=needed_sha(about, "last_commit", "id", words="the last commit of the merge request"),
        head_branch=text(about, "source_branch"),
        from_elsewhere=inside(about, "source_project_id") != inside(about, "target_project_id"),
        base_branch=text(about, "target_branch"),
        default_branch=text(payload, "project", "default_branch"),
        created_at=moment(about, "created_at"),
        updated_at=updated_at,
        # A fast-forward makes no commit of its own: then the last one is what was merged.
        merge_sha=(sha(about, "merge_commit_sha") or sha(about, "last_commit", "id")) if is_merged else "",
        merged_at=(moment(about, "merged_at") or updated_at) if is_merged else None,
        merged_by=who(inside(payload, "user")) if text(about, "action") == "merge" else None,
        head=last,
    )


def _author(payload: Payload, author_id: object) -> Who | None:
    """Who opened it: GitLab gives the id only, and the names of some."""
    if author_id is None:
        return None
    named = [inside(payload, "user"), *rows(payload, "assignees"), *rows(payload, "reviewers")]
    return next((who(one) for one in named if inside(one, "id") == author_id), None)


def _note(event: str, where: str, payload: Payload, _sent_at: dt.datetime) -> Told:
    """A comment. GitLab tells approvals by events of the merge request itself, so a comment approves nothing."""
    on = text(payload, "object_attributes", "noteable_type", most=40)
    return Told(event, on, where, nothing="A comment changes nothing here: an approval comes with its merge request.")


def _reviews(payload: Payload, about: object, action: str, head: str, sent_at: dt.datetime) -> tuple[Review, ...]:
    """Somebody's approval, or its taking back. What GitLab takes back itself after a push is void here by the push."""
    user = who(inside(payload, "user"))
    if user is None or action not in _GIVEN | _TAKEN_BACK or yes(about, "system") or yes(payload, "system"):
        return ()
    key = f"{action}:{user.login}:{sent_at.isoformat()}"[:100]
    return (Review(key, user, "approved" if action in _GIVEN else "dismissed", head, sent_at),)


def _pipeline(event: str, where: str, payload: Payload, _sent_at: dt.datetime) -> Told:
    about = inside(payload, "object_attributes")
    status = text(about, "status", most=40)
    at = moment(about, "finished_at") or needed_moment(about, "created_at", words="when the pipeline ran")
    pipeline = Check(
        sha=needed_sha(about, "sha", words="which commit the pipeline is about"),
        name="Pipeline",
        outcome=_OUTCOMES.get(status, "running"),
        at=at,
        url=address(about, "url"),
    )
    if pipeline.outcome == "running":
        return Told(event, status, where, nothing="The pipeline has not finished.")
    return Told(event, status, where, checks=(pipeline, *_jobs(payload, pipeline)))


def _jobs(payload: Payload, pipeline: Check) -> tuple[Check, ...]:
    """Its jobs that have finished, without those that wait for a hand."""
    found = []
    for one in rows(payload, "builds", most=_JOBS):
        outcome, name = _OUTCOMES.get(text(one, "status")), text(one, "name", most=100)
        if outcome and name and not yes(one, "manual"):
            at = moment(one, "finished_at") or pipeline.at
            found.append(replace(pipeline, name=f"{text(one, 'stage', most=90)}: {name}", outcome=outcome, at=at))
    return tuple(found)


def _push(event: str, where: str, payload: Payload, _sent_at: dt.datetime) -> Told:
    ref, after = text(payload, "ref"), sha(payload, "after")
    if not ref.startswith(_BRANCH) or not after.strip("0"):
        return Told(event, "", where, nothing="Tags and branches taken away change nothing here.")
    login = text(payload, "user_username", most=100)
    email = text(payload, "user_email", most=254)
    pusher = Who(
        login, text(payload, "user_name", most=NAME), "" if email == _HIDDEN else email, is_bot=bool(_BOT.fullmatch(login))
    )
    commits = tuple(_commit(one) for one in rows(payload, "commits") if sha(one, "id"))
    pushed = Push(
        branch=ref.removeprefix(_BRANCH),
        default_branch=text(payload, "project", "default_branch"),
        before=sha(payload, "before"),
        after=after,
        is_forced=False,  # GitLab does not say
        pusher=pusher,
        commits=commits,
        at=commits[-1].at if commits else None,
    )
    return Told(event, "", where, push=pushed)


def _commit(data: object) -> Commit:
    author = Who("", text(data, "author", "name", most=NAME), text(data, "author", "email", most=254))
    return Commit(sha(data, "id"), author, first_line(data, "message"), moment(data, "timestamp"))


_READERS: dict[str, Callable[[str, str, Payload, dt.datetime], Told]] = {
    "Merge Request Hook": _merge_request,
    "Note Hook": _note,
    "Confidential Note Hook": _note,
    "Pipeline Hook": _pipeline,
    "Push Hook": _push,
}
