"""Members: inviting, joining, roles, leaving."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from accounts.actions import (
    accept_invitation,
    add_member,
    change_roles,
    create_organization,
    invite_member,
    remove_member,
    reset_factor,
    revoke_invitation,
)
from accounts.models import Invitation, Member, RecoveryDevice, TotpDevice, User
from audit.actors import System
from audit.models import AuditEvent
from tenancy.models import Organization
from tenancy.scope import now, tenant
from tests.accounts.signing_in import authenticator_of, fresh_code, give_code, give_password, sign_in
from tests.cast import PASSWORD, Cast
from ui.refusals import ActionRefused

NEW_PASSWORD = "Newcomer-Horse-7-Staple"
SETUP = System("test")


def invited(organization: Organization, email: str = "new@acme.example", roles: tuple[str, ...] = ("reviewer",)) -> str:
    """The path of a new invitation."""
    with tenant(organization):
        _, link = invite_member(email=email, roles=roles, actor=SETUP)
    return link.removeprefix("http://localhost:8000")


def events(organization: Organization, verb: str, result: str = "success") -> list[dict[str, Any]]:
    with tenant(organization):
        return [event.data for event in AuditEvent.objects.filter(verb=verb, result=result).order_by("at")]


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.administrator.user)


# Joining


def test_somebody_new_joins_by_the_link(client: Client, acme: Organization):
    path = invited(acme)
    page = client.get(path)
    assert b"new@acme.example" in page.content
    assert b"Reviewer" in page.content
    step = client.post(path, {"name": "Nell New", "password": NEW_PASSWORD, "repeated": NEW_PASSWORD})
    assert step["Location"] == "/sign-in/authenticator/?next=%2Fo%2Facme%2F"
    member = Member.objects.get(user__email="new@acme.example")
    assert (member.organization, member.roles, member.name) == (acme, ["reviewer"], "Nell New")
    assert client.get("/o/acme/members/")["Location"].startswith("/sign-in/authenticator/")
    assert [event["actor"]["email"] for event in events(acme, "member.accept")] == ["new@acme.example"]
    assert NEW_PASSWORD not in str(events(acme, "user.create"))


def test_looking_at_an_invitation_changes_nothing(client: Client, acme: Organization):
    path = invited(acme)
    client.get(path)
    assert client.get(path).status_code == 200
    assert not User.objects.filter(email="new@acme.example").exists()


def test_the_password_policy_holds_for_newcomers(client: Client, acme: Organization):
    path = invited(acme)
    weak = client.post(path, {"name": "Nell", "password": "weak", "repeated": "weak"})
    assert weak.status_code == 422
    assert client.get(path).status_code == 200


def test_an_invitation_works_once(client: Client, acme: Organization):
    path = invited(acme)
    form = {"name": "Nell New", "password": NEW_PASSWORD, "repeated": NEW_PASSWORD}
    client.post(path, form)
    again = Client().post(path, {**form, "name": "Mallory"})
    assert again.status_code == 410
    assert b"used already" in again.content
    assert User.objects.filter(email="new@acme.example").count() == 1
    assert len(events(acme, "member.accept", "failure")) == 1


def test_an_expired_invitation_does_not_work(client: Client, acme: Organization):
    path = invited(acme)
    with tenant(acme):
        Invitation.objects.update(expires_at=now() - dt.timedelta(seconds=1))
        assert client.get(path).status_code == 410
        with pytest.raises(ActionRefused):
            accept_invitation(Invitation.objects.get(), user=User(email="new@acme.example"))


def test_a_revoked_invitation_does_not_work(client: Client, acme: Organization):
    path = invited(acme)
    with tenant(acme):
        revoke_invitation(Invitation.objects.get(), actor=SETUP)
    assert client.get(path).status_code == 410


def test_a_second_invitation_voids_the_first(client: Client, acme: Organization):
    first, second = invited(acme), invited(acme, roles=("viewer",))
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200


def test_a_token_works_in_its_own_organization_only(client: Client, acme: Organization, globex: Organization):
    path = invited(acme)
    assert client.get(path.replace("/acme/", "/globex/")).status_code == 404
    assert client.get(path.replace("/acme/", "/nowhere/")).status_code == 404
    assert client.get(path[:-3] + "x/").status_code == 404


def test_the_token_is_not_stored(acme: Organization):
    token = invited(acme).rstrip("/").rpartition("/")[2]
    with tenant(acme):
        stored = str(Invitation.objects.values().get())
    assert token not in stored
    assert token not in str(events(acme, "member.invite"))


def test_somebody_with_an_account_signs_in_to_accept(client: Client, acme: Organization, globex: Organization, cast: Cast):
    user = cast.of("globex", "auditor").user
    path = invited(acme, email=user.email, roles=("auditor",))
    step = client.get(path)
    assert step["Location"].startswith("/sign-in/?next=")
    authenticator_of(user)
    step = client.post(step["Location"], {"email": user.email, "password": PASSWORD})
    step = client.post(step["Location"], {"code": fresh_code(user)})
    assert step["Location"] == path
    assert b"Join Acme" in client.get(path).content
    assert client.post(path)["Location"] == "/o/acme/"
    assert Member.objects.filter(user=user).count() == 2
    chooser = client.get("/").content.decode()
    assert "/o/acme/" in chooser
    assert "/o/globex/" in chooser


def test_a_half_signed_in_person_cannot_accept(client: Client, acme: Organization, cast: Cast):
    user = cast.of("globex", "auditor").user
    authenticator_of(user)
    path = invited(acme, email=user.email)
    give_password(client, user.email)
    assert client.post(path)["Location"].startswith("/sign-in/code/")
    assert Member.objects.filter(user=user).count() == 1


def test_an_invitation_is_for_its_addressee(client: Client, acme: Organization, cast: Cast):
    mallory = cast.of("globex", "auditor").user
    path = invited(acme)
    sign_in(client, mallory)
    assert b"another e-mail address" in client.get(path).content
    assert client.post(path).status_code == 403
    assert not Member.objects.filter(user=mallory, organization=acme).exists()


def test_joining_needs_the_forms_token(acme: Organization):
    path = invited(acme)
    form = {"name": "Nell New", "password": NEW_PASSWORD, "repeated": NEW_PASSWORD}
    assert Client(enforce_csrf_checks=True).post(path, form).status_code == 403


def test_somebody_who_was_removed_can_come_back(acme: Organization, cast: Cast, in_acme: Any):
    remove_member(cast.viewer, actor=SETUP)
    back = add_member(cast.viewer.user, roles=["reviewer"], actor=SETUP)
    assert back == cast.viewer
    assert (back.status, back.roles) == ("active", ["reviewer"])


# The screens


def test_an_administrator_invites_and_the_mail_carries_the_link(admin: Client, acme: Organization):
    form = {"email": "New@Acme.example", "name": "Nell", "roles": ["employee", "viewer"]}
    assert admin.post("/o/acme/members/invite/", form).status_code in {302, 303}
    from workflow.models import OutboxMessage

    with tenant(acme):
        mail = OutboxMessage.objects.get()
        assert Invitation.objects.get().roles == ["viewer", "employee"]
    assert mail.to == "new@acme.example"
    link = re.search(r"http://localhost:8000(/invitation/acme/\S+)", mail.text)
    assert link
    assert Client().get(link[1]).status_code == 200
    assert b"new@acme.example" in admin.get("/o/acme/members/").content


@pytest.mark.parametrize(
    "form",
    [{"email": "nonsense", "roles": ["viewer"]}, {"email": "a@b.example"}, {"email": "a@b.example", "roles": ["owner"]}],
)
def test_a_bad_invitation_is_refused(admin: Client, acme: Organization, form: dict[str, Any]):
    assert admin.post("/o/acme/members/invite/", form).status_code == 422
    assert events(acme, "member.invite") == []


def test_inviting_a_member_again_is_refused_at_the_field(admin: Client):
    answer = admin.post("/o/acme/members/invite/", {"email": "viewer@acme.example", "roles": ["viewer"]})
    assert answer.status_code == 422
    assert b"a member already" in answer.content


def test_the_list_shows_this_organization_only(admin: Client):
    page = admin.get("/o/acme/members/").content.decode()
    assert "manager@acme.example" in page
    assert "globex.example" not in page


def test_the_list_takes_few_queries(admin: Client, django_assert_max_num_queries: Any):
    admin.get("/o/acme/members/")
    with django_assert_max_num_queries(15):
        admin.get("/o/acme/members/")


def test_who_may_only_read_sees_no_way_to_change(client: Client, cast: Cast):
    sign_in(client, cast.auditor.user)
    page = client.get("/o/acme/members/").content.decode()
    assert "Invite somebody" not in page
    assert f'/members/{cast.viewer.id}/"' not in page
    assert f"/members/{cast.viewer.id}/rights/" in page


@pytest.mark.parametrize("role", ["auditor", "viewer", "employee", "reviewer"])
def test_only_those_who_give_roles_change_members(client: Client, cast: Cast, role: str):
    sign_in(client, getattr(cast, role).user)
    target = cast.executive.id
    for path in ("invite/", f"{target}/", f"{target}/accept/", f"{target}/remove/"):
        assert client.post(f"/o/acme/members/{path}", {"roles": ["administrator"]}).status_code == 403
    cast.executive.refresh_from_db()
    assert cast.executive.roles == ["executive"]


def test_roles_are_changed_and_take_effect_at_once(admin: Client, cast: Cast, acme: Organization):
    target = cast.viewer
    assert admin.post(f"/o/acme/members/{target.id}/", {"roles": ["employee"]}).status_code in {302, 303}
    target = cast.viewer
    assert target.roles == ["employee"]
    assert not target.can("people.read")
    (event,) = events(acme, "member.change_roles")
    assert (event["before"], event["after"]) == ({"roles": ["viewer"]}, {"roles": ["employee"]})


def test_the_frame_shows_who_is_signed_in_and_not_who_is_edited(admin: Client, cast: Cast):
    page = admin.get(f"/o/acme/members/{cast.viewer.id}/")
    assert page.context["member"] == cast.administrator


def test_changing_ones_own_roles_keeps_the_session_at_hand(admin: Client, cast: Cast):
    roles = ["administrator", "viewer"]
    assert admin.post(f"/o/acme/members/{cast.administrator.id}/", {"roles": roles}).status_code in {302, 303}
    assert admin.get("/o/acme/members/").status_code == 200


def test_sensitive_acts_ask_for_a_code(client: Client, cast: Cast):
    sign_in(client, cast.administrator.user, factor_age=3600)
    path = f"/o/acme/members/{cast.viewer.id}/"
    assert b"factor_code" in client.get(path).content
    assert client.post(path, {"roles": ["employee"]}).status_code == 422
    code = fresh_code(cast.administrator.user)
    assert client.post(path, {"roles": ["employee"], "factor_code": code}).status_code in {302, 303}


def test_a_member_of_another_organization_is_not_found(admin: Client, cast: Cast):
    foreign = cast.of("globex", "viewer")
    for path in ("", "remove/"):
        assert admin.get(f"/o/acme/members/{foreign.id}/{path}").status_code == 404
        assert admin.post(f"/o/acme/members/{foreign.id}/{path}", {"roles": ["employee"], "reason": "x"}).status_code == 404


def test_an_invitation_of_another_organization_cannot_be_revoked(admin: Client, globex: Organization):
    invited(globex)
    with tenant(globex):
        key = Invitation.objects.get().id
    assert admin.post(f"/o/acme/members/invitations/{key}/revoke/").status_code == 404


def test_nobody_comes_in_by_an_invitation_of_somebody_who_was_removed(cast: Cast, acme: Organization, client: Client):
    with tenant(acme):
        mine, link = invite_member(email="second-self@acme.example", roles=["reviewer"], actor=cast.manager)
        others, _ = invite_member(email="other@acme.example", roles=["viewer"], actor=cast.administrator)
        remove_member(cast.manager, actor=cast.administrator)
        assert [Invitation.objects.get(pk=one.pk).status for one in (mine, others)] == ["revoked", "open"]
    assert events(acme, "member.remove")[0]["metadata"] == {"invitations_revoked": 1}
    assert client.get(link.removeprefix("http://localhost:8000")).status_code == 410


def test_a_removed_member_is_out_and_stays_in_the_trail(admin: Client, cast: Cast, acme: Organization):
    other = sign_in(Client(), cast.viewer.user)
    answer = admin.post(f"/o/acme/members/{cast.viewer.id}/remove/", {"reason": "Left the company"})
    assert answer.status_code in {302, 303}
    assert other.get("/o/acme/members/").status_code == 302
    assert cast.viewer.status == "removed"
    assert events(acme, "member.remove")[0]["metadata"]["note"] == "Left the company"


# The last administrator, factors


def test_the_last_administrator_stays(cast: Cast, in_acme: Any):
    last = cast.administrator
    with pytest.raises(ActionRefused, match="needs an administrator"):
        change_roles(last, roles=["viewer"], actor=last)
    with pytest.raises(ActionRefused, match="needs an administrator"):
        remove_member(last, actor=last)
    change_roles(cast.executive, roles=["executive", "administrator"], actor=SETUP)
    change_roles(last, roles=["viewer"], actor=last)


def test_actions_check_the_permission_themselves(cast: Cast, in_acme: Any):
    viewer, target = cast.viewer, cast.reviewer
    for act in (
        lambda: invite_member(email="x@y.example", roles=["viewer"], actor=viewer),
        lambda: add_member(target.user, roles=["viewer"], actor=viewer),
        lambda: change_roles(viewer, roles=["administrator"], actor=viewer),
        lambda: remove_member(target, actor=viewer),
        lambda: reset_factor(target, actor=viewer, reason="x"),
    ):
        with pytest.raises(ActionRefused, match="Only an administrator"):
            act()


@pytest.mark.parametrize("roles", [[], ["owner"], ["viewer", "owner"]])
def test_roles_nobody_knows_are_refused(cast: Cast, in_acme: Any, roles: list[str]):
    with pytest.raises(ActionRefused, match="at least one role"):
        change_roles(cast.viewer, roles=roles, actor=SETUP)


def test_resetting_a_factor_forgets_it_and_the_codes(cast: Cast, acme: Organization, in_acme: Any):
    person = cast.viewer.user
    authenticator_of(person)
    RecoveryDevice.objects.create(user=person, name="Recovery codes").replace_codes()
    reset_factor(cast.viewer, actor=cast.administrator, reason="Lost the phone")
    assert not TotpDevice.objects.filter(user=person).exists()
    assert not RecoveryDevice.objects.filter(user=person).exists()
    assert events(acme, "factor.reset")[0]["metadata"]["note"] == "Lost the phone"


def test_a_factor_shared_with_another_organization_is_not_ours_to_reset(cast: Cast, acme: Organization, globex: Organization):
    shared = cast.of("globex", "viewer").user
    with tenant(acme):
        member = add_member(shared, roles=["viewer"], actor=SETUP)
        with pytest.raises(ActionRefused, match="another organization"):
            reset_factor(member, actor=cast.administrator, reason="x")


def test_ones_own_factor_is_not_reset_but_replaced(cast: Cast, in_acme: Any):
    with pytest.raises(ActionRefused, match="account page"):
        reset_factor(cast.administrator, actor=cast.administrator, reason="x")


# Start page, commands


def test_somebody_without_an_organization_is_told_so(client: Client, db: None):
    stranger = User.objects.get(email="stranger@nowhere.example")
    authenticator_of(stranger)
    give_password(client, stranger.email)
    give_code(client, fresh_code(stranger))
    assert b"You belong to no organization" in client.get("/").content
    with tenant(Organization.installation()):
        assert AuditEvent.objects.filter(verb="session.sign_in", actor_id=stranger.id).exists()


def test_the_command_founds_an_organization(db: None, capsys: pytest.CaptureFixture[str]):
    call_command("create_organization", "Initech", "--zone", "Europe/Berlin", "--admin-email", "bill@initech.example")
    link = re.search(r"http://localhost:8000(/invitation/initech/\S+)", capsys.readouterr().out)
    assert link
    assert b"Join Initech" in Client().get(link[1]).content
    organization = Organization.objects.get(slug="initech")
    assert [event["object"]["name"] for event in events(organization, "organization.create")] == ["Initech"]


@pytest.mark.parametrize("arguments", [["--zone", "Mars/Base"], ["--slug", "acme"], ["--slug", "a b"], ["--admin-email", "x"]])
def test_a_failed_founding_leaves_nothing(db: None, arguments: list[str]):
    defaults = {"--zone": "UTC", "--slug": "initech", "--admin-email": "bill@initech.example"}
    defaults.update(dict([arguments]))
    with pytest.raises(CommandError):
        call_command("create_organization", "Initech", *[part for pair in defaults.items() for part in pair])
    assert not Organization.objects.filter(name="Initech").exists()


def test_codes_are_printed_for_the_example_only(cast: Cast, settings: Any, capsys: pytest.CaptureFixture[str]):
    person = cast.viewer.user
    authenticator_of(person)
    settings.PLUMBLINE_EXAMPLE = True
    with pytest.raises(CommandError, match="example only"):
        call_command("code", person.email)
    example = create_organization(name="Larkfield", slug="larkfield", zone="UTC", actor=SETUP, is_example=True)
    someone = User.objects.create_user(email="it@larkfield.example", name="It", password=PASSWORD)
    with tenant(example):
        add_member(someone, roles=["administrator"], actor=SETUP)
    with pytest.raises(CommandError, match="no authenticator"):
        call_command("code", someone.email)
    authenticator_of(someone)
    call_command("code", "IT@larkfield.example")
    client = Client()
    give_password(client, someone.email)
    assert give_code(client, capsys.readouterr().out.strip()).status_code == 302
    settings.PLUMBLINE_EXAMPLE = False
    with pytest.raises(CommandError, match="example only"):
        call_command("code", someone.email)
