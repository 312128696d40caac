"""Screens without the rest of the product: a member of cardboard, addresses of our own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.messages.storage.base import BaseStorage
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from ui.navigation import Header, registry


@dataclass
class CardboardMember:
    """A member who may do what `may` lists, or everything."""

    may: set[str] | None = None
    name: str = "Mira Manager"
    email: str = "mira@acme.example"
    roles: tuple[str, ...] = ()
    asked: list[str] = field(default_factory=list)

    def can(self, permission: str) -> bool:
        self.asked.append(permission)
        return self.may is None or permission in self.may

    def may_open(self, permission: str, place: str) -> bool:
        return self.can(permission)


class MemoryMessages(BaseStorage):
    """Messages that live as long as the request."""

    def _get(self, *args: Any, **kwargs: Any) -> tuple[list[Any], bool]:
        return [], True

    def _store(self, messages: Any, response: Any, *args: Any, **kwargs: Any) -> list[Any]:
        return []


def prepared(request: HttpRequest, member: Any) -> HttpRequest:
    """The request as the middleware hands it on; None is a stranger."""
    if member is not None:
        request.member = member  # type: ignore[attr-defined]
        request.organization = SimpleNamespace(name="Acme", slug="acme")  # type: ignore[attr-defined]
    request._messages = MemoryMessages(request)  # type: ignore[attr-defined]
    return request


@pytest.fixture(autouse=True)
def _own_frame(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.ui.urls"
    monkeypatch.setattr(registry, "places", [])
    monkeypatch.setattr(registry, "header", Header())
    monkeypatch.setattr(registry, "choosers", {})


@pytest.fixture
def member() -> CardboardMember:
    return CardboardMember()


Ask = Callable[..., HttpResponseBase]


@pytest.fixture
def ask(member: CardboardMember) -> Ask:
    """`ask(view, "post", data, member=..., htmx=True)` gives the rendered response."""

    def send(
        view: Any,
        method: str = "get",
        data: Any = None,
        *,
        path: str = "/list/",
        member: Any = member,
        headers: dict[str, str] | None = None,
        htmx: bool = False,
        **kwargs: Any,
    ) -> HttpResponseBase:
        given = {**(headers or {}), **({"HX-Request": "true"} if htmx else {})}
        request = prepared(getattr(RequestFactory(), method)(path, data, headers=given), member)
        response: HttpResponseBase = view(request, **kwargs)
        if hasattr(response, "render"):
            response.render()
        return response

    return send
