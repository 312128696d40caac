"""Passkeys in Chromium, with its virtual authenticator: enrolling, stepping up, signing in, by keyboard and on a phone."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from accounts.models import Member, Passkey, Session, User
from accounts.models.session import SessionStore
from tests.accounts.passkeys.device import enrolled
from tests.accounts.signing_in import authenticator_of, fresh_code
from tests.browser import Watch, browser, faults_of, site, watch  # noqa: F401 (fixtures)
from tests.cast import PASSWORD

pytestmark = pytest.mark.browser
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(browser: Any, site: str, watch: Watch, settings: Any) -> Page:  # noqa: F811 (asks for the fixtures)
    """WebAuthn refuses an address in numbers."""
    address = settings.PLUMBLINE_BASE_URL = site.replace("127.0.0.1", "localhost")
    return watch.over(browser.new_context(base_url=address)).new_page()


@pytest.fixture
def phone(page: Page) -> Iterator[tuple[CDPSession, str]]:
    """A device that makes sure who holds it, and its name."""
    talk = page.context.new_cdp_session(page)
    talk.send("WebAuthn.enable")
    name = talk.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]
    yield talk, name
    talk.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": name})


def give_password(page: Page, user: User, path: str = "/sign-in/") -> None:
    page.goto(path)
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def let_an_hour_pass() -> None:
    """As if every factor had been shown an hour earlier."""
    for session in Session.objects.all():
        store = SessionStore(session.session_key)
        if "factor_at" in store:
            store["factor_at"] = time.time() - 3600
            store.save()


def check(page: Page, name: str) -> None:
    assert faults_of(page, name) == []


def user_of(name: str) -> User:
    return Member.objects.get(user__email=f"{name}@acme.example").user


def test_enrol_step_up_and_sign_in(page: Page, phone: tuple[CDPSession, str]):
    user = user_of("administrator")
    give_password(page, user)
    page.get_by_role("link", name="Use a passkey instead").click()
    check(page, "add the first passkey")
    page.get_by_label("Name").fill("Work laptop")
    page.keyboard.press("Enter")
    expect(page.locator("ul.codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url(re.compile("/o/acme/"))

    let_an_hour_pass()
    page.goto("/o/acme/members/idle-limit/")
    page.get_by_label("Minutes without use").fill("30")
    check(page, "a form with a passkey")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/o/acme/(?!members/idle-limit)"))
    assert Passkey.objects.get().last_used_at is not None

    let_an_hour_pass()
    page.goto("/account/passkeys/add/")
    expect(page).to_have_title(re.compile("Confirm"))
    check(page, "confirm")
    page.keyboard.press("Enter")  # the passkey's button has the focus
    page.wait_for_url(re.compile("/account/passkeys/add/$"))
    page.goto("/account/passkeys/")
    check(page, "passkeys")
    page.goto("/account/")
    check(page, "account")
    page.get_by_role("button", name="Sign out").click()

    check(page, "sign-in")
    page.get_by_role("button", name="Sign in with a passkey").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/o/acme/"))


def test_after_the_password_and_from_the_page_that_was_asked_for(page: Page, phone: tuple[CDPSession, str]):
    user = user_of("administrator")
    authenticator_of(user)
    give_password(page, user)
    page.get_by_label("Code").fill(fresh_code(user))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(re.compile("/o/acme/"))
    page.goto("/account/passkeys/add/")
    page.get_by_role("button", name="Make the passkey").click()
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("link", name="Rename").click()
    check(page, "rename")
    page.get_by_label("Name").fill("Key ring")
    page.get_by_role("button", name="Save the name").click()
    expect(page.get_by_text("Key ring")).to_be_visible()
    page.context.clear_cookies()

    page.goto("/o/acme/members/")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    check(page, "verify")
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url(re.compile("/o/acme/members/$"))
    page.context.clear_cookies()
    page.goto("/o/acme/members/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(re.compile("/o/acme/members/$"))
    page.goto("/account/passkeys/")
    page.get_by_role("link", name="Remove").click()
    check(page, "remove")
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("signs you in no more")).to_be_visible()


def test_what_does_not_work_is_said_where_one_is(page: Page, phone: tuple[CDPSession, str]):
    talk, name = phone
    user = user_of("viewer")
    page.goto("/sign-in/")
    refused = page.locator("[data-passkey-words]")
    talk.send("WebAuthn.setUserVerified", {"authenticatorId": name, "isUserVerified": False})
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(refused).to_have_text("No passkey was given. Try again, or use another way.")
    check(page, "sign-in, refused")
    enrolled(user)  # on another device
    give_password(page, user)
    page.get_by_role("button", name="Use your passkey").click()
    expect(refused).to_be_visible()
    page.evaluate("delete window.PublicKeyCredential")
    page.get_by_role("button", name="Use your passkey").click()
    expect(refused).to_have_text("This browser knows no passkeys.")


def test_the_same_device_is_not_asked_twice(page: Page, phone: tuple[CDPSession, str]):
    user = user_of("viewer")
    give_password(page, user)
    page.get_by_role("link", name="Use a passkey instead").click()
    page.get_by_role("button", name="Make the passkey").click()
    page.get_by_role("link", name="I have kept them").click()
    page.goto("/account/passkeys/add/")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.locator("[data-passkey-words]")).to_have_text("There is a passkey of yours already.")
    assert Passkey.objects.filter(user=user).count() == 1
