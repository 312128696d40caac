"""A change under random handling: nothing is carried out unapproved outside the emergency path, whatever is done in any order.

What holds is judged from the rows alone: by the approvals that are given, and by what the change says now.
"""

import datetime as dt
import os
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.models import Member
from changes.approving.content import content_of
from changes.approving.ruling import create_rule
from changes.drafting.actions import edit_change
from changes.drafting.settings import choose_settings
from changes.lifecycle import actions
from changes.models import Approval, ApprovalRule, Change, ChangeVersion
from inventory.models import Person
from tenancy.models import Organization
from tenancy.scope import now, tenant
from tests.cast import Cast
from tests.changes.making import a_draft, a_system, person_of
from ui.refusals import ActionRefused
from workflow.binding import hash_of

EXAMPLES = 240
SHARE = 1 if os.environ.get("PLUMBLINE_TEST_ROUNDS") == "long" else 20
ROLES = ["administrator", "manager", "reviewer", "approver", "executive", "employee"]
ALLOWED = {"approved", "scheduled"}
DONE = {"implemented", "failed", "rolled_back", "reviewed", "closed"}
WHO = st.sampled_from(ROLES)
# Twice as likely: whose it is, and who approves. Else few changes would get anywhere.
LIKELY = st.sampled_from([*ROLES, "employee", "employee", "manager"])
APPROVES = st.sampled_from([*ROLES, "approver", "approver", "executive", "manager"])


