"""Signing in by the organization's provider, as it should be."""

import json
import re
from html import escape, unescape
from typing import Any

import pytest
from django.test import Client

from accounts.company import discovery
from accounts.company.actions import record_factor, remove_provider, unlink_identity, withdraw_factor
from accounts.models import IdentityProvider, ProviderIdentity, TotpDevice
from audit.models import AuditEvent
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.accounts.company.conftest import address_in, begin, linked, path_of
from tests.accounts.company.provider import EC_KEY, Provider, jwk, signed_by
from tests.accounts.signing_in import authenticator_of, fresh_code, give_code, sign_in
from tests.cast import PASSWORD, Cast

HOME = "/o/acme/"


def come_back(client: Client, provider: IdentityProvider, there: Provider, subject: str = "subject-1", **claims: Any) -> Any:
    """The whole way, to the answer at the return address."""
    return client.get(path_of(there.authorize(begin(client, provider), subject, **claims)))


def factor_recorded(provider: IdentityProvider) -> None:
    administrator = Cast().administrator
    with tenant(administrator.organization):
        record_factor(provider, actor=administrator, note="MFA for all users, no exceptions")


def last_event(organization: Organization, verb: str, result: str = "success") -> dict[str, Any]:
    """What the trail says of the last such event."""
    with tenant(organization):
        found: dict[str, Any] = json.loads(AuditEvent.objects.filter(verb=verb, result=result).latest("at", "id").body)
    return found


def test_whoever_has_more_than_the_employees_role_shows_their_own_factor_too(client, here, there, cast, acme):
    linked(here, cast.manager)
    factor_recorded(here)
    authenticator_of(cast.manager.user)
    back = come_back(client, here, there)
    assert back["Location"].startswith("/sign-in/code/")
    assert client.get(HOME)["Location"].startswith("/sign-in/code/")
    assert give_code(client, fresh_code(cast.manager.user), next=HOME)["Location"] == HOME
    assert client.get(HOME).status_code == 200
    assert last_event(acme, "session.sign_in")["metadata"]["by"] == "the organization's provider"


def test_an_employee_enters_with_the_providers_factor_where_it_is_recorded(client, here, there, cast, acme):
    linked(here, cast.employee)
    factor_recorded(here)
    assert come_back(client, here, there)["Location"].startswith(HOME)
    assert client.get(HOME).status_code == 200
    assert not TotpDevice.objects.filter(user=cast.employee.user, confirmed=True).exists()
    assert last_event(acme, "session.sign_in")["metadata"]["factor"] == "of Acme ID"


def test_an_employee_shows_their_own_where_it_is_not(client, here, there, cast):
    linked(here, cast.employee)
    back = come_back(client, here, there)
    assert back["Location"].startswith("/sign-in/code/")
    assert client.get(HOME)["Location"].startswith("/sign-in/authenticator/")


def test_withdrawing_the_factor_ends_its_service_at_the_next_page(client, here, there, cast, acme):
    linked(here, cast.employee)
    factor_recorded(here)
    come_back(client, here, there)
    with tenant(acme):
        withdraw_factor(here, actor=cast.administrator, reason="an exception was found")
    assert client.get(HOME)["Location"].startswith("/sign-in/authenticator/")


@pytest.mark.parametrize("how", ["unlink", "remove"])
def test_a_session_ends_with_what_began_it(client, here, there, acme, how):
    cast = Cast()
    identity = linked(here, cast.employee)
    factor_recorded(here)
    come_back(client, here, there)
    assert client.get(HOME).status_code == 200
    with tenant(acme):
        if how == "unlink":
            unlink_identity(identity, actor=cast.administrator, reason="the wrong person")
        else:
            remove_provider(here, actor=cast.administrator, reason="we moved")
    assert client.get(HOME)["Location"].startswith("/sign-in/")
    assert "plumbline_session" not in client.session


def test_the_wanted_page_comes_afterwards_and_no_other_place(client, here, there, cast):
    linked(here, cast.employee)
    factor_recorded(here)
    wanted = "/o/acme/incidents/"
    assert client.get(path_of(there.authorize(begin(client, here, next=wanted))))["Location"] == wanted
    for elsewhere in ("https://evil.example/o/acme/", "//evil.example/o/acme/", "/o/globex/", "/\\evil.example", "o/acme/"):
        fresh = Client()
        assert fresh.get(path_of(there.authorize(begin(fresh, here, next=elsewhere))))["Location"].startswith(HOME)


def test_a_key_that_is_new_is_asked_for_once(client, here, there, cast, monkeypatch):
    linked(here, cast.employee)
    factor_recorded(here)
    come_back(client, here, there)
    there.keys.append(jwk(EC_KEY, "three"))
    there.sign = signed_by(EC_KEY, "ES256", kid="three")
    assert come_back(Client(), here, there).status_code == 400, "asked again within half a minute"
    there.asked.clear()
    monkeypatch.setattr(discovery, "ASK_AGAIN", 0)
    assert come_back(Client(), here, there)["Location"].startswith(HOME)
    assert there.asked.count("/keys") == 1


def test_a_secret_in_the_body_where_the_provider_takes_no_other(client, here, there, cast):
    linked(here, cast.employee)
    factor_recorded(here)
    there.configuration = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert come_back(client, here, there)["Location"].startswith(HOME)


# The first time


