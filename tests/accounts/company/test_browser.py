"""Leaving for the provider in Chromium, which follows no redirect of a form to another site (`form-action`)."""

from typing import Any

import pytest

from tests.accounts.company.conftest import set_up
from tests.accounts.company.provider import Provider
from tests.browser import browser, faults_of, site  # noqa: F401 (fixtures)

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    "way", ["/sign-in/company/acme/", "/sign-in/company/acme/{}/"], ids=["the page with the buttons", "a link"]
)
def test_one_press_leads_to_the_provider(browser: Any, site: str, there: Provider, settings: Any, way: str):  # noqa: F811
    settings.PLUMBLINE_BASE_URL = site
    provider = set_up(there)
    page = browser.new_context(base_url=site).new_page()
    page.goto(way.format(provider.pk))
    assert faults_of(page, way) == []
    page.get_by_role("button", name="Acme ID").click()
    page.wait_for_url(lambda url: url.startswith(there.issuer))
