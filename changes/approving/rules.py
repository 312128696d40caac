"""Which rules a change falls under, how far they are met, and who may meet them.

Rule: every active rule whose kinds, risks and systems hold for the change has to be met by approvals of its current content,
judged by the rules as they are whenever an approval is given. Where none holds, one approval by anybody who approves changes is
enough. An author of a commit counts only beside somebody who is not one.
"""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from accounts.models import Member
from accounts.models.role import rights_of
from changes.approving.identity import Who
from changes.models import Approval, ApprovalRule, Change, ChangeSystem, RuleApprover, RuleSystem

APPROVES, WORKS = "changes.approve", "changes.work"
ANYBODY = "Anybody who approves changes"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it is asked: no kinds, risks or systems mean all of them."""

    row: ApprovalRule | None
    name: str = ANYBODY
    needed: int = 1
    kinds: frozenset[str] = frozenset()
    risks: frozenset[str] = frozenset()
    systems: frozenset[uuid.UUID] = frozenset()
    role: str = ""
    by_owner: bool = False
    people: frozenset[uuid.UUID] = frozenset()
    reviews: bool = True

    @property
    def names_somebody(self) -> bool:
        """Whether it says by whom; if not, whoever approves changes may."""
        return bool(self.role or self.by_owner or self.people)


@dataclass(frozen=True, slots=True)
class Target:
    """What rules ask of a change."""

    kind: str
    risk: str
    systems: frozenset[uuid.UUID]
    owners: frozenset[uuid.UUID]  # people


@dataclass(frozen=True, slots=True)
class Approver:
    """What rules ask of whoever approves, now or as it was when they did."""

    roles: frozenset[str]
    person: uuid.UUID | None
    approves: bool  # changes.approve
    works: bool  # changes.work: enough for somebody whom a rule names


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a rule is met: `given` of `needed`, and by whom."""

    rule: ApprovalRule | None
    name: str
    needed: int
    given: int
    who: list[str] = field(default_factory=list)
    by: str = ""  # whom it asks for, in words

    @property
    def is_met(self) -> bool:
        """Whether nothing is wanting."""
        return self.given >= self.needed


def rules_in_force() -> list[Rule]:
    """All active rules of the organization; one query."""
    rows = ApprovalRule.objects.filter(status=ApprovalRule.Status.ACTIVE).annotate(
        system_ids=ArraySubquery(RuleSystem.objects.filter(rule=OuterRef("pk")).values("system_id")),
        person_ids=ArraySubquery(RuleApprover.objects.filter(rule=OuterRef("pk")).values("person_id")),
    )
    return [
        Rule(
            row=row,
            name=row.name,
            needed=row.count,
            kinds=frozenset(row.kinds),
            risks=frozenset(row.risks),
            systems=frozenset(row.system_ids),
            role=row.role,
            by_owner=row.by_system_owner,
            people=frozenset(row.person_ids),
            reviews=row.accepts_reviews,
        )
        for row in rows
    ]


def target_of(change: Change) -> Target:
    """What rules ask of this change; one query."""
    rows: list[tuple[uuid.UUID, uuid.UUID | None]] = list(
        ChangeSystem.objects.filter(change=change).values_list("system_id", "system__owner_id")
    )
    owners = frozenset(owner for _, owner in rows if owner is not None)
    return Target(change.kind, change.risk, frozenset(key for key, _ in rows), owners)


def target_at_hand(change: Change) -> Target:
    """The same, of a change that was loaded with `systems__system`."""
    systems = [row.system for row in change.systems.all()]
    owners = frozenset(system.owner_id for system in systems if system.owner_id is not None)
    return Target(change.kind, change.risk, frozenset(system.pk for system in systems), owners)


def holds_for(rule: Rule, target: Target) -> bool:
    """Whether a change falls under a rule. One whose risk nobody assessed falls under none that asks for a level."""
    return (
        (not rule.kinds or target.kind in rule.kinds)
        and (not rule.risks or target.risk in rule.risks)
        and (not rule.systems or not rule.systems.isdisjoint(target.systems))
    )


