"""A vendor in the care of a guardian: what goes with it, for whom, and that it ends."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import add_member, change_roles, remove_member
from accounts.explaining import rights_of
from accounts.models import Member, User
from audit.models import AuditEvent
from inventory.models import Person
from tenancy.models import Organization
from tenancy.scope import now, tenant
from tests.cast import PASSWORD
from tests.reviews.world import person
from tests.vendors.conftest import SAID, agree
from tests.vendors.test_api import program_for
from ui.refusals import ActionRefused
from vendors.documents.actions import withdraw_document
from vendors.keys.actions import note_key
from vendors.lifecycle import actions
from vendors.models import Vendor
from vendors.register.actions import edit_vendor
from vendors.reviewing.actions import review
from vendors.reviewing.inbox import waiting
from vendors.rights import decidable_by, visible_to, why_not_decide
from workflow.delegations.actions import end_delegation, end_late, hand_over
from workflow.delegations.kinds import care_of
from workflow.models import Delegation, OutboxMessage

DAY = dt.timedelta(days=1)


def fresh(member: Member) -> Member:
    """As the next request has them."""
    return Member.objects.select_related("organization", "user").get(pk=member.pk)


@contextmanager
def on_day(day: dt.date) -> Iterator[None]:
    """As if it were this day for the organization."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Organization, "today", lambda _self: day)
        yield


def given(vendor: Vendor, actor: Member, guardian: Member, until: dt.date, reason: str = "On leave.") -> Delegation:
    """Handed over."""
    return hand_over(vendor, kind="vendor", actor=actor, guardian=guardian, until=until, reason=reason)


@pytest.fixture
def vendor(used):
    return used("Northwind Mail")


@pytest.fixture
def guardian(acme):
    """Somebody who sees only what waits for them."""
    user = User.objects.create_user(email="gina@acme.example", name="Gina Guardian", password=PASSWORD)
    return Member.objects.create(organization=acme, user=user, roles=["employee"])


@pytest.fixture
def care(vendor, cast, today, guardian):
    """The vendor in somebody's care for a week."""
    return given(vendor, cast.manager, guardian, today + 7 * DAY)


def test_a_guardian_does_with_this_one_what_the_giver_may_and_with_no_other(vendor, care, used, today, guardian):
    other, guardian = used("Southwind"), fresh(guardian)
    assert not guardian.can("vendors.write")
    assert guardian.can("vendors.write", vendor.pk)
    edit_vendor(vendor, actor=guardian, notes="Looked after.")
    review(vendor, actor=guardian, reviewed_on=today, **SAID)
    document = agree(vendor, guardian, today)
    withdraw_document(document, actor=guardian, reason="Wrong one.")
    note_key(vendor, actor=guardian, name="Mail", kept_in="Vault", rotated_on=today)
    actions.offboard(vendor, actor=guardian, reason="Too dear.", leaving_on=today)
    with pytest.raises(ActionRefused, match="role does not allow"):
        edit_vendor(other, actor=guardian, notes="Not mine.")
    with pytest.raises(ActionRefused, match="role does not allow"):
        actions.offboard(other, actor=guardian, reason="Too dear.", leaving_on=today)
    assert list(visible_to(guardian)) == [vendor]


def test_on_the_screens_from_the_next_request_on(vendor, cast, today, client_of, guardian):
    client, path = client_of(guardian), f"/o/acme/vendors/{vendor.pk}/"
    assert client.get(path).status_code == 404
    manager = client_of(cast.manager)
    assert "Hand over" in manager.get(path).content.decode()
    form: dict[str, Any] = {"guardian": guardian.pk, "until": today + 7 * DAY, "reason": "On leave."}
    assert manager.post(f"{path}hand-over/", form).status_code == 303
    shown = manager.get(path).content.decode()
    assert "In the care of" in shown
    assert "Hand over" not in shown
    page = client.get(path).content.decode()
    assert "Add a document" in page
    assert client.get(f"{path}edit/").status_code == 200
    assert client.post(f"{path}offboard/", {"reason": "Too dear.", "leaving_on": today}).status_code == 303
    document = f"/o/acme/vendors/documents/{agree(vendor, cast.manager, today).pk}/"
    assert client.get(document).status_code == 200
    assert client.post(f"{document}withdraw/", {"reason": "Wrong one."}).status_code == 303
    care = f"/o/acme/work/handed/{Delegation.objects.get().pk}/"
    assert client.get("/o/acme/work/handed/").content.decode().count(vendor.name) >= 1
    assert client.get(care).status_code == 200
    assert client_of(cast.executive).get(care).status_code == 404
    assert manager.post(f"{care}end/", {"reason": "Back early."}).status_code == 303
    assert client.get(path).status_code == 404
    assert client.get(document).status_code == 403


