"""Every route as nobody, as a stranger and as a member without power; with another's ids: tests/tenancy/test_isolation.py."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import pytest
from django.test import Client

from accounts.models import Member
from accounts.permissions import PERMISSIONS
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
    "accounts:company_join", "accounts:forgotten", "accounts:new_password",
    "accounts:passkey_sign_in", "accounts:passkey_sign_in_ask",
}  # fmt: skip
# One test for all that an area has, as signing in takes longer than asking; each names every route that fails it.
AREAS: dict[str, list[Route]] = defaultdict(list)
for _route in ORGANIZATION:
    AREAS[_route.name.partition(":")[0]].append(_route)
of_each_area = pytest.mark.parametrize("there", AREAS.values(), ids=AREAS)


def ask(client: Client, route: Route) -> list[int]:
    """The answers to GET and to POST."""
    path = route.path("/o/acme/")
    return [client.get(path).status_code, client.post(path).status_code]


def test_every_screen_names_a_permission_that_exists():
    assert len(ORGANIZATION) > 500
    assert [route.name for route in ORGANIZATION if route.permission not in PERMISSIONS] == []


@of_each_area
def test_nobody_is_led_to_sign_in(db, there):
    client, led = Client(), []
    for route in there:
        for response in (client.get(route.path("/o/acme/")), client.post(route.path("/o/acme/"))):
            led.append((route.name, response.status_code, response.headers.get("Location", "")[:9]))
    assert [one for one in led if one[1:] != (302, "/sign-in/")] == []


@of_each_area
def test_a_stranger_finds_nothing(there, cast):
    client = signed_in(cast.of("globex", "administrator"))
    assert {route.name: found for route in there if (found := ask(client, route)) != [404, 404]} == {}


@of_each_area
def test_a_member_without_power_is_denied(there, employee, viewer):
    client_of = cache(signed_in)
    allowed = {}
    for route in [one for one in there if one.permission != HOME]:
        answers = ask(client_of(viewer if employee.can(route.permission) else employee), route)
        if not {403} <= set(answers) <= {403, 405}:
            allowed[route.name] = answers
    assert allowed == {}


@pytest.mark.parametrize("route", [route for route in GLOBAL if route.name not in OPEN], ids=lambda route: route.name)
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
    assert len(OPERATIONS) > 50
    assert {permission for _, _, permission in OPERATIONS} <= set(PERMISSIONS)


def test_the_api_answers_nobody_without_a_token(db):
    wrong = Program("plb_" + "x" * 43)
    assert {of_api(wrong, method, path) for method, path, _ in OPERATIONS} == {401, 429}  # at last it has guessed too often


# The operations below one first word of the API's addresses, such as people.
KINDS: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
for _operation in OPERATIONS:
    KINDS[_operation[1].partition("/")[0]].append(_operation)
of_each_kind = pytest.mark.parametrize("there", KINDS.values(), ids=KINDS)


@of_each_kind
def test_an_operation_of_the_api_is_shut(there, cast):
    employee, viewer, administrator = cast.employee, cast.viewer, cast.administrator

    @cache
    def program_of(member: Member) -> Program:
        return Program(make_token(member)[1])

    answers = {}
    for method, path, permission in there:
        answers["nobody", method, path] = of_api(Program(""), method, path), 401
        if permission != HOME:
            powerless = viewer if employee.can(permission) else employee
            answers["powerless", method, path] = of_api(program_of(powerless), method, path), 403
        if "0000-7000" in path and permission in administrator.permissions:
            answers["nowhere", method, path] = of_api(program_of(administrator), method, path), 404
    assert {asked: found for asked, (found, wanted) in answers.items() if found != wanted} == {}


def test_a_session_opens_nothing_of_the_api(administrator):
    assert signed_in(administrator).get("/api/people").status_code == 401
