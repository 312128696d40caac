"""A review under random handling: no decision is lost, none is made after sign-off, none by the person it is about."""

import os
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from accounts.models import Member, User
from audit.models import AuditEvent
from inventory.models import Removal
from reviews.campaigns.progress import progress_of
from reviews.deciding.actions import decide, decide_many, take_back
from reviews.deciding.reassign import reassign_items
from reviews.deciding.rules import KEEP, Choice
from reviews.models import Item
from reviews.signoff.actions import removals_of, sign_off
from reviews.signoff.closing import close_checked
from reviews.signoff.digest import decision_digest
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.cast import Cast
from tests.reviews.world import NOW, changed, days_ago, grant, person, person_of, snapshot, started, system
from ui.refusals import ActionRefused

EXAMPLES = 200
ROUNDS = os.environ.get("PLUMBLINE_TEST_ROUNDS", "")
SHARE = 1 if ROUNDS == "long" else 20
CHOICES = [
    KEEP,
    Choice("retain", reason="Asked them"),
    Choice("revoke", reason_code="left"),
    Choice("modify", reason_code="moved", target_role="Guest"),
]
ITEMS = 7


class CampaignMachine(RuleBasedStateMachine):
    """The review, and beside it what it should hold."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.organization = Organization.objects.get(slug="acme")
        self.scope = tenant(self.organization)
        self.scope.__enter__()
        cast = Cast()
        self.manager = cast.manager
        user = User.objects.create_user(email="second@acme.example", name="Second Reviewer", password="Correct-Horse-9-Battery")
        second = Member.objects.create(organization=self.organization, user=user, roles=["reviewer"])
        self.people = {cast.reviewer: person_of(cast.reviewer), cast.manager: person_of(cast.manager)}
        self.people[second] = person("Second Reviewer", member=second)
        self.members = list(self.people)
        self.campaign = self._campaign()
        self.items = list(Item.objects.order_by("position").select_related("subject", "entitlement"))
        self.decisions: dict[Any, str] = {item.pk: "" for item in self.items}
        self.reviewers: dict[Any, Any] = {item.pk: item.reviewer for item in self.items}
        self.events = 0
        self.signed = ""

    def _campaign(self) -> Any:
        owner, backup, _ = self.people.values()
        okta = system(owner=owner, backup_reviewer=backup, reviewer_order=["system_owner", "backup"])
        grants = [grant(who) for who in self.people.values()]
        grants += [grant(person("Anna")), grant(person("Ben"), privileged=True, last_used_at=days_ago(2))]
        grants += [grant(person("Cleo"), last_used_at=days_ago(200)), grant("root")]
        snapshot(okta, grants)
        return started(okta, actor=self.manager)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.scope.__exit__(None, None, None)
        self.transaction.__exit__(None, None, None)

    def why_not(self, item: Item, who: Member, choice: Choice, *, bulk: bool = False) -> bool:
        """Whether the model refuses."""
        own = item.subject == self.people[who]
        special = item.flagged or (bulk and item.privileged)
        wordless = choice.decision == "retain" and special and (bulk or not choice.reason)
        return bool(self.signed or own or self.reviewers[item.pk] != self.people[who] or wordless)

    @rule(number=st.integers(0, ITEMS - 1), who=st.integers(0, 2), choice=st.sampled_from(CHOICES))
    def decide(self, number: int, who: int, choice: Choice) -> None:
        item, member = self.items[number], self.members[who]
        if self.why_not(item, member, choice):
            with pytest.raises(ActionRefused), transaction.atomic():
                decide(item, choice, actor=member)
            return
        decide(item, choice, actor=member)
        self.decisions[item.pk] = choice.decision
        self.events += 1

    @rule(numbers=st.sets(st.integers(0, ITEMS - 1), min_size=1), who=st.integers(0, 2), choice=st.sampled_from(CHOICES))
    def decide_in_bulk(self, numbers: set[int], who: int, choice: Choice) -> None:
        chosen, member = [self.items[number] for number in numbers], self.members[who]
        rows = Item.objects.filter(pk__in=[item.pk for item in chosen])
        result = decide_many(rows, choice, campaign=self.campaign, actor=member)
        expected = {item.pk for item in chosen if not self.why_not(item, member, choice, bulk=True)}
        assert set(result.done) == expected
        assert set(result.refused) == {item.pk for item in chosen} - expected
        for key in expected:
            self.decisions[key] = choice.decision
        self.events += len(expected)

    @rule(number=st.integers(0, ITEMS - 1), who=st.integers(0, 2))
    def take_back(self, number: int, who: int) -> None:
        item, member = self.items[number], self.members[who]
        if self.why_not(item, member, Choice()):
            with pytest.raises(ActionRefused), transaction.atomic():
                take_back(item, actor=member)
            return
        take_back(item, actor=member)
        self.decisions[item.pk] = ""

    @rule(numbers=st.sets(st.integers(0, ITEMS - 1), min_size=1), who=st.integers(0, 2))
    def reassign(self, numbers: set[int], who: int) -> None:
        chosen, to = [self.items[number] for number in numbers], self.people[self.members[who]]
        rows = Item.objects.filter(pk__in=[item.pk for item in chosen])
        if self.signed:
            with pytest.raises(ActionRefused), transaction.atomic():
                reassign_items(rows, campaign=self.campaign, to=to, reason="Leave", actor=self.manager)
            return
        result = reassign_items(rows, campaign=self.campaign, to=to, reason="Leave", actor=self.manager)
        for item in chosen:
            moves = item.subject != to and not self.decisions[item.pk] and self.reviewers[item.pk] != to
            assert (item.pk in set(result.done)) == moves
            if moves:
                self.reviewers[item.pk] = to

    @rule(days=st.integers(0, 40))
    def pass_the_deadline(self, days: int) -> None:
        """A deadline reminds and shows; it decides nothing."""
        late = progress_of(self.campaign.refreshed(), self.campaign.due_on.replace(year=NOW.year + 1))
        assert late.whole.total == ITEMS

    @precondition(lambda self: not self.signed)
    @rule(reason=st.sampled_from(["", "Out of time"]))
    def sign_off(self, reason: str) -> None:
        undecided = [key for key, decision in self.decisions.items() if not decision]
        nobody = any(self.reviewers[key] is None for key in undecided)
        if nobody or (undecided and not reason):
            with pytest.raises(ActionRefused), transaction.atomic():
                sign_off(self.campaign.refreshed(), actor=self.manager, reason_for_rest=reason)
            return
        sign_off(self.campaign.refreshed(), actor=self.manager, reason_for_rest=reason)
        self.decisions |= dict.fromkeys(undecided, "not_decided")
        self.signed = self.campaign.refreshed().decision_digest
        removed = [decision for decision in self.decisions.values() if decision in {"revoke", "modify"}]
        assert removals_of(self.campaign).count() == len(removed)

    @precondition(lambda self: self.signed)
    @rule()
    def verify_one(self) -> None:
        """The next export shows one of them gone; the review closes with the last."""
        task = removals_of(self.campaign).filter(status="requested").first()
        if task is None:
            return
        changed(task, status="verified_removed", checked_snapshot=task.base_snapshot)
        close_checked(task.base_snapshot, [task.pk])
        left = removals_of(self.campaign).filter(status="requested").exists()
        assert self.campaign.refreshed().status == ("signed_off" if left else "closed")

    @invariant()
    def nothing_is_lost(self) -> None:
        stored = Item.objects.order_by().values_list("pk", "decision", "reviewer")
        found = {key: (decision, reviewer) for key, decision, reviewer in stored}
        expected = {
            key: (decision, self.reviewers[key].pk if self.reviewers[key] else None) for key, decision in self.decisions.items()
        }
        assert found == expected
        assert AuditEvent.objects.filter(verb="item.decide").count() == self.events

    @invariant()
    def nobody_decides_on_their_own_access(self) -> None:
        decided = Item.objects.exclude(decider=None).values_list("subject", "decider")
        assert all(subject != decider for subject, decider in decided)

    @invariant()
    def what_was_signed_stays(self) -> None:
        if self.signed:
            assert decision_digest(self.campaign) == self.signed
            assert Removal.objects.filter(source_kind="reviews.item").count() == removals_of(self.campaign).count()


@pytest.mark.slow
def test_a_review_survives_any_handling(db):
    steps = settings(
        max_examples=EXAMPLES // SHARE,
        stateful_step_count=25,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(CampaignMachine, settings=steps)
