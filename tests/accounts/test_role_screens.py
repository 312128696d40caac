"""The screens of roles and conflicts of duty: making, giving, looking, answering."""

import datetime as dt

import pytest

from accounts.actions import change_roles, create_role, create_service
from accounts.giving import Answer
from accounts.models import CustomRole, DutyAcceptance, Member
from accounts.permissions import HOME, PERMISSIONS
from audit.actors import System
from tenancy.scope import tenant

ROLES, CONFLICTS = "/o/acme/members/roles/", "/o/acme/members/conflicts/"
SETUP = System("test")


@pytest.fixture
def client(client_of, administrator):
    return client_of(administrator)


@pytest.fixture
def role(administrator, acme):
    with tenant(acme):
        return create_role(name="Roster", description="Keeps it.", grants=["people.write"], actor=administrator)


@pytest.fixture
def until(acme):
    return acme.today() + dt.timedelta(days=30)


def test_an_administrator_makes_a_role_in_the_matrix(client, acme):
    page = client.get(f"{ROLES}new/").content.decode()
    assert page.count('type="checkbox"') == len(PERMISSIONS) - 1
    form = {"name": "Roster", "description": "Keeps it.", "grants": ["people.write", "training.read"]}
    made = client.post(f"{ROLES}new/", form)
    with tenant(acme):
        role = CustomRole.objects.get()
    assert made["Location"] == f"/o/acme/members/roles/{role.pk}/"
    assert role.grants == ["people.write", "training.read"]
    assert "See who was trained in what" in client.get(made["Location"]).content.decode()


def test_what_one_does_not_hold_is_shut_and_refused(client, acme):
    text = client.get(f"{ROLES}new/").content.decode()
    at = text.index('value="reviews.sign"')
    assert "disabled" in text[at : text.index(">", at)]
    at = text.index('value="people.write"')
    assert "disabled" not in text[at : text.index(">", at)]
    refused = client.post(f"{ROLES}new/", {"name": "x", "description": "x", "grants": ["reviews.sign"]})
    assert refused.status_code == 422
    assert "You cannot give what you do not hold yourself" in refused.content.decode()


def test_a_copy_of_a_built_in_role_begins_with_what_one_holds_of_it(client, client_of, manager):
    initial = client_of(manager).get(f"{ROLES}new/?copy=reviewer").context["form"].initial
    assert initial["name"] == "Reviewer (copy)"
    assert "reviews.decide" in initial["grants"]
    assert "reviews.decide" not in client.get(f"{ROLES}new/?copy=reviewer").context["form"].initial["grants"]
    made = client_of(manager).post(f"{ROLES}new/?copy=reviewer", {**initial, "grants": ["reviews.decide"]})
    assert "as a copy of Reviewer" in client.get(made["Location"]).content.decode()


def test_a_conflict_is_named_on_the_form_and_what_was_typed_stays(client_of, manager, acme, until):
    client = client_of(manager)
    form = {"name": "Both", "description": "x", "grants": ["changes.write", "changes.approve"]}
    refused = client.post(f"{ROLES}new/", form)
    assert refused.status_code == 422
    assert "Runs changes and approves them" in refused.content.decode()
    half = client.post(f"{ROLES}new/", {**form, "reason": "There are two of us."})
    assert "Say both" in half.content.decode()
    assert client.post(f"{ROLES}new/", {**form, "reason": "There are two of us.", "ends_on": until}).status_code == 303
    with tenant(acme):
        assert DutyAcceptance.objects.get().ends_on == until


def test_a_role_is_changed_and_retired(client, role, acme):
    at = f"{ROLES}{role.pk}/"
    assert client.get(f"{at}change/").context["form"].initial["grants"] == ["people.write"]
    form = {"name": "People", "description": "Reads it.", "grants": ["people.read"]}
    assert client.post(f"{at}change/", form).status_code == 303
    assert "People" in client.get(ROLES).content.decode()
    assert client.post(f"{at}retire/", {"reason": "Nobody needs it"}).status_code == 303
    page = client.get(at).content.decode()
    assert "Retired" in page
    assert "Change</a>" not in page
    assert client.get(f"{at}change/").status_code == 404


def test_it_is_given_on_the_members_page(client, role, employee, acme):
    page = client.get(f"/o/acme/members/{employee.pk}/").content.decode()
    assert 'value="roster"' in page
    at = page.index('value="compliance_manager"')
    assert "disabled" in page[at : page.index(">", at)]
    assert client.post(f"/o/acme/members/{employee.pk}/", {"roles": ["employee", "roster"]}).status_code == 303
    listed = client.get("/o/acme/members/?role=roster").content.decode()
    assert employee.name in listed
    assert "Employee, Roster" in listed


def test_a_person_who_combines_duties_is_answered_for_on_the_members_page(client, reviewer, until):
    at = f"/o/acme/members/{reviewer.pk}/"
    refused = client.post(at, {"roles": ["reviewer", "administrator"]})
    assert "Administers access and certifies it" in refused.content.decode()
    answered = {"roles": ["reviewer", "administrator"], "reason": "For the holidays.", "ends_on": until}
    assert client.post(at, answered).status_code == 303
    assert "For the holidays." in client.get(at).content.decode()