def asked_of(target: Target, rules: Collection[Rule] | None = None) -> list[Rule]:
    """The rules that a change falls under; where there is none, that anybody approves it who may."""
    found = [rule for rule in (rules_in_force() if rules is None else rules) if holds_for(rule, target)]
    return found or [Rule(None)]


def rules_for(change: Change) -> list[Rule]:
    """The rules that this change falls under now, never empty; two queries."""
    return asked_of(target_of(change))


def may_meet(rule: Rule, target: Target, approver: Approver) -> bool:
    """Whether an approval by them counts for the rule. Whom a rule names needs no other right than to work on changes."""
    if not rule.names_somebody:
        return approver.approves
    owns = rule.by_owner and approver.person in target.owners
    named = approver.person in rule.people or owns or (rule.role != "" and rule.role in approver.roles)
    return named and approver.works


def approver_of(somebody: Who, member: Member | None = None) -> Approver:
    """As whom somebody approves now. `member` is who acts, with what their token leaves them; a person may have no account."""
    acting = member or somebody.member
    key = somebody.person.pk if somebody.person else None
    if acting is None:
        return Approver(frozenset(), key, approves=False, works=somebody.person is not None)
    return Approver(frozenset(acting.roles), key, approves=acting.can(APPROVES), works=acting.can(WORKS))


def given_for(change: Change) -> list[Approval]:
    """The approvals that are bound to what the change says now; one query."""
    rows = Approval.objects.filter(
        change=change,
        content_hash=change.content_hash,
        status=Approval.Status.GIVEN,
        answer=Approval.Answer.APPROVED,
    )
    return list(rows.select_related("approver__user", "approver_person"))


def standing(change: Change) -> list[Standing]:
    """How far each rule that the change falls under is met by approvals of its current content; three queries."""
    target = target_of(change)
    return stand(asked_of(target), target, given_for(change))


def stand(rules: Iterable[Rule], target: Target, given: Collection[Approval]) -> list[Standing]:
    """The same, of what was looked up. While only authors of its commits approve, nothing counts."""
    counted = given if any(not one.is_author for one in given) else []
    return [_stand(rule, target, counted) for rule in rules]


def is_complete(standings: Iterable[Standing]) -> bool:
    """Whether every rule is met."""
    return all(one.is_met for one in standings)


def counts_for(rule: Rule, target: Target, approval: Approval) -> bool:
    """Whether an approval that was given counts for a rule as it is now, by the roles of its moment."""
    if approval.source != Approval.Source.HERE and not rule.reviews:
        return False
    roles = frozenset(approval.roles)
    then = Approver(roles, approval.approver_person_id, approves=APPROVES in rights_of(roles), works=True)
    return may_meet(rule, target, then)


def _stand(rule: Rule, target: Target, given: Collection[Approval]) -> Standing:
    counted = [one for one in given if counts_for(rule, target, one)]
    return Standing(rule.row, rule.name, rule.needed, len(counted), [name_of(one) for one in counted], _by(rule))


def name_of(approval: Approval) -> str:
    """Who gave it."""
    named = approval.approver or approval.approver_person
    return named.name if named else ""


def asked_for(row: ApprovalRule | None, people: Collection[str] = ()) -> str:
    """Whom a rule asks for, in words, with the names of those it names."""
    words = []
    if row is not None and row.role:
        words.append(f"{'an' if row.role[0] in 'aeiou' else 'a'} {row.get_role_display().lower()}")
    if row is not None and row.by_system_owner:
        words.append("the owner of a system affected")
    return " or ".join([*words, *people]) or "anybody who approves changes"


def _by(rule: Rule) -> str:
    return asked_for(rule.row, ["somebody it names"] if rule.people else [])
