"""Writing who is told of which incidents, step by step. What runs already goes on by the steps it began with."""

from collections.abc import Sequence
from typing import Any

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from incidents.models import EscalationPolicy, EscalationStep, Severity
from incidents.models.oncall import RUN
from incidents.oncall.targets import worded
from tenancy.scope import now
from ui.refusals import ActionRefused, stated
from workflow.changes import change, differing
from workflow.uniqueness import refusing_taken

MOST = 10  # steps


@action
def create_policy(*, actor: Actor, **facts: Any) -> EscalationPolicy:
    """Add a policy: name, severities, kinds, repeats. It tells nobody before it has a step. Raises ActionRefused."""
    _authorise(actor)
    policy = EscalationPolicy(made_by_id=actor.id, made_at=now(), **facts)
    _judge(policy)
    with refusing_taken(EscalationPolicy):
        policy.save(force_insert=True)
    record("escalation_policy.create", policy, actor=actor, after=facts)
    return policy


@action
def edit_policy(policy: EscalationPolicy, *, actor: Actor, **facts: Any) -> EscalationPolicy:
    """Change its name, which incidents it is about, or how often it begins again. Raises ActionRefused."""
    _authorise(actor)
    locked = _locked(policy)
    if not differing(locked, facts):
        raise ActionRefused("It says so already: nothing was changed.")
    _judge(
        EscalationPolicy(**{name: facts.get(name, getattr(locked, name)) for name in ("severities", "kinds", "repeats", "name")})
    )
    with refusing_taken(EscalationPolicy):
        return change(locked, "escalation_policy.edit", actor=actor, fields=facts)


@action
def put_step(
    policy: EscalationPolicy,
    *,
    actor: Actor,
    targets: Sequence[str],
    minutes: int,
    place: int = 0,
    step: EscalationStep | None = None,
) -> EscalationStep:
    """Add a step, or change one; `place` counts from 1, and 0 is the end. Raises ActionRefused."""
    _authorise(actor)
    locked = _locked(policy)
    before = said_of(locked)
    steps = [one for one in locked.steps.order_by("position") if step is None or one.pk != step.pk]
    if not targets:
        raise ActionRefused("Choose whom it tells.", field="targets")
    if len(steps) >= MOST:
        raise ActionRefused(f"A policy has at most {MOST} steps.")
    kept = EscalationStep.objects.get(pk=step.pk) if step else EscalationStep(policy=locked, position=len(steps))
    kept.targets, kept.minutes = list(dict.fromkeys(targets)), minutes
    steps.insert(len(steps) if place < 1 else min(place - 1, len(steps)), kept)
    _put(steps)
    after = said_of(locked)
    if before == after:
        raise ActionRefused("It says so already: nothing was changed.")
    record("escalation_policy.put_step", locked, actor=actor, before={"steps": before}, after={"steps": after})
    return kept


@action
def remove_step(step: EscalationStep, *, actor: Actor) -> EscalationPolicy:
    """Take a step out of its policy."""
    _authorise(actor)
    locked = _locked(step.policy)
    before = said_of(locked)
    EscalationStep.objects.filter(pk=step.pk).delete()
    _put(list(locked.steps.order_by("position")))
    record("escalation_policy.remove_step", locked, actor=actor, before={"steps": before}, after={"steps": said_of(locked)})
    return locked


@action
def retire(policy: EscalationPolicy, *, actor: Actor, reason: str) -> None:
    """New incidents do not go by it any more."""
    EscalationPolicy.RETIRE.apply(policy, actor=actor, note=stated(reason, field="reason"))


@action
def restore(policy: EscalationPolicy, *, actor: Actor) -> None:
    """New incidents go by it again."""
    EscalationPolicy.RESTORE.apply(policy, actor=actor)


def said_of(policy: EscalationPolicy) -> list[str]:
    """Its steps, as the trail says them."""
    steps = policy.steps.order_by("position")
    return [f"{', '.join(worded(step.targets))}; then {step.minutes} min" for step in steps]


def _put(steps: Sequence[EscalationStep]) -> None:
    for position, step in enumerate(steps):
        step.position = position
        step.save()


def _judge(policy: EscalationPolicy) -> None:
    if not policy.severities:
        raise ActionRefused("Choose at least one severity.", field="severities")
    if not set(policy.severities) <= set(Severity.values):
        raise ActionRefused("There is no such severity.", field="severities")


def _locked(policy: EscalationPolicy) -> EscalationPolicy:
    found = EscalationPolicy.objects.select_for_update(of=("self",)).get(pk=policy.pk)
    if found.status != EscalationPolicy.Status.ACTIVE:
        raise ActionRefused("It is retired: put it back into use first.")
    return found


def _authorise(actor: Actor) -> None:
    if not actor.can(RUN):
        raise ActionRefused("Your role does not allow this.")
