"""Raising a risk, changing what is said of it, and rating it: each rating is kept with its scale and its controls."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.models import Control
from inventory.models import Person
from risks.models import STEPS, Risk, RiskControl, RiskRating, RiskScale
from risks.register.mail import tell_owner
from risks.register.words import learn
from risks.rights import authorise, for_keepers, handed_on, member_of
from risks.scales.actions import scale_for_rating
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused, stated
from ui.values import spelled
from workflow.changes import shown
from workflow.references import next_reference

SOON = dt.timedelta(days=14)  # within these a new risk is to be rated
TEXTS = ("statement", "cause", "consequence", "category", "owner", "review_days")
ACCEPTED = {"statement", "cause", "consequence", "category", "controls"}  # what an acceptance is of, beside the rating


@action
def raise_risk(
    *,
    actor: Actor,
    statement: str,
    category: str,
    owner: Person,
    cause: str = "",
    consequence: str = "",
    review_days: int = 365,
    controls: Collection[Control] = (),
) -> Risk:
    """Put a risk into the register; it waits to be rated. Raises ActionRefused."""
    for_keepers(actor)
    refuse_left(owner)
    risk = Risk(
        reference=next_reference("RISK", str(today().year)),
        statement=stated(statement, "Say what could happen.", field="statement"),
        cause=cause.strip(),
        consequence=consequence.strip(),
        category=category,
        owner=owner,
        review_days=review_days,
        next_review_on=today() + SOON,
        raised_by=member_of(actor),
        raised_at=now(),
    )
    risk.save(force_insert=True)
    learn([risk])
    cover(risk, controls)
    after = {name: shown(getattr(risk, name)) for name in TEXTS} | {"controls": codes(controls)}
    event = record("risk.raise", risk, actor=actor, after=after)
    tell_owner(risk, key=str(event.pk), actor=actor)
    return risk


@action
def edit_risk(risk: Risk, *, actor: Actor, controls: Collection[Control] | None = None, **said: Any) -> Risk:
    """Change what is said of it, whom it is with, how often it is reviewed, which controls lower it. Raises ActionRefused.

    An acceptance ends where what was accepted, or what lowers it, is another now.
    """
    locked = locked_risk(risk)
    authorise(actor, locked.owner)
    refuse_over(locked)
    given = {name: said[name].strip() if isinstance(said[name], str) else said[name] for name in TEXTS if name in said}
    changed = {name: value for name, value in given.items() if getattr(locked, name) != value}
    had = locked.owner
    if "owner" in changed:
        refuse_left(changed["owner"])
        refuse_to_accepter(locked, changed["owner"])
    before = {name: shown(getattr(locked, name)) for name in changed}
    after = {name: shown(value) for name, value in changed.items()}
    if controls is not None and (linked := linked_codes(locked)) != codes(controls):
        before["controls"], after["controls"] = linked, codes(controls)
        cover(locked, controls)
    if not after:
        raise ActionRefused("Nothing was changed.")
    for name, value in changed.items():
        setattr(locked, name, value)
    if "review_days" in changed and locked.rated_on:
        locked.next_review_on = locked.rated_on + dt.timedelta(days=locked.review_days)
        after["next_review_on"] = locked.next_review_on
    locked.save()
    if "statement" in changed:
        learn([locked])
    about = handed_on(had) if "owner" in changed else {}
    event = record("risk.edit", locked, actor=actor, before=before, after=after, metadata=about)
    if "owner" in changed:
        tell_owner(locked, key=str(event.pk), actor=actor)
    _end_acceptance(locked, actor, after.keys(), key=f"{locked.pk}:changed:{event.pk}")
    return locked


def _end_acceptance(risk: Risk, actor: Actor, changed: Collection[str], *, key: str) -> None:
    """Open an accepted one again where it is another than what was accepted; it is reviewed at once."""
    if risk.status != Risk.Status.ACCEPTED or ACCEPTED.isdisjoint(changed):
        return
    word = f"It was changed on {spelled(today())}: that is not what was accepted."
    Risk.LAPSE.apply(risk, actor=actor, note=word, next_review_on=min(risk.next_review_on, today()))
    tell_owner(risk, key=key, actor=actor, what="is open again")


@action
def rate_risk(risk: Risk, *, actor: Actor, reasoning: str, **steps: int) -> RiskRating:
    """Say how likely and how bad it is before and after controls, and where it shall come to, on the scale in force.

    That is its review, too: the next is due after its days. An acceptance ends when the risk is now higher than what was
    accepted, or was accepted on a scale that meant something else. Raises ActionRefused.
    """
    locked = locked_risk(risk)
    authorise(actor, locked.owner)
    refuse_over(locked)
    why = stated(reasoning, "Explain the rating: why so likely, why so bad, and what the controls change.", field="reasoning")
    scale = scale_for_rating(actor)
    rating = RiskRating(
        risk=locked,
        scale=scale,
        number=locked.ratings.count() + 1,
        reasoning=why,
        controls=linked_codes(locked),
        rated_on=today(),
        rated_by=member_of(actor),
        rated_at=now(),
        **{name: steps.get(name) or 0 for name in STEPS},
    )
    check_steps(rating, scale)
    rating.save(force_insert=True)
    before = told_rating(locked)
    weaker = locked.status == Risk.Status.ACCEPTED and outgrows(locked, rating)
    apply_rating(locked, rating)
    locked.save()
    record(
        "risk.rate", locked, actor=actor, before=before, after=told_rating(locked), note=why, metadata={"rating": rating.number}
    )
    if weaker:
        word = f"It was rated again on {spelled(today())}: that is not what was accepted."
        Risk.LAPSE.apply(locked, actor=actor, note=word)
    risk.refresh_from_db()
    return rating


def apply_rating(risk: Risk, rating: RiskRating) -> None:
    """Let a risk, not saved, stand as a rating says."""
    for name in STEPS:
        setattr(risk, name, getattr(rating, name))
    risk.scale, risk.reasoning = rating.scale, rating.reasoning
    risk.inherent_score, risk.residual_score = rating.inherent.score, rating.residual.score
    risk.residual_level = rating.residual.level
    risk.rated_on, risk.rated_by = rating.rated_on, rating.rated_by
    risk.next_review_on = rating.rated_on + dt.timedelta(days=risk.review_days)


def check_steps(rating: RiskRating, scale: RiskScale) -> None:
    """Raise ActionRefused, at its field, for a step that the scale does not have, or ratings that contradict each other."""
    for name in STEPS:
        value, most = getattr(rating, name), len(scale.likelihood if name.endswith("likelihood") else scale.impact)
        least = 0 if name.startswith("target") else 1
        if not least <= value <= most:
            raise ActionRefused(f"Choose one of the {most} steps.", field=name)
    if rating.residual.score > rating.inherent.score:
        raise ActionRefused("With its controls a risk is not higher than without them.", field="residual_likelihood")
    if bool(rating.target_likelihood) != bool(rating.target_impact):
        raise ActionRefused("A target has a likelihood and an impact.", field="target_likelihood")
    if rating.target_likelihood * rating.target_impact > rating.inherent.score:
        raise ActionRefused("A target is not higher than the risk without controls.", field="target_likelihood")


def told_rating(risk: Risk) -> dict[str, Any]:
    """Its ratings in the organization's words, as the trail keeps them."""
    kinds = {"inherent": risk.inherent, "residual": risk.residual, "target": risk.target}
    return {name: rated.words if rated else None for name, rated in kinds.items()}


