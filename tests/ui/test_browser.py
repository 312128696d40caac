"""The frame and the list in Chromium: with keys, with a mouse, without JavaScript, for eyes and for readers."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import Watch, chromium, faults_of, served, settled
from ui.navigation import register_header, register_place

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tests.ui.browser_site.as_member",
    "ui.middleware.RefusalMiddleware",
]


@pytest.fixture
def site(settings: Any, db: None) -> Iterator[str]:
    settings.MIDDLEWARE = MIDDLEWARE
    settings.ROOT_URLCONF = "tests.ui.browser_site"
    settings.MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
    register_place("access", "Things", "list", None)
    register_place("access", "New thing", "new", None)
    register_header(work_url="work", work_count=lambda request: 3)
    with served() as address:
        yield address


@pytest.fixture
def browser(site: str) -> Iterator[Browser]:
    with chromium() as started:
        yield started


Open = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Open]:
    """`visit("/list/", width=390)` opens a page; whatever it complains about fails the test."""
    watch = Watch()

    def go(path: str, *, width: int = 1440, scripts: bool = True) -> Page:
        context = watch.over(
            browser.new_context(base_url=site, viewport={"width": width, "height": 900}, java_script_enabled=scripts)
        )
        page = context.new_page()
        page.goto(path)
        settled(page)
        return page

    yield go
    watch.silent()


@pytest.mark.parametrize("path", ["/list/", "/list/?q=nothing-like-it", "/form/"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(visit: Open, path: str) -> None:
    assert faults_of(visit(path), path) == []


def test_search_filters_and_order_live_in_the_address(visit: Open) -> None:
    page = visit("/list/")
    page.keyboard.press("/")
    page.keyboard.type("user")
    page.wait_for_url("**/list/?q=user")
    assert page.evaluate("document.activeElement.id") == "list-q"
    page.locator("th a", has_text="App").click()
    page.wait_for_url("**/list/?q=user&order=app_label")
    page.locator(".chip", has_text="Accounts").click()
    page.wait_for_url("**/list/?q=user&app=accounts&order=app_label")
    expect(page.locator(".chip[aria-current]")).to_have_count(1)
    page.locator("#list-q").fill("")
    page.wait_for_url("**/list/?app=accounts&order=app_label")
    settled(page)
    page.go_back()
    expect(page.locator("#list-q")).to_have_value("user")
    assert page.locator("nav.rail").count() == 1


def test_counts_arrive_beside_the_filters(visit: Open) -> None:
    page = visit("/list/")
    assert page.locator(".chip", has_text="Accounts").locator(".chip-count").inner_text().isdigit()
    assert " of " in page.locator(".pager-words").inner_text()


def test_rows_are_chosen_by_key_by_range_by_page_and_all(visit: Open) -> None:
    page = visit("/list/")
    assert page.locator("#bulk").is_hidden()
    for key in "jjx":
        page.keyboard.press(key)
    count = page.locator("[data-selected-count]")
    assert count.inner_text() == "1"
    page.locator("[data-tick]").nth(5).click(modifiers=["Shift"])
    assert count.inner_text() == "5"
    page.locator("[data-tick-page]").click()
    assert count.inner_text() == "25"
    page.locator("[name=all_matching]").check()
    assert int(count.inner_text()) > 25


def test_a_bulk_action_gives_each_row_its_result(visit: Open) -> None:
    page = visit("/list/")
    page.locator("[data-tick]").nth(0).check()
    page.locator("[data-tick]").nth(1).check()
    page.locator("#bulk button", has_text="Mark").click()
    expect(page.locator(".row-result")).to_have_text(["The first one stays.", "Done"])
    expect(page.locator(".callout")).to_be_focused()


def test_a_dangerous_one_asks_first_and_its_refusal_is_said(visit: Open) -> None:
    page = visit("/list/")
    page.locator("[data-tick]").nth(0).check()
    page.locator("#bulk button", has_text="Drop").click()
    assert page.locator("#confirm").inner_text().startswith("They are gone for good.")
    page.locator("[data-agree]").click()
    expect(page.locator("#messages")).to_have_text("Nothing is dropped here.")
    expect(page.locator("[data-tick]:checked")).to_have_count(1)


def test_a_popover_form_keeps_its_error_open(visit: Open) -> None:
    page = visit("/list/")
    page.locator("[data-tick]").nth(0).check()
    page.locator("summary", has_text="Retire").click()
    page.locator(".popover-body button").click()
    expect(page.locator(".popover-body .error")).to_be_visible()
    page.locator(".popover-body input").fill("Old")
    page.locator(".popover-body button").click()
    expect(page.locator(".row-result")).to_have_count(1)


def test_keys_sleep_while_typing_and_can_be_turned_off(visit: Open) -> None:
    page = visit("/list/")
    page.locator("#list-q").focus()
    page.keyboard.type("jx?")
    assert page.locator("#list-q").input_value() == "jx?"
    assert page.locator("#keys").is_hidden()
    page = visit("/list/")
    page.keyboard.press("?")
    page.locator("[data-keys-switch]").click()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.locator("[data-row].at").count() == 0


def test_the_keys_are_shown_with_those_that_a_first_key_opens(visit: Open) -> None:
    page = visit("/list/")
    page.evaluate("""document.querySelector('main').insertAdjacentHTML('beforeend',
      '<dl hidden data-keys-later="After Remove"><dt>l</dt><dd>Left</dd></dl>')""")
    page.keyboard.press("?")
    words = page.locator("[data-keys-list]").inner_text()
    assert "Next row" in words
    assert "After Remove: Left" in words


def test_the_word_beside_a_label_follows_the_field_that_decides(visit: Open) -> None:
    page = visit("/list/")
    page.evaluate("""document.querySelector('main').insertAdjacentHTML('beforeend', `<form id="ask">
      <input type="radio" name="outcome" value="fine"><input type="radio" name="outcome" value="failed"><input name="at">
      <p data-needed-by="outcome" data-needed-for="failed" data-needed-words="needed"><b class="optional"></b><input></p>
      <p data-needed-by="at" data-needed-now="2026-03-02T09:00" data-needed-outside="2026-03-03T10:00/2026-03-03T12:00"
        data-needed-inside="2026-03-03T11:00/2026-03-03T13:00" data-needed-words="needed"><b class="optional"></b></p>
      </form>`)""")
    by_outcome, by_time = page.locator("#ask p b").all()
    page.locator("[value=fine]").check()
    expect(by_outcome).to_have_text("optional")
    expect(by_time).to_have_text("needed")  # now is before the span
    page.locator("[value=failed]").check()
    expect(by_outcome).to_have_text("needed")
    assert page.locator("#ask p input").get_attribute("aria-required") == "true"
    for time, word in (("03T10:30", "optional"), ("03T11:30", "needed"), ("03T12:00", "needed")):
        page.locator("[name=at]").fill(f"2026-03-{time}")
        expect(by_time).to_have_text(word)


def test_enter_opens_the_row_and_leaves_links_alone(visit: Open) -> None:
    page = visit("/list/")
    first = page.locator("[data-open]").first.get_attribute("href")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{first}")


def test_files_stay_chosen_when_the_form_has_errors(visit: Open) -> None:
    page = visit("/form/")
    page.set_input_files("input[type=file]", files={"name": "a.csv", "mimeType": "text/csv", "buffer": b"a,b\n"})
    page.locator("main .form-end button").click()
    expect(page.locator("#id_name_error")).to_have_text("This field is required.")
    assert page.evaluate("document.querySelector('input[type=file]').files[0].name") == "a.csv"
    page.locator("[name=name]").fill("x")
    page.locator("main .form-end button").click()
    page.wait_for_url("**/list/")


def test_the_theme_is_remembered(visit: Open) -> None:
    page = visit("/list/")
    page.locator(".person-button").click()
    page.locator("[data-set-theme=dark]").click()
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_everything_works_without_javascript(visit: Open) -> None:
    page = visit("/list/", width=390, scripts=False)
    page.locator(".menu-button").click()
    assert page.locator("#rail").is_visible()
    page.keyboard.press("Escape")
    page.locator("#list-q").fill("user")
    page.locator("form.search button").click()
    page.wait_for_url("**q=user**")
    page.locator("[data-tick]").first.check()
    page.locator("#bulk button", has_text="Mark").click()
    assert page.locator(".row-result").first.inner_text() == "The first one stays."
