"""The pages as a browser shows them: accessible in light and dark, nothing refused by the content security policy."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test.testcases import LiveServerThread
from django_otp.oath import TOTP
from playwright.sync_api import Browser, Page, sync_playwright

from accounts.models import TotpDevice, User
from tests.accounts.signing_in import authenticator_of, fresh_code
from tests.cast import PASSWORD

pytestmark = pytest.mark.browser
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
CHROMIUM = "/usr/bin/chromium"
SIZES = [(1440, 900), (390, 844), (320, 640)]


@pytest.fixture
def server(committed_db: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[str]:
    """The product on a free port, on a database of its own."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    assert not thread.error
    settings.PLUMBLINE_BASE_URL = f"http://127.0.0.1:{thread.port}"
    yield settings.PLUMBLINE_BASE_URL
    thread.terminate()


@pytest.fixture
def browser(server: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        connections.close_all()  # while Playwright's loop runs, this thread has connections of its own
        chromium.close()


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    """A page that fails the test on any error it reports, such as a refusal by the content security policy."""
    page = browser.new_context(base_url=server).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert [text for text in complaints if "status of 4" not in text] == []


def check(page: Page, name: str) -> None:
    """No violation in light or dark, and no sideways scrolling at any width."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            assert not wide, f"{name} scrolls sideways at {width}"
        report = Axe().run(page)
        assert report.violations_count == 0, f"{name} in {scheme}: {report.generate_report()}"


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
    page.get_by_label("Reviewer").check()
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
