"""What is known of a change's commits and checks, put together from all that was told, in whatever order."""

from collections.abc import Iterable
from typing import Any

from audit.actors import Actor
from changes.models import Change, ChangeCommit, ChangeSource, SourceCheck
from changes.sources.facts import Check, Commit, Request, Who
from changes.sources.people import People
from changes.sources.pushes import commits_below
from workflow.changes import change as alter

VERB = "change.complete"  # of facts that no approval is bound to
SHOWN = 200  # checks that stand on a change


def keep_checks(checks: Iterable[Check], source: ChangeSource, repository: str) -> None:
    """Keep the latest outcome of each check of a commit: an older one never replaces a newer."""
    for check in checks:
        fields = {"outcome": check.outcome, "url": check.url, "checked_at": check.at}
        row, is_new = SourceCheck.objects.get_or_create(
            provider=source.provider, repository=repository, sha=check.sha, name=check.name, defaults=fields
        )
        if not is_new and row.checked_at <= check.at:
            SourceCheck.objects.filter(pk=row.pk).update(**fields)


def put_checks(change: Change, actor: Actor) -> None:
    """Let a change show the checks of its last commit. Part of a caller's action."""
    rows = SourceCheck.objects.filter(provider=change.source, repository=change.repository, sha=change.head_sha)
    found = [{"name": row.name, "outcome": row.outcome, "url": row.url} for row in rows.exclude(outcome="running")[:SHOWN]]
    if found != change.checks:
        alter(change, VERB, actor=actor, fields={"checks": found})


def put_merge(change: Change, request: Request, actor: Actor) -> None:
    """Let a change say when, by whom and as which commit it was merged. Part of a caller's action."""
    if request.state != "merged":
        return
    facts: dict[str, Any] = {"merged_at": request.merged_at}
    facts |= {"merge_sha": request.merge_sha} if request.merge_sha else {}
    facts |= {"merged_by": request.merged_by.shown[:120]} if request.merged_by else {}
    alter(change, VERB, actor=actor, fields=facts)


def put_commits(change: Change, request: Request | None, branch: str, people: People) -> None:
    """Let a change hold the commits of its request: those that the source lists, else those of the pushes to its branch.

    Without either, the last commit is its author's as far as we know. What was merged keeps the commits it had.
    """
    listed = request.commits if request else None
    commits = list(listed) if listed is not None else commits_below(change, branch)
    if listed is None and change.merged_at is not None and change.commits.exists() and not commits:
        return
    if change.head_sha and not any(one.sha == change.head_sha for one in commits):
        if listed is None and not commits and change.commits.filter(sha=change.head_sha).exists():
            return
        commits.append(_last(change, request))
    _put(change, commits, people)


def _last(change: Change, request: Request | None) -> Commit:
    if request and request.head:
        return request.head
    author = request.author if request else None
    if author is None and change.requester is not None:
        author = Who(name=change.requester.name, email=change.requester.email)
    return Commit(change.head_sha, author or Who())


def _put(change: Change, commits: Iterable[Commit], people: People) -> None:
    wanted = {}
    for one in commits:
        row = _row(change, one, people)
        wanted[row.sha, row.author, row.email] = row
    there = {(row.sha, row.author, row.email): row for row in change.commits.all()}
    ChangeCommit.objects.filter(pk__in=[row.pk for key, row in there.items() if key not in wanted]).delete()
    ChangeCommit.objects.bulk_create([row for key, row in wanted.items() if key not in there])
    for key, row in there.items():
        if key in wanted and row.person_id is None and wanted[key].person is not None:
            ChangeCommit.objects.filter(pk=row.pk).update(person=wanted[key].person)


def _row(change: Change, commit: Commit, people: People) -> ChangeCommit:
    who = commit.author
    return ChangeCommit(
        change=change,
        sha=commit.sha,
        author=(who.login or who.name)[:200],
        email=who.email[:254],
        person=people.author(who),
        is_bot=who.is_bot,
        message=commit.message[:300],
        committed_at=commit.at,
    )