def test_a_member_confirms_with_their_password_that_both_accounts_are_theirs(client, here, there, cast, acme):
    back = come_back(client, here, there, email="Employee@ACME.example")
    assert back["Location"] == "/sign-in/company/acme/link/"
    page = client.get(back["Location"])
    assert "employee@acme.example" in page.content.decode()
    assert client.get(HOME)["Location"].startswith("/sign-in/"), "nobody is signed in yet"
    assert client.post(back["Location"], {"password": "wrong"}).status_code == 422
    assert client.post(back["Location"], {"password": PASSWORD})["Location"].startswith("/sign-in/code/")
    event = last_event(acme, "provider_identity.link")
    assert event["after"]["confirmed_by"] == "password"
    assert last_event(acme, "session.sign_in", "failure")["metadata"]["reason"] == "password"
    with tenant(acme):
        assert ProviderIdentity.objects.get().member == cast.employee
    assert come_back(Client(), here, there)["Location"].startswith("/sign-in/code/"), "known from now on, without an e-mail"


def test_somebody_signed_in_with_all_of_their_own_confirms_by_a_button(client, here, there, cast, acme):
    sign_in(client, cast.manager.user)
    back = come_back(client, here, there, email="manager@acme.example")
    assert "password" not in client.get(back["Location"]).content.decode().split("<form")[1]
    client.post(back["Location"])
    assert last_event(acme, "provider_identity.link")["after"]["confirmed_by"] == "session"


def test_an_e_mail_alone_links_nobody_else(client, here, there, cast):
    sign_in(client, cast.manager.user)
    back = come_back(client, here, there, email="employee@acme.example")
    assert client.post(back["Location"]).status_code == 422


def test_the_e_mail_may_come_from_userinfo_of_the_same_subject(client, here, there, cast):
    there.userinfo = {"sub": "subject-1", "email": "employee@acme.example", "email_verified": True}
    assert come_back(client, here, there)["Location"] == "/sign-in/company/acme/link/"
    there.userinfo = {"sub": "subject-2", "email": "employee@acme.example", "email_verified": True}
    assert come_back(Client(), here, there).status_code == 400


def test_a_silent_sign_in_is_no_factor_shown_now(client, here, there, cast):
    linked(here, cast.employee)
    factor_recorded(here)
    there.auth_age = 3600
    assert come_back(client, here, there)["Location"].startswith(HOME)
    assert "factor_at" not in client.session


def test_another_sign_in_in_the_same_browser_is_judged_by_itself(client, here, there, cast):
    linked(here, cast.employee)
    linked(here, cast.administrator, "subject-administrator")
    factor_recorded(here)
    come_back(client, here, there)
    assert come_back(client, here, there, "subject-administrator")["Location"].startswith("/sign-in/code/")
    assert "factor_at" not in client.session
    assert come_back(client, here, there)["Location"].startswith(HOME)


def test_a_link_from_elsewhere_signs_nobody_in_as_another(client, here, there, cast):
    linked(here, cast.employee)
    factor_recorded(here)
    come_back(client, here, there)
    way = f"/sign-in/company/acme/{here.pk}/"
    page = client.get(way)
    assert (page.status_code, "You are signed in as" in page.content.decode()) == (200, True)
    assert "company_attempts" not in client.session
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(way).status_code == 403
    assert address_in(client.post(way)).startswith(there.issuer)


def test_a_link_alone_begins_no_session_for_somebody_who_is_not_signed_in(client, here, there):
    way = f"/sign-in/company/acme/{here.pk}/?next={HOME}"
    page = client.get(way)
    assert (page.status_code, "this browser is signed in to Acme as that person" in page.content.decode()) == (200, True)
    assert there.issuer not in page.content.decode()
    assert "company_attempts" not in client.session
    assert Client(enforce_csrf_checks=True).post(way).status_code == 403
    on = client.post(way)
    assert address_in(on).startswith(there.issuer)
    assert escape(address_in(on)) in on.content.decode()


def test_the_buttons_of_the_sign_in_pages_are_the_act_itself(client, here, there):
    for page in ("/sign-in/company/acme/", f"/sign-in/?next={HOME}"):
        (way,) = re.findall(
            rf'<form method="post" action="(/sign-in/company/acme/{here.pk}/[^"]*)"', client.get(page).content.decode()
        )
        assert address_in(client.post(unescape(way))).startswith(there.issuer)


def test_begun_too_often_from_one_address(client, here, monkeypatch):
    monkeypatch.setattr("accounts.company.attempts.MOST_BEGUN", 2)
    answers = [client.post(f"/sign-in/company/acme/{here.pk}/").status_code for _ in range(3)]
    assert answers == [200, 200, 429]


def test_a_provider_that_comes_back_knows_nobody(client, here, there, cast, acme):
    linked(here, cast.employee)
    with tenant(acme):
        remove_provider(here, actor=cast.administrator, reason="another client")
        assert not ProviderIdentity.objects.get().is_linked


def test_what_the_provider_gave_is_not_kept(client, here, there, cast, caplog):
    linked(here, cast.employee)
    assert come_back(client, here, there).status_code == 302
    held = json.dumps(dict(client.session.items()), default=str)
    assert "bearer-of-it" not in held
    assert "eyJ" not in held  # as each signed token begins
    assert "bearer-of-it" not in caplog.text
