"""Tokens: who may make one, what it is worth, and when it is worth nothing."""

import datetime as dt
import hashlib
import logging
import re
from typing import Any

import pytest

from accounts.actions import add_member, change_roles, create_service, create_token, remove_member, revoke_token
from accounts.models import Member, Token
from accounts.permissions import PERMISSIONS
from accounts.presets import PRESETS, by_area
from audit.actors import System
from audit.models import AuditEvent
from tenancy.models import Organization
from tenancy.scope import now, tenant
from tests.api.conftest import Program, make_token
from tests.cast import Cast, signed_in
from ui.refusals import ActionRefused


def events(organization: Organization, verb: str) -> list[Any]:
    with tenant(organization):
        return [event.data for event in AuditEvent.objects.filter(verb=verb).order_by("at")]


def test_only_its_hash_is_kept(manager):
    token, text = make_token(manager)
    assert text.startswith("plb_")
    assert len(text) == 47
    assert token.digest == hashlib.sha256(text.encode()).hexdigest()
    assert text not in str(Token.objects.filter(pk=token.pk).values())
    assert text.startswith(token.prefix)


def test_it_is_made_on_a_page_that_shows_it_once(manager, acme):
    client = signed_in(manager)
    until = acme.today() + dt.timedelta(days=30)
    form = {"name": "Pipeline", "member": manager.pk, "scopes": ["people.read", "evidence.write"], "expires_on": until}
    shown = client.post("/o/acme/members/tokens/new/", form)
    token = Token.objects.get()
    assert (shown.status_code, shown["Cache-Control"]) == (200, "private, no-store")
    text = shown.content.decode().partition('<code class="token">')[2].partition("</code>")[0]
    assert Program(text).get("me").json()["permissions"] == ["evidence.read", "evidence.write", "people.read"]
    listed = client.get("/o/acme/members/tokens/").content.decode()
    assert token.prefix in listed
    assert text not in listed
    (created,) = events(acme, "token.create")
    assert text not in str(created)


def test_making_one_asks_for_the_second_factor(manager, acme):
    client = signed_in(manager)
    session = client.session
    session["factor_at"] = 0
    session.save()
    form = {"name": "Pipeline", "member": manager.pk, "scopes": ["people.read"], "expires_on": acme.today()}
    assert client.post("/o/acme/members/tokens/new/", form).status_code == 422
    assert not Token.objects.exists()


def test_one_sees_ones_own_and_an_administrator_all(manager, reviewer, administrator):
    mine, _ = make_token(manager)
    theirs, _ = make_token(reviewer)
    shown = signed_in(manager).get("/o/acme/members/tokens/").content.decode()
    assert mine.prefix in shown
    assert theirs.prefix not in shown
    assert theirs.prefix in signed_in(administrator).get("/o/acme/members/tokens/").content.decode()
    assert signed_in(manager).post(f"/o/acme/members/tokens/{theirs.pk}/revoke/").status_code == 404
    assert signed_in(administrator).post(f"/o/acme/members/tokens/{theirs.pk}/revoke/").status_code == 303
    assert Token.objects.get(pk=theirs.pk).revoked_by == administrator
    foreign, _ = make_token(Cast().of("globex", "manager"))
    assert signed_in(administrator).post(f"/o/acme/members/tokens/{foreign.pk}/revoke/").status_code == 404


def test_nobody_gives_a_token_more_than_they_have(employee, reviewer, acme):
    today = acme.today()
    with tenant(acme):
        with pytest.raises(ActionRefused, match="may not do this"):
            create_token(employee, name="x", scopes=["people.read"], expires_on=today, actor=employee)
        with pytest.raises(ActionRefused):
            create_token(reviewer, name="x", scopes=["people.read"], expires_on=today, actor=employee)
        for day in (today - dt.timedelta(days=1), today + dt.timedelta(days=367)):
            with pytest.raises(ActionRefused):
                create_token(employee, name="x", scopes=["home.read"], expires_on=day, actor=employee)
        with pytest.raises(ActionRefused, match="at least one"):
            create_token(employee, name="x", scopes=[], expires_on=today, actor=employee)


def test_a_scope_bounds_what_its_owner_may(manager):
    program = Program(make_token(manager, "people.read")[1])
    assert program.get("people").status_code == 200
    assert program.get("systems").status_code == 403
    assert program.post("people", {"name": "A", "kind": "employee"}).status_code == 403


def test_it_loses_what_its_owner_loses(manager, administrator, acme):
    program = Program(make_token(manager)[1])
    assert program.get("people").status_code == 200
    with tenant(acme):
        change_roles(manager, roles=["employee"], actor=administrator)
    assert program.get("people").status_code == 403
    with tenant(acme):
        remove_member(manager, actor=administrator)
    assert program.get("me").status_code == 401
    (removed,) = events(acme, "member.remove")
    assert removed["metadata"]["tokens_revoked"] == 1
    with tenant(acme):
        add_member(manager.user, roles=["compliance_manager"], actor=System("test"))
    assert program.get("me").status_code == 401  # who comes back makes new ones


def kill(token: Token, how: str, administrator: Member) -> None:
    with tenant(administrator.organization):
        if how == "revoked":
            revoke_token(token, actor=administrator)
        elif how == "expired":
            Token.objects.filter(pk=token.pk).update(expires_at=now())
        elif how == "ended":
            yesterday = administrator.organization.today() - dt.timedelta(days=1)
            Member.objects.filter(pk=token.member_id).update(access_ends_on=yesterday)
        else:
            token.member.user.is_active = False
            token.member.user.save()


