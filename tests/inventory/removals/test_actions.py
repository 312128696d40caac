"""Claiming, accepting, handing on, taking back."""

import datetime as dt

import pytest
from django.utils import timezone

from audit.models import AuditEvent
from inventory.models import Account, Person, Removal
from inventory.people.matching import Confirmation, confirm
from inventory.removals.actions import RemovalRequest, accept, claim, reassign, request_removals, unclaim
from inventory.removals.guidance import next_step
from inventory.removals.inbox import removals_waiting
from inventory.removals.periodic import end_acceptances
from inventory.removals.rights import may_work
from tests.inventory.snapshots.helpers import person_of
from tests.reviews.world import changed
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage


@pytest.fixture
def removal(snapshot, manager) -> Removal:
    account = Account.objects.select_related("system__owner", "person").get(account_id="U2")
    request = RemovalRequest(
        account=account, base_snapshot=snapshot, reason="Moved to finance.", entitlement_key="Viewer", role="Viewer"
    )
    return request_removals([request], manager)[0]


def latest(verb: str) -> AuditEvent:
    return AuditEvent.objects.filter(verb=verb).latest("at")


def test_many_are_requested_with_one_event_and_one_mail_each_assignee(snapshot, manager, reviewer):
    accounts = Account.objects.select_related("system__owner__member__user", "person").order_by("account_id")
    made = request_removals([RemovalRequest(account=a, base_snapshot=snapshot, reason="No.") for a in accounts], manager)
    assert len({removal.reference for removal in made}) == 3
    assert AuditEvent.objects.filter(verb="removal.request").count() == 3
    assert [message.to for message in OutboxMessage.objects.all()] == [reviewer.email]
    assert request_removals([], manager) == []


def test_a_claim_says_who_when_and_how(removal, reviewer):
    claim(removal, actor=reviewer, note="Ticket 12")
    removal.refresh_from_db()
    assert (removal.status, removal.claimed_by_id, removal.claim_note) == ("claimed", reviewer.pk, "Ticket 12")
    assert latest("removal.claim").actor_id == reviewer.pk


def test_the_assignee_may_claim_without_the_role(removal, manager, employee):
    reassign(removal, actor=manager, assignee=person_of(employee), reason="Knows the console")
    removal = Removal.objects.select_related("assignee").get(pk=removal.pk)
    assert may_work(employee, removal)
    claim(removal, actor=employee)
    assert "Assignee" in latest("removal.claim").data["actor"]["roles"]
    assert OutboxMessage.objects.filter(to=employee.email).count() == 1


def test_somebody_else_without_the_role_may_not(removal, employee, viewer):
    assert not may_work(viewer, removal)
    for act in (claim, lambda r, actor: unclaim(r, actor=actor, reason="x")):
        with pytest.raises(ActionRefused, match="somebody else"):
            act(removal, actor=employee)
    with pytest.raises(ActionRefused):
        reassign(removal, actor=viewer, assignee=person_of(viewer), reason="x")


def test_a_claim_can_be_taken_back_before_it_is_checked(removal, reviewer):
    claim(removal, actor=reviewer)
    unclaim(removal, actor=reviewer, reason="Wrong account")
    removal.refresh_from_db()
    assert (removal.status, removal.claimed_at) == ("requested", None)
    with pytest.raises(ActionRefused, match="cannot be taken back"):
        unclaim(removal, actor=reviewer, reason="Again")


def test_accepting_needs_the_role_a_reason_and_an_end_to_come(acme, removal, manager, reviewer):
    tomorrow = acme.today() + dt.timedelta(days=1)
    with pytest.raises(ActionRefused, match="role"):
        accept(removal, actor=reviewer, reason="Needed", until=tomorrow)
    with pytest.raises(ActionRefused, match="future") as refusal:
        accept(removal, actor=manager, reason="Needed", until=acme.today())
    assert refusal.value.field == "until"
    with pytest.raises(ActionRefused, match="reason"):
        accept(removal, actor=manager, reason="  ", until=tomorrow)
    accept(removal, actor=manager, reason="Migration until spring", until=tomorrow)
    removal.refresh_from_db()
    assert (removal.status, removal.accepted_by_id, removal.is_open) == ("accepted", manager.pk, False)


def test_nobody_accepts_their_own_access(acme, removal, manager, ben):
    changed(person_of(manager), member=None)
    changed(ben, member=manager)
    removal = Removal.objects.select_related("person").get(pk=removal.pk)
    with pytest.raises(ActionRefused, match="your own access"):
        accept(removal, actor=manager, reason="Mine", until=acme.today() + dt.timedelta(days=9))


def test_an_acceptance_that_has_ended_opens_again_and_is_told(acme, removal, manager):
    accept(removal, actor=manager, reason="Until spring", until=acme.today() + dt.timedelta(days=5))
    end_acceptances(acme, timezone.now() + dt.timedelta(days=5))
    removal.refresh_from_db()
    assert removal.status == "accepted", "its last day counts"
    for _ in range(2):
        end_acceptances(acme, timezone.now() + dt.timedelta(days=6, hours=1))
    removal.refresh_from_db()
    assert (removal.status, removal.times_reopened, removal.closed_at) == ("requested", 1, None)
    assert OutboxMessage.objects.filter(to=manager.email, subject__contains="has ended").count() == 1
    assert latest("removal.reopen").actor_name == "Plumbline (schedule)"


