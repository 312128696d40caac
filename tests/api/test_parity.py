"""What a person can do on a screen a program can do by the API, but for what stands here with its reason."""

from typing import Any, cast

from api.operations import Lists
from api.resources import Resource
from grc.urls_api import router
from tests.routes import routes
from ui.screens import FormScreen

FACTOR = "asks for a second factor, which a token cannot show"
BROWSER = "leads through several pages in a browser"
OTHERWISE = "is an operation of its own"
LATER = "not yet"
LEFT_OUT = {
    "members:edit": FACTOR,
    "members:invite": FACTOR,
    "members:remove": FACTOR,
    "members:reset_factor": FACTOR,
    "members:restore": FACTOR,
    "members:service-create": FACTOR,
    "members:token-create": FACTOR,
    "members:token-revoke": FACTOR,
    "reviews:sign-off": FACTOR,
    "controls:criteria": OTHERWISE,
    "inventory:snapshot-mapping": OTHERWISE,
    "controls:library": BROWSER,
    "controls:setup-controls": BROWSER,
    "controls:setup-questions": BROWSER,
    "controls:setup-scope": BROWSER,
    "controls:import": BROWSER,
    "controls:import-preview": BROWSER,
    "inventory:roster-detail": BROWSER,
    "evidence:import-create": BROWSER,
    "controls:finding-unlink": LATER,
    "controls:proof-remove": LATER,
    "controls:gap-create": LATER,
    "controls:roadmap-add": LATER,
    "controls:roadmap-task-drop": LATER,
    "controls:roadmap-task-edit": LATER,
    "evidence:population-freeze": LATER,
    "home:organization": LATER,
}


def registered() -> list[tuple[str, type[Resource]]]:
    return [(prefix, cast("type[Resource]", viewset)) for prefix, viewset, _ in router.registry]


def test_every_form_has_its_operation():
    driven = {getattr(one, "screen", None) for _, resource in registered() for one in resource.operations.values()}
    forms: dict[str, Any] = {
        route.name: route.view.view_class
        for route in routes("grc.urls_organization")
        if issubclass(getattr(route.view, "view_class", object), FormScreen)
    }
    assert {name for name, screen in forms.items() if screen not in driven} <= set(LEFT_OUT)
    assert not {name for name in LEFT_OUT if forms.get(name) in driven}, "these have one by now"


def test_an_operation_asks_for_what_its_screen_asks():
    for _, resource in registered():
        for name, one in resource.operations.items():
            screen = getattr(one, "screen", None)
            assert screen is None or one.permission == screen.permission, (resource, name)


def test_the_filters_of_a_list_are_those_of_its_screen(program, acme):
    """The schema names them all: a request with one that is made up is refused, one with each of them is not."""
    for prefix, resource in registered():
        listed = resource.operations.get("list")
        if not isinstance(listed, Lists):
            continue
        for one in listed.known_filters():
            answer = program.get(f"{prefix}?{one.name}=surely-no-value")
            assert answer.status_code in {200, 400, 403}, (prefix, one.name)
            assert "There is no parameter" not in answer.json().get("detail", ""), (prefix, one.name)
        assert program.get(f"{prefix}?made_up=1").status_code in {400, 403}, prefix
