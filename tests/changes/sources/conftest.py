"""A source in acme whose secret is known, people with logins, and ways to deliver."""

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Member
from audit.actors import System as Product
from changes.models import Change, ChangeSource, Delivery
from changes.sources.actions import create_source, set_secret
from inventory.models import Person, PersonAlias
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.changes.sources.payloads import APPROVER, AUTHOR, REPOSITORY, REVIEWER

LOGINS = {AUTHOR: "employee", REVIEWER: "reviewer", APPROVER: "approver", "helper": "viewer"}
SECRET = "whsec_" + base64.b64encode(b"a secret that both of them know!").decode()
PRODUCT = Product("test")


class Sender:
    """GitHub or GitLab, as far as it delivers."""

    def __init__(self, source: ChangeSource, slug: str = "acme") -> None:
        self.source, self.slug, self.client = source, slug, Client()

    @property
    def path(self) -> str:
        return f"/api/hooks/{self.slug}/{self.source.pk}"

    def github(self, event: str, payload: Any, *, secret: str = SECRET, key: str = "", **more: str) -> Any:
        """Deliver as GitHub does."""
        body = json.dumps(payload).encode()
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {
            "X-Hub-Signature-256": f"sha256={signature}",
            "X-GitHub-Event": event,
            "X-GitHub-Delivery": key or str(uuid.uuid4()),
        }
        return self.send(body, headers | more)

    def gitlab(self, event: str, payload: Any, *, token: str = SECRET, **more: str) -> Any:
        """Deliver as GitLab does with a secret token."""
        headers = {"X-Gitlab-Event": event, "X-Gitlab-Token": token, "Idempotency-Key": str(uuid.uuid4())}
        return self.send(json.dumps(payload).encode(), headers | more)

    def signed(self, event: str, payload: Any, *, age: int = 0, key: str = "", secret: str = SECRET) -> Any:
        """Deliver as GitLab does with a signing token."""
        body, key, stamp = json.dumps(payload).encode(), key or str(uuid.uuid4()), str(int(time.time()) - age)
        text = f"{key}.{stamp}.".encode() + body
        digest = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), text, hashlib.sha256).digest()
        headers = {"webhook-id": key, "webhook-timestamp": stamp, "webhook-signature": f"v1,{base64.b64encode(digest).decode()}"}
        return self.send(body, headers | {"X-Gitlab-Event": event})

    def send(self, body: bytes, headers: dict[str, str]) -> Any:
        return self.client.post(self.path, body, content_type="application/json", headers=headers)


@pytest.fixture
def logins(acme: Organization, manager: Member) -> None:
    """Whose login is whose, as a compliance manager confirmed it."""
    with tenant(acme):
        for login, name in LOGINS.items():
            PersonAlias.objects.create(person=Person.objects.get(email=f"{name}@acme.example"), key=login, confirmed_by=manager)


def make_source(manager: Member, provider: str = "github", **more: Any) -> ChangeSource:
    """A source of acme/* with the known secret; call within the organization's scope."""
    fields = {"name": f"{provider} {uuid.uuid4()}", "provider": provider, "repositories": ["acme/*"], **more}
    source = create_source(actor=manager, **fields)
    set_secret(source, actor=manager, text=SECRET)
    return source


@pytest.fixture
def github(acme: Organization, manager: Member, logins: None) -> Sender:
    """GitHub, delivering to acme."""
    with tenant(acme):
        return Sender(make_source(manager, environments=["production"]))


@pytest.fixture
def gitlab(acme: Organization, manager: Member, logins: None) -> Sender:
    """GitLab, delivering to acme."""
    with tenant(acme):
        return Sender(make_source(manager, "gitlab"))


@pytest.fixture
def the_change(acme: Organization) -> Callable[[], Change]:
    """The change of the only request."""

    def find(number: int | None = None) -> Change:
        with tenant(acme):
            found = Change.objects.filter(repository=REPOSITORY).select_related("requester")
            return found.get(number=number) if number else found.get()

    return find


@pytest.fixture
def log(acme: Organization) -> Callable[[], list[tuple[str, str]]]:
    """What became of the deliveries, the first one first."""

    def read() -> list[tuple[str, str]]:
        with tenant(acme):
            return [(one.outcome, one.detail) for one in Delivery.objects.order_by("received_at", "id")]

    return read
