"""With one factor alone nothing opens, whichever it is; and nobody is left without a factor by what they do themselves."""

import time
from collections.abc import Iterator
from itertools import islice

import pytest
from django import forms
from django.test import Client

from accounts.access import Audience, audience_of
from accounts.factors import FactorFormMixin, FactorScreenMixin
from accounts.models import Passkey, TotpDevice, User
from tests.accounts.signing_in import authenticator_of, fresh_code, give_password, sign_in
from tests.cast import Cast
from tests.routes import Route, routes

pytestmark = pytest.mark.slow
# What leads on from one factor to two, and out again.
STEPS = {"accounts:verify", "accounts:enrol", "accounts:sign_out"}
STEPS |= {"accounts:passkey_ask", "accounts:passkey_add", "accounts:passkey_add_ask"}  # of their own: `test_passkeys_are_...`


def places() -> Iterator[tuple[Route, str]]:
    """Every page that is not open to everybody, with an address in acme where it is one of an organization."""
    for route in routes("grc.urls_organization"):
        yield route, route.path("/o/acme/")
    for route in routes("grc.urls"):
        is_api = hasattr(route.view, "actions")
        if not is_api and audience_of(route.view) != Audience.EVERYBODY and route.name not in STEPS:
            yield route, route.path()


def opened(client: Client, *, leads_to: str, each: int = 1) -> list[tuple[str, str, int, str]]:
    """Where GET or POST does anything else than lead to the step that is missing; with `each`, of one place in so many."""
    found = []
    for route, path in islice(places(), 0, None, each):
        for method in (client.get, client.post):
            answer = method(path)
            there = answer.headers.get("Location", "")
            if answer.status_code != 302 or not there.startswith(leads_to):
                found.append((route.name, answer.request["REQUEST_METHOD"], answer.status_code, there))
    return found


@pytest.fixture
def user(cast: Cast) -> User:
    """Whoever may do the most."""
    user: User = cast.administrator.user
    return user


def test_there_is_something_to_walk():
    assert len(list(places())) > 500


def test_the_password_alone_opens_no_route(client: Client, user: User):
    authenticator_of(user)
    assert give_password(client, user.email).status_code == 302
    assert opened(client, leads_to="/sign-in/code/") == []


def test_the_password_of_somebody_without_a_factor_opens_no_route(client: Client, user: User):
    assert give_password(client, user.email).status_code == 302
    assert opened(client, leads_to="/sign-in/authenticator/", each=5) == []
    assert not TotpDevice.objects.filter(user=user, confirmed=True).exists()


def test_passkeys_are_no_way_around_the_factor_that_is_there(client: Client, user: User):
    authenticator_of(user)
    assert give_password(client, user.email).status_code == 302
    assert client.get("/account/passkeys/add/")["Location"].startswith("/sign-in/code/")
    assert client.post("/account/passkeys/add/ask/").status_code == 403
    assert client.post("/account/passkeys/add/", {"name": "Mine", "answer": "{}"}).status_code == 422
    assert not Passkey.objects.filter(user=user).exists()


def test_a_factor_without_a_password_opens_no_route(client: Client, user: User):
    session = client.session
    session.update({"otp_device_id": authenticator_of(user).persistent_id, "signed_in_at": time.time(), "factor_at": time.time()})
    session.save()
    assert client.post("/sign-in/code/", {"code": fresh_code(user)})["Location"] == "/sign-in/"
    assert opened(client, leads_to="/sign-in/", each=10) == []


def test_the_factor_of_somebody_else_opens_no_route(client: Client, user: User, cast: Cast):
    authenticator_of(user)
    give_password(client, user.email)
    session = client.session
    session.update({"otp_device_id": authenticator_of(cast.auditor.user).persistent_id, "factor_at": time.time()})
    session.save()
    assert opened(client, leads_to="/sign-in/code/", each=10) == []


def test_an_api_takes_no_session_of_either_kind(client: Client, user: User):
    authenticator_of(user)
    give_password(client, user.email)
    assert client.get("/api/members").status_code == 401
    sign_in(client, user)
    assert client.get("/api/members").status_code == 401


def test_no_page_of_ones_account_takes_the_last_factor_away(client: Client, user: User):
    """Whatever is sent to them, with a factor shown just now: an authenticator is there afterwards, if perhaps another."""
    pages = [
        route
        for route in routes("grc.urls")
        if route.name.startswith("accounts:") and audience_of(route.view) != Audience.EVERYBODY
    ]
    assert len(pages) >= 8
    for route in pages:
        for sent in ({"x": "1"}, {"code": "000000"}, {"session": "others"}, {"name": ""}, {"remove": "1", "delete": "1"}):
            sign_in(client, user)
            client.post(route.path(), sent)
            assert TotpDevice.objects.filter(user=user, confirmed=True).exists(), route.name


def test_what_was_typed_stays_while_a_code_is_asked_for(client: Client, cast: Cast):
    """Showing the factor again leads back to exactly what one was doing, with all that was filled in."""
    user = cast.manager.user
    sign_in(client, user, factor_age=301)
    typed = {
        "email": "Nell@elsewhere.example",
        "name": "Nell New",
        "roles": ["auditor", "viewer"],
        "access_ends_on": "2030-05-31",
    }
    for code in ({}, {"factor_code": "000000"}):
        asked = client.post("/o/acme/members/invite/", typed | code)
        assert asked.status_code == 422
        page = asked.content.decode()
        assert 'name="factor_code"' in page
        for word in ("Nell@elsewhere.example", "Nell New", "2030-05-31"):
            assert f'value="{word}"' in page
        assert page.count(" checked") == 2
    TotpDevice.objects.filter(user=user).update(throttling_failure_timestamp=None)
    done = client.post("/o/acme/members/invite/", typed | {"factor_code": fresh_code(user)})
    assert done.status_code == 303
    assert done["Location"] == "/o/acme/members/"


def test_every_form_that_asks_for_a_factor_asks_within_itself():
    """None sends people away to show it, which would lose what they typed; and its code is checked before the scope opens."""
    screens = [route.view.view_class for route in routes("grc.urls_organization") if hasattr(route.view, "view_class")]
    asking = [one for one in screens if issubclass(one, FactorScreenMixin)]
    assert len(asking) > 20
    assert [one.__qualname__ for one in asking if not issubclass(one.form_class, FactorFormMixin)] == []
    fields = {one.__qualname__: one.form_class.base_fields.values() for one in asking}
    assert [name for name, found in fields.items() if any(isinstance(field, forms.FileField) for field in found)] == []
