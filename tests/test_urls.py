"""Every route as nobody, as a stranger and as a member without power; with another's ids: tests/tenancy/test_isolation.py."""

from collections.abc import Iterator

import pytest
from django.test import Client

from tests.api.conftest import Program, make_token
from tests.cast import signed_in
from tests.routes import Route, routes

pytestmark = pytest.mark.slow
HOME = "home.read"
ORGANIZATION = routes("grc.urls_organization")
EVERYWHERE = routes("grc.urls")
API = [route for route in EVERYWHERE if hasattr(route.view, "actions")]
GLOBAL = [route for route in EVERYWHERE if route not in API]
# Pages that somebody without a session must reach, and what they answer.
OPEN = {
    "alive", "ready", "metrics", "accounts:sign_in", "accounts:accept_invitation", "api_schema", "change_hook", "check_call",
    "accounts:company_choose", "accounts:company", "accounts:company_begin", "accounts:company_return", "accounts:company_link",
    "accounts:company_join",
}  # fmt: skip


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
def test_a_member_without_power_is_denied(route, employee, viewer):
    powerless = viewer if employee.can(route.permission) else employee
    answers = ask(signed_in(powerless), route.path("/o/acme/"))
    assert set(answers) <= {403, 405}
    assert 403 in answers


@pytest.mark.parametrize("route", [route for route in GLOBAL if route.name not in OPEN], ids=ids)
def test_pages_outside_an_organization_want_a_session_too(db, route):
    client = Client()
    for response in (client.get(route.path()), client.post(route.path())):
        assert response.status_code in {302, 403, 405}, response.status_code
        if response.status_code == 302:
            assert response["Location"].startswith("/sign-in/")


def operations() -> Iterator[tuple[str, str, str]]:
    """Each method of each address of the API: method, path below /api/, permission."""
    for route in API:
        for method, name in route.view.actions.items():
            yield method, route.path().removeprefix("/api/"), route.view.cls.operations[name].permission


def of_api(program: Program, method: str, path: str) -> int:
    """The status of an answer to a request that would write if it could."""
    if method == "get":
        return int(program.get(path).status_code)
    return int(getattr(program, method)(path, {}, If_Match="*").status_code)


OPERATIONS = list(operations())


def test_every_operation_of_the_api_names_a_permission_that_exists():
    from accounts.permissions import PERMISSIONS

    assert len(OPERATIONS) > 50
    assert {permission for _, _, permission in OPERATIONS} <= set(PERMISSIONS)


def test_the_api_answers_nobody_without_a_token(db):
    wrong = Program("plb_" + "x" * 43)
    assert {of_api(wrong, method, path) for method, path, _ in OPERATIONS} == {401, 429}  # at last it has guessed too often


@pytest.mark.parametrize(("method", "path", "permission"), OPERATIONS, ids=str)
def test_an_operation_of_the_api_is_shut(method, path, permission, cast):
    assert of_api(Program(""), method, path) == 401
    if permission != HOME:
        powerless = cast.viewer if cast.employee.can(permission) else cast.employee
        assert of_api(Program(make_token(powerless)[1]), method, path) == 403
    if "0000-7000" in path and permission in cast.administrator.permissions:
        assert of_api(Program(make_token(cast.administrator)[1]), method, path) == 404


def test_a_session_opens_nothing_of_the_api(administrator):
    assert signed_in(administrator).get("/api/people").status_code == 401
