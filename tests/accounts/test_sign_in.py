"""Signing in: password, second factor, sessions."""

import base64
import re
import time
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django_otp.oath import TOTP

from accounts.actions import change_roles, reset_factor
from accounts.models import Member, RecoveryDevice, TotpDevice, User
from accounts.sealing import SealingError
from audit.actors import System
from audit.models import AuditEvent
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.accounts.signing_in import authenticator_of, fresh_code, give_code, give_password, secret_shown, sign_in
from tests.cast import PASSWORD, Cast

ACME_HOME = "/o/acme/members/"


def verbs(organization: Organization, result: str = "success") -> list[str]:
    with tenant(organization):
        return list(AuditEvent.objects.filter(result=result).order_by("at").values_list("verb", flat=True))


@pytest.fixture
def user(cast: Cast) -> User:
    user: User = cast.manager.user
    authenticator_of(user)
    return user


def test_password_and_code_lead_to_the_organization(client: Client, user: User, acme: Organization):
    first = give_password(client, "Manager@ACME.example ")
    assert first["Location"] == "/sign-in/code/"
    second = give_code(client, fresh_code(user))
    assert second["Location"] == "/"
    assert client.get("/")["Location"] == "/o/acme/"
    assert "session.sign_in" in verbs(acme)


def test_the_password_alone_opens_nothing(client: Client, user: User):
    give_password(client, user.email)
    for path in ("/", "/account/", "/account/password/", "/account/recovery-codes/", "/account/confirm/", ACME_HOME):
        response = client.get(path)
        assert response.status_code == 302, path
        assert response["Location"].startswith("/sign-in/code/"), path


def test_the_page_asked_for_comes_after_both_steps(client: Client, user: User):
    asked = client.get(ACME_HOME + "?order=email")
    assert asked["Location"] == "/sign-in/?next=%2Fo%2Facme%2Fmembers%2F%3Forder%3Demail"
    first = client.post(asked["Location"], {"email": user.email, "password": PASSWORD})
    second = client.post(first["Location"], {"code": fresh_code(user)})
    assert second["Location"] == ACME_HOME + "?order=email"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "\thttps://evil.example",
        "nowhere",
        "members:list",
        "%0d%0a:x",
    ],
)
def test_next_never_leads_elsewhere(client: Client, user: User, target: str):
    give_password(client, user.email)
    assert give_code(client, fresh_code(user), next=target)["Location"] == "/"
    assert client.get("/sign-in/", {"next": target})["Location"] == "/"


def test_wrong_passwords_and_unknown_people_read_the_same(client: Client, user: User, acme: Organization):
    wrong = give_password(client, user.email, "Wrong-Horse-9-Battery")
    unknown = give_password(client, "nobody@acme.example", "Wrong-Horse-9-Battery")
    assert wrong.status_code == unknown.status_code == 422
    tokens = r'value="[^"]*"|"X-CSRFToken": "[^"]*"'
    clean = [re.sub(tokens, "", response.content.decode()) for response in (wrong, unknown)]
    assert clean[0] == clean[1]
    assert "do not match" in clean[0]
    assert verbs(acme, "failure") == ["session.sign_in"]
    with tenant(Organization.installation()):
        assert AuditEvent.objects.latest("at").data["metadata"]["email"] == "nobody@acme.example"


def test_unknown_people_cost_a_hash_too(client: Client, user: User, monkeypatch: pytest.MonkeyPatch):
    hashed = []
    monkeypatch.setattr(User, "set_password", lambda self, password: hashed.append(password))
    give_password(client, "nobody@acme.example")
    assert hashed == [PASSWORD]


def test_somebody_inactive_cannot_sign_in(client: Client, user: User):
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert give_password(client, user.email).status_code == 422


def test_deactivation_ends_a_session_at_its_next_request(client: Client, user: User):
    sign_in(client, user)
    assert client.get("/account/").status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/account/")["Location"].startswith("/sign-in/")


