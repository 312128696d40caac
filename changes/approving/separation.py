"""Separation of duties: the one rule of who may do what to a change in which they have another part.

Every path asks it: the pages, the API, reviews of pull requests, the emergency path, the review afterwards. The database holds
the same (migration `guard`).
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from accounts.models import Member
from audit.actors import Actor
from changes.approving.authors import commits_of
from changes.approving.identity import NOBODY, Who, together, who, who_acts, wrote_some
from changes.models import Approval, Change, ChangeVersion
from inventory.models import Person

Act = Literal["approve", "agree", "implement", "verify"]
APPROVE: Act = "approve"  # or reject, also in writing after an emergency
AGREE: Act = "agree"  # by word, before an emergency
IMPLEMENT: Act = "implement"
VERIFY: Act = "verify"  # the review after implementation


class Parts:
    """Who has which part in a change, looked up once each. `known` are members by their keys, where everybody was looked up."""

    def __init__(self, change: Change, known: Mapping[object, Who] | None = None) -> None:
        self.change, self.known = change, known or {}
        self.emergency = change.type == Change.Type.EMERGENCY
        self.is_grave = change.is_grave

    @cached_property
    def requesters(self) -> Who:
        """Whoever asked for it, and whoever raised it for them."""
        change = self.change
        return together(self._who(member=change.raised_by), self._who(person=change.requester))

    @cached_property
    def implementer(self) -> Who:
        """Who carries it out."""
        return self._who(person=self.change.implementer)

    @cached_property
    def verifier(self) -> Who:
        """Who reviews it afterwards."""
        return self._who(person=self.change.verifier)

    @cached_property
    def agreed(self) -> Who:
        """Who agreed to an emergency by word."""
        return self._who(person=self.change.agreed_by)

    @cached_property
    def approvers(self) -> Who:
        """All who approved it as it is, as one."""
        given = Approval.objects.filter(change=self.change, status=Approval.Status.GIVEN, answer=Approval.Answer.APPROVED)
        rows = given.select_related("approver__user", "approver_person__member__user")
        return together(NOBODY, *(who(member=row.approver, person=row.approver_person) for row in rows))

    def is_author(self, somebody: Who) -> bool:
        """Whether they wrote a commit in it, or put it before its approvers as it is: such an approval is not enough alone."""
        return wrote_some(somebody, commits_of(self.change)) or somebody.same(self.writer)

    @cached_property
    def writer(self) -> Who:
        """Who made the version that its approvers see: by an edit, or by submitting it for somebody else."""
        version = ChangeVersion.objects.filter(change=self.change).select_related("made_by__user").order_by("-number").first()
        return self._who(member=version.made_by) if version else NOBODY

    def _who(self, *, member: Member | None = None, person: Person | None = None) -> Who:
        key = member.pk if member else person.member_id if person else None
        return self.known.get(key) or who(member=member, person=person)


def why_not(change: "Change | Parts", actor: "Actor | Who", act: Act) -> str:
    """Why this actor may not do `act` to the change for the sake of separation; empty when they may.

    The product itself (a pipeline, the schedule) is nobody: of whom it acts for is asked with a `Who`.
    """
    parts = change if isinstance(change, Parts) else Parts(change)
    somebody = actor if isinstance(actor, Who) else who_acts(actor)
    if not somebody.keys:
        return ""
    return {APPROVE: _approve, AGREE: _agree, IMPLEMENT: _implement, VERIFY: _verify}[act](parts, somebody)


def _approve(parts: Parts, somebody: Who) -> str:
    if somebody.same(parts.requesters):
        return "Whoever asks for a change does not approve it: somebody else has to."
    apart = parts.change.separate_implementer or parts.emergency
    if apart and somebody.same(parts.implementer):
        return "Whoever carries out this change does not approve it: somebody else has to."
    return ""


def _agree(parts: Parts, somebody: Who) -> str:
    if somebody.same(parts.requesters):
        return "Whoever asks for an emergency change does not agree to it: somebody else has to."
    if somebody.same(parts.implementer):
        return "Whoever carries out an emergency change does not agree to it: somebody else has to."
    return ""


def _implement(parts: Parts, somebody: Who) -> str:
    if parts.emergency and somebody.same(parts.agreed):
        return "Whoever agreed to an emergency change does not carry it out: somebody else has to."
    apart = parts.change.separate_implementer or parts.emergency
    if apart and somebody.same(parts.approvers):
        return "Whoever approved this change does not carry it out: somebody else has to."
    if parts.change.separate_verifier and somebody.same(parts.verifier):
        return "Whoever reviews this change does not carry it out: somebody else has to."
    return ""


def _verify(parts: Parts, somebody: Who) -> str:
    if parts.is_grave and somebody.same(parts.requesters):
        return "Whoever asked for a change of high risk or an emergency does not review it: somebody else has to."
    if (parts.is_grave or parts.change.separate_verifier) and somebody.same(parts.implementer):
        return "Whoever carried out this change does not review it: somebody else has to."
    return ""
