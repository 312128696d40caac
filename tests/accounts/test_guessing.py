"""Guessing at the door: it is stopped, its owner is not locked out, and neither words nor work tell who has an account."""

import re
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from accounts import guessing
from accounts.actions import create_service
from accounts.counting import count_up
from accounts.models import User
from audit.models import AuditEvent
from tenancy.models import Organization
from tenancy.scope import tenant
from tests import hashers
from tests.accounts.signing_in import authenticator_of, fresh_code, give_code, give_password
from tests.cast import Cast

WRONG = "Wrong-Horse-9-Battery"
NOBODY = "nobody@acme.example"


def somewhere(number: int) -> Client:
    """A browser that was never here, at an address of its own."""
    return Client(REMOTE_ADDR=f"198.51.{number // 250}.{number % 250 + 1}")


def guess(email: str, times: int, *, first: int = 0) -> list[int]:
    """Wrong passwords from as many addresses, each at most once."""
    return [give_password(somewhere(first + number), email, WRONG).status_code for number in range(times)]


@pytest.fixture
def user(cast: Cast) -> User:
    user: User = cast.manager.user
    authenticator_of(user)
    return user


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """Fewer guesses than fifty, so that the tests are quick."""
    monkeypatch.setattr(guessing, "MOST", 12)
    return 12


def come_in(client: Client, user: User) -> Client:
    """All the way: password and code."""
    assert give_password(client, user.email).status_code == 302
    assert give_code(client, fresh_code(user)).status_code == 302
    return client


def test_whoever_guesses_from_one_address_does_not_lock_the_owner_out(user: User):
    there = Client(REMOTE_ADDR="203.0.113.66")
    for _ in range(11):
        answer = give_password(there, user.email, WRONG)
    assert answer.status_code == 429
    come_in(Client(REMOTE_ADDR="192.0.2.1"), user)


def test_guesses_from_many_addresses_are_stopped_too(user: User, few: int, acme: Organization):
    assert set(guess(user.email, few)) == {422}
    last = somewhere(few)
    answer = give_password(last, user.email)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert give_code(last, fresh_code(user))["Location"].startswith("/sign-in/")
    with tenant(acme):
        assert AuditEvent.objects.filter(verb="session.lock_out").count() == 1
    assert give_password(somewhere(few + 1), "auditor@acme.example").status_code == 302


def test_the_owner_goes_on_where_they_came_in_before(user: User, few: int):
    known = come_in(Client(REMOTE_ADDR="192.0.2.1"), user)
    known.post("/sign-out/")
    guess(user.email, few + 1)
    come_in(known, user)


def test_the_mistakes_of_a_known_browser_count_for_itself_alone(user: User, few: int):
    known = come_in(Client(REMOTE_ADDR="192.0.2.1"), user)
    known.post("/sign-out/")
    for _ in range(few + 1):
        answer = give_password(known, user.email, WRONG)
    assert answer.status_code == 429
    come_in(Client(REMOTE_ADDR="192.0.2.2"), user)


def test_the_cookie_is_of_one_account_signed_and_given_for_the_second_factor_alone(user: User, few: int, cast: Cast):
    half = Client(REMOTE_ADDR="192.0.2.1")
    give_password(half, user.email)
    assert "plumbline_known" not in half.cookies
    other = cast.auditor.user
    authenticator_of(other)
    others = come_in(Client(REMOTE_ADDR="192.0.2.3"), other)
    said = others.cookies["plumbline_known"].value
    assert other.email not in said
    assert str(other.pk) not in said
    guess(user.email, few)
    assert give_password(others, user.email).status_code == 429
    for made in ("x", said[:-2], guessing._name(user.email)):
        forged = Client(REMOTE_ADDR="192.0.2.4")
        forged.cookies["plumbline_known"] = made
        assert give_password(forged, user.email).status_code == 429


def test_it_is_over_after_its_time_however_many_try_meanwhile(user: User, few: int, monkeypatch: pytest.MonkeyPatch):
    counted: list[int] = []

    def watched(key: str, seconds: int) -> int:
        counted.append(seconds)
        return count_up(key, seconds)

    monkeypatch.setattr(guessing, "count_up", watched)
    guess(user.email, few + 5)
    assert counted == [15 * 60] * few  # tries that were not looked at do not count: nobody can hold the door shut


# Who has an account


def test_an_email_that_nobody_has_is_stopped_in_the_same_way_and_words(user: User, few: int):
    assert guess(user.email, few + 1) == guess(NOBODY, few + 1, first=500)
    pages = [give_password(somewhere(400), email).content.decode() for email in (user.email, NOBODY)]
    clean = [re.sub(r'value="[^"]*"|"X-CSRFToken": "[^"]*"', "", page) for page in pages]
    assert clean[0] == clean[1]


@pytest.mark.parametrize("kind", ["with another password", "nobody", "inactive", "without a password", "a service"])
def test_a_refused_password_costs_one_hash_whoever_it_is(
    user: User, cast: Cast, acme: Organization, kind: str, monkeypatch: pytest.MonkeyPatch
):
    email = user.email if kind != "nobody" else NOBODY
    if kind == "inactive":
        User.objects.filter(pk=user.pk).update(is_active=False)
    elif kind == "without a password":
        User.objects.filter(pk=user.pk).update(password=make_password(None))
    elif kind == "a service":
        with tenant(acme):
            email = create_service(name="Pipeline", roles=["viewer"], actor=cast.administrator).email
    made: list[str] = []
    hasher: Any = hashers.CheapArgon2
    encode, verify = hasher.encode, hasher.verify

    def watched(name: str, honest: Any) -> Any:
        def run(self: Any, *args: Any) -> Any:
            made.append(name)
            return honest(self, *args)

        return run

    monkeypatch.setattr(hasher, "encode", watched("encode", encode))
    monkeypatch.setattr(hasher, "verify", watched("verify", verify))
    assert give_password(somewhere(1), email, WRONG).status_code == 422
    assert len(made) == 1, made
