"""Everything that the page of a change asks about one change and one member, looked up once."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Prefetch

from accounts.models import Member
from changes.approving.identity import Who, who_acts, who_are
from changes.approving.rules import (
    Rule,
    Standing,
    approver_of,
    asked_of,
    is_complete,
    may_meet,
    name_of,
    rules_in_force,
    stand,
    target_at_hand,
)
from changes.approving.separation import APPROVE, Parts, why_not
from changes.models import Approval, ApprovalFor, Change, ChangeVersion
from changes.models.change import ATTEMPTED
from tenancy.models import current_organization


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule as the page shows it: how far it is met, and who could meet it now."""

    standing: Standing
    could: list[str] = field(default_factory=list)

    @property
    def count(self) -> str:
        """Such as "1 of 2"."""
        return f"{self.standing.given} of {self.standing.needed}"


class Position:
    """A change as it stands to a member. Load the change with `systems__system`."""

    def __init__(self, change: Change, member: Member, in_force: list[Rule] | None = None) -> None:
        self.change, self.member, self._in_force = change, member, in_force

    @cached_property
    def members(self) -> list[Member]:
        """Those who may enter the organization, with their users."""
        return list(Member.objects.active().of(current_organization()))

    @cached_property
    def everybody(self) -> dict[object, Who]:
        """What is known of each of them; only asked for while somebody has to approve it."""
        return who_are(self.members)

    @cached_property
    def parts(self) -> Parts:
        """Who has which part in it."""
        return Parts(self.change, self.everybody if self.waits else None)

    @cached_property
    def somebody(self) -> Who:
        """Who is looking."""
        known = self.everybody.get(self.member.pk) if self.waits else None
        return known or who_acts(self.member)

    @cached_property
    def in_writing(self) -> bool:
        """Whether it was carried out as an emergency and waits for its approval in writing."""
        change = self.change
        return change.type == Change.Type.EMERGENCY and change.status in ATTEMPTED and change.written_at is None

    @cached_property
    def waits(self) -> bool:
        """Whether somebody has to approve it."""
        submitted = self.change.status == Change.Status.SUBMITTED and self.change.type != Change.Type.STANDARD
        return submitted or self.in_writing

    @cached_property
    def _target(self) -> Any:
        return target_at_hand(self.change)

    @cached_property
    def rules(self) -> list[Rule]:
        """The rules that it falls under."""
        return asked_of(self._target, self._in_force if self._in_force is not None else rules_in_force())

    @cached_property
    def said(self) -> list[Approval]:
        """Everything that was said of it, with who, of which version and for which rules; the latest first."""
        counted = Prefetch("counted_for", queryset=ApprovalFor.objects.order_by("name"))
        rows = Approval.objects.filter(change=self.change).select_related("approver__user", "approver_person", "version")
        return list(rows.prefetch_related(counted).order_by("-given_at", "-id"))

    @cached_property
    def given(self) -> list[Approval]:
        """The approvals of it as it is, the first one first."""
        return [one for one in reversed(self.said) if self._stands(one)]

    @cached_property
    def rejected_by(self) -> str:
        """Who rejected it in writing as it is; empty when nobody did."""
        no = Approval.Answer.REJECTED
        said = (one for one in self.said if one.answer == no and one.status == Approval.Status.GIVEN)
        return next((name_of(one) for one in said if one.content_hash == self.change.content_hash), "")

    def _stands(self, one: Approval) -> bool:
        current = one.content_hash == self.change.content_hash and one.status == Approval.Status.GIVEN
        return current and one.answer == Approval.Answer.APPROVED

    @cached_property
    def versions(self) -> list[ChangeVersion]:
        """The latest two that were put before its approvers, the latest first."""
        return list(ChangeVersion.objects.filter(change=self.change).select_related("made_by__user").order_by("-number")[:2])

    @cached_property
    def mine(self) -> ChangeVersion | None:
        """The version that this member said something of last."""
        said = next((one for one in self.said if self.is_by(one, self.somebody)), None)
        return said.version if said else None

    @cached_property
    def standings(self) -> list[Standing]:
        """How far each rule is met."""
        return stand(self.rules, self._target, self.given)

    @cached_property
    def wanted(self) -> list[Rule]:
        """The rules that wait for an approval."""
        if is_complete(self.standings):
            return self.rules
        return [rule for rule, one in zip(self.rules, self.standings, strict=True) if not one.is_met]

    @cached_property
    def has_said(self) -> bool:
        """Whether this member has approved it as it is."""
        return any(self.is_by(one, self.somebody) for one in self.given)

    @cached_property
    def why_not_approve(self) -> str:
        """Why this member does not approve or reject it now; empty when they may."""
        if not self.waits:
            return "Nothing waits for approval."
        if refusal := why_not(self.parts, self.somebody, APPROVE):
            return refusal
        approver = approver_of(self.somebody, self.member)
        if any(may_meet(rule, self._target, approver) for rule in self.wanted):
            return ""
        if self.has_said:
            return "You have approved it. Somebody else has to as well."
        if any(may_meet(rule, self._target, approver) for rule in self.rules):
            return "The approvals that you could give are given."
        return "No rule that it falls under asks for your approval."

    @cached_property
    def asked(self) -> list[Asked]:
        """Each rule, with those who could meet it; three more queries while it waits."""
        if not self.waits:
            return [Asked(one) for one in self.standings]
        able = self._able()
        return [
            Asked(one, [who.member.name for who in able if who.member and self._could(rule, who)])
            for rule, one in zip(self.rules, self.standings, strict=True)
        ]

    @cached_property
    def could(self) -> list[str]:
        """Everybody who could approve it now."""
        return sorted({name for one in self.asked for name in one.could})

    def _able(self) -> list[Who]:
        everybody = self.everybody.values()
        said = [one for one in everybody if any(self.is_by(approval, one) for approval in self.given)]
        return [one for one in everybody if one not in said and not why_not(self.parts, one, APPROVE)]

    def _could(self, rule: Rule, who: Who) -> bool:
        return rule in self.wanted and may_meet(rule, self._target, approver_of(who))

    @staticmethod
    def is_by(approval: Approval, who: Who) -> bool:
        """Whether they gave it."""
        member = who.member is not None and approval.approver_id == who.member.pk
        return member or (who.person is not None and approval.approver_person_id == who.person.pk)