@pytest.mark.parametrize("how", ["revoked", "expired", "ended", "disabled"])
def test_a_dead_token_opens_nothing_and_its_use_is_recorded(how, manager, administrator, acme):
    token, text = make_token(manager)
    program = Program(text)
    assert program.get("me").status_code == 200
    kill(token, how, administrator)
    answer = program.get("me")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]
    (event,) = events(acme, "token.refuse")
    assert (event["result"], event["object"]["id"], event["metadata"]["token"]) == ("failure", str(token.pk), token.prefix)


def test_an_unknown_token_is_an_event_of_the_installation_and_soon_of_nobody(db):
    program = Program("plb_" + "z" * 43)
    answers = [program.get("me") for _ in range(31)]
    assert [one.status_code for one in answers] == [401] * 30 + [429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    found = events(Organization.installation(), "token.refuse")
    assert len(found) == 30
    assert found[0]["metadata"] == {"reason": "unknown", "token": "plb_zzzzzzzz"}


def test_no_log_holds_it(manager, caplog):
    _, text = make_token(manager)
    with caplog.at_level(logging.DEBUG):
        Program(text).get("people/01900000-0000-7000-8000-000000000000")
        Program(text + "x").get("me")
    assert text not in caplog.text


def test_its_use_is_noted_once_a_minute(manager):
    token, text = make_token(manager)
    Program(text).get("me")
    first = Token.objects.get(pk=token.pk).last_used_at
    Program(text).get("me")
    assert first is not None
    assert Token.objects.get(pk=token.pk).last_used_at == first


def test_a_service_account_acts_by_tokens_only(administrator, manager, acme):
    with tenant(acme):
        service = create_service(name="Nightly export", roles=["compliance_manager"], actor=System("test"))
        _, text = create_token(service, name="x", scopes=["people.write"], expires_on=acme.today(), actor=administrator)
        with pytest.raises(ActionRefused, match="made by the person"):
            create_token(manager, name="x", scopes=["people.read"], expires_on=acme.today(), actor=administrator)
        with pytest.raises(ActionRefused, match="cannot be an administrator"):
            create_service(name="x", roles=["administrator"], actor=administrator)
        with pytest.raises(ActionRefused, match="cannot be an administrator"):
            change_roles(service, roles=["administrator"], actor=administrator)
        with pytest.raises(ActionRefused, match="Only an administrator"):
            create_service(name="x", roles=["viewer"], actor=manager)
    assert not service.user.has_usable_password()
    made = Program(text).post("people", {"name": "A", "kind": "employee"})
    assert made.status_code == 201
    (event,) = events(acme, "person.create")[-1:]
    assert (event["actor"]["name"], event["actor"]["id"]) == ("Nightly export", str(service.pk))


def test_a_service_account_is_added_on_its_page(administrator, acme):
    client = signed_in(administrator)
    assert client.get("/o/acme/members/services/new/").status_code == 200
    answer = client.post("/o/acme/members/services/new/", {"name": "Bot", "roles": ["viewer"]})
    assert answer.status_code == 303
    service = Member.objects.get(user__name="Bot")
    client.post("/o/acme/members/services/new/", {"name": "Deploy", "roles": ["pipeline"]})
    offered = client.get("/o/acme/members/tokens/new/?for=pipeline").content.decode()
    deploys = Member.objects.get(user__name="Deploy")
    assert f'<option value="{deploys.pk}" selected' in offered  # the other may not report deployments
    until = acme.today() + dt.timedelta(days=3)
    form = {"name": "Bot", "member": service.pk, "scopes": ["people.read"], "expires_on": until}
    assert client.post("/o/acme/members/tokens/new/", form).status_code == 200
    too_much = client.post("/o/acme/members/tokens/new/", {**form, "scopes": ["people.write"]})
    assert too_much.status_code == 422
    assert Token.objects.filter(member=service).count() == 1


def test_a_revoked_token_cannot_be_revoked_again(manager, acme):
    token, _ = make_token(manager)
    with tenant(acme):
        revoke_token(token, actor=manager)
        with pytest.raises(ActionRefused, match="already"):
            revoke_token(token, actor=manager)


def test_somebody_of_two_organizations_enters_the_tokens(manager, acme, globex):
    with tenant(globex):
        add_member(manager.user, roles=["viewer"], actor=Cast().of("globex", "administrator"))
    assert Program(make_token(manager)[1]).get("me").json()["organization"] == acme.name


def test_what_a_token_is_usually_for_is_chosen_for_one(administrator):
    client = signed_in(administrator)
    page = client.get("/o/acme/members/tokens/new/").content.decode()
    assert 'href="?for=pipeline"' in page
    assert "Vendors, risk and privacy" in page, "permissions stand under their areas"
    page = client.get("/o/acme/members/tokens/new/?for=pipeline").content.decode()
    assert re.findall(r'value="([a-z_.]+)"[^>]* checked', page) == ["changes.read", "deployments.write"]


def test_every_preset_is_made_of_permissions_that_there_are():
    assert {scope for one in PRESETS for scope in one.scopes} <= set(PERMISSIONS)
    assert sorted(key for _, offered in by_area(PERMISSIONS) for key, _ in offered) == sorted(PERMISSIONS)
