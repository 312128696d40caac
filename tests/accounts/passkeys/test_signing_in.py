"""Signing in by a passkey alone, and everything that is no right answer."""

import time

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from accounts.models import CompanyOnly, Member, Passkey, User
from accounts.passkeys.asking import SECONDS
from accounts.passkeys.signing import MOST_ASKED, MOST_REFUSED
from tenancy.models import Organization
from tests.accounts.passkeys.conftest import SHOW, SIGN_IN, asked, new_browser, sign_in_by
from tests.accounts.passkeys.device import Device, enrolled, passkey_of
from tests.accounts.signing_in import give_password, sign_in

HOME = "/o/acme/"
REFUSED = "This passkey was not accepted"


@pytest.fixture
def device(user: User) -> Device:
    return enrolled(user)


def test_a_passkey_alone_is_both_steps(client: Client, device: Device, user: User, told):
    assert sign_in_by(client, device)["Location"] == "/"
    assert client.get("/account/").status_code == 200
    assert client.get(HOME).status_code in {200, 302}
    assert told("session.sign_in") == [{"factor": "passkey", "by": "the passkey alone"}]
    passkey = passkey_of(device)
    assert passkey.last_used_at is not None
    user.refresh_from_db()
    assert user.last_sign_in_at is not None


def test_it_counts_as_a_factor_shown_just_now(client: Client, device: Device):
    sign_in_by(client, device)
    assert "factor_code" not in client.get("/account/recovery-codes/").content.decode()


def test_the_page_asked_for_comes_afterwards_and_no_other_place(client: Client, device: Device):
    assert sign_in_by(client, device, target="/o/acme/members/?order=email")["Location"] == "/o/acme/members/?order=email"
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert sign_in_by(new_browser(), device, target=elsewhere)["Location"] == "/"


def test_the_session_is_a_new_one_that_ends_in_time(client: Client, device: Device):
    options = asked(client, f"{SIGN_IN}ask/")
    before = client.session.session_key
    client.post(SIGN_IN, {"answer": device.show(options)})
    assert client.session.session_key not in {None, before}
    assert abs(client.session["signed_in_at"] - time.time()) < 60
    assert "passkey_asked" not in client.session
    other = new_browser()
    other.cookies["plumbline_session"] = str(before)
    assert other.get("/account/")["Location"].startswith("/sign-in/?")


def test_nobody_is_named_before(client: Client, device: Device):
    assert asked(client, f"{SIGN_IN}ask/")["allowCredentials"] == []
    assert asked(client, f"{SIGN_IN}ask/")["userVerification"] == "required"


WRONG = {
    "elsewhere": {"origin": "http://localhost:9000"},
    "of another place": {"domain": "evil.example"},
    "by a page that looks like ours": {"origin": "http://localhost.evil.example"},
    "made and not shown": {"kind": "webauthn.create"},
    "signed by another key": {"signed_by": ec.generate_private_key(ec.SECP256R1())},
    "of another person": {"user_handle": b"x" * 16},
    "of nobody": {"without_handle": True},
}


@pytest.mark.parametrize("how", WRONG.values(), ids=WRONG)
def test_what_is_not_right_is_refused_and_recorded(client: Client, device: Device, how, acme, told):
    answer = sign_in_by(client, device, **how)
    assert answer.status_code == 422
    assert REFUSED in answer.content.decode()
    assert client.get("/account/")["Location"].startswith("/sign-in/?")
    where = Organization.installation() if "without_handle" in how else acme
    (event,) = told("session.sign_in", "failure", where)
    assert event["kind"] == "passkey"
    assert event["reason"]


def test_the_device_must_have_made_sure_who_it_is(client: Client, device: Device, told):
    device.verified = False
    assert sign_in_by(client, device).status_code == 422
    assert told("session.sign_in", "failure")[0]["reason"] == "not a right answer"


def test_an_answer_serves_once(client: Client, user: User):
    device = enrolled(user, Device(count=None))
    answer = device.show(asked(client, f"{SIGN_IN}ask/"))
    other = new_browser()
    assert other.post(SIGN_IN, {"answer": answer}).status_code == 422, "in the browser only that asked"
    held = dict(client.session["passkey_asked"])
    assert client.post(SIGN_IN, {"answer": answer}).status_code == 302
    client.post("/sign-out/")
    assert client.post(SIGN_IN, {"answer": answer}).status_code == 422
    session = client.session
    session["passkey_asked"] = held  # as if two requests had read the session at the same moment
    session.save()
    refused = client.post(SIGN_IN, {"answer": answer})
    assert "not asked for in this browser" in refused.content.decode()


