"""The gate: may this commit go to this environment now? Every answer is kept, with its reasons.

Yes means: the change is approved (or an emergency that was agreed by word), its approval has not expired, it is inside its
window if it has one, no freeze holds it, it is meant for this environment, and the commit is the one that was approved.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor, current_origin
from audit.record import record
from changes.approving.authors import commits_of, only_by_authors, why_unknown
from changes.approving.identity import who, wrote_some
from changes.approving.rules import given_for
from changes.calendar.freezes import reasons_against
from changes.deployments.carrying import reaches
from changes.deployments.classes import Beside, against, facts_of
from changes.lifecycle.agreeing import why_no_agreement
from changes.models import Change, GateAnswer
from changes.models.deployment import Reason as Why
from tenancy.scope import current_tenant_id
from ui.refusals import ActionRefused
from ui.values import exact

ASK = "deployments.write"
_AGREEMENTS = frozenset({Why.NOT_APPROVED, Why.AGREED_LATER, Why.AGREEMENT_OVER, Why.UNWRITTEN, Why.APPROVED_LATER})
_APPROVALS = frozenset({*_AGREEMENTS, Why.EXPIRED, Why.OVER, Why.REJECTED, Why.WITHDRAWN})
_MOMENTS = ("approved_at", "approved_until", "window_from", "window_until")
_OVER = ("over", "{change} is {state}.")
# The code of what stands against it, and how it is said.
_WORDS = {
    Why.OVER: _OVER,
    Why.REJECTED: _OVER,
    Why.WITHDRAWN: _OVER,
    Why.NOT_APPROVED: ("not_approved", "{change} is not approved."),
    Why.APPROVED_LATER: ("not_approved", "{change} was approved only on {approved_at}."),
    Why.EXPIRED: ("expired", "Its approval expired on {approved_until}."),
    Why.OTHER_COMMIT: ("other_commit", "Approved was {approved}, not {commit}."),
    Why.NO_COMMIT: ("commit_unknown", "{change} names no commit: say in it which one, or link its request."),
    Why.ELSEWHERE: ("other_environment", "It is meant for {meant}, not for {environment}."),
    Why.TOO_EARLY: ("too_early", "Its window begins on {window_from}."),
    Why.TOO_LATE: ("too_late", "Its window ended on {window_until}."),
}
_ORDER = (
    "over", "not_approved", "agreement_denied", "incomplete", "agreement_changed", "agreement_over", "written_overdue",
    "written_rejected", "expired", "author_unknown", "by_author", "other_commit", "commit_unknown", "other_environment",
    "too_early", "too_late", "frozen",
)  # fmt: skip


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
    """What stands against it; no query, one while something is frozen, one where the commit is looked for among several.

    By the rules that class a deployment afterwards (`classes.against`); who wrote it is judged as it is known now.
    """
    if change is None:
        return Answer((Reason("no_change", "No change here has this commit or this number."),))
    commit, frozen = commit.strip().lower(), _frozen(change, at)
    beside = Beside(elsewhere=not reaches(change, environment), frozen=bool(frozen), **_commit(change, commit))
    stands = list(against(facts_of(change), at, beside))
    told = {**_told(change), "commit": commit[:12], "environment": environment} if stands else {}
    found = [*(one for reason in stands for one in _said(change, reason, at, told)), *frozen]
    if _APPROVALS.isdisjoint(stands):
        found += _authors(change)
    return Answer(tuple(sorted(found, key=lambda one: _ORDER.index(one.code))))


def _frozen(change: Change, at: dt.datetime) -> list[Reason]:
    if not getattr(change, "may_be_frozen", True):
        return []
    return [Reason(one.code, one.words) for one in reasons_against(change, at) if one.code == "frozen"]


def _told(change: Change) -> dict[str, object]:
    """What the sentences name of a change."""
    moments = {name: exact(moment) if (moment := getattr(change, name)) else "" for name in _MOMENTS}
    commits = " or ".join(sorted(one[:12].lower() for one in {change.head_sha, change.merge_sha} if one))
    state, meant = change.get_status_display().lower(), ", ".join(change.environments)
    return {"change": change, "state": state, "meant": meant, "approved": commits or "another of its commits", **moments}


def _said(change: Change, reason: Why, at: dt.datetime, told: Mapping[str, object]) -> list[Reason]:
    """What stands against it, for programs and for people. Freezes speak for themselves."""
    if reason in _AGREEMENTS and change.type == Change.Type.EMERGENCY:
        return _unagreed(change, at)
    if reason == Why.FROZEN:
        return []
    code, words = _WORDS[reason]
    return [Reason(code, words.format_map(told))]


def _unagreed(change: Change, at: dt.datetime) -> list[Reason]:
    """Of an emergency that goes first: why the agreement by word does not count at `at`."""
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
    is_written = change.written_at is not None or change.approved_at is not None
    agreed = None if is_written else change.agreed_by
    if agreed is not None and wrote_some(who(person=agreed), commits_of(change)):
        return [Reason("by_author", "Whoever agreed to it wrote some of it.")]
    return []


def _commit(change: Change, commit: str) -> dict[str, bool]:
    """Whether it is another than was approved: the last of the request, or what it was merged as; or the change names none."""
    approved = {one.lower() for one in (change.head_sha, change.merge_sha) if one}
    if approved:
        return {"other_commit": commit not in approved}
    listed: bool = change.has_commits if hasattr(change, "has_commits") else change.commits.exists()
    if listed:
        return {"other_commit": not change.commits.filter(sha=commit).exists()}
    return {"no_commit": True}


@action
def ask(
    *,
    actor: Actor,
    change: Change | None,
    commit: str,
    environment: str,
    at: dt.datetime,
    repository: str = "",
    named: str = "",
) -> tuple[GateAnswer, Answer]:
    """Answer, keep the answer, and record it, with what was `named` where there is no such change here.

    Raises ActionRefused for an actor who may not ask.
    """
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
    about = {"change": str(change)} if change else {"change": None, "named": named[:60] or None}
    record("gate.answer", kept, actor=actor, after={**about, **told})
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
