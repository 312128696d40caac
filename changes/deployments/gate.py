"""The gate: may this commit go to this environment now? Every answer is kept, with its reasons.

Yes means: the change is approved (or an emergency that was agreed by word), its approval has not expired, it is inside its
window if it has one, no freeze holds it, it is meant for this environment, and the commit is the one that was approved.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor, current_origin
from audit.record import record
from changes.approving.authors import commits_of, only_by_authors, why_unknown
from changes.approving.identity import who, wrote_some
from changes.approving.rules import given_for
from changes.calendar.freezes import outside_window, reasons_against
from changes.deployments.carrying import reaches
from changes.lifecycle.agreeing import why_no_agreement
from changes.models import Change, GateAnswer
from tenancy.scope import current_tenant_id
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


# A change with whether it has commits, whether who wrote them is yet to be looked at (somebody is not known, or approved it),
# and whether any freeze holds anything just now. Written out, as it is asked in the way of every deployment: making the same
# out of a queryset takes longer than the answer of the database.
_CHANGES = """
SELECT c.*, EXISTS (SELECT FROM changes_changecommit k WHERE k.tenant_id = c.tenant_id AND k.change_id = c.id) AS has_commits,
  EXISTS (SELECT FROM changes_changecommit k WHERE k.tenant_id = c.tenant_id AND k.change_id = c.id AND NOT k.is_bot
          AND (k.person_id IS NULL OR k.person_id = c.agreed_by_id OR EXISTS (
            SELECT FROM changes_approval a WHERE a.tenant_id = c.tenant_id AND a.change_id = c.id AND a.status = 'given'
            AND (a.approver_person_id IS NULL OR a.approver_person_id = k.person_id)))) AS wrote_it,
  EXISTS (SELECT FROM changes_freezewindow f
          WHERE f.tenant_id = c.tenant_id AND f.status = 'active' AND f.starts_at <= now() AND f.ends_at > now()) AS may_be_frozen
FROM changes_change c WHERE c.tenant_id = %(tenant)s AND """
_BY_KEY = _CHANGES + "c.id = %(key)s"
_BY_NUMBER = _CHANGES + "c.reference = %(number)s"
_BY_COMMIT = f"""{_CHANGES} c.id IN (
  SELECT m.id FROM changes_change m WHERE m.tenant_id = %(tenant)s AND m.merge_sha = %(commit)s AND m.merge_sha <> ''
  UNION SELECT h.id FROM changes_change h WHERE h.tenant_id = %(tenant)s AND h.head_sha = %(commit)s AND h.head_sha <> ''
  UNION SELECT k.change_id FROM changes_changecommit k WHERE k.tenant_id = %(tenant)s AND k.sha = %(commit)s
) ORDER BY c.raised_at DESC, c.id DESC LIMIT 50
"""  # noqa: S608 - constants


def _asked(statement: str, **given: object) -> list[Change]:
    return list(Change.objects.raw(statement, {"tenant": current_tenant_id(), **given}))


def answer(change: Change | None, commit: str, environment: str, at: dt.datetime) -> Answer:
    """What stands against it; no query, one while something is frozen, one where the commit is looked for among several."""
    if change is None:
        return Answer((Reason("no_change", "No change here has this commit or this number."),))
    found = [*(_standing(change, at) or _authors(change)), *_commit(change, commit.strip().lower())]
    if not reaches(change, environment):
        found.append(Reason("other_environment", f"It is meant for {', '.join(change.environments)}, not for {environment}."))
    against = reasons_against if getattr(change, "may_be_frozen", True) else outside_window
    found += [Reason(one.code, one.words) for one in against(change, at)]
    return Answer(tuple(found))


def _standing(change: Change, at: dt.datetime) -> list[Reason]:
    """Whether it is approved, and still is."""
    if change.status in _ENDED:
        return [Reason("over", f"{change} is {change.get_status_display().lower()}.")]
    if change.type == Change.Type.EMERGENCY and (
        change.status in _FIRST or (change.status in _MAY_GO and not _is_written(change))
    ):
        return _agreed(change, at)
    if change.status in _FIRST:
        return [Reason("not_approved", f"{change} is not approved.")]
    if change.status not in _MAY_GO:
        return [Reason("not_approved", f"{change} is {change.get_status_display().lower()}.")]
    if change.approved_until is not None and at > change.approved_until:
        return [Reason("expired", f"Its approval expired on {exact(change.approved_until)}.")]
    return []


def _is_written(change: Change) -> bool:
    return change.written_at is not None or change.approved_at is not None


def _agreed(change: Change, at: dt.datetime) -> list[Reason]:
    """Of an emergency that goes first: whether somebody agreed to what it is, and nobody has said otherwise since."""
    if change.is_disputed:
        return [Reason(code, words) for code, words in why_no_agreement(change, at)]
    if change.written_due_at is not None and at > change.written_due_at:
        return [Reason("written_overdue", f"Its written approval was due on {exact(change.written_due_at)}.")]
    if change.written_finding_id is not None:
        return [Reason("written_rejected", "It was rejected in writing.")]
    return [Reason(code, words) for code, words in why_no_agreement(change, at)]


def _authors(change: Change) -> list[Reason]:
    """Whether all who wrote it are known by now, and somebody else approved it; no query where that was plain before."""
    if change.type == Change.Type.STANDARD or not getattr(change, "wrote_it", True):
        return []
    if unknown := why_unknown(change):
        return [Reason("author_unknown", unknown)]
    if only_by_authors(change, given_for(change)):
        return [Reason("by_author", "Only somebody who wrote some of it has approved it.")]
    agreed = change.agreed_by if not _is_written(change) else None
    if agreed is not None and wrote_some(who(person=agreed), commits_of(change)):
        return [Reason("by_author", "Whoever agreed to it wrote some of it.")]
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
    return [Reason("commit_unknown", f"{change} names no commit: say in it which one, or link its request.")]


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
    if named:
        key = _key(named)
        found = _asked(_BY_KEY, key=key) if key else _asked(_BY_NUMBER, number=named.strip().upper())
        return next(iter(found), None)
    commit = commit.strip().lower()
    found = _asked(_BY_COMMIT, commit=commit)
    if repository:
        found = [one for one in found if one.repository.lower() in {"", repository.lower()}]
    return min(found, key=lambda one: _place(one, commit), default=None)


def _place(change: Change, commit: str) -> tuple[int, bool]:
    """As in changes.deployments.matching."""
    place = 0 if change.merge_sha == commit else 1 if change.head_sha == commit else 2
    return place, change.status in {Change.Status.REJECTED, Change.Status.WITHDRAWN}


def _key(named: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(named)
    except ValueError:
        return None
