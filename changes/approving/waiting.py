"""The changes that wait for somebody's approval."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.models import Member
from changes.approving.identity import Who
from changes.approving.rules import (
    APPROVES,
    WORKS,
    Approver,
    Rule,
    Target,
    approver_of,
    asked_of,
    given_for,
    may_meet,
    rules_in_force,
    stand,
    target_at_hand,
    target_of,
)
from changes.models import Approval, Change, ChangeSystem
from changes.models.change import ATTEMPTED
from inventory.models import Person

IN_WRITING = Q(type="emergency", status__in=ATTEMPTED, written_at=None)
OPEN = (Q(status="submitted") & ~Q(type="standard")) | IN_WRITING


def waiting_for(member: Member, in_force: Collection[Rule] | None = None) -> QuerySet[Change]:
    """The changes that this member may approve now, as far as the database can tell.

    Two or three queries here, one less with the rules `in_force`, and one when it is read. `separation.why_not` has the last
    word.
    """
    if not (member.can(APPROVES) or member.can(WORKS)):
        return Change.objects.none()
    somebody = Who(member, Person.objects.filter(member=member.pk).first(), frozenset())
    rules = rules_in_force() if in_force is None else in_force
    approver = approver_of(somebody, member)
    may = [falls_under(rule) & by for rule in rules if (by := _by(rule, approver)) is not None]
    if approver.approves:
        may.append(~_any(falls_under(rule) for rule in rules))
    if not may:
        return Change.objects.none()
    found = Change.objects.filter(OPEN, _any(may)).exclude(_own(somebody)).exclude(Exists(_said(somebody)))
    return found.exclude(pk__in=_met(rules, approver))


def _any(several: Iterable[Q]) -> Q:
    joined = Q(pk__in=[])
    for one in several:
        joined |= one
    return joined


def falls_under(rule: Rule) -> Q:
    """The changes that fall under a rule, as `holds_for` judges one."""
    held = ~Q(pk__in=[])
    if rule.kinds:
        held &= Q(kind__in=rule.kinds)
    if rule.risks:
        held &= Q(risk__in=rule.risks)
    if rule.systems:
        held &= Q(Exists(ChangeSystem.objects.filter(change=OuterRef("pk"), system__in=rule.systems)))
    return held


def _by(rule: Rule, approver: Approver) -> Q | None:
    """Which of them this approver counts for, as `may_meet` judges one; None when for none."""
    if may_meet(rule, Target("", "", frozenset(), frozenset()), approver):
        return ~Q(pk__in=[])
    if rule.by_owner and approver.works and approver.person:
        return Q(Exists(ChangeSystem.objects.filter(change=OuterRef("pk"), system__owner=approver.person)))
    return None


def _own(somebody: Who) -> Q:
    """Those they asked for, and those they carry out where that is kept apart."""
    own, apart = Q(pk__in=[]), Q(separate_implementer=True) | Q(type="emergency")
    if somebody.member:
        own |= Q(raised_by=somebody.member) | Q(requester__member=somebody.member)
    if somebody.person:
        own |= Q(requester=somebody.person) | (Q(implementer=somebody.person) & apart)
    return own


def _said(somebody: Who) -> QuerySet[Approval]:
    """What they said of the change as it is."""
    by = Q(approver=somebody.member) if somebody.member else Q()
    if somebody.person:
        by |= Q(approver_person=somebody.person)
    return Approval.objects.filter(by, change=OuterRef("pk"), content_hash=OuterRef("content_hash"), status="given")


def _met(rules: Collection[Rule], approver: Approver) -> list[UUID]:
    """Changes that others approve already, where this approver's rules are met; two queries more if there are any."""
    given = Approval.objects.filter(status=Approval.Status.GIVEN, answer=Approval.Answer.APPROVED)
    current = given.filter(change=OuterRef("pk"), content_hash=OuterRef("content_hash"))
    begun = Change.objects.filter(OPEN, Exists(current)).prefetch_related(
        Prefetch("systems", queryset=ChangeSystem.objects.select_related("system")),
        Prefetch("approvals", queryset=given.select_related("approver__user", "approver_person")),
    )
    return [change.pk for change in begun if not _wants(change, approver, rules)]


def _wants(change: Change, approver: Approver, rules: Collection[Rule]) -> list[Rule]:
    """As `wants`, of what was fetched before."""
    target = target_at_hand(change)
    given = [one for one in change.approvals.all() if one.content_hash == change.content_hash]
    return wanted_of(asked_of(target, rules), target, given, approver)


def wants(change: Change, approver: Approver) -> list[Rule]:
    """The rules that wait for an approval by them; three queries."""
    target = target_of(change)
    return wanted_of(asked_of(target), target, given_for(change), approver)


def wanted_of(asked: Collection[Rule], target: Target, given: Collection[Approval], approver: Approver) -> list[Rule]:
    """The rules that wait for an approval by them.

    When every rule is met and the change waits all the same (a rule was relaxed since, or an approver wrote some of it), one
    more approval is wanted, under any rule.
    """
    standings = stand(asked, target, given)
    unmet = [rule for rule, one in zip(asked, standings, strict=True) if not one.is_met]
    return [rule for rule in (unmet or asked) if may_meet(rule, target, approver)]