def test_an_answer_is_asked_for_once_there_is_a_conflict(client, reviewer, until):
    at, roles = f"/o/acme/members/{reviewer.pk}/", {"roles": ["administrator", "reviewer"]}
    assert "Accepted until" not in client.get(at).content.decode()
    plain = client.post(at, {"roles": ["viewer"], "access_ends_on": "yesterday"})
    assert "Accepted until" not in plain.content.decode()
    asked = client.post(at, roles)
    assert asked.status_code == 422
    assert "Conflict of duty: Administers access" in asked.content.decode()
    assert "Accepted until" in asked.content.decode()
    assert asked.context["form"].fields["reason"].required
    half = client.post(at, {**roles, "reason": "For the holidays."})
    assert "Say both: why it is accepted, and until when." in half.content.decode()
    assert client.post(at, {**roles, "reason": "For the holidays.", "ends_on": until}).status_code == 303


def test_people_are_offered_no_role_of_programs_and_programs_none_that_administers(client, employee, administrator, acme):
    with tenant(acme):
        create_role(name="Desk", description="x", grants=["members.admin"], actor=administrator)
        program = create_service(name="Bot", roles=["pipeline"], actor=administrator)
    for at, program_only, administers in (
        (f"/o/acme/members/{employee.pk}/", False, True),
        (f"/o/acme/members/{program.pk}/", True, False),
        ("/o/acme/members/services/new/", True, False),
    ):
        page = client.get(at).content.decode()
        assert ('value="pipeline"' in page, 'value="administrator"' in page, 'value="desk"' in page) == (
            program_only,
            administers,
            administers,
        )


def test_what_somebody_may_do_is_shown_with_the_role_that_gives_it(client, client_of, auditor, employee, role):
    with tenant(employee.organization):
        change_roles(employee, roles=["employee", "roster"], actor=SETUP)
    page = client.get(f"/o/acme/members/{employee.pk}/rights/")
    rights = {right.key: right for _, found in page.context["areas"] for right in found}
    assert set(rights) == Member.objects.get(pk=employee.pk).permissions
    assert [one.name for one in rights[HOME].sources] == ["Employee", "Roster"]
    assert ([one.name for one in rights["people.read"].sources], rights["people.read"].through) == (["Roster"], "people.write")
    assert client_of(auditor).get(f"/o/acme/members/{employee.pk}/rights/").status_code == 200
    assert "Change the roles" not in client_of(auditor).get(f"/o/acme/members/{employee.pk}/rights/").content.decode()


def test_those_whose_access_has_ended_may_do_nothing(client, viewer, acme):
    Member.objects.filter(pk=viewer.pk).update(access_ends_on=acme.today() - dt.timedelta(days=1))
    assert "nothing is allowed" in client.get(f"/o/acme/members/{viewer.pk}/rights/").content.decode()


def test_all_roles_stand_side_by_side(client, role):
    page = client.get(f"{ROLES}matrix/").content.decode()
    assert "Compliance manager" in page
    assert "Roster" in page
    assert "Sign off and close reviews" in page


def test_conflicts_are_listed_and_accepted(client_of, cast, acme, until):
    with tenant(acme):
        change_roles(cast.administrator, roles=["administrator", "reviewer"], actor=SETUP)
    client = client_of(cast.manager)
    assert "1 conflict of duty" in client.get("/o/acme/members/").content.decode()
    page = client.get(CONFLICTS).content.decode()
    assert "Not accepted" in page
    at = f"/o/acme/members/{cast.administrator.pk}/accept/"
    assert "Administers access" in client.get(at).content.decode()
    form = {"duties": ["access"], "reason": "Seen by the CFO.", "ends_on": until}
    assert client.post(at, {**form, "ends_on": acme.today() - dt.timedelta(days=1)}).status_code == 422
    assert client.post(at, form).status_code == 303
    page = client.get(CONFLICTS).content.decode()
    assert "Accepted" in page
    assert "Seen by the CFO." in page
    assert "conflict of duty" not in client.get("/o/acme/members/").content.decode()


def test_the_conflicts_of_a_role_are_accepted_on_its_page(client_of, cast, acme, until):
    with tenant(acme):
        answer = Answer("For now.", acme.today())
        grants = ["changes.write", "changes.approve"]
        made = create_role(name="Both", description="x", grants=grants, actor=cast.manager, answer=answer)
    client = client_of(cast.manager)
    assert "For now." in client.get(f"{ROLES}{made.pk}/").content.decode()
    form = {"duties": ["changes"], "reason": "Longer.", "ends_on": until}
    assert client.post(f"{ROLES}{made.pk}/accept/", form).status_code == 303
    assert "Longer." in client.get(f"{ROLES}{made.pk}/").content.decode()
