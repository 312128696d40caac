"""An administrator replaces the organization's keys, and watches until every value lies under the new ones."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from keys.models import DataKey
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.browser import Watch, cookie_of, picture, scrolls_sideways
from tests.cast import Cast
from tests.proof.key_world import fill, told

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
WORK_SECONDS = 60


@pytest.fixture
def pages(site_with_worker: str, browser: Browser, watch: Watch) -> Iterator[dict[str, Page]]:
    """The administrator at a desk and on a phone."""
    opened = {}
    for name, size in SIZES.items():
        context = watch.over(browser.new_context(base_url=site_with_worker, viewport=size))  # type: ignore[arg-type] # a plain dict
        context.add_cookies([cookie_of(Cast().administrator, site_with_worker)])  # type: ignore[list-item] # a plain dict
        opened[name] = context.new_page()
    yield opened
    for page in opened.values():
        page.context.close()


def test_keys_are_replaced_and_every_value_is_readable(pages: dict[str, Page], watch: Watch) -> None:
    acme = Organization.objects.get(slug="acme")
    fill(acme)
    before, page = told(acme), pages["desk"]
    page.goto("/o/acme/proof/keys/")
    page.get_by_role("link", name="Replace the keys").click()
    page.get_by_role("button", name="Replace them").click()
    rotation = page.get_by_role("region", name="The latest rotation")
    expect(rotation).to_contain_text("Finished", timeout=WORK_SECONDS * 1000)
    picture(page, "keys")
    assert told(acme) == before
    with tenant(acme):
        for key in DataKey.objects.filter(retired_at=None):
            expect(page.get_by_role("row", name=key.name)).to_contain_text("In use")
    phone = pages["phone"]
    phone.goto("/o/acme/proof/keys/")
    expect(phone.get_by_role("heading", name="Keys", exact=True)).to_be_visible()
    assert not scrolls_sideways(phone)
    picture(phone, "keys-phone")
    watch.silent()
