"""The gate: may this commit go to this environment now? Every answer is kept, with its reasons.

Yes means: the change is approved (or an emergency that was agreed by word), its approval has not expired, it is inside its
window if it has one, no freeze holds it, it is meant for this environment, and the commit is the one that was approved.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor, current_origin
from audit.record import record
from changes.calendar.freezes import reasons_against
from changes.deployments.carrying import reaches
from changes.models import Change, ChangeCommit, GateAnswer, Kind
from ui.refusals import ActionRefused
from ui.values import exact

ASK = "deployments.write"
_MAY_GO = frozenset({"approved", "scheduled", "implemented"})
_FIRST = frozenset({"draft", "submitted"})  # an emergency goes first and is approved later
_ENDED = frozenset({"rejected", "withdrawn", "closed", "reviewed", "failed", "rolled_back"})


@dataclass(frozen=True, slots=True)
class Reason:
    """Why not: `code` for programs, `words` for people."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Allowed when nothing stands against it."""

    reasons: tuple[Reason, ...]

    @property
    def allowed(self) -> bool:
        """Whether it may go."""
        return not self.reasons


def changes_to_ask() -> QuerySet[Change]:
    """Changes with what the gate looks at of their commits, in the same query."""
    commits = ChangeCommit.objects.filter(change=OuterRef("pk"))
    return Change.objects.annotate(has_commits=Exists(commits))


def answer(change: Change | None, commit: str, environment: str, at: dt.datetime) -> Answer:
    """What stands against it; one query, two where the commit is looked for among those of the change."""
    if change is None:
        return Answer((Reason("no_change", "No change here has this commit or this number."),))
    found = [*_standing(change, at), *_commit(change, commit.strip().lower())]
    if not reaches(change, environment):
        found.append(Reason("other_environment", f"It is meant for {', '.join(change.environments)}, not for {environment}."))
    found += [Reason(one.code, one.words) for one in reasons_against(change, at)]
    return Answer(tuple(found))


def _standing(change: Change, at: dt.datetime) -> list[Reason]:
    """Whether it is approved, and still is."""
    if change.status in _ENDED:
        return [Reason("over", f"{change} is {change.get_status_display().lower()}.")]
    if change.type == Change.Type.EMERGENCY and change.agreed_at is not None and change.agreed_at <= at:
        if change.written_at is None and change.written_due_at is not None and at > change.written_due_at:
            return [Reason("written_overdue", f"Its written approval was due on {exact(change.written_due_at)}.")]
        return []
    if change.status in _FIRST:
        words = (
            "Nobody has agreed to this emergency yet." if change.type == Change.Type.EMERGENCY else f"{change} is not approved."
        )
        return [Reason("not_approved", words)]
    if change.status not in _MAY_GO:
        return [Reason("not_approved", f"{change} is {change.get_status_display().lower()}.")]
    if change.approved_until is not None and at > change.approved_until:
        return [Reason("expired", f"Its approval expired on {exact(change.approved_until)}.")]
    return []


def _commit(change: Change, commit: str) -> list[Reason]:
    """Whether it is the commit that was approved: the last of the request, or what it was merged as."""
    approved = {one.lower() for one in (change.head_sha, change.merge_sha) if one}
    if commit in approved:
        return []
    if approved:
        shown = " or ".join(sorted(one[:12] for one in approved))
        return [Reason("other_commit", f"Approved was {shown}, not {commit[:12]}.")]
    listed: bool = change.has_commits if hasattr(change, "has_commits") else change.commits.exists()
    if listed:
        return [] if change.commits.filter(sha=commit).exists() else [Reason("other_commit", f"It does not have {commit[:12]}.")]
    if change.kind == Kind.CODE:
        return [Reason("commit_unknown", "It is a change of code, and names no commit: link its pull request or its commits.")]
    return []


@action
def ask(
    *,
    actor: Actor,
    change: Change | None,
    commit: str,
    environment: str,
    at: dt.datetime,
    repository: str = "",
) -> tuple[GateAnswer, Answer]:
    """Answer, keep the answer, and record it. Raises ActionRefused for an actor who may not ask."""
    if not actor.can(ASK):
        raise ActionRefused("Your role does not allow this.")
    found = answer(change, commit, environment, at)
    kept = GateAnswer(
        change=change,
        repository=repository[:200],
        commit=commit[:64],
        environment=environment[:40],
        allowed=found.allowed,
        codes=[one.code for one in found.reasons],
        reasons=[one.words for one in found.reasons],
        asked_at=at,
        asked_by=actor if isinstance(actor, Member) else None,
        token=current_origin().token or "",
    )
    kept.save(force_insert=True)
    told = {"allowed": kept.allowed, "codes": kept.codes, "commit": kept.commit, "environment": kept.environment}
    record("gate.answer", kept, actor=actor, after={"change": str(change) if change else None, **told})
    return kept, found


def change_asked_for(*, commit: str, repository: str = "", named: str = "") -> Change | None:
    """The change that a number or an id names, else the one that has the commit: by its merge, its last, or any of its commits.

    Of several the one that was not turned down, then the latest. One query.
    """
    rows = changes_to_ask()
    if named:
        return rows.filter(_named(named)).first()
    commit = commit.strip().lower()
    own = Q(merge_sha=commit) | Q(head_sha=commit) | Q(pk__in=ChangeCommit.objects.filter(sha=commit).values("change"))
    found = list(rows.filter(own).order_by("-raised_at", "-id")[:50])
    if repository:
        found = [one for one in found if one.repository.lower() in {"", repository.lower()}]
    return min(found, key=lambda one: _place(one, commit), default=None)


def _place(change: Change, commit: str) -> tuple[int, bool]:
    """As in changes.deployments.matching."""
    place = 0 if change.merge_sha == commit else 1 if change.head_sha == commit else 2
    return place, change.status in {Change.Status.REJECTED, Change.Status.WITHDRAWN}


def _named(named: str) -> Q:
    try:
        return Q(pk=uuid.UUID(named))
    except ValueError:
        return Q(reference=named.strip().upper())
