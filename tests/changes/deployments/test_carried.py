"""A deployment that carries several merges is no better than the worst of them."""

import datetime as dt

import pytest

from changes.deployments.carried import NOT_BEFORE, NOT_MERGED, carried_by
from changes.deployments.classes import CLASS_OF, Verdict, carrying
from changes.deployments.reconcile import for_all
from changes.lifecycle import actions
from changes.models import Change, Classification, Deployment
from changes.models.deployment import Reason
from tenancy.scope import now
from tests.cast import Cast
from tests.changes.deployments.world import MINUTE, approved, deployed, raised, sha

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def merged():
    """`merged(word, minutes, is_approved)`: a change of which `word` is the merge, so many minutes from now."""

    def make(word: str, minutes: int, *, is_approved: bool = True) -> Change:
        change = (approved if is_approved else raised)(f"head of {word}")
        facts = {"merge_sha": sha(word), "merged_at": now() + minutes * MINUTE}
        if is_approved:
            facts["approved_at"] = now() - dt.timedelta(days=1)
        Change.objects.filter(pk=change.pk).update(**facts)
        change.refresh_from_db()
        return change

    return make


def classes() -> dict[str, tuple[str, str]]:
    rows = Deployment.objects.values_list("external_id", "classification", "reason")
    return {key: (classification, reason) for key, classification, reason in rows}


def test_what_was_merged_between_two_deployments_counts_too(merged):
    merged("first", -50)
    between = merged("between", -40, is_approved=False)
    merged("last", -30)
    merged("later", -5, is_approved=False)
    deployed("first", at=now() - 45 * MINUTE)
    last = deployed("last", at=now() - 20 * MINUTE)
    expected = {"run-first": ("approved_before", "approved"), "run-last": ("unapproved", "carries_none")}
    assert classes() == expected
    assert "carries" in last.notes
    assert [one for one, _ in carried_by(last).changes] == [between]
    for_all(actor=Cast().manager)  # by the statement for all of them it is the same
    assert classes() == expected
    actions.submit(between, actor=Cast().manager)
    actions.approve(between, actor=Cast().approver, content_hash=between.content_hash)
    assert classes()["run-last"] == ("approved_after", "carries_later")


def test_another_service_a_redeploy_and_what_is_not_known_carry_nothing(merged):
    merged("first", -50)
    merged("between", -40, is_approved=False)
    merged("last", -30)
    other = deployed("last", at=now() - 20 * MINUTE, service="worker", id="worker")
    assert (other.classification, carried_by(other).changes, carried_by(other).unknown) == ("approved_before", [], "")
    approved("loose")
    loose = deployed("head of loose", at=now() - 19 * MINUTE, id="loose")
    assert carried_by(loose).unknown == NOT_MERGED
    after = deployed("last", at=now() - 18 * MINUTE, id="after-loose")
    assert (after.classification, carried_by(after).unknown) == ("approved_before", NOT_BEFORE)
    again = deployed("last", at=now() - 17 * MINUTE, id="again")
    assert (again.classification, again.notes, carried_by(again).changes) == ("approved_before", ["redeploy"], [])


@pytest.mark.parametrize("own", list(Reason))
def test_nothing_gets_better_by_what_it_carries(own):
    order = ["approved_before", "standard", "emergency", "approved_after", "unapproved", "unmatched"]
    verdict = Verdict(Classification(CLASS_OF[own]), own)
    for other in (Reason.APPROVED, Reason.APPROVED_LATER, Reason.NOT_APPROVED):
        found = carrying(verdict, [Verdict(Classification(CLASS_OF[other]), other)])
        assert order.index(found.classification) >= order.index(verdict.classification)
        assert CLASS_OF[found.reason] == found.classification