def outgrows(risk: Risk, rating: RiskRating) -> bool:
    """Whether a rating says more than what was accepted, or says it on another measure."""
    accepted: Any = risk.scale
    return accepted.generation != rating.scale.generation or rating.residual.score > risk.residual_score


def cover(risk: Risk, controls: Collection[Control]) -> None:
    """Let these, and no other, be the controls that lower it. Part of a caller's action, which records it."""
    wanted = {control.pk for control in controls}
    there = set(RiskControl.objects.filter(risk=risk).values_list("control", flat=True))
    RiskControl.objects.filter(risk=risk, control__in=there - wanted).delete()
    RiskControl.objects.bulk_create(RiskControl(risk=risk, control_id=key) for key in wanted - there)


def codes(controls: Collection[Control]) -> list[str]:
    """Their codes in order."""
    return sorted(control.code for control in controls)


def linked_codes(risk: Risk) -> list[str]:
    """The codes of the controls that lower it now."""
    return list(RiskControl.objects.filter(risk=risk).order_by("control__code").values_list("control__code", flat=True))


def refuse_left(owner: Person) -> None:
    """Raise ActionRefused for somebody who has left."""
    if owner.has_left(today()):
        raise ActionRefused(f"{owner.name} has left.", field="owner")


def refuse_to_accepter(risk: Risk, owner: Person) -> None:
    """Raise ActionRefused where an accepted risk would come to whoever accepted it."""
    accepter = risk.accepter_person_id == owner.pk or (risk.accepted_by_id and risk.accepted_by_id == owner.member_id)
    if risk.status == Risk.Status.ACCEPTED and accepter:
        raise ActionRefused(f"{owner.name} has accepted it: it cannot be with them.", field="owner")


def refuse_over(risk: Risk) -> None:
    """Raise ActionRefused for one that is closed."""
    if risk.is_over:
        raise ActionRefused(f"{risk} is closed: open it again first.")


def locked_risk(risk: Risk) -> Risk:
    """The row, locked, with whom it is with and its scale."""
    rows = Risk.objects.select_for_update(of=("self",))
    return rows.select_related("owner__member__user", "scale").get(pk=risk.pk)


def today() -> dt.date:
    """The organization's day."""
    return current_organization().today()
