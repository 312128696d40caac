"""The whole way against a provider that others wrote and that is strict: `oidc-provider`, a program for Node, on loopback."""

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
from django.core.cache import cache
from django.test import Client

from accounts.company.actions import add_provider, record_factor, try_provider
from accounts.company.attempts import callback_of
from accounts.models import IdentityProvider, ProviderIdentity
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.accounts.company.conftest import begin, path_of
from tests.accounts.company.test_signing_in import HOME, last_event
from tests.accounts.signing_in import sign_in
from tests.cast import PASSWORD, Cast
from workflow.outgoing.hosts import allow_host

pytestmark = pytest.mark.integration
PROGRAM = Path(__file__).resolve().parents[2] / "oidc" / "provider.mjs"
CLIENT, SECRET = "plumbline", "a-secret-of-the-tests"


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
def strict(db: None, cast: Cast, acme: Organization) -> Iterator[IdentityProvider]:
    """The provider as acme has it, and as it runs."""
    folder, node = os.environ.get("PLUMBLINE_TEST_OIDC", ""), shutil.which("node")
    if not folder or not node:
        pytest.skip("The OpenID provider of npm is not installed: bin/test does it where Node is to be had.")
    cache.clear()
    port = free_port()
    with tenant(acme):
        allow_host(actor=cast.administrator, host="127.0.0.1", port=port, reason="the tests' own")
        added = add_provider(
            actor=cast.administrator, name="Strict ID", issuer=f"http://127.0.0.1:{port}", client_id=CLIENT, secret=SECRET
        )
        record_factor(added, actor=cast.administrator, note="MFA for all users")
    command = [node, str(PROGRAM), folder, str(port), callback_of(acme, added), CLIENT, SECRET]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == "ready"
            yield added
        finally:
            process.kill()


def through(location: str, who: str, callback: str) -> str:
    """Sign in at its pages as a person does, to the address one is sent back to."""
    with httpx.Client(trust_env=False) as browser:
        answer = browser.get(location)
        for _ in range(10):
            if answer.status_code in {302, 303}:
                onward = urljoin(str(answer.url), answer.headers["location"])
                if onward.startswith(callback):
                    return onward
                answer = browser.get(onward)
                continue
            form = re.search(r'<form[^>]* action="([^"]+)"', answer.text)
            assert form, answer.text
            answer = browser.post(urljoin(str(answer.url), form[1]), data={"prompt": "login", "login": who, "password": "any"})
    raise AssertionError("It never led back.")


def test_the_whole_way(client: Client, strict: IdentityProvider, cast: Cast, acme: Organization) -> None:
    callback = callback_of(acme, strict)
    with tenant(acme):
        assert try_provider(strict.issuer).sends_issuer
    # The first time: the e-mail comes from userinfo, and the person confirms.
    back = through(begin(client, strict), "employee", callback)
    assert client.get(path_of(back))["Location"] == "/sign-in/company/acme/link/"
    assert client.post("/sign-in/company/acme/link/", {"password": PASSWORD})["Location"].startswith(HOME)
    assert client.get(HOME).status_code == 200
    with tenant(acme):
        assert ProviderIdentity.objects.get().subject == "employee"
    # The same answer does not serve again, neither here nor there.
    assert client.get(path_of(back)).status_code == 400
    # The next time they are known.
    again = Client()
    assert again.get(path_of(through(begin(again, strict), "employee", callback)))["Location"].startswith(HOME)
    # Shown again before a sensitive act: the provider asks anew and says when.
    location = again.get("/account/confirm/", {"next": HOME})["Location"]
    assert again.get(path_of(through(location, "employee", callback)))["Location"] == HOME
    # Somebody else there is nobody here.
    other = Client()
    assert other.get(path_of(through(begin(other, strict), "nobody", callback)))["Location"].endswith("/link/")
    assert other.get("/sign-in/company/acme/link/").status_code == 403
    # A browser with another verifier does not get its code accepted.
    thief = Client()
    back = through(begin(thief, strict), "employee", callback)
    session = thief.session
    session["company_attempts"] = {key: {**one, "verifier": "x" * 64} for key, one in session["company_attempts"].items()}
    session.save()
    assert thief.get(path_of(back)).status_code == 400
    assert last_event(acme, "session.sign_in", "failure")["metadata"]["reason"] == "the code was not accepted"
    assert sign_in(Client(), cast.manager.user).get(HOME).status_code == 200, "passwords serve beside it"