def test_handing_on_wants_a_reason_and_somebody_who_is_here(removal, manager, reviewer, ada):
    with pytest.raises(ActionRefused, match="already"):
        reassign(removal, actor=manager, assignee=person_of(reviewer), reason="x")
    with pytest.raises(ActionRefused, match="reason"):
        reassign(removal, actor=manager, assignee=ada, reason="")
    Person.LEAVE.apply(ada, actor=manager)
    with pytest.raises(ActionRefused, match="has left"):
        reassign(removal, actor=manager, assignee=ada, reason="x")


def test_what_is_over_is_not_handed_on(acme, removal, manager, ada):
    accept(removal, actor=manager, reason="ok", until=acme.today() + dt.timedelta(days=5))
    with pytest.raises(ActionRefused, match="over"):
        reassign(removal, actor=manager, assignee=ada, reason="x")


def test_the_inbox_has_ones_own_and_the_manager_what_is_with_nobody(acme, removal, manager, reviewer):
    assert [entry.title for entry in removals_waiting(reviewer)] == [
        f"{removal.reference}: remove Viewer of Ben Bones in Console"
    ]
    assert list(removals_waiting(manager)) == []
    Removal.objects.filter(pk=removal.pk).update(assignee=None)
    assert [entry.title for entry in removals_waiting(manager)] == [f"{removal.reference} is with nobody"]


def test_an_owner_who_has_left_is_not_assigned(acme, snapshot, manager, reviewer):
    Person.LEAVE.apply(person_of(reviewer), actor=manager)
    account = Account.objects.select_related("system__owner", "person").get(account_id="U2")
    made = request_removals([RemovalRequest(account=account, base_snapshot=snapshot, reason="No.")], manager)
    assert made[0].assignee is None


def test_a_mail_about_many_names_the_first_and_counts_the_rest(snapshot, manager, ada):
    account = Account.objects.select_related("system__owner", "person").get(account_id="U2")
    wanted = [RemovalRequest(account=account, base_snapshot=snapshot, reason="No.", entitlement_key=str(n)) for n in range(25)]
    made = request_removals(wanted, manager)
    mail = OutboxMessage.objects.get()
    assert mail.subject == "25 removals are waiting for you"
    assert "... and 5 more." in mail.text
    reassign(made[0], actor=manager, assignee=ada, reason="Has no account here, so no mail")
    assert OutboxMessage.objects.count() == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("requested", "has to remove Viewer in Console"),
        ("claimed", "Import the next full export of Console taken after"),
        ("still_active", "a later export still shows it"),
        ("cannot_be_verified", "could not show"),
        ("accepted", "The access stays until 1 Feb 2030"),
        ("verified_removed", "it is done"),
        ("withdrawn", "it was withdrawn"),
    ],
)
def test_every_state_says_what_happens_next(removal, status, words):
    shown = Removal(
        status=status,
        system=removal.system,
        assignee=removal.assignee,
        role="Viewer",
        entitlement_key="Viewer",
        claimed_at=timezone.now(),
        accepted_until=dt.date(2030, 2, 1),
    )
    assert words in next_step(shown)


def test_access_that_came_back_is_no_good_news(removal):
    removal.status, removal.regranted_at = "verified_removed", timezone.now()
    assert "has it again" in next_step(removal)


def test_nobody_accepts_access_that_turned_out_to_be_their_own(acme, removal, manager):
    confirm([Confirmation(removal.account, Account.Kind.PERSON, person=person_of(manager))], actor=manager)
    with pytest.raises(ActionRefused, match="your own access"):
        accept(removal, actor=manager, reason="Needed", until=acme.today() + dt.timedelta(days=1))


def test_nobody_accepts_access_of_a_person_or_an_account_with_their_e_mail(acme, removal, manager, ben):
    until = acme.today() + dt.timedelta(days=1)
    changed(person_of(manager), member=None, email="", email_key="", employee_number="M-1")
    changed(ben, email=manager.email.upper(), email_key=manager.email)
    with pytest.raises(ActionRefused, match="your own access"):
        accept(Removal.objects.get(pk=removal.pk), actor=manager, reason="Needed", until=until)
    changed(ben, email="ben@acme.example", email_key="ben@acme.example")
    changed(removal.account, email=manager.email, email_key=manager.email)
    with pytest.raises(ActionRefused, match="your own access"):
        accept(Removal.objects.get(pk=removal.pk), actor=manager, reason="Needed", until=until)


def test_access_is_accepted_for_a_year_at_most(acme, removal, manager):
    year = acme.today() + dt.timedelta(days=365)
    with pytest.raises(ActionRefused, match="a year at most") as refusal:
        accept(removal, actor=manager, reason="Needed", until=year + dt.timedelta(days=1))
    assert refusal.value.field == "until"
    accept(removal, actor=manager, reason="Needed", until=year)
    assert Removal.objects.get(pk=removal.pk).status == "accepted"
