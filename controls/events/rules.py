"""Writing alert rules."""

from typing import Any

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.models import AlertRule
from workflow.changes import change, differing, shown
from workflow.uniqueness import refusing_taken


@action
def create_rule(*, actor: Actor, **facts: Any) -> AlertRule:
    """Add a rule. It watches what arrives from now on."""
    rule = AlertRule(**facts)
    rule.full_clean(validate_unique=False, validate_constraints=False)
    with refusing_taken(AlertRule):
        rule.save(force_insert=True)
    record("alert_rule.create", rule, actor=actor, after={name: shown(value) for name, value in facts.items() if value})
    return rule


def edit_rule(rule: AlertRule, *, actor: Actor, **facts: Any) -> AlertRule:
    """Change it. Alerts that it has raised keep what they were raised for."""
    current = AlertRule.objects.get(pk=rule.pk)
    return _edit_rule(current, actor, facts) if differing(current, facts) else current


@action
def _edit_rule(rule: AlertRule, actor: Actor, facts: dict[str, Any]) -> AlertRule:
    with refusing_taken(AlertRule):
        return change(rule, "alert_rule.edit", actor=actor, fields=facts)


@action
def turn_off(rule: AlertRule, *, actor: Actor, reason: str) -> AlertRule:
    """Let it raise nothing more."""
    return AlertRule.TURN_OFF.apply(rule, actor=actor, note=reason.strip())


@action
def turn_on(rule: AlertRule, *, actor: Actor, reason: str) -> AlertRule:
    """Let it watch again what arrives from now on."""
    return AlertRule.TURN_ON.apply(rule, actor=actor, note=reason.strip())
