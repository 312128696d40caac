"""A review is begun, written, submitted, approved by somebody else or returned."""

from collections.abc import Collection, Iterator

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.models import Control
from incidents.lifecycle.moving import for_workers, hold
from incidents.lifecycle.people import join
from incidents.models import Incident, IncidentReview, ReviewControl
from incidents.reviewing import cause
from incidents.reviewing.failing import follow_up
from incidents.reviewing.record import ANSWERS, TEXTS, Record, differs, hash_of, record_of, sha256, standing_of
from incidents.reviewing.rights import APPROVE, is_involved, may_approve
from incidents.reviewing.telling import tell_approved, tell_returned, tell_submitted
from incidents.rights import may_see
from incidents.timeline.actions import note
from tenancy.scope import now
from ui.refusals import ActionRefused, stated
from workflow.changes import change, differing

Status = IncidentReview.Status
OVER = frozenset({Incident.Status.RESOLVED, Incident.Status.CLOSED})
_TEXTS_NEEDED = {"summary": "Say what happened.", "root_cause": "Write down the root cause."}
_NOTES = {
    "commitment_missed": ("commitment_note", "Say which commitment was missed."),
    "disclose": ("disclose_note", "Say in what words it is disclosed."),
}
_QUESTIONS = {
    "control_failed": "Say whether a control failed.",
    "commitment_missed": "Say whether a commitment was missed.",
    "disclose": "Say whether it is disclosed in the system description.",
}


def is_approved(incident: Incident) -> bool:
    """Whether somebody else has approved a review of it, since it was last opened again."""
    return incident.reviews.filter(status=Status.APPROVED, reopened=incident.times_reopened).exists()


def missing(incident: Incident) -> Iterator[str]:
    """What closing still needs: of what is grave an approved review. A hook."""
    if incident.is_grave and not is_approved(incident):
        yield "Have its review approved by somebody else."


@action
def begin_review(incident: Incident, *, actor: Member) -> IncidentReview:
    """Begin a version, with what the record and the version before say. Raises ActionRefused."""
    for_workers(incident, actor)
    if incident.status == Incident.Status.DISMISSED:
        raise ActionRefused(f"{incident} is dismissed: there is nothing to review.")
    if incident.reviews.filter(status__in=[Status.DRAFT, Status.SUBMITTED]).exists():
        raise ActionRefused("A version is being written already.")
    last = incident.reviews.order_by("-number").first()
    texts = {name: getattr(last, name) for name in (*TEXTS, *ANSWERS)} if last else {}
    begun = {"summary": incident.description} | texts
    begun["root_cause"] = incident.root_cause or begun.get("root_cause", "")
    review = IncidentReview(incident=incident, number=(last.number + 1) if last else 1, author=actor, begun_at=now(), **begun)
    review.save(force_insert=True)
    if last is not None:
        _set_controls(review, [row.control for row in last.controls.select_related("control")])
    record("incident_review.begin", review, actor=actor, after={"incident": incident.reference, "version": review.number})
    return review


def write_review(
    review: IncidentReview, *, actor: Actor, controls: Collection[Control] | None = None, **texts: str
) -> IncidentReview:
    """Write on a draft: texts, answers, and the controls that failed; saved as it was, it stays so. Raises ActionRefused."""
    for_workers(review.incident, actor)
    current = review.refreshed()
    if current.status != Status.DRAFT:
        raise ActionRefused(f"It is {current.get_status_display().lower()}: it cannot be changed now.")
    fields = {name: value.strip() for name, value in texts.items() if name in {*TEXTS, *ANSWERS}}
    named = None if controls is None or _codes(current) == sorted(control.code for control in controls) else controls
    if named is None and not differing(current, fields):
        return current
    return _write_review(current, actor, named, fields)


@action
def _write_review(
    current: IncidentReview, actor: Actor, controls: Collection[Control] | None, fields: dict[str, str]
) -> IncidentReview:
    if controls is not None:
        before, after = _codes(current), sorted(control.code for control in controls)
        _set_controls(current, controls)
        record("incident_review.controls", current, actor=actor, before={"controls": before}, after={"controls": after})
    written = change(current, "incident_review.write", actor=actor, fields=fields)
    if cause.FIELD in fields:
        cause.put(written, actor)
    return written


@action
def submit_review(review: IncidentReview, *, actor: Member) -> IncidentReview:
    """Put it before those who approve, with the incident as it stands now. Raises ActionRefused."""
    incident = for_workers(review.incident, actor)
    if incident.status not in OVER:
        raise ActionRefused("It is reviewed once it is resolved: its times are not known before.")
    IncidentReview.SUBMIT.check(current := review.refreshed())
    if lacking := list(incomplete(current)):
        raise ActionRefused(" ".join(lacking))
    whole = record_of(incident)
    _keep_record(review, whole)
    IncidentReview.SUBMIT.apply(
        review,
        actor=actor,
        content_hash=hash_of(current, whole),
        reopened=incident.times_reopened,
        responsible=incident.assigned_to,
        submitted_at=now(),
        submitted_by=actor,
        returned_reason="",
    )
    note(incident, f"Version {review.number} of the review waits for approval.", actor)
    tell_submitted(review, actor)
    return review


