"""The agreement by word to an emergency: by whom, about what, and how long it counts."""

import datetime as dt

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.models import AuditEvent
from audit.record import record
from changes import rights
from changes.approving.authors import why_unknown
from changes.approving.content import content_of
from changes.approving.identity import Who, who, who_are
from changes.approving.rules import approver_of, asked_of, may_meet, target_of
from changes.approving.separation import AGREE, APPROVE, Parts, why_not
from changes.lifecycle.carrying import NOT_YOURS, written_due
from changes.lifecycle.completeness import missing_to_agree
from changes.lifecycle.mail import tell
from changes.lifecycle.moving import hold, moment
from changes.models import Change
from inventory.models import Person
from tenancy.scope import now
from ui.refusals import ActionRefused, stated
from ui.values import exact
from workflow.binding import hash_of

OBJECTED = "change.object"  # in the trail, see changes.lifecycle.objecting
WITHIN = dt.timedelta(hours=24)  # of its being given, an agreement is recorded
_FIELDS = ("agreed_by", "agreed_at", "agreed_recorded_at", "agreed_until", "agreed_hash", "emergency_reason")


@action
def record_agreement(
    change: Change, *, actor: Actor, agreed_by: Person, agreed_at: dt.datetime | None = None, reason: str
) -> Change:
    """Record who agreed by word to an emergency, when, and why it could not wait. Before it is carried out.

    It is about the change as it says now, and counts from this moment to the end of the next business day; for pipelines only
    where the change says what it has to (`missing_to_agree`). Raises ActionRefused.
    """
    hold(change)
    if not (rights.may_own(actor, change) or rights.may_carry_out(actor, change)):
        raise ActionRefused(NOT_YOURS)
    if change.type != Change.Type.EMERGENCY:
        raise ActionRefused("Only an emergency is agreed to by word.")
    if change.status not in {*Change.IMPLEMENT_FIRST.sources, *Change.IMPLEMENT.sources}:
        raise ActionRefused(f"{change} is {change.get_status_display().lower()}: an agreement comes first.")
    if refusal := why_not_by(change, agreed_by):
        raise ActionRefused(refusal, field="agreed_by")
    said = stated(reason, "Say why it could not wait.")
    before = {"agreed_by": str(change.agreed_by) if change.agreed_by else None, "agreed_at": change.agreed_at}
    at = _given(agreed_at)
    change.agreed_by, change.agreed_at, change.emergency_reason = agreed_by, at, said
    change.agreed_recorded_at, change.agreed_hash = now(), hash_of(content_of(change))
    change.agreed_until = None if missing_to_agree(change) else written_due(change.agreed_recorded_at)
    change.save(update_fields=_FIELDS)
    counts = {"content_hash": change.agreed_hash, "counts_until": change.agreed_until}
    after = {"agreed_by": agreed_by.name, "agreed_at": change.agreed_at, **counts}
    record("change.agree", change, actor=actor, before=before, after=after, note=said)
    if agreed_by.member:
        lines = [f"{actor.name} recorded that you agreed on {exact(at)}.", said, "If you did not, say so there."]
        key = f"agreed:{agreed_by.pk}:{at.isoformat()}"
        tell([agreed_by.member], change, subject="names you as who agreed by word", lines=lines, key=key, actor=actor)
    return change


def why_not_by(change: Change, person: Person) -> str:
    """Why a person's word does not count for the change: they could not approve it either. Empty when it does."""
    if person.has_left(now().date()):
        return f"{person.name} has left."
    parts, somebody = Parts(change), who(person=person)
    if _has_denied(change, somebody):
        return f"{person.name} said that they did not agree to it: name whoever did, or have it approved in writing."
    if refusal := why_not(parts, somebody, AGREE) or why_not(parts, somebody, APPROVE):
        return refusal
    if parts.is_author(somebody):
        return "Whoever wrote some of an emergency change does not agree to it: somebody else has to."
    if refusal := why_unknown(change):
        return refusal
    target, approver = target_of(change), approver_of(somebody)
    if not any(may_meet(rule, target, approver) for rule in asked_of(target)):
        return f"{person.name} may not approve this change, so their word does not count: name somebody who may."
    return ""


def _has_denied(change: Change, somebody: Who) -> bool:
    """Whether somebody ever said that they did not agree, also before others were named: the trail knows all who did."""
    if change.objected_at is None:
        return False
    said = AuditEvent.objects.filter(object_id=change.pk, verb=OBJECTED).values("actor_id")
    return any(somebody.same(one) for one in who_are(Member.objects.filter(pk__in=said).select_related("user")).values())


def end_agreement(change: Change, *, actor: Actor) -> None:
    """After an edit, in its transaction: an agreement about something else counts no more from now on."""
    until = change.agreed_until
    if until is None or until <= now() or hash_of(content_of(change)) == change.agreed_hash:
        return
    change.agreed_until = now()
    change.save(update_fields=["agreed_until"])
    said = "The change was edited since somebody agreed to it."
    record("change.agreement_ended", change, actor=actor, before={"counts_until": until}, after={}, note=said)


def why_no_agreement(change: Change, at: dt.datetime) -> list[tuple[str, str]]:
    """Why an emergency is not agreed to by word at `at`: [(code, sentence)]; a query only where something is missing."""
    recorded, until = change.agreed_recorded_at, change.agreed_until
    if change.is_disputed:
        return [("agreement_denied", "Whoever is named as having agreed said that they did not: record who did.")]
    if recorded is None or recorded > at:
        return [("not_approved", "Nobody has agreed to this emergency yet.")]
    if until is None:
        again = "Then record the agreement again."
        return [("incomplete", f"{words} {again}") for _, words in missing_to_agree(change)] or [
            ("agreement_changed", "It was edited or taken back since somebody agreed to it: record the agreement again.")
        ]
    if at <= until:
        return []
    if until < written_due(recorded):
        return [("agreement_changed", "It was edited or taken back since somebody agreed to it: record the agreement again.")]
    return [("agreement_over", f"The agreement by word counted until {exact(until)}: it has to be approved in writing.")]


def _given(at: dt.datetime | None) -> dt.datetime:
    """When somebody agreed. Raises ActionRefused for the future, and for what should have been recorded long ago."""
    try:
        given = moment(at)
    except ActionRefused as refusal:
        raise ActionRefused(refusal.sentence, field="agreed_at") from None
    if given < now() - WITHIN:
        raise ActionRefused("That is more than 24 hours ago: ask them again.", field="agreed_at")
    return given
