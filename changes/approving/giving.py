"""Approving and rejecting: here, and by reviews of pull requests."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.factors import RECENT_MINUTES
from accounts.models import Member
from audit.actions import action
from audit.actors import Actor, current_origin
from audit.record import record
from changes.approving.authors import why_unknown
from changes.approving.choices import LONGEST, chosen
from changes.approving.content import difference
from changes.approving.entitled import Entitled
from changes.approving.identity import Who, who, who_acts
from changes.approving.rules import (
    APPROVES,
    Rule,
    approver_of,
    asked_of,
    given_for,
    is_complete,
    may_meet,
    name_of,
    stand,
    target_of,
)
from changes.approving.separation import APPROVE, Parts, why_not
from changes.approving.versions import difference_for, latest, make_version, unapproved, void
from changes.approving.waiting import wants
from changes.lifecycle.carrying import schedule_if_ready
from changes.lifecycle.completeness import missing
from changes.lifecycle.mail import concerned, tell
from changes.lifecycle.moving import ITSELF, hold, move
from changes.lifecycle.unwritten import raise_rejected
from changes.models import Approval, ApprovalFor, Change, ChangeVersion
from changes.models.change import ATTEMPTED
from inventory.models import Person
from tenancy.scope import now
from ui.refusals import ActionRefused, stated

Answer, Source, Status = Approval.Answer, Approval.Source, Change.Status


@dataclass(frozen=True, slots=True)
class Shown:
    """A second factor that was shown in the session: which kind, and when."""

    kind: str
    at: dt.datetime


class Changed(ActionRefused):
    """The change is not what the approver saw any more; `differences` says in what."""

    def __init__(self, change: Change, seen: str) -> None:
        super().__init__(f"{change} has changed since this page was shown. Look at what is different, then decide.")
        before = ChangeVersion.objects.filter(change=change, content_hash=seen).order_by("-number").first()
        current = latest(change)
        self.differences = difference(before.content, current.content) if before and current else []


@dataclass(frozen=True, slots=True)
class _Said:
    """What is said of a change, by whom, and from where."""

    somebody: Who
    member: Member | None
    note: str
    factor: Shown | None = None
    source: str = Source.HERE
    head_sha: str = ""
    at: dt.datetime | None = None


@action
def approve(change: Change, *, actor: Member, content_hash: str, note: str = "", factor: Shown | None = None) -> Approval:
    """Approve the change as `content_hash` says it was shown. The approval that completes its rules approves the change.

    Raises Changed when it was edited since, and ActionRefused with why they may not, or that it is not wanted any more.
    """
    if current_origin().token and not actor.can(APPROVES):
        raise ActionRefused(f"A token approves with {APPROVES} only, whomever a rule names.")
    said = _Said(who_acts(actor), actor, note.strip(), factor)
    hold(change)
    wanted = _judge(change, said, content_hash)
    _refuse_unready(change)
    return _approve(change, actor, said, wanted)


@action
def reject(change: Change, *, actor: Member, content_hash: str, reason: str, factor: Shown | None = None) -> Approval:
    """Reject the change with a reason: it is over until it is reworked. One rejection is enough.

    An emergency that was carried out stays carried out: the rejection stands in its file until somebody approves it, and a
    finding is raised at once.
    """
    said = _Said(who_acts(actor), actor, stated(reason, "Say why it is rejected."), factor)
    hold(change)
    _judge(change, said, content_hash)
    approval = _keep(change, actor, said, Answer.REJECTED, [])
    if change.status == Status.SUBMITTED:
        move(Change.REJECT, change, actor=Entitled(actor), note=said.note, ended_at=now())
    else:
        finding = raise_rejected(change, actor=ITSELF, by=actor.name, reason=said.note)
        raised = {"finding": finding.reference} if finding else {}
        record("change.reject_in_writing", change, actor=actor, after={"rejected by": actor.name, **raised}, note=said.note)
        lines, key = [f"{actor.name}: {said.note}", "It was carried out: a finding is raised."], f"rejected:{approval.pk}"
        tell(concerned(change).values(), change, subject="is rejected in writing", lines=lines, key=key, actor=actor)
    return approval


def approve_by_review(
    change: Change,
    *,
    person: Person,
    answer: str,
    source: str,
    head_sha: str,
    given_at: dt.datetime,
    note: str = "",
    actor: Actor,
) -> Approval | str:
    """What a known person said in a review of the pull request; a sentence why it does not count.

    `answer` is "approved" or "rejected" (changes requested). The latter ends what they approved of it, and rejects nothing.
    """
    if answer == Answer.REJECTED:
        void_review(change, person, reason="Asked for changes in a review.", actor=actor)
        return "Changes were requested: it waits for an approval."
    try:
        return _review(change, person, _Said(who(person=person), None, note, None, source, head_sha, given_at), actor)
    except ActionRefused as refusal:
        return refusal.sentence


@action
def _review(change: Change, person: Person, said: _Said, actor: Actor) -> Approval:
    hold(change)
    if person.has_left(now().date()):
        raise ActionRefused(f"{person.name} has left.")
    if said.head_sha and change.head_sha and said.head_sha != change.head_sha:
        raise ActionRefused("The review is of an older commit.")
    wanted = [rule for rule in _judge(change, said, change.content_hash) if rule.reviews]
    if not wanted:
        raise ActionRefused("The rules ask for an approval here, not for a review.")
    _refuse_unready(change)
    return _approve(change, actor, said, wanted)


def void_review(change: Change, person: Person, *, reason: str, actor: Actor) -> bool:
    """A review was dismissed or taken back: whether an approval ended by it."""
    return _reviews_of(change, person).exists() and take_back(change, person, reason=reason, actor=actor)


def _reviews_of(change: Change, person: Person) -> QuerySet[Approval]:
    said = Approval.objects.filter(change=change, approver_person=person, status=Approval.Status.GIVEN)
    return said.exclude(source=Source.HERE).select_related("change")


@action
def take_back(change: Change, person: Person, *, reason: str, actor: Actor) -> bool:
    """End what a person said of the change in reviews; an approved change that lacks approvals by it is submitted again."""
    hold(change)
    if not void(_reviews_of(change, person), actor=actor, reason=reason):
        raise ActionRefused("Nothing of theirs stands any more.")
    record("change.approval_ended", change, actor=actor, before={"approved by": person.name}, note=reason)
    target = target_of(change)
    complete = is_complete(stand(asked_of(target), target, given_for(change)))
    if change.status in Change.VOID.sources and not complete:
        move(Change.VOID, change, actor=Entitled(actor), note=reason, **unapproved(change))
    return True


def _judge(change: Change, said: _Said, content_hash: str) -> list[Rule]:
    """The rules that an answer would count for. Raises ActionRefused."""
    in_writing = change.type == Change.Type.EMERGENCY and change.status in ATTEMPTED and change.written_at is None
    if not in_writing:
        _refuse_decided(change)
        Change.APPROVE.check(change)
    if change.type == Change.Type.STANDARD:
        raise ActionRefused("A standard change is approved by its template.")
    if content_hash != change.content_hash:
        raise Changed(change, content_hash)
    parts = Parts(change)
    if refusal := why_not(parts, said.somebody, APPROVE):
        raise ActionRefused(refusal)
    _refuse_factor(change, said)
    wanted = wants(change, approver_of(said.somebody, said.member))
    if not wanted:
        raise ActionRefused(_not_wanted(change, said))
    return wanted


def _refuse_decided(change: Change) -> None:
    """Say who was faster."""
    if change.status in {Status.APPROVED, Status.SCHEDULED}:
        last = given_for(change)[-1:]
        by = (last[0].approver or last[0].approver_person) if last else None
        words = f"{by.name} has approved {change} before you" if by else f"{change} is approved"
        raise ActionRefused(f"{words}: your answer is not needed any more, and was not counted.")


def _refuse_unready(change: Change) -> None:
    """It says what it has to; and as whoever wrote it may be the one who approves it, that is known first."""
    if wanting := missing(change):
        raise ActionRefused(" ".join(["It is not complete.", *(sentence for _, sentence in wanting)]))
    if refusal := why_unknown(change):
        raise ActionRefused(refusal)


def _refuse_factor(change: Change, said: _Said) -> None:
    recent = said.factor is not None and now() - said.factor.at <= dt.timedelta(minutes=RECENT_MINUTES)
    if change.risk == Change.Risk.HIGH and not recent:
        raise ActionRefused("A change of high risk is approved here, with a second factor shown a short while ago.")


def _not_wanted(change: Change, said: _Said) -> str:
    target = target_of(change)
    approver = approver_of(said.somebody, said.member)
    able = [rule for rule in asked_of(target) if may_meet(rule, target, approver)]
    if able:
        return "The approvals that you could give are given: somebody else has to approve it now."
    return "No rule that this change falls under asks for your approval."


def _approve(change: Change, actor: Actor, said: _Said, wanted: list[Rule]) -> Approval:
    approval = _keep(change, actor, said, Answer.APPROVED, wanted)
    target = target_of(change)
    complete = is_complete(stand(asked_of(target), target, given_for(change)))
    about = {"approved by": name_of(approval), "for": [rule.name for rule in wanted]}
    record("change.approval", change, actor=actor, after=about, note=said.note)
    if not complete:
        return approval
    if change.status in ATTEMPTED:
        change.written_at, change.approved_until = approval.given_at, _until(change, approval.given_at)
        change.save(update_fields=["written_at", "approved_until"])
        record("change.approve_in_writing", change, actor=actor, after={"written_at": change.written_at})
    else:
        _complete(change, actor, approval)
    return approval


def _complete(change: Change, actor: Actor, approval: Approval) -> None:
    fields: dict[str, object] = {"approved_at": approval.given_at, "approved_until": _until(change, approval.given_at)}
    if change.type == Change.Type.EMERGENCY:
        fields["written_at"] = approval.given_at
        if (change.agreed_at is None or change.is_disputed) and approval.approver_person:
            fields |= {"agreed_by": approval.approver_person, "agreed_at": approval.given_at, "agreed_recorded_at": now()}
            fields |= {"agreed_until": fields["approved_until"], "agreed_hash": approval.content_hash}
    move(Change.APPROVE, change, actor=Entitled(actor), **fields)
    schedule_if_ready(change)


def _until(change: Change, at: dt.datetime) -> dt.datetime:
    """An approval lasts for the days that the organization chose, and to the end of the window that was approved: 90 at most."""
    until = at + dt.timedelta(days=chosen().approval_days)
    return min(max(until, change.window_until or until), at + LONGEST)


def _keep(change: Change, actor: Actor, said: _Said, answer: str, wanted: list[Rule]) -> Approval:
    """The row, with everything as it is at this moment."""
    version = latest(change) or make_version(change, actor)
    parts, person = Parts(change), said.somebody.person
    member = said.member or said.somebody.member
    _replace(change, said, actor)
    approval = Approval.objects.create(
        change=change,
        version=version,
        content_hash=version.content_hash,
        answer=answer,
        approver=member,
        approver_person=person,
        requester=change.raised_by,
        requester_person=parts.requesters.person,
        is_author=parts.is_author(said.somebody),
        roles=list(member.roles) if member else [],
        factor=said.factor.kind if said.factor else "",
        factor_at=said.factor.at if said.factor else None,
        difference=difference_for(change, version, said.somebody),
        note=said.note,
        source=said.source,
        head_sha=said.head_sha,
        given_at=min(said.at or now(), now()),
    )
    for rule in wanted:
        if rule.row is not None:
            ApprovalFor.objects.create(approval=approval, rule=rule.row, name=rule.name)
    about = {"change": str(change), "answer": answer, "by": name_of(approval), "content_hash": approval.content_hash}
    record("approval.give", approval, actor=actor, after=about, note=said.note)
    return approval


def _replace(change: Change, said: _Said, actor: Actor) -> None:
    """What they said of the same version before is said again: only the last counts."""
    mine = [
        one
        for one in Approval.objects.filter(change=change, status=Approval.Status.GIVEN).select_related(
            "change", "approver__user", "approver_person__member__user"
        )
        if said.somebody.same(who(member=one.approver, person=one.approver_person))
    ]
    void(mine, actor=actor, reason="Said again.")
