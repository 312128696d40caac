"""A pull or merge request becomes a change, or brings the one it is up to date."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from audit.actors import Actor
from changes.drafting.actions import create_change, edit_change
from changes.lifecycle.actions import rework, submit, withdraw
from changes.models import Change, ChangeSource, Provider, SourceRequest
from changes.models.change import APPROVED, WAITING
from changes.sources.completing import put_merge
from changes.sources.facts import Request
from changes.sources.people import People
from tenancy.scope import now
from ui.refusals import ActionRefused

Status = Change.Status
_NAMES = {"github": "Pull request", "gitlab": "Merge request"}


@dataclass(slots=True)
class Brought:
    """The change that stands for a request, if there is one, and what was done to it in sentences."""

    change: Change | None = None
    said: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def find(source: ChangeSource, request: Request) -> Change | None:
    """The change that stands for a request."""
    same = Change.objects.filter(source=source.provider, repository=request.repository, number=request.number)
    return same.select_related("requester").first()


def bring(request: Request, source: ChangeSource, people: People, actor: Actor) -> Brought:
    """Create the change, or bring it up to date; what is older than what is known changes nothing."""
    change = find(source, request)
    if change is None:
        if why := _not_ours(request, source):
            return Brought(said=[why])
        return _create(request, source, people, actor)
    row = SourceRequest.objects.filter(change=change).first()
    if row is None:
        row = _first_row(change, request, source)
    elif _is_older(row, change, request):
        return Brought(change, ["It is older than what is known of the request."])
    brought = Brought(change)
    _edit(brought, row, request, actor)
    _follow(brought, row, request, actor)
    return brought


def _not_ours(request: Request, source: ChangeSource) -> str:
    """Why a request is no change: it goes to a branch that nothing is deployed from."""
    wanted = source.branches or ([request.default_branch] if request.default_branch else [])
    if wanted and request.base_branch not in wanted:
        return f"It goes to the branch {request.base_branch}, not to {' or '.join(wanted)}."
    return ""


def _create(request: Request, source: ChangeSource, people: People, actor: Actor) -> Brought:
    change = create_change(
        actor=actor,
        title=request.title or _title(request, source),
        description=request.body,
        kind="code",
        type=Change.Type.NORMAL,
        source=source.provider,
        repository=request.repository,
        number=request.number,
        head_sha=request.head_sha,
        environments=source.environments,
        systems=[row.system for row in source.systems.select_related("system")],
        links=[("pull_request", request.url, _title(request, source))] if request.url else [],
        requester=people.author(request.author),
        raised_at=request.created_at,
    )
    row = _first_row(change, request, source)
    brought = Brought(change, [f"{change} was raised."])
    put_merge(change, request, actor)
    _follow(brought, row, request, actor)
    return brought


def _title(request: Request, source: ChangeSource) -> str:
    name, mark = _NAMES[source.provider], "!" if source.provider == Provider.GITLAB else "#"
    return f"{name} {mark}{request.number} of {request.repository}"


def _first_row(change: Change, request: Request, source: ChangeSource) -> SourceRequest:
    return SourceRequest(
        change=change, source=source, state="open", is_draft=request.is_draft, text_digest=_digest(request), updated_at=now()
    )


def _digest(request: Request) -> str:
    return hashlib.sha256(f"{request.title}\n{request.body}".encode()).hexdigest()


def _is_older(row: SourceRequest, change: Change, request: Request) -> bool:
    """By the source's clock, which ticks once a second.

    Within a second, a commit that was left behind is older than the one now last, and an open request than the merged one.
    """
    if request.updated_at != row.updated_at:
        return request.updated_at < row.updated_at
    passed = request.head_sha != change.head_sha and request.head_sha in row.former_heads
    return passed or (row.state == "merged" and request.state != "merged")


def _edit(brought: Brought, row: SourceRequest, request: Request, actor: Actor) -> None:
    """Title, text and last commit: an approval ends by them. What people wrote here stays unless the request's own text moved."""
    change = brought.change
    if change is None:
        return
    fields: dict[str, Any] = {}
    if row.text_digest != _digest(request):
        fields |= {"title": request.title or change.title, "description": request.body}
    if request.head_sha != change.head_sha:
        fields["head_sha"] = request.head_sha
        row.former_heads = [*row.former_heads, change.head_sha][-500:]
    if fields:
        _try(brought, lambda: _edited(brought, change, request, actor, fields))
    if brought.change is not None:
        put_merge(brought.change, request, actor)
        brought.change = find_again(brought.change)


def _edited(brought: Brought, change: Change, request: Request, actor: Actor, fields: dict[str, Any]) -> str:
    if change.status == Status.REJECTED and "head_sha" in fields and request.state == "open":
        rework(change, actor=actor, reason="There are new commits.")
    was = change.status
    brought.change = edit_change(change, actor=actor, **fields)
    ended = was in APPROVED and brought.change.status == Status.SUBMITTED
    return "New commits or a new text ended its approvals." if ended else "It was brought up to date."


def find_again(change: Change) -> Change:
    """The change as the database has it now."""
    return Change.objects.select_related("requester").get(pk=change.pk)


def _follow(brought: Brought, row: SourceRequest, request: Request, actor: Actor) -> None:
    """Submit, withdraw or rework the change as the request moves; then note how the request stands."""
    change = brought.change
    if change is None:
        return
    was_closed = row.state == "closed"
    if request.state == "closed":
        if change.status in WAITING | APPROVED:
            _try(
                brought, lambda: _said(withdraw(change, actor=actor, reason=f"{_kind(change)} was closed unmerged."), "withdrawn")
            )
        row.is_submitted = False
    elif request.is_draft and request.state == "open":
        if change.status == Status.SUBMITTED or (change.status == Status.WITHDRAWN and was_closed):
            _try(brought, lambda: _said(rework(change, actor=actor, reason="It is a draft again."), "a draft again"))
        row.is_submitted = False
    else:
        _submit(brought, change, row, actor, reopened=was_closed)
    row.state, row.is_draft, row.updated_at = request.state, request.is_draft, request.updated_at
    row.text_digest = _digest(request)
    row.head_branch, row.base_branch = request.head_branch, request.base_branch
    row.author = request.author.shown if request.author else row.author
    row.save()


def _submit(brought: Brought, change: Change, row: SourceRequest, actor: Actor, *, reopened: bool) -> None:
    """Once: what somebody took back by hand here stays with them."""
    if change.status == Status.WITHDRAWN and reopened:
        _try(brought, lambda: _said(rework(change, actor=actor, reason=f"{_kind(change)} was reopened."), "a draft again"))
    if change.status != Status.DRAFT or row.is_submitted:
        return
    row.is_submitted = _try(brought, lambda: _said(submit(change, actor=actor), "submitted"))


def _kind(change: Change) -> str:
    return f"The {_NAMES[change.source].lower()}"


def _said(change: Change, word: str) -> str:
    return f"{change} is {word}."


def _try(brought: Brought, do: Any) -> bool:
    """Do it, or keep the sentence why not: what is known of the request is kept all the same."""
    try:
        brought.said.append(do())
    except ActionRefused as refusal:
        brought.refused.append(refusal.sentence)
        return False
    return True
