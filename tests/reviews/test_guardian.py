"""A review in the care of a guardian: prepared, started, watched and reassigned; never decided or signed by it."""

import datetime as dt

import pytest

from accounts.models import Member, User
from inventory.people.deciding import routable_people
from reviews.campaigns.actions import cancel_campaign, create_campaign, edit_campaign, edit_scope, start_campaign
from reviews.deciding.actions import decide
from reviews.deciding.reassign import reassign_items
from reviews.deciding.rules import KEEP, OWN_ACCESS
from reviews.inbox import waiting
from reviews.models import Campaign, Item
from reviews.quarters import quarter_of
from reviews.signoff.actions import sign_off
from tests.cast import PASSWORD
from tests.reviews.world import draft, grant, person, person_of, snapshot, started, system
from ui.refusals import ActionRefused
from workflow.delegations.actions import hand_over
from workflow.delegations.kinds import care_of
from workflow.models import Delegation

DAY = dt.timedelta(days=1)


def fresh(member: Member) -> Member:
    """As the next request has them."""
    return Member.objects.select_related("organization", "user").get(pk=member.pk)


def given(review: Campaign, actor: Member, guardian: Member) -> Delegation:
    """Handed over for a week."""
    until = review.tenant.today() + 7 * DAY
    return hand_over(review, kind="campaign", actor=actor, guardian=guardian, until=until, reason="On leave.")


@pytest.fixture
def guardian(acme):
    """Somebody who sees only what waits for them."""
    user = User.objects.create_user(email="gina@acme.example", name="Gina Guardian", password=PASSWORD)
    return Member.objects.create(organization=acme, user=user, roles=["employee"])


@pytest.fixture
def okta(in_acme, reviewer):
    """A system with one person's access, for its owner to decide on."""
    made = system(owner=person_of(reviewer), reviewer_order=["system_owner"])
    snapshot(made, [grant(person("Dora Quill"))])
    return made


def test_a_guardian_prepares_and_starts_this_review_and_no_other(okta, manager, guardian, acme):
    review, other = draft(okta, actor=manager), draft(okta, actor=manager)
    given(review, manager, guardian)
    acts = fresh(guardian)
    assert "waits to be started" in next(iter(waiting(acts))).title
    edit_campaign(review, actor=acts, systems=[okta], instructions="Look twice.")
    scoped = review.scope.get()
    edit_scope(scoped, snapshot=scoped.snapshot, reviewer_order=["system_owner", "backup"], actor=acts)
    start_campaign(review, actor=acts)
    assert review.refreshed().status == "starting"
    with pytest.raises(ActionRefused, match="role does not allow"):
        start_campaign(other, actor=acts)
    with pytest.raises(ActionRefused, match="role does not allow"):
        edit_campaign(other, actor=acts, systems=[okta])
    with pytest.raises(ActionRefused, match="role does not allow"):
        edit_scope(other.scope.get(), snapshot=None, reviewer_order=["backup"], actor=acts)
    with pytest.raises(ActionRefused, match="role does not allow"):
        create_campaign(quarter=quarter_of(acme.today()), systems=[okta], actor=acts)


def test_a_guardian_neither_decides_nor_signs_nor_cancels(okta, manager, guardian):
    review = started(okta, actor=manager)
    given(review, manager, guardian)
    acts = fresh(guardian)
    assert not list(waiting(acts))
    for refused in (
        lambda: sign_off(review, actor=acts, reason_for_rest="x"),
        lambda: cancel_campaign(review, actor=acts, reason="x"),
        lambda: decide(review.items.get(), KEEP, actor=acts),
    ):
        with pytest.raises(ActionRefused):
            refused()


def test_a_guardian_who_decides_here_still_never_decides_on_their_own_access(in_acme, manager, reviewer, approver):
    own = person_of(reviewer)
    of = system(owner=person_of(approver), reviewer_order=["system_owner"])
    snapshot(of, [grant(own)])
    review = started(of, actor=manager)
    given(review, manager, reviewer)
    item = Item.objects.get()
    result = reassign_items(Item.objects.all(), campaign=review, to=own, reason="Me.", actor=fresh(reviewer))
    assert result.refused == {item.pk: OWN_ACCESS}
    assert routable_people(reviewer.organization.today()).filter(pk=own.pk).exists()


def test_on_the_screens(okta, manager, guardian, client_of):
    review = started(okta, actor=manager)
    path = f"/o/acme/reviews/{review.pk}/"
    client, runs = client_of(guardian), client_of(manager)
    assert client.get(path).status_code == 403
    assert "Hand over" in runs.get(path).content.decode()
    form = {"guardian": guardian.pk, "until": f"{review.due_on + DAY}", "reason": "On leave."}
    assert runs.post(f"{path}hand-over/", form).status_code == 303
    page = client.get(path).content.decode()
    assert "In the care of" in page
    assert "Remind" in page
    assert "Sign off</a>" not in page
    assert "Hand over" not in page
    for part in ("items/", "activity/"):
        assert client.get(f"{path}{part}").status_code == 200
    item = Item.objects.get()
    assert client.get(f"/o/acme/reviews/items/{item.pk}/").status_code == 200
    assert "Reassign" in client.get(f"{path}items/").content.decode()
    to = {"to": person_of(manager).pk, "reason": "Away."}
    assert client.post(f"/o/acme/reviews/items/{item.pk}/reassign/", to).status_code == 303
    bulk = {"action": "reassign", "selected": f"{item.pk}", "reassign-to": person_of(manager).pk, "reassign-reason": "Again."}
    assert client.post(f"{path}items/", bulk).status_code == 200
    assert client.post(f"{path}remind/{person_of(manager).pk}/").status_code == 302
    assert client.get(f"{path}sign-off/").status_code == 403
    end = f"/o/acme/work/handed/{Delegation.objects.get().pk}/end/"
    assert runs.post(end, {"reason": "Back."}).status_code == 303
    assert client.get(path).status_code == 403
    assert client.get(f"/o/acme/reviews/items/{item.pk}/").status_code == 403


def test_one_that_is_over_is_handed_to_nobody(okta, manager, guardian):
    review = draft(okta, actor=manager)
    cancel_campaign(review, actor=manager, reason="Wrong quarter.")
    with pytest.raises(ActionRefused, match="is over"):
        given(review.refreshed(), manager, guardian)
    assert care_of(review) is None