def test_too_many_failures_pause_the_account_for_this_address(client: Client, user: User, acme: Organization):
    for _ in range(10):
        response = give_password(client, user.email, "Wrong-Horse-9-Battery")
    assert response.status_code == 429
    assert b"15 minutes" in response.content
    assert give_password(client, user.email).status_code == 429
    assert verbs(acme, "failure").count("session.lock_out") == 2
    assert give_password(client, "auditor@acme.example").status_code == 302


def test_the_case_of_the_address_does_not_give_more_attempts(client: Client, user: User):
    for number in range(10):
        email = user.email.upper() if number % 2 else user.email
        response = give_password(client, email, "Wrong-Horse-9-Battery")
    assert response.status_code == 429


def test_an_old_hash_is_replaced_at_sign_in(client: Client, user: User):
    User.objects.filter(pk=user.pk).update(password=make_password(PASSWORD, hasher="pbkdf2_sha256"))
    give_password(client, user.email)
    user.refresh_from_db()
    assert user.password.startswith("argon2$argon2id$")


def test_the_session_key_changes_at_each_step(client: Client, user: User):
    client.session.save()
    fixed = client.session.session_key
    client.cookies["plumbline_session"] = str(fixed)
    give_password(client, user.email)
    half = client.session.session_key
    give_code(client, fresh_code(user))
    whole = client.session.session_key
    assert len({fixed, half, whole}) == 3
    for old in (fixed, half):
        other = Client()
        other.cookies["plumbline_session"] = str(old)
        assert other.get("/account/")["Location"].startswith("/sign-in/?next=")


def test_a_session_ends_eight_hours_after_sign_in_however_busy(client: Client, user: User, monkeypatch: pytest.MonkeyPatch):
    give_password(client, user.email)
    give_code(client, fresh_code(user))
    began = time.time()
    for busy in range(0, 8 * 3600, 1800):
        monkeypatch.setattr("accounts.sessions.time.time", lambda so_far=busy: began + so_far)
        client.get("/account/")
    monkeypatch.setattr("accounts.sessions.time.time", lambda: began + 8 * 3600 - 60)
    client.post("/account/", {"name": "Still Here"})
    assert client.get("/account/").status_code == 200
    monkeypatch.setattr("accounts.sessions.time.time", lambda: began + 8 * 3600 + 1)
    assert client.get("/account/")["Location"].startswith("/sign-in/")
    assert "_auth_user_id" not in client.session


def test_the_stored_end_of_a_session_does_not_move(client: Client, user: User):
    give_password(client, user.email)
    before = client.session.get_expiry_date()
    give_code(client, fresh_code(user))
    client.post("/account/", {"name": "Still Here"})
    assert client.session.get_expiry_date() == before


def test_a_session_that_does_not_say_when_it_began_is_over(client: Client, user: User):
    client.force_login(user)
    assert client.get("/account/")["Location"].startswith("/sign-in/?")


def test_giving_the_password_again_starts_over(client: Client, user: User):
    sign_in(client, user)
    give_password(client, user.email)
    assert client.get("/account/")["Location"].startswith("/sign-in/code/")


def test_the_last_sign_in_is_that_of_the_second_step(client: Client, user: User):
    give_password(client, user.email)
    user.refresh_from_db()
    assert user.last_sign_in_at is None
    give_code(client, fresh_code(user))
    user.refresh_from_db()
    assert user.last_sign_in_at is not None


def test_a_secret_that_cannot_be_opened_is_an_error_and_recorded(client: Client, user: User, acme: Organization):
    code = fresh_code(user)
    TotpDevice.objects.filter(user=user).update(sealed_secret="v1|A256GCM|x|hkdf0|AAAA|AAAA")
    give_password(client, user.email)
    with pytest.raises(SealingError):
        give_code(client, code)
    assert verbs(acme, "failure") == ["factor.refuse"]


