"""What was told becomes changes, commits, checks and approvals: the same whichever way it came, and in whatever order."""

import fnmatch
import hashlib
from dataclasses import dataclass

from django.db import connection, transaction

from accounts.models import Member
from audit.actors import Actor
from changes.lifecycle.actions import judge_authors
from changes.lifecycle.hooks import together
from changes.models import Approval, Change, ChangeSource, SourceRequest
from changes.sources.bringing import Brought, bring, find_again
from changes.sources.completing import keep_checks, put_checks, put_commits
from changes.sources.facts import Request, Told
from changes.sources.people import People
from changes.sources.pushes import keep_push
from changes.sources.reviews import keep_reviews, settle
from tenancy.scope import current_tenant_id

TOUCHED = 20  # changes that one push or check can concern


@dataclass(slots=True)
class Applied:
    """What became of something told."""

    outcome: str  # of Delivery.Outcome
    detail: str
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """By which way something came: a signed delivery, or a file that a member brought."""

    source: ChangeSource
    actor: Actor
    people: People
    via: str
    brought_by: Member | None = None


def way_of(source: ChangeSource, actor: Actor, brought_by: Member | None = None) -> Way:
    """How things from a source come."""
    via = Approval.Source.FILE if brought_by else Approval.Source(source.provider)
    return Way(source, actor, People(source.directory), via, brought_by)


def covers(source: ChangeSource, repository: str) -> bool:
    """Whether a repository is one of the source's."""
    return any(fnmatch.fnmatchcase(repository.lower(), pattern.lower()) for pattern in source.repositories)


def apply(told: Told, way: Way) -> Applied:
    """Do what was told, within one savepoint. Raises ActionRefused only where nothing of it could be kept."""
    if not told.is_known:
        return Applied("unknown", told.nothing)
    if told.nothing:
        return Applied("nothing", told.nothing)
    if not covers(way.source, told.repository):
        return Applied("nothing", f"{told.repository} is none of the repositories of this source.")
    with transaction.atomic(), together():
        _one_at_a_time(way.source, told.repository)
        brought = _keep(told, way)
        for change in _touched(told, way, brought):
            _complete(change, told.request if change == brought.change else None, way, brought)
    return _summary(told, brought)


def _one_at_a_time(source: ChangeSource, repository: str) -> None:
    """Deliveries of one repository wait for each other: GitHub sends many at once."""
    name = f"{current_tenant_id()}:{source.provider}:{repository}".encode()
    key = int.from_bytes(hashlib.sha256(name).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def _keep(told: Told, way: Way) -> Brought:
    if told.push:
        keep_push(told.push, way.source, told.repository, way.people)
    keep_checks(told.checks, way.source, told.repository)
    brought = bring(told.request, way.source, way.people, way.actor) if told.request else Brought()
    if brought.change is not None:
        keep_reviews(brought.change, told.reviews, way.people, way.via, way.brought_by)
    return brought


def _touched(told: Told, way: Way, brought: Brought) -> list[Change]:
    """The change that stands for the request, else those whose last commit was checked or pushed."""
    if told.request:
        return [brought.change] if brought.change else []
    heads = {check.sha for check in told.checks} | ({told.push.after} if told.push else set())
    same = Change.objects.filter(source=way.source.provider, repository=told.repository, head_sha__in=heads)
    return list(same.select_related("requester")[:TOUCHED])


def _complete(change: Change, request: Request | None, way: Way, brought: Brought) -> None:
    row = SourceRequest.objects.filter(change=change).first()
    is_current = request if request and request.head_sha == change.head_sha else None
    put_commits(change, is_current, row.head_branch if row else "", way.people)
    put_checks(change, way.actor)
    if judge_authors(change, actor=way.actor):
        brought.said.append("Its approval ended: who wrote it has approved it, or is not known.")
    brought.change = find_again(change)
    brought.said += settle(brought.change, way.people, way.actor)


def _summary(told: Told, brought: Brought) -> Applied:
    said = [*brought.said, *(f"Not done: {sentence}" for sentence in brought.refused)]
    detail = " ".join(said)[:500]
    if brought.change is not None:
        return Applied("failed" if brought.refused else "done", detail or "It was brought up to date.", brought.change)
    if told.request:
        return Applied("failed" if brought.refused else "nothing", detail)
    if told.push and _is_main(told):
        return Applied("done", "A push to the main branch is noted.")
    return Applied("nothing", "No change has this commit as its last yet: it is noted for when one has.")


def _is_main(told: Told) -> bool:
    return bool(told.push and told.push.branch == told.push.default_branch)
