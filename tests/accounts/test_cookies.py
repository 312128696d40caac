"""Cookies as an answer sets them: by http on one's own machine, and by https, where each belongs to this very host alone."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Browser

from grc.browser import browser_settings
from tests.accounts.signing_in import fresh_code, sign_in
from tests.browser import Watch, cookie_of
from tests.cast import PASSWORD, Cast


@pytest.fixture
def by_https(settings: LazySettings) -> None:
    """The product as its settings make it with an https address."""
    for name, value in browser_settings("https://grc.example").items():
        setattr(settings, name, value)


def attributes_of(answer: Any, name: str) -> dict[str, Any]:
    """What a cookie that an answer sets says of itself, without what it leaves open."""
    return {key: value for key, value in answer.cookies[name].items() if value}


def entered(client: Client, cast: Cast, **how: Any) -> HttpResponse:
    """The answer to a password; it sets both cookies, as the form's token changes too."""
    client.get("/sign-in/", **how)
    return client.post("/sign-in/", {"email": cast.manager.email, "password": PASSWORD}, **how)  # type: ignore[return-value]


@pytest.mark.usefixtures("by_https")
@pytest.mark.parametrize("name", ["__Host-plumbline_session", "__Host-plumbline_csrf"])
def test_by_https_cookies_are_of_this_host_alone_secure_and_out_of_reach_of_scripts(cast: Cast, name: str):
    said = attributes_of(entered(Client(), cast, secure=True), name)
    assert {key: said.get(key) for key in ("secure", "httponly", "samesite", "path")} == {
        "secure": True,
        "httponly": True,
        "samesite": "Lax",
        "path": "/",
    }
    assert "domain" not in said


@pytest.mark.usefixtures("by_https")
def test_no_other_cookie_is_set_and_the_session_works_under_its_name(cast: Cast):
    client = Client()
    entered(client, cast, secure=True)
    assert client.post("/sign-in/code/", {"code": fresh_code(cast.manager.user)}, secure=True).status_code == 302
    assert client.get("/account/", secure=True).status_code == 200
    assert set(client.cookies) == {"__Host-plumbline_session", "__Host-plumbline_csrf", "__Host-plumbline_known"}
    said = attributes_of(client, "__Host-plumbline_known")
    assert (said["secure"], said["httponly"], said["samesite"], said["path"]) == (True, True, "Lax", "/")
    planted = Client()
    planted.cookies["plumbline_session"] = client.cookies["__Host-plumbline_session"].value
    assert planted.get("/account/", secure=True)["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("name", ["plumbline_session", "plumbline_csrf"])
def test_by_http_they_have_plain_names(cast: Cast, name: str):
    said = attributes_of(entered(Client(), cast), name)
    assert (said["httponly"], said["samesite"], said["path"]) == (True, "Lax", "/")
    assert not {"secure", "domain"} & set(said)


@pytest.mark.usefixtures("by_https")
def test_the_theme_has_the_prefix_too(cast: Cast, settings: LazySettings):
    client = Client()
    sign_in(client, cast.manager.user)
    client.cookies[settings.THEME_COOKIE_NAME] = "dark"
    page = client.get("/o/acme/", secure=True).content.decode()
    assert 'data-cookie="__Host-theme"' in page
    assert 'data-theme="dark"' in page


@pytest.mark.browser
def test_the_theme_is_the_only_cookie_that_a_script_can_read(browser: Browser, site: str, watch: Watch):
    context = watch.over(browser.new_context(base_url=site))
    context.add_cookies([cookie_of(Cast().manager, site) | {"httpOnly": True}])  # type: ignore[list-item]
    page = context.new_page()
    page.goto("/o/acme/")
    page.locator(".person-button").click()
    page.locator("[data-set-theme=dark]").click()
    assert page.evaluate("document.cookie") == "theme=dark"
    kept = {one["name"]: (one["path"], one["sameSite"]) for one in context.cookies()}
    assert kept["theme"] == ("/", "Lax")
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"