def test_a_code_works_once(client: Client, user: User, acme: Organization):
    code = fresh_code(user)
    give_password(client, user.email)
    give_code(client, code)
    other = Client()
    give_password(other, user.email)
    replayed = give_code(other, code)
    assert replayed.status_code == 422
    assert other.get("/account/").status_code == 302
    assert verbs(acme, "failure") == ["factor.refuse"]


def test_an_earlier_code_does_not_work_after_a_later_one(client: Client, user: User):
    device = authenticator_of(user)
    give_password(client, user.email)
    give_code(client, device.code_at(time.time() + 30))
    other = Client()
    give_password(other, user.email)
    assert give_code(other, device.code_at(time.time())).status_code == 422


def test_wrong_codes_make_one_wait_even_for_the_right_one(client: Client, user: User):
    give_password(client, user.email)
    for code in ("000000", "12345", "abcdef", "\u0660" * 6):
        response = give_code(client, code)
        assert response.status_code == 422
    waiting = give_code(client, fresh_code(user))
    assert waiting.status_code == 422
    assert b"Too many wrong tries" in waiting.content
    TotpDevice.objects.filter(user=user).update(throttling_failure_timestamp=None)
    assert give_code(client, fresh_code(user)).status_code == 302


def test_a_recovery_code_signs_in_once(client: Client, user: User):
    codes = RecoveryDevice.objects.create(user=user, name="Recovery codes").replace_codes()
    give_password(client, user.email)
    assert give_code(client, codes[3].upper().replace("-", " ")).status_code == 302
    assert client.get("/account/").status_code == 200
    assert RecoveryDevice.objects.get(user=user).remaining == 9
    other = Client()
    give_password(other, user.email)
    assert give_code(other, codes[3]).status_code == 422


def test_recovery_codes_are_kept_hashed_and_throttled(client: Client, user: User):
    device = RecoveryDevice.objects.create(user=user, name="Recovery codes")
    codes = device.replace_codes()
    stored = " ".join(device.codes.values_list("digest", flat=True))
    assert not any(code.replace("-", "") in stored or code in stored for code in codes)
    give_password(client, user.email)
    give_code(client, "aaaa-aaaa-aaaa-aaaa")
    assert b"Too many wrong tries" in give_code(client, codes[0]).content


def test_another_persons_code_does_not_work(client: Client, user: User, cast: Cast):
    give_password(client, user.email)
    assert give_code(client, fresh_code(cast.auditor.user)).status_code == 422


def test_nothing_opens_before_a_factor_is_enrolled(client: Client, cast: Cast, acme: Organization):
    person = cast.reviewer.user
    give_password(client, person.email, next=ACME_HOME)
    for path in ("/", "/account/", ACME_HOME, "/sign-in/code/"):
        assert client.get(path)["Location"].startswith("/sign-in/authenticator/"), path
    page = client.get("/sign-in/authenticator/", {"next": "/o/acme/"})
    secret = base64.b32decode(secret_shown(page))
    assert b"data:image/svg+xml" in page.content
    code = f"{TOTP(secret).token():06d}"
    wrong = client.post("/sign-in/authenticator/", {"code": "000000" if code != "000000" else "111111"})
    assert wrong.status_code == 422
    assert secret_shown(wrong) == secret_shown(page)
    TotpDevice.objects.filter(user=person).update(throttling_failure_timestamp=None)
    done = client.post("/sign-in/authenticator/?next=/o/acme/", {"code": code})
    assert done.status_code == 200
    assert done.content.count(b"<li>") == 10
    assert b'href="/o/acme/"' in done.content
    assert client.get("/account/").status_code == 200
    assert verbs(acme)[-2:] == ["factor.enrol", "session.sign_in"]
    assert client.post("/sign-in/authenticator/", {"code": code}).status_code == 422