def test_a_challenge_is_answered_within_five_minutes(client: Client, device: Device, monkeypatch: pytest.MonkeyPatch):
    options, began = asked(client, f"{SIGN_IN}ask/"), time.time()
    monkeypatch.setattr("accounts.passkeys.asking.time.time", lambda: began + SECONDS + 1)
    assert client.post(SIGN_IN, {"answer": device.show(options)}).status_code == 422


def test_what_was_asked_for_the_second_step_signs_nobody_in(client: Client, device: Device, user: User):
    sign_in(client, user)
    assert client.post(SIGN_IN, {"answer": device.show(asked(client, SHOW))}).status_code == 422


def test_a_counter_that_goes_back_is_refused_and_recorded(client: Client, device: Device, told):
    sign_in_by(client, device)
    copy_of_it = 1
    device.count = copy_of_it
    assert sign_in_by(new_browser(), device).status_code == 422
    assert told("session.sign_in", "failure")[0]["reason"] == "its counter went back: there may be a copy of it"
    device.count = 0
    assert sign_in_by(new_browser(), device).status_code == 422
    device.count = 50
    assert sign_in_by(new_browser(), device).status_code == 302
    assert passkey_of(device).sign_count == 50


def test_nobody_can_make_it_look_as_if_there_were_a_copy(client: Client, device: Device, told):
    sign_in_by(client, device)
    device.count = 1
    sign_in_by(new_browser(), device, signed_by=ec.generate_private_key(ec.SECP256R1()))
    assert told("session.sign_in", "failure")[0]["reason"] == "not a right answer"


def test_a_device_that_does_not_count_signs_in_again_and_again(user: User):
    device = enrolled(user, Device(count=None, synced=True))
    for _ in range(2):
        assert sign_in_by(new_browser(), device).status_code == 302
    assert passkey_of(device).is_synced


def test_what_nobody_has_reads_the_same(client: Client, device: Device, db, told):
    stranger = Device()
    stranger.user_handle = b"x" * 16
    unknown = sign_in_by(client, stranger)
    wrong = sign_in_by(new_browser(), device, domain="evil.example")
    assert unknown.status_code == wrong.status_code == 422
    assert all(REFUSED in one.content.decode() for one in (unknown, wrong))
    assert told("session.sign_in", "failure", Organization.installation())[0]["reason"] == "nobody has this passkey"


def test_somebody_inactive_does_not_sign_in(client: Client, device: Device, user: User, told):
    User.objects.filter(pk=user.pk).update(is_active=False)
    answer = sign_in_by(client, device)
    assert answer.status_code == 422
    assert REFUSED in answer.content.decode()
    assert client.get("/account/")["Location"].startswith("/sign-in/?")
    (event,) = told("session.sign_in", "failure", Organization.installation())
    assert (event["reason"], event["email"]) == ("the account is not active", user.email)


def test_a_member_who_was_removed_reaches_nothing(client: Client, device: Device, user: User):
    Member.objects.filter(user=user).update(status="removed")
    sign_in_by(client, device)
    assert client.get(HOME).status_code == 404


def test_a_row_that_was_given_to_somebody_else_opens_nothing(client: Client, device: Device, cast, told):
    """Whoever can write into the database cannot make their passkey another's."""
    Passkey.objects.filter(credential_id=device.name).update(user=cast.administrator.user)
    device.user_handle = cast.administrator.user.pk.bytes
    assert sign_in_by(client, device).status_code == 422
    assert client.get("/account/").status_code == 302


def test_a_key_that_was_put_in_its_place_opens_nothing(client: Client, device: Device, cast, told):
    theirs = passkey_of(enrolled(cast.viewer.user))
    Passkey.objects.filter(credential_id=device.name).update(sealed_key=theirs.sealed_key)
    assert sign_in_by(client, device).status_code == 422
    assert "cannot be opened" in told("session.sign_in", "failure", Organization.installation())[0]["reason"]


def test_too_many_wrong_ones_from_one_address_wait_and_nobody_elsewhere(device: Device, user: User, told):
    for _ in range(MOST_REFUSED):
        assert new_browser().post(SIGN_IN, {"answer": "{}"}).status_code == 422
    assert sign_in_by(new_browser(), device).status_code == 429
    assert "15 minutes" in new_browser().post(SIGN_IN).content.decode()
    assert sign_in_by(new_browser(REMOTE_ADDR="203.0.113.9"), device).status_code == 302
    assert give_password(new_browser(), user.email).status_code == 302, "the password still works"
    installation = Organization.installation()
    assert told("session.lock_out", "failure", installation) == [{"kind": "passkey"}]
    assert len(told("session.sign_in", "failure", installation)) == MOST_REFUSED