def test_the_page_takes_three_queries_for_session_membership_and_permissions(vendor, care, cast, client_of, guardian):
    client = client_of(guardian)
    path = f"/o/acme/vendors/{vendor.pk}/edit/"
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    tables = ('FROM "accounts_session"', 'FROM "accounts_user"', 'FROM "accounts_member"', 'FROM "workflow_delegation"')
    assert len([one for one in seen if one["sql"].startswith("SELECT") and any(table in one["sql"] for table in tables)]) <= 3


def test_in_the_api_and_no_more_than_the_token_may(vendor, cast, today, manager, guardian):
    runs, cares = program_for(manager), program_for(guardian)
    match = {"If_Match": "*"}
    sent = {"guardian": f"{guardian.pk}", "until": f"{today + DAY}", "reason": "On leave."}
    assert cares.post(f"vendors/{vendor.pk}/offboard", {"reason": "x", "leaving_on": f"{today}"}, **match).status_code == 403
    made = runs.post(f"vendors/{vendor.pk}/hand-over", sent, **match)
    assert made.status_code == 200, made.json()
    before, cares = cares, program_for(fresh(guardian))
    assert before.patch(f"vendors/{vendor.pk}", {"notes": "By a token that carries less."}, **match).status_code == 403
    (listed,) = cares.get("delegations").json()["results"]
    assert (listed["subject"], listed["kind"], listed["status"]) == (str(vendor), "vendor", "given")
    changed = cares.patch(f"vendors/{vendor.pk}", {"notes": "By the guardian."}, **match)
    assert changed.status_code == 200, changed.json()
    document = agree(vendor, manager, today)
    assert cares.get(f"vendor-documents/{document.pk}").status_code == 200
    ended = cares.post(f"delegations/{listed['id']}/end", {"reason": "Done."}, **match)
    assert ended.json()["status"] == "ended", ended.json()
    assert cares.patch(f"vendors/{vendor.pk}", {"notes": "Again."}, **match).status_code == 403


def test_a_token_carries_no_more_of_it_than_it_names(vendor, care, guardian):
    limited = fresh(guardian)
    assert limited.can("vendors.write", vendor.pk)
    limited.limit(frozenset({"home.read"}))
    assert not limited.can("vendors.write", vendor.pk)


def test_it_ends_by_itself_after_its_day_and_the_trail_says_so(vendor, care, acme, today, guardian):
    assert fresh(guardian).can("vendors.write", vendor.pk)
    late = today + 8 * DAY
    with on_day(late):
        assert not fresh(guardian).can("vendors.write", vendor.pk)
        assert care_of(vendor) is None
        end_late(acme, now())
    assert care.refreshed().status == "expired"
    assert fresh(guardian).care == {}
    verbs = AuditEvent.objects.filter(object_id=care.pk).order_by("at").values_list("verb", flat=True)
    assert list(verbs) == ["delegation.give", "delegation.expire"]


def test_a_past_one_makes_room_before_the_schedule_has_come(vendor, care, cast, today):
    with on_day(today + 8 * DAY):
        again = given(vendor, cast.manager, cast.employee, today + 9 * DAY)
    assert (care.refreshed().status, again.status) == ("expired", "given")


def test_whoever_gave_it_or_has_it_ends_it_and_others_do_not(vendor, care, cast, guardian):
    with pytest.raises(ActionRefused, match="end this"):
        end_delegation(care, actor=cast.reviewer)
    end_delegation(care, actor=fresh(guardian), reason="Too much.")
    assert not fresh(guardian).can("vendors.write", vendor.pk)
    with pytest.raises(ActionRefused, match="cannot be ended"):
        end_delegation(care, actor=cast.manager)
    assert AuditEvent.objects.get(verb="delegation.end").actor_id == guardian.pk
    assert OutboxMessage.objects.filter(to=guardian.email, subject__contains="in your care").count() == 1


def test_it_ends_with_the_membership_of_the_guardian_and_does_not_come_back(vendor, care, cast, administrator, guardian):
    remove_member(guardian, actor=administrator)
    assert care.refreshed().status == "ended"
    back = add_member(guardian.user, roles=["employee"], actor=administrator)
    assert not fresh(back).can("vendors.write", vendor.pk)


def test_it_ends_with_the_membership_of_the_giver(vendor, care, cast, administrator, guardian):
    remove_member(cast.manager, actor=administrator)
    assert care.refreshed().status == "ended"
    assert not fresh(guardian).can("vendors.write", vendor.pk)


def test_it_ends_when_an_account_is_shut_elsewhere(vendor, care, cast, acme):
    cast.manager.user.__class__.objects.filter(pk=cast.manager.user_id).update(is_active=False)
    end_late(acme, now())
    assert care.refreshed().status == "ended"
    assert "has ended" in AuditEvent.objects.get(verb="delegation.end").body


def test_the_day_lies_ahead_and_at_most_a_year(vendor, cast, today, guardian):
    for days, words in ((0, "after today"), (-1, "after today"), (367, "At most a year")):
        with pytest.raises(ActionRefused, match=words):
            given(vendor, cast.manager, guardian, today + days * DAY)


