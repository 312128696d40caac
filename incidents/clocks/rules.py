"""Rules as an organization keeps them: taken from the templates, changed, confirmed, turned on and off."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError

from audit.actions import action
from audit.actors import Actor, System
from audit.record import record
from incidents.clocks.templates import TEMPLATES
from incidents.models import NotificationRule
from incidents.rights import RUN
from tenancy.models import Organization
from ui.refusals import ActionRefused
from workflow.changes import change, differing

PRODUCT = System("incidents")
FIELDS = (
    "name", "recipient", "basis", "advice", "trigger", "amount", "unit", "cap_trigger", "cap_amount", "cap_unit", "follows",
    "kinds", "data",
)  # fmt: skip
_CONFIRMED = {"confirmed_by": "", "confirmed_on": None}


def seed(_organization: Organization, _at: dt.datetime) -> None:
    """Give an organization the templates, once. Run by the schedule; idempotent."""
    if not NotificationRule.objects.exists():
        take_templates(actor=PRODUCT)


@action
def take_templates(*, actor: Actor) -> list[NotificationRule]:
    """Make rules of the templates that the organization does not have yet; those for most companies are on."""
    _authorise(actor)
    made: dict[str, NotificationRule] = {rule.key: rule for rule in NotificationRule.objects.exclude(key="")}
    new = []
    for position, (key, facts) in enumerate(TEMPLATES.items()):
        if key in made:
            continue
        follows = made.get(facts.get("follows", ""))
        rule = NotificationRule(key=key, position=position, **{**facts, "follows": follows})
        rule.save(force_insert=True)
        record("notification_rule.add", rule, actor=actor, after={"name": rule.name, "state": rule.get_status_display()})
        made[key] = rule
        new.append(rule)
    if not new:
        raise ActionRefused("You have all of them already.")
    return new


@action
def add_rule(*, actor: Actor, **facts: Any) -> NotificationRule:
    """Make a rule of one's own; it is off until it is turned on. Raises ActionRefused."""
    _authorise(actor)
    rule = NotificationRule(**{name: facts[name] for name in FIELDS if name in facts})
    _check(rule)
    rule.save(force_insert=True)
    record("notification_rule.add", rule, actor=actor, after={"name": rule.name})
    return rule


def edit_rule(rule: NotificationRule, *, actor: Actor, **facts: Any) -> NotificationRule:
    """Change a rule. Clocks that run keep the terms they began with; what counsel confirmed is to be confirmed again.

    What is as it was is left alone. Raises ActionRefused.
    """
    _authorise(actor)
    given = {name: value for name, value in facts.items() if name in FIELDS}
    current = rule.refreshed()
    return _edit_rule(current, actor, given | _CONFIRMED) if differing(current, given) else current


@action
def _edit_rule(rule: NotificationRule, actor: Actor, given: dict[str, Any]) -> NotificationRule:
    current = rule.refreshed()
    for name, value in given.items():
        setattr(current, name, value)
    _check(current)
    return change(rule, "notification_rule.edit", actor=actor, fields=given)


@action
def confirm_rule(rule: NotificationRule, *, actor: Actor, counsel: str, on: dt.date) -> NotificationRule:
    """Note who of counsel confirmed the rule as it stands."""
    _authorise(actor)
    given = {"confirmed_by": counsel.strip(), "confirmed_on": on}
    if not differing(rule.refreshed(), given):
        raise ActionRefused("It says so already: nothing was changed.")
    return change(rule, "notification_rule.confirm", actor=actor, fields=given)


def _authorise(actor: Actor) -> None:
    if not actor.can(RUN):
        raise ActionRefused("This is for those who run incidents.")


def _check(rule: NotificationRule) -> None:
    try:
        rule.full_clean(exclude={"tenant"})
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise ActionRefused(" ".join(messages), field=None if field == "__all__" else field) from error
