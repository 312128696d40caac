"""The address at which passkeys work, and a browser there."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.models import AuditEvent
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.accounts.passkeys.device import ORIGIN, Device
from tests.accounts.signing_in import authenticator_of
from tests.cast import Cast

SIGN_IN, SHOW, ADD, LIST = "/sign-in/passkey/", "/account/passkeys/ask/", "/account/passkeys/add/", "/account/passkeys/"
Found = list[dict[str, Any]]


@pytest.fixture(autouse=True)
def _here(settings: Any) -> None:
    settings.PLUMBLINE_BASE_URL = ORIGIN


def new_browser(**kwargs: Any) -> Client:
    """A browser at the address at which passkeys work."""
    return Client(headers={"host": "localhost:8000"}, **kwargs)


@pytest.fixture
def client() -> Client:
    """One of them."""
    return new_browser()


@pytest.fixture
def user(cast: Cast) -> User:
    """Somebody with an authenticator."""
    user: User = cast.manager.user
    authenticator_of(user)
    return user


def asked(client: Client, path: str) -> dict[str, Any]:
    """What the page's script is told to ask the device."""
    answer = client.post(path)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def sign_in_by(client: Client, device: Device, *, target: str = "", **how: Any) -> Any:
    """Sign in by a passkey alone."""
    query = {"next": target} if target else {}
    return client.post(SIGN_IN, {"answer": device.show(asked(client, f"{SIGN_IN}ask/"), **how)}, query_params=query)


@pytest.fixture
def told(acme: Organization) -> Callable[..., Found]:
    """What acme's trail says of some verb."""

    def find(verb: str, result: str = "success", organization: Organization = acme) -> Found:
        with tenant(organization):
            found = AuditEvent.objects.filter(verb=verb, result=result).order_by("at", "id")
            return [json.loads(one.body)["metadata"] for one in found]

    return find
