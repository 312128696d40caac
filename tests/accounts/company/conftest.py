"""A provider that runs, and an organization that signs in by it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.company.actions import add_provider, link_identity
from accounts.models import IdentityProvider, Member, ProviderIdentity
from tenancy.scope import tenant
from tests.accounts.company.provider import CLIENT, SECRET, Provider, running
from tests.cast import Cast
from workflow.outgoing.hosts import allow_host


@pytest.fixture
def there() -> Iterator[Provider]:
    """The provider itself."""
    cache.clear()
    with running() as provider:
        yield provider


def set_up(provider: Provider, slug: str = "acme", name: str = "Acme ID") -> IdentityProvider:
    """Let an organization sign in by it."""
    administrator = Cast().of(slug, "administrator")
    with tenant(administrator.organization):
        allow_host(actor=administrator, host="127.0.0.1", port=int(provider.issuer.rsplit(":", 1)[1]), reason="the tests' own")
        return add_provider(actor=administrator, name=name, issuer=provider.issuer, client_id=CLIENT, secret=SECRET)


@pytest.fixture
def here(db: None, there: Provider) -> IdentityProvider:
    """The provider as acme has it."""
    return set_up(there)


def linked(provider: IdentityProvider, member: Member, subject: str = "subject-1") -> ProviderIdentity:
    """Whom it knows."""
    with tenant(member.organization):
        return link_identity(provider, member, subject=subject, email=member.email, confirmed_by="password")


def begin(client: Client, provider: IdentityProvider, slug: str = "acme", **query: str) -> str:
    """Where the browser is sent."""
    way = f"/sign-in/company/{slug}/{provider.pk}/?{urlencode(query)}"
    answer = client.post(way)
    assert answer.status_code == 200, answer.content
    return address_in(answer)


def address_in(answer: Any) -> str:
    """Where a page that leads on to the provider leads."""
    return str(answer["Refresh"]).removeprefix("0; url=")


def path_of(address: str) -> str:
    """An address of this site as the client takes it."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"
