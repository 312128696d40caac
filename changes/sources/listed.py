"""What `gh pr list --json ...` and `gh pr view --json ...` print. Fields: cli.github.com/manual/gh_pr_list."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from changes.sources.facts import Check, Commit, Judgement, Request, Review, Told, Unreadable, Who
from changes.sources.github import BOT, CONCLUSIONS, JUDGEMENTS, author_of
from changes.sources.reading import (
    NAME,
    TEXT,
    TITLE,
    address,
    inside,
    key,
    moment,
    needed_moment,
    needed_sha,
    number,
    rows,
    sha,
    text,
    yes,
)
from evidence.tables.errors import FormatError

FIELDS = (
    "number,title,body,url,state,isDraft,author,createdAt,updatedAt,closedAt,mergedAt,mergedBy,mergeCommit,headRefOid,"
    "headRefName,isCrossRepository,baseRefName,commits,reviews,statusCheckRollup"
)
MOST = 20 * 1024 * 1024
MOST_ROWS = 10_000
EVENT = "pull request list"
_URL = re.compile(r"https://[^/]+/(?P<repository>[\w.-]+/[\w.-]+)/pull/\d+", re.ASCII)
_STATES = {"OPEN": "open", "CLOSED": "closed", "MERGED": "merged"}


def documents(content: bytes) -> list[object]:
    """The pull requests of a file: one list, or one after the other. Raises FormatError."""
    if len(content) > MOST:
        raise FormatError("The file is larger than 20 MB: split it.")
    try:
        found = list(_parts(content.decode("utf-8-sig")))
    except UnicodeDecodeError:
        raise FormatError("The file is not text in UTF-8.") from None
    except (ValueError, RecursionError):
        raise FormatError("The file is not the JSON that gh prints.") from None
    if not found:
        raise FormatError("There is no pull request in the file.")
    if len(found) > MOST_ROWS:
        raise FormatError(f"The file holds more than {MOST_ROWS:,} pull requests: split it.")
    return found


def _parts(content: str) -> Iterator[object]:
    """Each object of the JSON values that stand one after the other; lists are opened."""
    decoder, at = json.JSONDecoder(parse_constant=_no_number), 0
    while at < len(content):
        if content[at].isspace():
            at += 1
            continue
        value, at = decoder.raw_decode(content, at)
        if isinstance(value, list):
            yield from value
        else:
            yield value


def _no_number(name: str) -> object:
    raise ValueError(name)


def read(row: object) -> Told:
    """One pull request with its commits, reviews and checks. Raises Unreadable."""
    if not isinstance(row, Mapping):
        raise Unreadable("This is not a pull request.")
    request = _request_of(row)
    reviews = tuple(said for one in rows(row, "reviews") if (said := _review(one)) is not None)
    checks = tuple(found for one in rows(row, "statusCheckRollup") if (found := _check(one, request)) is not None)
    return Told(EVENT, "", request.repository, request=request, reviews=reviews, checks=checks)


def _request_of(row: Mapping[str, Any]) -> Request:
    url = address(row, "url")
    match = _URL.fullmatch(url)
    if match is None:
        raise Unreadable("The field url is missing, or is not a pull request's address.")
    if (state := _STATES.get(text(row, "state"))) is None:
        raise Unreadable("The field state is missing.")
    return Request(
        repository=match["repository"],
        number=number(row, "number", words="the pull request's number: ask gh for the field number"),
        title=text(row, "title", most=TITLE),
        body=text(row, "body", most=TEXT),
        url=url,
        author=who(inside(row, "author")),
        state=state,  # type: ignore[arg-type] # one of the three
        is_draft=yes(row, "isDraft"),
        head_sha=needed_sha(row, "headRefOid", words="the last commit: ask gh for the field headRefOid"),
        head_branch=text(row, "headRefName"),
        from_elsewhere=yes(row, "isCrossRepository"),
        base_branch=text(row, "baseRefName"),
        default_branch="",
        created_at=moment(row, "createdAt"),
        updated_at=needed_moment(row, "updatedAt", words="when it was updated: ask gh for the field updatedAt"),
        merge_sha=sha(row, "mergeCommit", "oid"),
        merged_at=moment(row, "mergedAt"),
        merged_by=who(inside(row, "mergedBy")),
        commits=_commits(row),
    )


def who(data: object) -> Who | None:
    """A user as gh names them; an application is called app/dependabot."""
    login = text(data, "login", most=100)
    if not login:
        return None
    is_bot = yes(data, "is_bot") or login.startswith("app/") or login.endswith(BOT)
    return Who(login.removeprefix("app/"), text(data, "name", most=NAME), is_bot=is_bot)


def _commits(row: Mapping[str, Any]) -> tuple[Commit, ...] | None:
    """A row for each author of each commit; None when gh was not asked for them."""
    if not isinstance(row.get("commits"), list):
        return None
    return tuple(_commit(one, author) for one in rows(row, "commits") if sha(one, "oid") for author in _authors(one))


def _authors(commit: object) -> list[Who]:
    found = [
        author_of(text(one, "login", most=100), text(one, "name", most=NAME), text(one, "email", most=254))
        for one in rows(commit, "authors", most=20)
    ]
    return found or [Who()]


def _commit(data: object, author: Who) -> Commit:
    return Commit(sha(data, "oid"), author, text(data, "messageHeadline"), moment(data, "committedDate"))


def _review(data: object) -> Review | None:
    """A review that says something; None for comments, and for what was not handed in."""
    judgement: Judgement | None = JUDGEMENTS.get(text(data, "state").lower())
    reviewer, at = who(inside(data, "author")), moment(data, "submittedAt")
    if judgement is None or judgement == "commented" or reviewer is None or at is None:
        return None
    return Review(key(data, "id"), reviewer, judgement, sha(data, "commit", "oid"), at, text(data, "body", most=5_000))


def _check(data: object, request: Request) -> Check | None:
    """A check of the last commit that has finished."""
    outcome = CONCLUSIONS.get((text(data, "conclusion") or text(data, "state")).lower())
    name = text(data, "name", most=NAME) or text(data, "context", most=NAME)
    if outcome is None or not name:
        return None
    at = moment(data, "completedAt") or moment(data, "startedAt") or request.updated_at
    return Check(request.head_sha, name, outcome, at, address(data, "detailsUrl") or address(data, "targetUrl"))
