"""Roles of the organization's own: made of what one holds, given, changed for everybody at once, retired when nobody has them."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.actions import (
    accept_invitation,
    change_role,
    change_roles,
    create_role,
    create_service,
    create_token,
    invite_member,
    remove_member,
    retire_role,
    set_access_end,
)
from accounts.models import CustomRole, Invitation, Member, User
from accounts.models.member import IS_PLAIN
from accounts.permissions import HOME
from accounts.roles import granted
from audit.actors import System
from audit.models import AuditEvent
from tenancy.scope import tenant
from ui.refusals import ActionRefused

SETUP = System("test")
DESK: dict[str, Any] = {"name": "Service desk", "description": "Lets people in.", "grants": ["members.admin", "people.read"]}


def role_of(actor, name="Roster", grants=("people.write",), **more):
    return create_role(name=name, description="Keeps the roster.", grants=list(grants), actor=actor, **more)


def last(verb):
    return AuditEvent.objects.filter(verb=verb, result="success").latest("at").data


@pytest.fixture
def administrator(cast):
    return cast.administrator


@pytest.fixture
def roster(administrator, in_acme):
    return role_of(administrator)


def give(member, *roles, by=SETUP):
    change_roles(member, roles=[*roles], actor=by)
    return Member.objects.select_related("user", "organization").get(pk=member.pk)


# Making and giving


def test_a_role_is_made_of_permissions_and_given_beside_built_in_ones(administrator, roster, cast):
    assert (roster.key, roster.status, roster.rights) == ("roster", "active", {HOME, "people.read", "people.write"})
    member = give(cast.employee, "employee", "roster", by=administrator)
    assert member.permissions == granted(["employee"]) | {"people.read", "people.write"}
    assert list(member.role_names) == ["Employee", "Roster"]
    event = last("role.create")
    assert event["after"]["grants"] == ["people.write"]
    assert last("member.change_roles")["after"] == {"roles": ["employee", "roster"]}


def test_it_can_be_the_only_role_of_somebody(roster, cast):
    assert give(cast.viewer, "roster").permissions == {HOME, "people.read", "people.write"}


def test_whoever_has_no_other_role_finds_their_home_all_the_same(client_of, administrator, cast, acme):
    with tenant(acme):
        member = give(cast.viewer, role_of(administrator).key)
    client = client_of(member)
    assert client.get("/", follow=True).redirect_chain[-1] == ("/o/acme/", 302)
    assert client.get("/o/acme/").status_code == 200


def test_an_invitation_carries_it(administrator, roster, cast, in_acme):
    invitation, _ = invite_member(email="new@acme.example", roles=["roster"], actor=administrator)
    assert invitation.role_names == ["Roster"]
    user = User.objects.create_user(email="new@acme.example", name="Nell")
    assert accept_invitation(invitation, user=user).can("people.write")


def test_what_it_grants_is_never_more_than_its_maker_holds(administrator, cast, in_acme):
    for actor, grant in ((administrator, "reviews.sign"), (cast.manager, "organization.admin")):
        with pytest.raises(ActionRefused, match="cannot give what you do not hold") as refusal:
            role_of(actor, grants=["people.read", grant])
        assert refusal.value.field == "grants"


@pytest.mark.parametrize("name", ["viewer", "reviewer", "auditor", "employee"])
def test_who_gives_no_roles_makes_none(cast, in_acme, name):
    with pytest.raises(ActionRefused, match="Only an administrator"):
        role_of(getattr(cast, name))


def test_two_roles_have_two_names_and_keys_are_never_used_again(administrator, roster, cast, in_acme):
    with pytest.raises(ActionRefused, match="of this name already"):
        role_of(administrator, "ROSTER")
    with pytest.raises(ActionRefused, match="built-in role of this name"):
        role_of(administrator, "viewer")
    retire_role(roster, actor=administrator, reason="No need")
    assert role_of(administrator).key == "roster-2"
    assert role_of(administrator, "Åß €").key
    assert role_of(administrator, "€").key == "role"


def test_a_role_needs_a_permission_that_there_is(administrator, in_acme):
    for grants in ([], ["nonsense.read"]):
        with pytest.raises(ActionRefused, match="at least one permission"):
            role_of(administrator, grants=grants)


# Nobody gives what they do not hold


def test_an_administrator_gives_no_role_that_may_do_more(administrator, cast, in_acme):
    for roles in (["compliance_manager"], ["reviewer"], ["approver"], ["executive"]):
        with pytest.raises(ActionRefused, match="cannot give what you do not hold"):
            invite_member(email="new@acme.example", roles=roles, actor=administrator)
        with pytest.raises(ActionRefused, match="cannot give what you do not hold"):
            change_roles(cast.employee, roles=roles, actor=administrator)
    with pytest.raises(ActionRefused, match="cannot give what you do not hold"):
        change_roles(administrator, roles=["administrator", "reviewer"], actor=administrator)


def test_a_compliance_manager_gives_the_roles_of_the_programme_and_not_administration(cast, in_acme):
    for name in ("reviewer", "approver", "executive", "auditor", "viewer", "employee"):
        invite_member(email=f"{name}@new.example", roles=[name], actor=cast.manager)
    with pytest.raises(ActionRefused, match="cannot give what you do not hold"):
        invite_member(email="new@acme.example", roles=["administrator"], actor=cast.manager)


def test_what_is_said_for_others_nobody_gives_to_themselves(cast, in_acme):
    with pytest.raises(ActionRefused, match="sign management's assertion"):
        change_roles(cast.manager, roles=["compliance_manager", "executive"], actor=cast.manager)


@pytest.mark.parametrize(("other", "said"), [("executive", "description.sign"), ("auditor", "requests.judge")])
def test_nor_put_into_a_role_of_their_own_though_they_hold_it(in_acme, cast, other, said):
    Member.objects.filter(pk=cast.manager.pk).update(roles=["compliance_manager", other])
    giver = cast.manager
    assert giver.can(said)
    with pytest.raises(ActionRefused, match="comes with the built-in role"):
        role_of(giver, grants=[said])
    role = role_of(giver, grants=["controls.read"])
    with pytest.raises(ActionRefused, match="comes with the built-in role"):
        change_role(role, name=role.name, description="-", grants=["controls.read", said], actor=giver)


def test_a_role_of_ones_own_is_given_by_those_who_hold_it(administrator, cast, in_acme):
    role = role_of(cast.manager, "Deciders", ["reviews.decide"])
    with pytest.raises(ActionRefused, match="decide on the items"):
        change_roles(cast.employee, roles=["employee", role.key], actor=administrator)
    assert give(cast.employee, "employee", role.key, by=cast.manager).can("reviews.decide")


def test_what_somebody_has_already_is_not_given_anew(administrator, cast, in_acme):
    assert give(cast.reviewer, "reviewer", "employee", by=administrator).can("reviews.decide")


def test_whoever_is_no_administrator_leaves_those_alone_who_may_do_more(administrator, cast, in_acme):
    create_role(**DESK, actor=administrator)
    desk = give(cast.executive, "service-desk", by=SETUP)
    for act in (
        lambda: remove_member(cast.manager, actor=desk, reason="x"),
        lambda: set_access_end(cast.administrator, access_ends_on=None, actor=desk),
        lambda: change_roles(cast.reviewer, roles=["service-desk"], actor=desk),
        lambda: set_access_end(cast.administrator, access_ends_on=None, actor=cast.manager),
    ):
        with pytest.raises(ActionRefused, match="may do more than you"):
            act()
    nobody = Member.objects.get(pk=give(cast.employee, "service-desk").pk)
    remove_member(nobody, actor=desk, reason="Left")


def test_a_token_gives_no_program_what_its_maker_does_not_hold(administrator, cast, acme, in_acme):
    service = create_service(name="Bot", roles=["reviewer"], actor=SETUP)
    with pytest.raises(ActionRefused, match="cannot give what you do not hold"):
        create_token(service, name="x", scopes=["reviews.decide"], expires_on=acme.today(), actor=administrator)


def test_a_token_carries_what_a_role_of_ones_own_grants_and_loses_it_with_the_role(administrator, cast, roster, acme):
    member = give(cast.employee, "employee", "roster")
    token, _ = create_token(member, name="x", scopes=["people.write"], expires_on=acme.today(), actor=member)
    assert token.allowed == {"people.read", "people.write"}
    change_role(roster, name="Roster", description="Reads it.", grants=["people.read"], actor=administrator)
    token = type(token).objects.select_related("member__user", "member__organization").get(pk=token.pk)
    assert token.allowed == {"people.read"}


def test_a_service_account_administers_by_no_role(administrator, in_acme):
    create_role(**DESK, actor=administrator)
    with pytest.raises(ActionRefused, match="cannot be an administrator"):
        create_service(name="Bot", roles=["service-desk"], actor=administrator)


# Reading only


def test_nor_by_a_role_that_is_changed_later(administrator, in_acme):
    role = role_of(administrator, name="Roster bot")
    program = create_service(name="Bot", roles=[role.key], actor=administrator)
    with pytest.raises(ActionRefused, match="A service account cannot be an administrator") as refused:
        change_role(role, name=role.name, description="-", grants=["people.write", "members.admin"], actor=administrator)
    assert refused.value.field == "grants"
    assert not Member.objects.get(pk=program.pk).can("members.admin")


@pytest.mark.parametrize("reader", ["auditor", "viewer"])
def test_whoever_only_reads_gets_no_role_that_changes_something(roster, cast, administrator, reader):
    with pytest.raises(ActionRefused, match="Auditor and Viewer only read"):
        change_roles(getattr(cast, reader), roles=[reader, "roster"], actor=SETUP)
    reading = role_of(administrator, "Reads the trail", ["audit.read"])
    assert give(getattr(cast, reader), reader, reading.key).can("audit.read")
    with pytest.raises(ActionRefused, match="only read"):
        change_role(reading, name="x", description="x", grants=["people.write"], actor=administrator)


def test_an_auditor_has_no_built_in_role_that_changes_something_either(cast, in_acme):
    with pytest.raises(ActionRefused, match="Auditor and Viewer only read, and Employee does more"):
        change_roles(cast.auditor, roles=["auditor", "employee"], actor=SETUP)


# Changing and retiring


def test_changing_a_role_changes_what_everybody_who_has_it_may_do(administrator, roster, cast):
    give(cast.employee, "employee", "roster")
    change_role(roster, name="Trainers", description="Keeps training.", grants=["training.write"], actor=administrator)
    member = cast.employee
    assert (member.can("people.write"), member.can("training.write")) == (False, True)
    assert list(member.role_names) == ["Employee", "Trainers"]
    event = last("role.change")
    assert (event["before"]["grants"], event["after"]["grants"]) == (["people.write"], ["training.write"])
    assert (event["before"]["name"], event["after"]["name"], event["after"]["members"]) == ("Roster", "Trainers", 1)


def test_a_change_adds_no_more_than_its_maker_holds_and_takes_away_freely(administrator, cast, in_acme):
    role = role_of(cast.manager, "Deciders", ["reviews.decide", "people.read"])
    with pytest.raises(ActionRefused, match="cannot give what you do not hold"):
        change_role(role, name="x", description="x", grants=["reviews.decide", "reviews.sign"], actor=administrator)
    changed = change_role(role, name="x", description="x", grants=["people.read"], actor=administrator)
    assert changed.grants == ["people.read"]
    with pytest.raises(ActionRefused, match="Nothing was changed"):
        change_role(role, name="x", description="x", grants=["people.read"], actor=administrator)


def test_whoever_is_no_administrator_changes_no_role_that_may_do_more(administrator, cast, in_acme):
    role = create_role(**DESK, actor=administrator)
    with pytest.raises(ActionRefused, match="do not hold"):
        change_role(role, name="x", description="x", grants=["people.read"], actor=cast.manager)
    with pytest.raises(ActionRefused, match="do not hold"):
        retire_role(role, actor=cast.manager, reason="x")


def test_a_role_is_retired_when_nobody_has_it_and_never_deleted(administrator, roster, cast):
    give(cast.employee, "roster")
    with pytest.raises(ActionRefused, match=f"still has this role: {cast.employee.name}"):
        retire_role(roster, actor=administrator, reason="x")
    give(cast.employee, "employee")
    invitation, _ = invite_member(email="new@acme.example", roles=["roster"], actor=administrator)
    with pytest.raises(ActionRefused, match="open invitation"):
        retire_role(roster, actor=administrator, reason="x")
    Invitation.objects.filter(pk=invitation.pk).update(status="revoked")
    retired = retire_role(roster, actor=administrator, reason="Nobody needs it")
    assert retired.status == "retired"
    assert last("role.retire")["metadata"]["note"] == "Nobody needs it"
    with pytest.raises(ActionRefused, match="was retired"):
        retire_role(roster, actor=administrator, reason="x")
    with pytest.raises(ActionRefused, match="at least one role"):
        change_roles(cast.employee, roles=["roster"], actor=SETUP)


def test_what_it_grants_stands_only_with_those_who_have_it(cast, in_acme):
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(pk=cast.viewer.pk).update(further=["people.write"])


def test_another_organization_neither_sees_nor_gives_it(roster, cast, globex):
    with tenant(globex):
        assert not CustomRole.objects.exists()
        with pytest.raises(ActionRefused, match="at least one role"):
            change_roles(cast.of("globex", "employee"), roles=["roster"], actor=SETUP)


# Who can do what, asked of the database


def test_those_who_may_do_something_are_found_by_any_role(roster, cast, acme):
    give(cast.employee, "employee", "roster")
    found = set(Member.objects.active().of(acme).able("people.write"))
    assert found == {member for member in Member.objects.active().of(acme) if member.can("people.write")}
    assert cast.employee in found
    assert cast.employee in set(Member.objects.active().of(acme).able("people.read"))


@pytest.mark.parametrize(("grants", "is_plain"), [(["changes.work", "vendors.request"], True), (["people.read"], False)])
def test_the_providers_second_factor_serves_those_who_may_do_no_more_than_an_employee(cast, in_acme, grants, is_plain):
    role = role_of(cast.manager, "Own", grants)
    member = give(cast.employee, role.key, by=SETUP)
    assert member.is_plain is is_plain
    assert Member.objects.filter(IS_PLAIN, pk=member.pk).exists() is is_plain


@pytest.fixture
def holder(cast, acme):
    """An employee who also keeps the roster, by a role of the organization's own."""
    with tenant(acme):
        role_of(cast.administrator)
        return give(cast.employee, "employee", "roster")


def test_session_membership_and_permissions_take_three_queries_a_page(client_of, holder):
    client = client_of(holder)
    client.get("/o/acme/access/people/")
    with CaptureQueriesContext(connection) as seen:
        assert client.get("/o/acme/access/people/").status_code == 200
    tables = ('FROM "accounts_session"', 'FROM "accounts_user"', 'FROM "accounts_member"', 'FROM "accounts_customrole"')
    asked = [one["sql"] for one in seen if any(table in one["sql"] for table in tables)]
    assert len(asked) <= 3, asked


def test_a_role_that_is_changed_holds_at_the_next_request(client_of, holder, administrator, acme):
    client = client_of(holder)
    assert client.get("/o/acme/access/people/").status_code == 200
    with tenant(acme):
        trains: dict[str, Any] = {"name": "Roster", "description": "Trains.", "grants": ["training.write"]}
        change_role(CustomRole.objects.get(), **trains, actor=administrator)
    assert client.get("/o/acme/access/people/").status_code == 403
    assert client.get("/o/acme/policies/training/").status_code == 200