@action
def add_approver(review: IncidentReview, *, member: Member, actor: Actor) -> IncidentReview:
    """Put somebody who approves reviews into the team, so that they see it; they are told of what waits. Raises ActionRefused."""
    incident = for_workers(review.incident, actor)
    current = review.refreshed()
    if current.status == Status.APPROVED:
        raise ActionRefused("It is approved already.")
    if not member.is_active or not member.can(APPROVE) or is_involved(member, current, incident):
        raise ActionRefused("Choose somebody who approves reviews, and neither wrote it nor had the incident.", field="member")
    if may_see(member, incident):
        raise ActionRefused(f"{member.name} sees it already.", field="member")
    join(incident, member, actor)
    if current.status == Status.SUBMITTED:
        tell_submitted(current, actor, [member])
    return review


@action
def withdraw_review(review: IncidentReview, *, actor: Actor) -> IncidentReview:
    """Take it back to write on: for whoever wrote or submitted it, or has the incident. Raises ActionRefused."""
    incident = for_workers(review.incident, actor)
    if not is_involved(actor, review.refreshed(), incident):
        raise ActionRefused("Whoever wrote it takes it back. Who approves reviews returns it.")
    IncidentReview.WITHDRAW.apply(review, actor=actor, content_hash="")
    _keep_record(review, None)
    return review


@action
def approve_review(review: IncidentReview, *, actor: Member, content_hash: str) -> IncidentReview:
    """Approve what was seen: by neither who wrote it nor whose incident it was. Raises ActionRefused."""
    incident = hold(review.incident)
    current = _before_approver(review, incident, actor)
    if content_hash != current.content_hash:
        raise ActionRefused("It has changed since you saw it. Look at it again.")
    if hash_of(current, current.record or {}) != current.content_hash:
        raise ActionRefused("What is stored is not what was submitted. Take it back and submit it again.")
    if current.reopened != incident.times_reopened:
        raise ActionRefused("The incident was opened again since this was submitted. It is to be submitted again.")
    if differs(current.record or {}, record_of(incident)):
        raise ActionRefused("The incident was changed since this was submitted. It is to be submitted again, as it is now.")
    moment = now()
    standing = standing_of(incident, moment)
    IncidentReview.objects.filter(pk=review.pk).update(standing=standing)  # the event tells it by its hash, as it does the record
    hashes = {"sha256": content_hash, "standing_sha256": sha256(standing)}
    IncidentReview.APPROVE.apply(review, actor=actor, approved_by=actor, approved_at=moment, metadata=hashes)
    review.standing = standing
    if current.root_cause:
        change(incident, "incident.edit", actor=actor, fields={"root_cause": current.root_cause})
    note(incident, f"Version {review.number} of the review is approved.", actor)
    follow_up(current, incident)
    tell_approved(review, actor)
    return review


@action
def return_review(review: IncidentReview, *, actor: Member, reason: str) -> IncidentReview:
    """Give it back to whoever wrote it, with what is missing. Raises ActionRefused."""
    incident = hold(review.incident)
    _before_approver(review, incident, actor)
    why = stated(reason)
    IncidentReview.RETURN.apply(
        review, actor=actor, note=why, returned_by=actor, returned_at=now(), returned_reason=why, content_hash=""
    )
    _keep_record(review, None)
    note(incident, f"Version {review.number} of the review was returned: {why}", actor)
    tell_returned(review, actor)
    return review


def incomplete(review: IncidentReview) -> Iterator[str]:
    """What is missing before it can be submitted, a sentence each."""
    yield from (sentence for name, sentence in _TEXTS_NEEDED.items() if not getattr(review, name))
    if not (review.went_well or review.went_badly):
        yield "Say what went well or badly."
    yield from (sentence for name, sentence in _QUESTIONS.items() if not getattr(review, name))
    if review.control_failed == "yes" and not (review.control_note or review.controls.exists()):
        yield "Say which control failed."
    if (review.commitment_missed, review.disclose, review.disclose_note) == ("yes", "no", ""):
        yield "Say why a missed commitment is not disclosed."
    yield from (said for name, (note, said) in _NOTES.items() if getattr(review, name) == "yes" and not getattr(review, note))


def _before_approver(review: IncidentReview, incident: Incident, actor: Member) -> IncidentReview:
    current = review.refreshed()
    if is_involved(actor, current, incident):
        raise ActionRefused("It is approved by somebody who neither wrote it nor had the incident.")
    if not may_approve(actor, current, incident):
        raise ActionRefused("Your role does not allow this.")
    if current.status != Status.SUBMITTED:
        raise ActionRefused(f"It is {current.get_status_display().lower()}: it cannot be approved or returned now.")
    return current


def _keep_record(review: IncidentReview, whole: Record | None) -> None:
    """The incident as it stands, which the event of the move tells by its hash alone: a long one is more than the trail holds."""
    IncidentReview.objects.filter(pk=review.pk).update(record=whole)
    review.record = whole


def _codes(review: IncidentReview) -> list[str]:
    return sorted(row.control.code for row in review.controls.select_related("control"))


def _set_controls(review: IncidentReview, controls: Collection[Control]) -> None:
    ReviewControl.objects.filter(review=review).delete()
    ReviewControl.objects.bulk_create(ReviewControl(review=review, control=control) for control in controls)
