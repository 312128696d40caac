"""Every route as nobody, as a stranger and as a member without power; with another's ids: tests/tenancy/test_isolation.py."""

import pytest
from django.test import Client

from tests.cast import signed_in
from tests.routes import Route, routes

HOME = "home.read"
ORGANIZATION = routes("grc.urls_organization")
GLOBAL = routes("grc.urls")
# Pages that somebody without a session must reach, and what they answer.
OPEN = {"alive", "accounts:sign_in", "accounts:accept_invitation"}


def ids(route: Route) -> str:
    return route.name


def ask(client: Client, path: str) -> list[int]:
    """The answers to GET and to POST."""
    return [client.get(path).status_code, client.post(path).status_code]


@pytest.mark.parametrize("route", ORGANIZATION, ids=ids)
def test_every_screen_names_a_permission_that_exists(route):
    from accounts.permissions import PERMISSIONS

    assert route.permission in PERMISSIONS


@pytest.mark.parametrize("route", ORGANIZATION, ids=ids)
def test_nobody_is_led_to_sign_in(db, route):
    client = Client()
    for response in (client.get(route.path("/o/acme/")), client.post(route.path("/o/acme/"))):
        assert response.status_code == 302
        assert response["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("route", ORGANIZATION, ids=ids)
def test_a_stranger_finds_nothing(route, cast):
    client = signed_in(cast.of("globex", "administrator"))
    assert ask(client, route.path("/o/acme/")) == [404, 404]


@pytest.mark.parametrize("route", [route for route in ORGANIZATION if route.permission != HOME], ids=ids)
def test_a_member_without_power_is_denied(route, employee):
    answers = ask(signed_in(employee), route.path("/o/acme/"))
    assert set(answers) <= {403, 405}
    assert 403 in answers


@pytest.mark.parametrize("route", [route for route in GLOBAL if route.name not in OPEN], ids=ids)
def test_pages_outside_an_organization_want_a_session_too(db, route):
    client = Client()
    for response in (client.get(route.path()), client.post(route.path())):
        assert response.status_code in {302, 403, 405}, response.status_code
        if response.status_code == 302:
            assert response["Location"].startswith("/sign-in/")