def test_an_enrolment_begun_elsewhere_is_not_continued(client: Client, cast: Cast):
    person = cast.reviewer.user
    give_password(client, person.email)
    first = secret_shown(client.get("/sign-in/authenticator/"))
    other = Client()
    give_password(other, person.email)
    second = secret_shown(other.get("/sign-in/authenticator/"))
    assert first != second
    assert secret_shown(client.get("/sign-in/authenticator/")) not in {first, second}


def test_an_enrolled_factor_cannot_be_replaced_by_the_password_alone(client: Client, user: User):
    give_password(client, user.email)
    assert client.get("/sign-in/authenticator/")["Location"] == "/sign-in/code/"
    assert client.post("/sign-in/authenticator/", {"code": "123456"})["Location"] == "/sign-in/code/"


def test_replacing_the_authenticator_asks_for_the_old_one_again(client: Client, user: User):
    sign_in(client, user, factor_age=3600)
    step = client.get("/sign-in/authenticator/")
    assert step["Location"] == "/account/confirm/?next=%2Fsign-in%2Fauthenticator%2F"
    back = client.post(step["Location"], {"code": fresh_code(user)})
    assert back["Location"] == "/sign-in/authenticator/"
    secret = base64.b32decode(secret_shown(client.get(back["Location"])))
    old = authenticator_of(user)
    assert client.post(back["Location"], {"code": f"{TOTP(secret).token():06d}"}).status_code == 200
    assert TotpDevice.objects.get(user=user).secret == secret
    assert not TotpDevice.objects.filter(pk=old.pk).exists()


def test_signing_out_is_a_post_and_ends_the_session(client: Client, user: User, acme: Organization):
    sign_in(client, user)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/account/")["Location"].startswith("/sign-in/")
    assert verbs(acme)[-1] == "session.sign_out"


@pytest.mark.parametrize("path", ["/sign-in/", "/sign-in/code/", "/sign-in/authenticator/", "/sign-out/", "/account/password/"])
def test_forms_need_their_token(user: User, path: str):
    client = Client(enforce_csrf_checks=True)
    sign_in(client, user)
    assert client.post(path, {"email": user.email, "password": PASSWORD, "code": "123456"}).status_code == 403


def test_a_role_change_ends_the_sessions_it_was_made_under(client: Client, cast: Cast, in_acme: Any):
    member: Member = cast.reviewer
    sign_in(client, member.user)
    change_roles(member, roles=["viewer"], actor=System("test"))
    assert client.get("/account/")["Location"].startswith("/sign-in/")


def test_a_factor_reset_leads_to_enrolment(client: Client, cast: Cast, in_acme: Any):
    member: Member = cast.reviewer
    sign_in(client, member.user)
    reset_factor(member, actor=System("test"), reason="Lost the phone")
    assert client.get("/account/")["Location"].startswith("/sign-in/?")
    assert give_password(client, member.email).status_code == 302
    assert client.get("/account/")["Location"].startswith("/sign-in/authenticator/")


def test_signed_in_pages_are_not_cached(client: Client, user: User):
    sign_in(client, user)
    assert "no-store" in client.get("/account/")["Cache-Control"]


def test_the_browser_empties_its_cache_when_a_session_ends_and_not_before(client: Client, user: User):
    sign_in(client, user)
    assert "Clear-Site-Data" not in client.get("/account/")
    assert client.post("/sign-out/")["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in client.get("/sign-in/")
    sign_in(client, user)
    user.end_sessions()
    assert client.get("/account/")["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in client.get("/account/")


def test_a_program_with_a_browsers_cookie_ends_nothing(client: Client, user: User):
    sign_in(client, user)
    assert "Clear-Site-Data" not in client.get("/api/organization", headers={"Authorization": "Bearer plb_wrong"})
    assert client.get("/account/").status_code == 200


def test_codes_and_secrets_carry_the_hints_that_browsers_use(client: Client, user: User):
    page = client.get("/sign-in/").content.decode()
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    give_password(client, user.email)
    page = client.get("/sign-in/code/").content.decode()
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page
