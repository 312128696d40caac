"""Turning rules on and off."""

from audit.actions import action
from audit.actors import Actor
from incidents.clocks.starting import settle_pending
from incidents.models import NotificationRule


@action
def turn_on(rule: NotificationRule, *, actor: Actor) -> NotificationRule:
    """Let it start clocks, also of incidents that are not over. Raises ActionRefused."""
    NotificationRule.TURN_ON.apply(rule, actor=actor)
    settle_pending(actor)
    return rule


@action
def turn_off(rule: NotificationRule, *, actor: Actor, reason: str = "") -> NotificationRule:
    """Let it start no more clocks; those that run go on until somebody decides. Raises ActionRefused."""
    return NotificationRule.TURN_OFF.apply(rule, actor=actor, note=reason.strip())
