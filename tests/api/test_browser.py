"""Making a token, and reading how the API is used, in a browser."""

import pytest
from playwright.sync_api import Browser, expect

from tests.api.conftest import Program
from tests.browser import Watch, cookie_of, faults_of, picture
from tests.cast import Cast

pytestmark = pytest.mark.browser


def test_a_token_is_made_used_and_revoked(browser: Browser, site: str, watch: Watch) -> None:
    context = watch.over(browser.new_context(base_url=site))
    context.add_cookies([cookie_of(Cast().administrator, site)])  # type: ignore[list-item]
    page = context.new_page()
    page.goto("/o/acme/members/tokens/")
    assert faults_of(page, "no tokens") == []
    page.get_by_role("link", name="Make a token").first.click()
    page.get_by_label("What it is for").fill("Nightly export")
    page.get_by_text("See the roster").click()
    assert faults_of(page, "new token") == []
    picture(page, "api-token-new")
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_role("heading", name="The new token")).to_be_visible()
    assert faults_of(page, "token shown") == []
    picture(page, "api-token-shown")
    program = Program(page.locator("code.token").inner_text())
    assert program.get("people").status_code == 200
    page.get_by_role("link", name="I have kept it").click()
    assert faults_of(page, "tokens") == []
    picture(page, "api-tokens")
    page.get_by_role("link", name="Revoke Nightly export").click()
    page.get_by_role("button", name="Revoke it").click()
    expect(page.get_by_text("The token was revoked.")).to_be_visible()
    assert program.get("people").status_code == 401


def test_the_reference_is_read(browser: Browser, site: str, watch: Watch) -> None:
    context = watch.over(browser.new_context(base_url=site))
    context.add_cookies([cookie_of(Cast().employee, site)])  # type: ignore[list-item]
    page = context.new_page()
    page.goto("/api/reference")
    assert faults_of(page, "reference") == []
    picture(page, "api-reference")
    page.get_by_role("link", name="POST /api/evidence", exact=True).click()
    expect(page.locator("#evidence_create")).to_be_in_viewport()
    expect(page.locator("#evidence_create")).to_contain_text("-F uploads=@file")
    assert faults_of(page, "reference of evidence") == []
    picture(page, "api-reference-evidence")
