"""What is done about a risk: treated, accepted by name until a day, closed, opened again."""

import datetime as dt
import hashlib
from collections.abc import Sequence

from audit.actions import action
from audit.actors import Actor
from audit.record import canonical, record
from inventory.models import Person
from risks.models import STEPS, Risk, RiskTask, Treatment
from risks.register.actions import linked_codes, locked_risk, refuse_over, today
from risks.register.mail import tell_owner
from risks.rights import APPROVE, WRITE, authorise, for_keepers, member_of, why_not_accept
from tenancy.scope import now
from ui.refusals import ActionRefused, stated

LONGEST = 366  # days of an acceptance
ALREADY = "That is its treatment already."
OTHERWISE = "It has changed since you saw it: look at it again."
_SEEN = ("statement", "cause", "consequence", "category", *STEPS, "scale_id", "reasoning", "treatment", "plan")


@action
def treat(risk: Risk, *, actor: Actor, treatment: str, plan: str) -> Risk:
    """Choose what is done about it, and say how. To accept it, somebody else still has to do so by name. Raises ActionRefused."""
    locked = locked_risk(risk)
    authorise(actor, locked.owner)
    refuse_over(locked)
    if locked.status == Risk.Status.ACCEPTED:
        raise ActionRefused("It is accepted: end the acceptance first.")
    if not locked.is_rated:
        raise ActionRefused("Rate it first: how it is treated follows from how likely and how bad it is.")
    words = stated(plan, "Say what is done about it, or why it can stay.", field="plan")
    before = {"treatment": locked.get_treatment_display() or None, "plan": locked.plan or None}
    if (locked.treatment, locked.plan) == (treatment, words):
        raise ActionRefused(ALREADY)
    locked.treatment, locked.plan = treatment, words
    locked.save(update_fields=["treatment", "plan"])
    after = {"treatment": locked.get_treatment_display(), "plan": words}
    record("risk.treat", locked, actor=actor, before=before, after=after)
    risk.treatment, risk.plan = treatment, words
    return locked


def mark_of(risk: Risk, codes: Sequence[str] | None = None) -> str:
    """SHA-256 of what is accepted of a risk: what could happen, its rating, and the controls with these `codes`, in order."""
    controls = linked_codes(risk) if codes is None else list(codes)
    facts = [*(str(getattr(risk, name)) for name in _SEEN), controls]
    return hashlib.sha256(canonical({"seen": facts}).encode()).hexdigest()


@action
def accept(risk: Risk, *, actor: Actor, reason: str, until: dt.date, seen: str = "") -> Risk:
    """Accept under one's name that it stays as it is rated, until a day. Raises ActionRefused.

    Not by whom it is or was with, nor by whoever rated it so. `seen` is the mark of the page that was read.
    """
    Risk.ACCEPT.authorise(actor)
    locked = locked_risk(risk)
    Risk.ACCEPT.check(locked)
    if seen and seen != mark_of(locked):
        raise ActionRefused(OTHERWISE)
    if refusal := why_not_accept(actor, locked):
        raise ActionRefused(refusal)
    if not locked.is_rated:
        raise ActionRefused("Nobody has rated it yet: there is nothing known to accept.")
    if until <= today():
        raise ActionRefused("Choose a day in the future: an acceptance ends.", field="until")
    if until > today() + dt.timedelta(days=LONGEST):
        raise ActionRefused(f"At most {LONGEST} days from today: then somebody looks at it again.", field="until")
    Risk.ACCEPT.apply(
        locked,
        actor=actor,
        metadata={"rating": locked.residual.words if locked.residual else ""},
        treatment=Treatment.ACCEPT,
        accepted_by=member_of(actor),
        accepter_person=Person.objects.filter(member_id=actor.id).first() if actor.id else None,
        accepted_at=now(),
        accepted_reason=stated(reason),
        accepted_until=until,
    )
    risk.refresh_from_db()
    return locked


def may_end(actor: Actor) -> bool:
    """Whether somebody may end an acceptance."""
    return actor.can(APPROVE) or actor.can(WRITE)


@action
def lapse(risk: Risk, *, actor: Actor, reason: str) -> Risk:
    """End an acceptance: its time has passed, or somebody takes it back. Raises ActionRefused."""
    if not may_end(actor):
        raise ActionRefused("Your role does not allow this.")
    locked = locked_risk(risk)
    due = min(locked.next_review_on, today())
    Risk.LAPSE.apply(locked, actor=actor, note=stated(reason), next_review_on=due)
    tell_owner(locked, key=f"{locked.pk}:lapsed:{locked.accepted_until}", actor=actor, what="is open again")
    risk.refresh_from_db()
    return locked


@action
def close(risk: Risk, *, actor: Actor, reason: str) -> Risk:
    """It cannot happen any more, or is part of another. Its tasks are over first. Raises ActionRefused."""
    for_keepers(actor)
    locked = locked_risk(risk)
    Risk.CLOSE.check(locked)
    if RiskTask.objects.filter(risk=locked, status=RiskTask.Status.OPEN).exists():
        raise ActionRefused("It has open tasks: end them first.")
    Risk.CLOSE.apply(locked, actor=actor, closed_at=now(), closed_reason=stated(reason))
    risk.refresh_from_db()
    return locked


@action
def reopen(risk: Risk, *, actor: Actor, reason: str) -> Risk:
    """It can happen again; its review is due at once. Raises ActionRefused."""
    for_keepers(actor)
    locked = locked_risk(risk)
    Risk.REOPEN.apply(locked, actor=actor, note=stated(reason), next_review_on=today(), closed_at=None, closed_reason="")
    risk.refresh_from_db()
    return locked
