"""The password policy, as every form applies it."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import User
from audit.models import AuditEvent
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.accounts.signing_in import give_password, sign_in
from tests.cast import PASSWORD, Cast

NEW = "Another-Horse-7-Staple"


@pytest.mark.parametrize(
    ("password", "complaint"),
    [
        ("Ab1!", "too short"),
        ("lower-case-only-9", "upper case"),
        ("UPPER-CASE-ONLY-9", "lower case"),
        ("No-Digits-At-All-Here", "digit"),
        ("NoSpecial1Character", "special"),
        ("Jordan.Smith@1 acme", "similar"),
        ("             1aA", "special"),
    ],
)
def test_a_weak_password_is_refused_and_says_why(password: str, complaint: str):
    with pytest.raises(ValidationError, match=complaint):
        validate_password(password, User(email="jordan.smith@acme.example", name="Jordan Smith"))


@pytest.mark.parametrize("password", [PASSWORD, NEW, "Ünïcode-Pässw0rd", "Spaces are 1 fine!"])
def test_a_good_password_is_taken(password: str):
    validate_password(password, User(email="jordan.smith@acme.example", name="Jordan Smith"))


def test_a_common_password_is_refused_whatever_its_parts():
    with pytest.raises(ValidationError, match="too common"):
        validate_password("qwertyuiop123")


def test_changing_it_asks_for_the_present_one(client: Client, cast: Cast, acme: Organization):
    sign_in(client, cast.manager.user)
    answer = client.post("/account/password/", {"current": "Wrong-Horse-9-Battery", "password": NEW, "repeated": NEW})
    assert answer.status_code == 422
    assert b"not your present password" in answer.content
    with tenant(acme):
        assert AuditEvent.objects.filter(verb="password.change", result="failure").count() == 1


def test_guessing_the_present_one_is_throttled(client: Client, cast: Cast):
    sign_in(client, cast.manager.user)
    for number in range(10):
        form = {"current": f"Wrong-Horse-{number}-Battery", "password": NEW, "repeated": NEW}
        answer = client.post("/account/password/", form)
    assert answer.status_code == 429


@pytest.mark.parametrize(("password", "repeated"), [("short", "short"), (NEW, NEW + "x")])
def test_the_new_one_must_be_good_and_typed_twice(client: Client, cast: Cast, password: str, repeated: str):
    sign_in(client, cast.manager.user)
    form = {"current": PASSWORD, "password": password, "repeated": repeated}
    assert client.post("/account/password/", form).status_code == 422


def test_changing_it_ends_the_other_sessions_only(client: Client, cast: Cast, acme: Organization):
    user = cast.manager.user
    other = sign_in(Client(), user)
    sign_in(client, user)
    assert client.post("/account/password/", {"current": PASSWORD, "password": NEW, "repeated": NEW}).status_code == 302
    assert client.get("/account/").status_code == 200
    assert other.get("/account/")["Location"].startswith("/sign-in/")
    assert give_password(Client(), user.email).status_code == 422
    assert give_password(Client(), user.email, NEW).status_code == 302
    with tenant(acme):
        event = AuditEvent.objects.get(verb="password.change", result="success")
    assert NEW not in event.body
    assert PASSWORD not in event.body


def test_passwords_are_hashed_with_argon2id(cast: Cast):
    assert cast.manager.user.password.startswith("argon2$argon2id$")


def test_the_name_can_be_changed_and_is_recorded(client: Client, cast: Cast, acme: Organization):
    sign_in(client, cast.manager.user)
    assert client.post("/account/", {"name": ""}).status_code == 422
    client.post("/account/", {"name": "Maria Manager"})
    with tenant(acme):
        event = AuditEvent.objects.get(verb="user.change")
    assert event.data["after"] == {"name": "Maria Manager"}


def test_new_recovery_codes_void_the_old(client: Client, cast: Cast):
    sign_in(client, cast.manager.user)
    first = client.post("/account/recovery-codes/", {"x": "1"})
    second = client.post("/account/recovery-codes/", {"x": "1"})
    assert first.status_code == second.status_code == 200
    assert first.content.count(b"<li>") == 10
    assert first.content != second.content
