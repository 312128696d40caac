"""What was pushed: whose commits a request holds, and what reached the main branch past every request."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from changes.models import Change, ChangeCommit, ChangeSource, SourcePush
from changes.sources.facts import Commit, Push, Who
from changes.sources.people import People
from tenancy.scope import now

LONGEST = 500  # pushes that are followed back from a request's last commit


def keep_push(push: Push, source: ChangeSource, repository: str, people: People) -> SourcePush:
    """Keep it as it was told."""
    row: SourcePush = SourcePush.objects.create(
        source=source,
        provider=source.provider,
        repository=repository,
        branch=push.branch[:300],
        to_default=bool(push.default_branch) and push.branch == push.default_branch,
        before=push.before,
        after=push.after,
        is_forced=push.is_forced,
        pusher=push.pusher.shown,
        person=people.author(push.pusher),
        is_bot=push.pusher.is_bot,
        commits=[_row(commit) for commit in push.commits],
        received_at=now(),
    )
    return row


def _row(commit: Commit) -> dict[str, Any]:
    who = commit.author
    about = {"sha": commit.sha, "login": who.login, "name": who.name, "email": who.email, "is_bot": who.is_bot}
    return {**about, "message": commit.message, "at": commit.at.isoformat() if commit.at else None}


def _commit(row: dict[str, Any]) -> Commit:
    at = dt.datetime.fromisoformat(row["at"]) if row["at"] else None
    return Commit(row["sha"], Who(row["login"], row["name"], row["email"], row["is_bot"]), row["message"], at)


def commits_below(change: Change, branch: str) -> list[Commit]:
    """The commits of the pushes that led to a request's last commit, followed back from it, the oldest first.

    What the main branch held already is no commit of the request: it came in by a merge or a rebase.
    """
    same = SourcePush.objects.filter(provider=change.source, repository=change.repository, to_default=False)
    if branch:
        same = same.filter(branch=branch)
    by_after = {row.after: row for row in same.order_by("-received_at")[:LONGEST]}
    found: dict[str, Commit] = {}
    at, seen = change.head_sha, set[str]()
    while (push := by_after.get(at)) is not None and at not in seen:
        seen.add(at)
        for row in reversed(push.commits):
            found.setdefault(row["sha"], _commit(row))
        at = push.before
    known = _on_main(change, found)
    return [commit for commit in reversed(found.values()) if commit.sha not in known]


def _on_main(change: Change, commits: Iterable[str]) -> set[str]:
    """Those that reached the main branch, unless it was with this change."""
    wanted = set(commits)
    if not wanted or change.merged_at is not None:
        return set()
    main = SourcePush.objects.filter(provider=change.source, repository=change.repository, to_default=True)
    rows = main.order_by("-received_at").values_list("commits", flat=True)[:LONGEST]
    return {one["sha"] for commits_of in rows for one in commits_of} & wanted


def direct_pushes(pushes: QuerySet[SourcePush]) -> QuerySet[SourcePush]:
    """Those to the main branch that no request led to, as far as requests are known."""
    same = Change.objects.filter(repository=OuterRef("repository"))
    merged = same.filter(Q(merge_sha=OuterRef("after")) | Q(head_sha=OuterRef("after"), merged_at__isnull=False))
    of_request = ChangeCommit.objects.filter(sha=OuterRef("after"), change__repository=OuterRef("repository"))
    return pushes.filter(to_default=True).exclude(Exists(merged)).exclude(Exists(of_request))


def pushed_directly(repository: str, sha: str) -> SourcePush | None:
    """The push by which a commit reached the main branch without a request, if it was so; None where nothing is known."""
    if not sha:
        return None
    pushes = SourcePush.objects.filter(repository=repository, to_default=True)
    return direct_pushes(pushes.filter(Q(after=sha) | Q(commits__contains=[{"sha": sha}]))).first()
