"""Writing approval rules."""

from collections.abc import Collection
from typing import Any

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from changes.models import ApprovalRule, RuleApprover, RuleSystem
from inventory.models import Person, System
from ui.refusals import ActionRefused, stated
from workflow.uniqueness import refusing_taken

RULE = "change_rules.write"
FIELDS = ("name", "kinds", "risks", "role", "by_system_owner", "count", "accepts_reviews")


@action
def create_rule(
    *, actor: Actor, systems: Collection[System] = (), approvers: Collection[Person] = (), **fields: Any
) -> ApprovalRule:
    """Add a rule: from now on approvals are judged by it, of open changes too. Raises ActionRefused."""
    _authorise(actor)
    rule = ApprovalRule(**fields)
    _clean(rule, approvers)
    with refusing_taken(ApprovalRule):
        rule.save(force_insert=True)
    _put(rule, systems, approvers)
    record("approval_rule.create", rule, actor=actor, after=_told(rule, systems, approvers))
    return rule


def edit_rule(
    rule: ApprovalRule, *, actor: Actor, systems: Collection[System], approvers: Collection[Person], **fields: Any
) -> ApprovalRule:
    """Change a rule that is in force; nothing happens when nothing differs. Raises ActionRefused."""
    current = ApprovalRule.objects.get(pk=rule.pk)
    if _facts(current) == {**_facts(current), **fields} and _related(current) == (_keys(systems), _keys(approvers)):
        return current
    return _edit(current, actor, systems, approvers, fields)


@action
def _edit(
    rule: ApprovalRule, actor: Actor, systems: Collection[System], approvers: Collection[Person], fields: dict[str, Any]
) -> ApprovalRule:
    _authorise(actor)
    current = ApprovalRule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    ApprovalRule.RETIRE.check(current)
    old_systems = [row.system for row in current.systems.select_related("system")]
    old_people = [row.person for row in current.approvers.select_related("person")]
    before = _told(current, old_systems, old_people)
    for name, value in fields.items():
        setattr(current, name, value)
    _clean(current, approvers)
    with refusing_taken(ApprovalRule):
        current.save()
    current.systems.all().delete()
    current.approvers.all().delete()
    _put(current, systems, approvers)
    after = _told(current, systems, approvers)
    differing = [name for name in after if before[name] != after[name]]
    record(
        "approval_rule.edit",
        current,
        actor=actor,
        before={name: before[name] for name in differing},
        after={name: after[name] for name in differing},
    )
    return current


@action
def retire_rule(rule: ApprovalRule, *, actor: Actor, reason: str) -> None:
    """Take it out of force, with a reason."""
    ApprovalRule.RETIRE.apply(rule, actor=actor, note=stated(reason))


@action
def restore_rule(rule: ApprovalRule, *, actor: Actor) -> None:
    """Put it back in force."""
    ApprovalRule.RESTORE.apply(rule, actor=actor)


def _authorise(actor: Actor) -> None:
    if not actor.can(RULE):
        raise ActionRefused("Your role does not allow this.")


def _clean(rule: ApprovalRule, approvers: Collection[Person]) -> None:
    rule.name = rule.name.strip()
    rule.full_clean(exclude={"tenant", "status"}, validate_unique=False)
    if not rule.role and not rule.by_system_owner and approvers and rule.count > len(approvers):
        raise ActionRefused(f"It names {len(approvers)}: more than that cannot approve.", field="count")


def _put(rule: ApprovalRule, systems: Collection[System], approvers: Collection[Person]) -> None:
    RuleSystem.objects.bulk_create([RuleSystem(rule=rule, system=one) for one in systems])
    RuleApprover.objects.bulk_create([RuleApprover(rule=rule, person=one) for one in approvers])


def _facts(rule: ApprovalRule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in FIELDS}


def _told(rule: ApprovalRule, systems: Collection[System], approvers: Collection[Person]) -> dict[str, Any]:
    """What the trail says of it."""
    names = {"systems": sorted(one.name for one in systems), "approvers": sorted(one.name for one in approvers)}
    return {**_facts(rule), **names}


def _related(rule: ApprovalRule) -> tuple[set[Any], set[Any]]:
    return set(rule.systems.values_list("system_id", flat=True)), set(rule.approvers.values_list("person_id", flat=True))


def _keys(rows: Collection[Any]) -> set[Any]:
    return {row.pk for row in rows}
