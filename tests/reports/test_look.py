"""The dashboard as a browser shows it: accessible in light and dark, never scrolling sideways, used by keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from accounts.models import Member
from tenancy.scope import tenant
from tests.browser import Watch, cookie_of, faults_of, picture
from tests.cast import Cast
from tests.reports.world import make_programme

pytestmark = pytest.mark.browser
PAGE = "/o/acme/dashboard/"


@pytest.fixture
def opened(on_the_day: None, browser: Browser, site: str, watch: Watch) -> Callable[[Member, str], Page]:
    """`opened(member, path)`: the page as somebody sees it."""

    def go(member: Member, path: str = PAGE) -> Page:
        context = watch.over(browser.new_context(base_url=site))
        context.add_cookies([cookie_of(member, site)])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(path)
        return page

    return go


def test_it_is_accessible_at_every_width(opened: Callable[..., Page]) -> None:
    cast = Cast()
    with tenant(cast.manager.organization):
        make_programme(cast.manager)
    for name, member in (("full", cast.manager), ("summary", cast.executive)):
        page = opened(member)
        assert faults_of(page, name) == []
        for width, scheme in ((1440, "light"), (1440, "dark"), (390, "light"), (320, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            picture(page, f"dashboard-{name}-{width}-{scheme}")
        page.set_viewport_size({"width": 800, "height": 1100})
        page.emulate_media(media="print", color_scheme="light")
        picture(page, f"dashboard-{name}-print")


def test_it_is_used_by_keyboard_alone(opened: Callable[..., Page]) -> None:
    cast = Cast()
    with tenant(cast.manager.organization):
        make_programme(cast.manager)
    page = opened(cast.manager)
    page.locator("#scope").focus()
    page.keyboard.type("CC6")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**scope=CC6**")
    assert "1 of 4 controls implemented" in page.inner_text("main")
    page.locator("#scope").focus()
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.closest('svg') ? 'chart' : document.activeElement.dataset.counts"))
    assert "chart" not in reached
    assert {"1", "4"} <= set(reached)


def test_a_part_of_a_chart_leads_to_its_rows(opened: Callable[..., Page]) -> None:
    cast = Cast()
    with tenant(cast.manager.organization):
        make_programme(cast.manager)
    page = opened(cast.manager)
    page.locator(".donut").click(position={"x": 25, "y": 117})  # the third of the slices, 2 of 7 each
    page.wait_for_url("**design=missing**")
    assert page.locator("tr[data-row]").count() == 2
