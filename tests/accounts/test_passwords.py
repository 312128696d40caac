"""The password policy, as every form applies it."""

import hashlib
from pathlib import Path

import pytest
from django import forms
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.breached import is_listed
from accounts.forms import ChangePasswordForm, JoinForm, SignInForm
from accounts.models import Member, User
from accounts.passwords import DisguisedWordValidator
from audit.models import AuditEvent
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.accounts.signing_in import give_password, sign_in
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.usefixtures("db")
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


@pytest.mark.parametrize(
    "password",
    [
        "Password2026!!",
        "P@ssw0rd!2026",
        "$P4ssw0rd$1234",
        "PasswordPassword1!",
        "12!Welcome!12345",
        "Qwertyuiop-123",
        "1Qaz@2Wsx#3edc",
        "M0nkey!-998877",
        "!L3tme1n-2026!",
        "Adm1n1str@tor--9",
        "Aaaaaaaaaa1!",
    ],
)
def test_a_common_word_does_not_become_a_password_by_digits_and_signs(password: str):
    with pytest.raises(ValidationError, match="common password with something added"):
        validate_password(password, User(email="jordan.smith@acme.example", name="Jordan Smith"))


def test_each_of_djangos_common_passwords_is_refused_however_it_is_dressed_up():
    words = [word for word in CommonPasswordValidator().passwords if word.isascii() and word.isalpha() and len(word) >= 4]
    assert len(words) > 8_000
    taken = []
    for word in words:
        try:
            DisguisedWordValidator().validate(f"{word.title()}-20!6-99")
        except ValidationError:
            continue
        taken.append(word)
    assert taken == []


@pytest.fixture
def trader(acme: Organization) -> User:
    """Somebody who belongs to Acme and to another organization."""
    user = User.objects.create_user(email="tess@acme.example", name="Tess Teller")
    northwind = Organization.objects.create(slug="nw", name="Northwind Traders")
    for organization in (acme, northwind):
        Member.objects.create(organization=organization, user=user, roles=["viewer"])
    return user


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("Plumbline-Horse-7", "plumbline"),
        ("My-Acm3-Horse-77", "acme"),
        ("xACMEx-staple-9!", "acme"),
        ("N0rthW1nd-9-Staple", "northwind"),
        ("Horse-Traders-9-Staple", "traders"),
    ],
)
def test_words_of_the_place_are_refused(trader: User, password: str, word: str):
    with pytest.raises(ValidationError, match=f"Leave out “{word}”"):
        validate_password(password, trader)


@pytest.mark.parametrize("password", ["Trader-Joes-9-Staple!", "Nw-Trading-9-Staple", "Globex-9-Staple!"])
def test_words_of_elsewhere_are_taken(trader: User, password: str):
    validate_password(password, trader)


def test_who_joins_may_not_use_the_name_of_where_they_join(acme: Organization):
    filled = {"name": "Nell New", "password": "Acme-Horse-7-Staple", "repeated": "Acme-Horse-7-Staple"}
    form = JoinForm("new@elsewhere.example", acme, filled)
    assert not form.is_valid()
    assert "Leave out “acme”" in form.errors["password"][0]


@pytest.mark.parametrize(
    "password", ["  Horse 7 staple! ", "Horse\t7 staple!", "Pä77wörd-Ünïcödé", "x" * 250 + "Aa1!", "Horse-7-" + "staple" * 10]
)
def test_a_password_is_kept_exactly_as_typed_and_may_be_long(client: Client, cast: Cast, password: str):
    user = cast.manager.user
    sign_in(client, user)
    form = {"current": PASSWORD, "password": password, "repeated": password}
    assert client.post("/account/password/", form).status_code == 302
    for other in (password.strip(), password.lower(), password[:-1], password[:64]):
        if other != password:
            assert give_password(Client(REMOTE_ADDR="203.0.113.7"), user.email, other).status_code == 422
    assert give_password(Client(), user.email, password).status_code == 302


def test_what_is_longer_than_can_be_kept_is_refused_and_not_cut(client: Client, cast: Cast):
    sign_in(client, cast.manager.user)
    long = "Horse-7-" + "staple" * 50
    assert client.post("/account/password/", {"current": PASSWORD, "password": long, "repeated": long}).status_code == 422


@pytest.mark.parametrize("form", [SignInForm, JoinForm, ChangePasswordForm])
def test_password_fields_hide_what_is_typed(form: type[forms.Form]):
    names = {name for name in form.base_fields if name in {"password", "repeated", "current"}}
    assert names
    for name in names:
        widget = form.base_fields[name].widget
        assert widget.input_type == "password"
        assert 'value="secret"' not in widget.render(name, "secret")
        assert not {"maxlength", "onpaste"} & set(widget.attrs) or widget.attrs.get("maxlength") == "256"


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


# Those that are known from breaches


def listed(path: Path, *passwords: str) -> str:
    """A file as Have I Been Pwned offers it, with these among two thousand others."""
    every = [*passwords, *(f"Somebodys-{number}-Secret!" for number in range(2000))]
    hashes = sorted(hashlib.sha1(one.encode(), usedforsecurity=False).hexdigest().upper() for one in every)
    path.write_text("".join(f"{one}:{number}\n" for number, one in enumerate(hashes)))
    return str(path)


def test_a_password_from_a_breach_is_refused_at_every_place_of_the_file(tmp_path: Path):
    path = Path(listed(tmp_path / "breached.txt", NEW))
    assert all(is_listed(path, one) for one in [NEW, *(f"Somebodys-{number}-Secret!" for number in range(2000))])
    assert not any(is_listed(path, f"Nobodys-{number}-Secret!") for number in range(500))


def test_an_empty_file_lists_nothing_and_one_line_lists_one(tmp_path: Path):
    path = tmp_path / "breached.txt"
    path.write_text("")
    assert not is_listed(path, NEW)
    path.write_text(hashlib.sha1(NEW.encode(), usedforsecurity=False).hexdigest().upper())
    assert is_listed(path, NEW)
    assert not is_listed(path, PASSWORD)


def test_who_joins_and_who_changes_theirs_are_told(client: Client, cast: Cast, acme: Organization, settings, tmp_path: Path):
    settings.PLUMBLINE_BREACHED_PASSWORDS = listed(tmp_path / "breached.txt", NEW)
    filled = {"name": "Nell New", "password": NEW, "repeated": NEW}
    assert "in a breach" in JoinForm("new@elsewhere.example", acme, filled).errors["password"][0]
    sign_in(client, cast.manager.user)
    answer = client.post("/account/password/", {"current": PASSWORD, "password": NEW, "repeated": NEW})
    assert answer.status_code == 422
    assert b"in a breach" in answer.content
    other = "Not-In-Any-Breach-7"
    assert client.post("/account/password/", {"current": PASSWORD, "password": other, "repeated": other}).status_code == 302


def test_a_file_that_is_not_there_lets_nothing_pass(settings, tmp_path: Path):
    settings.PLUMBLINE_BREACHED_PASSWORDS = str(tmp_path / "missing.txt")
    with pytest.raises(FileNotFoundError):
        validate_password(NEW)
