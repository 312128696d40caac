"""Ctrl-K opens search from anywhere; arrow keys choose, Enter opens."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from accounts.models import Member
from policies.training.courses import create_course
from tenancy.scope import tenant
from tests.browser import browser, cookie_of, faults_of, picture, site, watch  # noqa: F401 (fixtures)
from tests.cast import Cast

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(browser, site, watch) -> Callable[[Member, str], Page]:  # noqa: F811
    """`opened(member, path)`: the page as somebody sees it."""

    def go(member: Member, path: str) -> Page:
        context = watch.over(browser.new_context(base_url=site))
        context.add_cookies([cookie_of(member, site)])
        page: Page = context.new_page()
        page.goto(path)
        return page

    return go


def test_it_is_opened_and_used_by_keyboard(opened):
    cast = Cast()
    with tenant(cast.manager.organization):
        create_course(actor=cast.manager, name="Quokka safety")
        create_course(actor=cast.manager, name="Quokka care")
    page = opened(cast.manager, "/o/acme/risks/")
    page.keyboard.press("Control+k")
    page.keyboard.type("quokka")
    page.wait_for_selector("#palette-found a:has-text('Quokka safety')")
    assert faults_of(page, "palette") == []
    for width, scheme in ((1440, "light"), (1440, "dark"), (390, "light")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        picture(page, f"palette-{width}-{scheme}")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/policies/training/courses/**")
    assert page.inner_text("h1") == "Quokka safety"
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    assert not page.locator("#palette").is_visible()


def test_the_page_serves_without_it(opened):
    page = opened(Cast().employee, "/o/acme/search/?q=vendor")
    assert faults_of(page, "search") == []
    assert page.locator("main a", has_text="Request a vendor").first.get_attribute("href") == "/o/acme/vendors/new/"
    page.set_viewport_size({"width": 320, "height": 800})
    picture(page, "search-320")
