"""Writing alert rules."""

import uuid
from typing import Any

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.models import AlertRule
from tenancy.scope import current_tenant_id
from workflow.changes import change, differing, shown
from workflow.uniqueness import refusing_taken


@action
def create_rule(*, actor: Actor, **facts: Any) -> AlertRule:
    """Add a rule. It watches what arrives from now on."""
    rule = AlertRule(**facts)
    rule.full_clean(validate_unique=False, validate_constraints=False)
    with refusing_taken(AlertRule):
        rule.save(force_insert=True)
    after = {name: shown(value) for name, value in facts.items() if value}
    record("alert_rule.create", rule, actor=actor, after={**after, "recipients": _names(rule.recipients)})
    return rule


def edit_rule(rule: AlertRule, *, actor: Actor, **facts: Any) -> AlertRule:
    """Change it. Alerts that it has raised keep what they were raised for."""
    current = AlertRule.objects.get(pk=rule.pk)
    return _edit_rule(current, actor, facts) if differing(current, facts) else current


@action
def _edit_rule(rule: AlertRule, actor: Actor, facts: dict[str, Any]) -> AlertRule:
    told = facts.pop("recipients", rule.recipients)
    with refusing_taken(AlertRule):
        changed = change(rule, "alert_rule.edit", actor=actor, fields=facts)
    if told != changed.recipients:
        before, changed.recipients = changed.recipients, told
        changed.save(update_fields=["recipients"])
        names = {"before": {"recipients": _names(before)}, "after": {"recipients": _names(told)}}
        record("alert_rule.tell", changed, actor=actor, before=names["before"], after=names["after"])
    return changed


def _names(members: list[uuid.UUID]) -> list[str]:
    """Whom a rule tells, as people know them."""
    rows = Member.objects.filter(organization_id=current_tenant_id(), pk__in=members).select_related("user")
    return sorted(member.email for member in rows)


@action
def turn_off(rule: AlertRule, *, actor: Actor, reason: str) -> AlertRule:
    """Let it raise nothing more."""
    return AlertRule.TURN_OFF.apply(rule, actor=actor, note=reason.strip())


@action
def turn_on(rule: AlertRule, *, actor: Actor, reason: str) -> AlertRule:
    """Let it watch again what arrives from now on."""
    return AlertRule.TURN_ON.apply(rule, actor=actor, note=reason.strip())