@pytest.mark.parametrize(
    ("name", "words"), [("auditor", "who only reads"), ("viewer", "who only reads"), ("manager", "somebody else")]
)
def test_not_to_those_who_only_read_nor_to_oneself(vendor, cast, today, name, words):
    with pytest.raises(ActionRefused, match=words):
        given(vendor, cast.manager, getattr(cast, name), today + DAY)


def test_not_to_somebody_of_another_organization_nor_who_has_left(vendor, cast, today, administrator, guardian):
    with pytest.raises(ActionRefused, match="has an account here"):
        given(vendor, cast.manager, cast.of("globex", "employee"), today + DAY)
    remove_member(guardian, actor=administrator)
    with pytest.raises(ActionRefused, match="has an account here"):
        given(vendor, cast.manager, guardian, today + DAY)


def test_not_to_whoever_decides_on_vendors(vendor, cast, today):
    with pytest.raises(ActionRefused, match="Assesses vendors and decides on them"):
        given(vendor, cast.manager, cast.approver, today + DAY)


def test_a_guardian_never_decides_on_it_also_later(looked_at, cast, today, administrator, guardian):
    vendor = looked_at()
    care = given(vendor, cast.manager, guardian, today + DAY)
    end_delegation(care, actor=cast.manager)
    change_roles(guardian, roles=["approver"], actor=cast.manager)
    decides = fresh(guardian)
    assert "in your care" in why_not_decide(decides, vendor)
    assert not decidable_by(decides, Vendor.objects.all()).exists()
    with pytest.raises(ActionRefused, match="in your care"):
        actions.approve(vendor, actor=decides, reason="Clean.")
    assert decidable_by(cast.approver, Vendor.objects.all()).exists()


def test_who_becomes_an_auditor_has_nothing_in_their_care(vendor, care, cast, guardian):
    Member.objects.filter(pk=guardian.pk).update(roles=["auditor"])
    assert not fresh(guardian).can("vendors.write", vendor.pk)


def test_nobody_gives_what_they_do_not_hold_and_a_guardian_does_not_pass_it_on(used, cast, today, guardian):
    vendor = used("Ours", owner=Person.objects.get(member=cast.employee))
    care = given(vendor, cast.employee, guardian, today + DAY)
    assert care.grants == []
    guardian = fresh(guardian)
    assert list(visible_to(guardian)) == [vendor]
    assert not guardian.can("vendors.write", vendor.pk)
    end_delegation(care, actor=cast.employee)
    given(vendor, cast.manager, guardian, today + DAY)
    with pytest.raises(ActionRefused, match="Its owner"):
        given(vendor, fresh(guardian), cast.employee, today + DAY)
    with pytest.raises(ActionRefused, match="in the care of"):
        given(vendor, cast.manager, cast.employee, today + DAY)


def test_what_waits_for_the_owner_waits_for_the_guardian_too(vendor, cast, today, guardian):
    Vendor.objects.filter(pk=vendor.pk).update(next_review_on=today)
    assert not list(waiting(fresh(guardian)))
    given(vendor, cast.manager, guardian, today + DAY)
    assert [entry.title for entry in waiting(fresh(guardian))] == [f"Review {vendor}"]


def test_the_page_of_rights_names_it(vendor, care, cast, client_of, guardian):
    rights = {right.key: right for _, area in rights_of(fresh(guardian)) for right in area}
    assert [one.name.startswith(f"Guardian of {vendor} until") for one in rights["vendors.write"].sources] == [True]
    page = client_of(cast.manager).get(f"/o/acme/members/{guardian.pk}/rights/").content.decode()
    assert f"Guardian of {vendor}" in page


def test_nothing_of_one_that_is_over_is_handed_over(asked, cast, manager, today, guardian):
    vendor = asked()
    actions.reject(vendor, actor=cast.approver, reason="Too dear.")
    with pytest.raises(ActionRefused, match="is over"):
        given(vendor.refreshed(), manager, guardian, today + DAY)
    with pytest.raises(ActionRefused, match="Say why"):
        given(asked("Other"), manager, guardian, today + DAY, reason=" ")


def test_another_organization_sees_none_of_it(vendor, care, cast, globex):
    with tenant(globex):
        assert not Delegation.objects.exists()


def test_a_guardian_does_not_say_whose_it_is(cast, vendor):
    guardian = cast.employee
    given(vendor, cast.manager, guardian, now().date() + 30 * DAY)
    other = person("Somebody else")
    with pytest.raises(ActionRefused, match="whose it is") as refused:
        edit_vendor(vendor, actor=fresh(guardian), owner=other)
    assert refused.value.field == "owner"
    edit_vendor(vendor, actor=fresh(guardian), notes="Called them.")
    edit_vendor(vendor, actor=cast.manager, owner=other)
    assert vendor.refreshed().owner == other
