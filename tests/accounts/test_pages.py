"""The pages as a browser shows them: accessible in light and dark, nothing refused by the content security policy."""

import re
import time

import pytest
from django_otp.oath import TOTP
from playwright.sync_api import Browser, Page

from accounts.models import TotpDevice, User
from tests.accounts.signing_in import authenticator_of, fresh_code
from tests.browser import Watch, faults_of
from tests.cast import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, site: str, watch: Watch) -> Page:
    return watch.over(browser.new_context(base_url=site)).new_page()


def check(page: Page, name: str) -> None:
    """Nothing is wrong with it in light and dark, at any width."""
    assert faults_of(page, name) == []


def test_a_newcomer_enrols_and_reaches_the_account(page: Page):
    page.goto("/sign-in/")
    check(page, "sign-in")
    page.get_by_label("E-mail").fill("auditor@acme.example")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Continue").click()
    assert page.get_by_role("alert").is_visible()
    check(page, "sign-in-wrong")
    page.get_by_label("E-mail").fill("auditor@acme.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("I cannot scan it").click()
    check(page, "enrol")
    secret = TotpDevice.objects.get(user__email="auditor@acme.example").secret
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 0
    page.get_by_label("Six-digit code").fill(f"{TOTP(secret).token():06d}")
    page.get_by_role("button", name="Confirm").click()
    assert page.locator("ul.codes li").count() == 10
    check(page, "recovery-codes")
    page.goto("/account/")
    check(page, "account")
    page.get_by_role("link", name="See where you are signed in").click()
    check(page, "sessions")
    page.goto("/account/password/")
    check(page, "password")
    page.goto("/account/recovery-codes/")
    check(page, "renew-codes")


def test_an_administrator_signs_in_and_looks_after_members(page: Page):
    user = User.objects.get(email="administrator@acme.example")
    authenticator_of(user)
    page.goto("/o/acme/members/")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/sign-in/code/"))
    check(page, "verify")
    page.get_by_label("Code").fill(fresh_code(user))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/o/acme/members/$"))
    page.goto("/o/acme/members/invite/")
    check(page, "invite")
    page.get_by_label("E-mail").fill("new@acme.example")
    page.get_by_label("Employee").check()
    page.get_by_role("button", name="Send the invitation").click()
    page.wait_for_url(re.compile("/o/acme/members/$"))
    assert page.get_by_text("new@acme.example").is_visible()
    check(page, "members")
    page.get_by_role("link", name="Viewer Acme", exact=True).click()
    check(page, "member")
    page.get_by_role("link", name="Remove from the organization").click()
    check(page, "remove")


def test_the_lockout_page_says_what_to_do(page: Page):
    page.goto("/sign-in/")
    deadline = time.monotonic() + 30
    while "Too many attempts" not in page.title() and time.monotonic() < deadline:
        page.get_by_label("E-mail").fill("viewer@acme.example")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Continue").click()
        page.wait_for_load_state()
    assert page.get_by_text("15 minutes").is_visible()
    check(page, "locked-out")