class ChangeMachine(RuleBasedStateMachine):
    """One change, its people, and the hashes that an approver may still have on their screen."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.scope = tenant(Organization.objects.get(slug="acme"))
        self.scope.__enter__()
        self.members: dict[str, Member] = {role: getattr(Cast(), role) for role in ROLES}
        self.people: dict[str, Person] = {role: person_of(member) for role, member in self.members.items()}
        self.change = a_draft(self.members["employee"], [a_system(self.members["manager"])])
        self.seen: list[str] = [""]
        self.moves = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.scope.__exit__(None, None, None)
        self.transaction.__exit__(None, None, None)

    def tried(self, act: Callable[..., Any], who: str, **given: Any) -> None:
        """Do it, or be refused: then the change is as it was. Anything else that is raised is a fault."""
        before = self.facts()
        try:
            with transaction.atomic():
                act(Change.objects.get(pk=self.change.pk), actor=self.members[who], **given)
        except ActionRefused:
            assert self.facts() == before
        self.change = Change.objects.get(pk=self.change.pk)
        self.seen = [*self.seen[-2:], self.change.content_hash]

    def facts(self) -> Any:
        """All that could have moved."""
        row = Change.objects.filter(pk=self.change.pk).values().get()
        return row, list(Approval.objects.order_by("pk").values()), ChangeVersion.objects.count()

    @rule(who=LIKELY, text=st.sampled_from(["Two cores more.", "Four cores more.", "Another machine."]))
    def edit(self, who: str, text: str) -> None:
        self.tried(edit_change, who, description=text)

    @rule(who=LIKELY, kind=st.sampled_from(["normal", "normal", "emergency", "standard"]))
    def call_it(self, who: str, kind: str) -> None:
        self.tried(edit_change, who, type=kind)

    @rule(who=LIKELY, requester=WHO)
    def ask_for(self, who: str, requester: str) -> None:
        self.tried(edit_change, who, requester=self.people[requester])

    @rule(who=LIKELY, implementer=WHO)
    def hand_over(self, who: str, implementer: str) -> None:
        self.tried(edit_change, who, implementer=self.people[implementer])

    @rule(who=LIKELY, verifier=WHO)
    def have_reviewed(self, who: str, verifier: str) -> None:
        self.tried(edit_change, who, verifier=self.people[verifier])

    @rule(who=LIKELY)
    def submit(self, who: str) -> None:
        self.tried(actions.submit, who)

    @rule(who=APPROVES, stale=st.sampled_from([1, 1, 1, 2, 3]))
    def approve(self, who: str, stale: int) -> None:
        self.tried(actions.approve, who, content_hash=self.seen[-stale:][0])

    @rule(who=APPROVES)
    def reject(self, who: str) -> None:
        self.tried(actions.reject, who, content_hash=self.change.content_hash, reason="Too late in the day.")

    @rule(who=LIKELY)
    def withdraw(self, who: str) -> None:
        self.tried(actions.withdraw, who, reason="Not needed.")

    @rule(who=LIKELY)
    def rework(self, who: str) -> None:
        self.tried(actions.rework, who)

    @rule(who=LIKELY)
    def void(self, who: str) -> None:
        self.tried(actions.ask_again, who, reason="Approved in error.")

    @rule(who=LIKELY, implementer=WHO, hours=st.integers(0, 3))
    def schedule(self, who: str, implementer: str, hours: int) -> None:
        at = now() - dt.timedelta(minutes=1) + dt.timedelta(hours=hours)
        window = {"window_from": at, "window_until": at + dt.timedelta(hours=1)}
        self.tried(actions.schedule, who, implementer=self.people[implementer], **window)

    @rule(who=LIKELY, by=st.sampled_from(["", *ROLES]), reason=st.sampled_from(["", "It was late."]))
    def implement(self, who: str, by: str, reason: str) -> None:
        self.tried(actions.implement, who, by=self.people.get(by), reason=reason)

    @rule(who=LIKELY, agreed_by=WHO)
    def agree(self, who: str, agreed_by: str) -> None:
        self.tried(actions.record_agreement, who, agreed_by=self.people[agreed_by], reason="Nobody could pay.")

    @rule(who=LIKELY, by=st.sampled_from(["", *ROLES]))
    def implement_first(self, who: str, by: str) -> None:
        self.tried(actions.implement_first, who, by=self.people.get(by))

    @rule(who=LIKELY)
    def fail(self, who: str) -> None:
        self.tried(actions.fail, who, reason="It did not start.")

    @rule(who=LIKELY)
    def roll_back(self, who: str) -> None:
        self.tried(actions.roll_back, who, reason="It did not work.")

    @rule(who=LIKELY, outcome=st.sampled_from(Change.Outcome.values), close=st.booleans())
    def review(self, who: str, outcome: str, close: bool) -> None:
        self.tried(actions.review, who, outcome=outcome, effect="Faster.", lessons="Measure first.", close=close)

    @rule(who=LIKELY)
    def close(self, who: str) -> None:
        self.tried(actions.close, who)

    @rule(answer=st.sampled_from(Approval.Answer.values), who=APPROVES)
    def review_request(self, answer: str, who: str) -> None:
        given = {"person": self.people[who], "answer": answer, "source": "github", "head_sha": "", "given_at": now()}
        self.tried(actions.approve_by_review, "manager", **given)

    @rule(who=APPROVES)
    def dismiss_review(self, who: str) -> None:
        self.tried(actions.void_review, "manager", person=self.people[who], reason="Dismissed.")

    @rule(apart=st.booleans(), reviewed=st.booleans())
    def choose(self, apart: bool, reviewed: bool) -> None:
        choose_settings(actor=self.members["manager"], separate_implementer=apart, separate_verifier=reviewed)

    @rule(count=st.integers(1, 2), role=st.sampled_from(["", "approver", "executive"]))
    def ask_for_more(self, count: int, role: str) -> None:
        if ApprovalRule.objects.count() < 2:
            name = f"Rule {ApprovalRule.objects.count()}"
            create_rule(actor=self.members["manager"], name=name, count=count, role=role)

    @invariant()
    def nothing_is_carried_out_unapproved(self) -> None:
        change = self.change
        if change.type == "normal" and change.status in ALLOWED | DONE:
            assert self.approvals(), f"{change.status} without an approval of what it says"
        if change.type == "standard":
            assert change.status not in ALLOWED | DONE, "no template was ever approved"

    @invariant()
    def an_emergency_was_agreed_to_and_ends_approved_in_writing(self) -> None:
        change = self.change
        if change.type != "emergency":
            return
        if change.status in DONE:
            assert change.agreed_by is not None
            assert change.agreed_by not in {change.requester, change.implementer}
        if change.status in ALLOWED | {"reviewed", "closed"}:
            written = [one for one in self.approvals() if one.approver_person_id != change.implementer_id]
            assert written, f"{change.status} without an approval in writing"

    @invariant()
    def what_was_approved_is_what_it_says(self) -> None:
        """Every approval that stands is of the change as it is now, and those of anything else are void."""
        if self.change.status in {"draft", "withdrawn"}:
            assert not Approval.objects.filter(status="given").exists()
            return
        hashes = {hash_of(content_of(self.change)), hash_of(content_of(self.change, narrowed=True))}
        assert self.change.content_hash in {*hashes, ""}
        given = Approval.objects.filter(status="given").values_list("content_hash", flat=True)
        assert set(given) <= {self.change.content_hash}

    @invariant()
    def nobody_has_two_parts_that_are_kept_apart(self) -> None:
        change, approvers = self.change, {one.approver_person for one in self.approvals()}
        assert change.requester not in approvers
        if change.status in DONE and change.separate_implementer:
            assert change.implementer not in approvers
        if change.separate_verifier and change.implementer is not None and change.status != "draft":
            assert change.verifier != change.implementer

    def approvals(self) -> list[Approval]:
        """Those that stand for what the change says, by somebody who did not ask for it."""
        rows = Approval.objects.filter(change=self.change, status="given", answer="approved")
        of_this = rows.filter(content_hash=self.change.content_hash).select_related("approver_person", "approver__user")
        return [one for one in of_this if one.approver_id != self.change.raised_by_id]


@pytest.mark.slow
def test_nothing_is_carried_out_unapproved_whatever_is_done_in_any_order(db):
    steps = settings(
        max_examples=EXAMPLES // SHARE,
        stateful_step_count=25,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(ChangeMachine, settings=steps)
