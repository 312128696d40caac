"""A program with a token of one of the cast."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.actions import create_token
from accounts.models import Member, Token
from tenancy.scope import tenant
from tests.browser import browser, site, watch  # noqa: F401 (fixtures)
from tests.cast import Cast


def make_token(member: Member, *scopes: str) -> tuple[Token, str]:
    """A token of theirs for a month, for all they may do unless scopes are named."""
    with tenant(member.organization):
        until = member.organization.today() + dt.timedelta(days=30)
        return create_token(member, name="Test", scopes=scopes or member.reach, expires_on=until, actor=member)


class Program:
    """Sends JSON under a token, as somebody outside would."""

    def __init__(self, text: str) -> None:
        self.client = Client(raise_request_exception=True)
        self.headers = {"Authorization": f"Bearer {text}"}

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/{path}", headers={**self.headers, **_named(headers)})

    def post(self, path: str, data: Any = None, **headers: str) -> Any:
        return self._send(self.client.post, path, data, headers)

    def patch(self, path: str, data: Any = None, **headers: str) -> Any:
        return self._send(self.client.patch, path, data, headers)

    def upload(self, path: str, data: dict[str, Any], **headers: str) -> Any:
        return self.client.post(f"/api/{path}", data, headers={**self.headers, **_named(headers)})

    def _send(self, method: Any, path: str, data: Any, headers: dict[str, str]) -> Any:
        body = json.dumps(data if data is not None else {})
        return method(f"/api/{path}", body, content_type="application/json", headers={**self.headers, **_named(headers)})


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture
def program_of(db: None) -> Callable[..., Program]:
    """`program_of(manager, "people.read")`."""
    return lambda member, *scopes: Program(make_token(member, *scopes)[1])


@pytest.fixture
def program(cast: Cast) -> Program:
    """A program that may do what the compliance manager of acme may."""
    return Program(make_token(cast.manager)[1])