def test_so_many_challenges_are_given_to_one_address_and_no_more(client: Client, db):
    for _ in range(MOST_ASKED):
        assert client.post(f"{SIGN_IN}ask/").status_code == 200
    refused = client.post(f"{SIGN_IN}ask/")
    assert (refused.status_code, refused.json()) == (
        429,
        {"sentence": "Too many sign-ins were begun from here. Wait a little."},
    )


@pytest.mark.parametrize(
    "answer",
    ["", "{}", "[]", "null", "{" * 5000, '{"a":' * 3000, "x" * 20_000, '{"id": 1}', '{"id": "\\u0000", "rawId": "AA"}'],
    ids=range(9),
)
def test_what_is_no_answer_is_refused(client: Client, db, answer: str):
    asked(client, f"{SIGN_IN}ask/")
    assert client.post(SIGN_IN, {"answer": answer}).status_code == 422


def test_forms_need_their_token(device: Device, db):
    strict = new_browser(enforce_csrf_checks=True)
    for path in (SIGN_IN, f"{SIGN_IN}ask/"):
        assert strict.post(path).status_code == 403


def test_a_page_that_refused_one_can_be_loaded_again(client: Client, db):
    answer = client.get(SIGN_IN, {"next": "/o/acme/"})
    assert answer["Location"] == "/sign-in/?next=%2Fo%2Facme%2F"
    refused = client.post(SIGN_IN, {"answer": "{}"}, query_params={"next": "/o/acme/"}).content.decode()
    assert 'action="/sign-in/?next=%2Fo%2Facme%2F"' in refused


# Organizations that want company accounts


def test_who_may_not_enter_by_password_does_not_by_passkey(client: Client, device: Device, cast, acme, told):
    CompanyOnly.objects.create(organization=acme, set_by=cast.administrator)
    answer = sign_in_by(client, device)
    assert answer.status_code == 403
    assert "refuses passkeys without a company account" in answer.content.decode()
    assert told("session.sign_in", "failure")[0]["reason"] == "passwords are refused"
    assert client.get("/account/").status_code == 302


def test_an_administrator_signs_in_and_is_led_to_the_company_as_with_a_password(client: Client, cast, acme):
    CompanyOnly.objects.create(organization=acme, set_by=cast.administrator)
    assert sign_in_by(client, enrolled(cast.administrator.user)).status_code == 302
    assert client.get(HOME)["Location"].startswith("/sign-in/company/acme/")


def test_who_has_no_password_has_no_other_way_in_than_the_company(client: Client, device: Device, user: User, told):
    user.set_unusable_password()
    user.save()
    answer = sign_in_by(client, device)
    assert answer.status_code == 403
    assert "knows you by your company account" in answer.content.decode()
    assert told("session.sign_in", "failure")[0]["reason"] == "the account has no password"


# Where passkeys work


@pytest.mark.parametrize(
    ("base", "host"),
    [
        ("http://localhost:8000", "127.0.0.1:8000"),
        ("http://127.0.0.1:8000", "127.0.0.1:8000"),
        ("http://plumb.example", "plumb.example"),
        ("https://[::1]", "[::1]"),
        ("", "localhost"),
    ],
)
def test_they_are_not_offered_where_browsers_refuse_them(client: Client, user: User, settings, base, host):
    enrolled(user)
    settings.PLUMBLINE_BASE_URL, settings.ALLOWED_HOSTS = base, ["*"]
    headers = {"host": host}
    assert "Sign in with a passkey" not in client.get("/sign-in/", headers=headers).content.decode()
    assert client.post(f"{SIGN_IN}ask/", headers=headers).status_code == 403
    sign_in(client, user, factor_age=3600)
    for path in (SHOW, "/account/passkeys/add/ask/"):
        assert client.post(path, headers=headers).status_code == 403
    assert "data-passkey" not in client.get("/account/confirm/", headers=headers).content.decode()
    assert "Add a passkey" not in client.get("/account/passkeys/", headers=headers).content.decode()


def test_behind_tls_they_are_bound_to_the_public_name(client: Client, user: User, settings):
    settings.PLUMBLINE_BASE_URL, settings.ALLOWED_HOSTS = "https://Plumb.example:443/", ["*"]
    device = enrolled(user)
    headers = {"host": "plumb.example"}
    options = client.post(f"{SIGN_IN}ask/", headers=headers).json()
    assert options["rpId"] == "plumb.example"
    answer = device.show(options, origin="https://plumb.example", domain="plumb.example")
    assert client.post(SIGN_IN, {"answer": answer}, headers=headers).status_code == 302
