"""A passkey as the second step of signing in, and once more before a sensitive act."""

import time

import pytest
from django.test import Client

from accounts.models import IdleLimit, Member, Passkey, RecoveryDevice, TotpDevice, User
from changes.approving.session import shown_in
from tests.accounts.passkeys.conftest import SHOW, asked, new_browser
from tests.accounts.passkeys.device import Device, enrolled, passkey_of
from tests.accounts.signing_in import fresh_code, give_code, give_password, sign_in
from tests.cast import Cast

VERIFY, CONFIRM, LIMIT = "/sign-in/code/", "/account/confirm/", "/o/acme/members/idle-limit/"


@pytest.fixture
def device(user: User) -> Device:
    return enrolled(user)


def shown(client: Client, device: Device, path: str, **how):
    return client.post(path, {"code_passkey": device.show(asked(client, SHOW), **how)})


def test_after_the_password_it_is_the_second_step(client: Client, device: Device, user: User, told):
    give_password(client, user.email)
    page = client.get(VERIFY).content.decode()
    assert "Use your passkey" in page
    options = asked(client, SHOW)
    assert [one["id"] for one in options["allowCredentials"]] == [device.name]
    assert options["allowCredentials"][0]["transports"] == ["internal", "usb"]
    assert client.post(VERIFY, {"code_passkey": device.show(options, without_handle=True)})["Location"] == "/"
    assert client.get("/account/").status_code == 200
    assert told("session.sign_in") == [{"factor": "passkey"}]


def test_who_has_passkeys_only_is_asked_for_one_and_may_type_a_recovery_code(client: Client, cast: Cast):
    person = cast.viewer.user
    enrolled(person)
    codes = RecoveryDevice.objects.get(user=person).replace_codes()
    give_password(client, person.email)
    assert client.get("/account/")["Location"].startswith(VERIFY)
    page = client.get(VERIFY).content.decode()
    assert "Recovery code" in page
    assert "authenticator" not in page
    assert give_code(client, codes[0]).status_code == 302
    assert client.get("/account/").status_code == 200


def test_codes_go_on_working_beside_it(client: Client, device: Device, user: User):
    give_password(client, user.email)
    assert give_code(client, fresh_code(user)).status_code == 302


def test_anothers_passkey_is_refused_and_recorded(client: Client, user: User, cast: Cast, told):
    give_password(client, user.email)
    answer = shown(client, enrolled(cast.viewer.user), VERIFY)
    assert answer.status_code == 422
    assert "not accepted" in answer.content.decode()
    assert told("factor.refuse", "failure") == [{"reason": "nobody has this passkey", "kind": "passkey"}]
    assert client.get("/account/").status_code == 302


def test_what_was_answered_does_not_stand_in_the_form(client: Client, device: Device, user: User):
    give_password(client, user.email)
    assert "clientDataJSON" not in shown(client, device, VERIFY, domain="evil.example").content.decode()


def test_wrong_answers_make_one_wait_even_for_the_right_one(client: Client, device: Device, user: User, told):
    give_password(client, user.email)
    for _ in range(2):
        Passkey.objects.update(throttling_failure_timestamp=None)
        assert shown(client, device, VERIFY, domain="evil.example").status_code == 422
    waiting = shown(client, device, VERIFY)
    assert "Too many wrong tries" in waiting.content.decode()
    assert told("factor.refuse", "failure")[-1]["reason"] == "too soon"
    assert give_code(client, fresh_code(user)).status_code == 302, "another factor does not wait"
    Passkey.objects.update(throttling_failure_timestamp=None)
    other = new_browser()
    give_password(other, user.email)
    assert shown(other, device, VERIFY).status_code == 302
    assert passkey_of(device).throttling_failure_count == 0


def test_nothing_is_asked_of_somebody_who_is_not_signed_in(client: Client, db):
    assert client.post(SHOW)["Location"].startswith("/sign-in/")


def test_step_up_leads_back_to_what_one_was_doing(client: Client, device: Device, user: User):
    sign_in(client, user, factor_age=3600)
    step = client.get("/sign-in/authenticator/")["Location"]
    assert step == f"{CONFIRM}?next=%2Fsign-in%2Fauthenticator%2F"
    before = client.session.session_key
    back = shown(client, device, step)
    assert back["Location"] == "/sign-in/authenticator/"
    assert client.session.session_key != before
    assert client.session["factor_at"] > time.time() - 60


@pytest.fixture
def administrator(cast: Cast) -> Member:
    return cast.administrator


def test_a_form_of_a_sensitive_act_takes_a_passkey_in_the_place_of_a_code(client: Client, administrator: Member, acme):
    device = enrolled(administrator.user)
    sign_in(client, administrator.user, factor_age=3600)
    page = client.get(LIMIT).content.decode()
    assert 'name="factor_code_passkey"' in page
    assert f'data-passkey="{SHOW}"' in page
    assert "Passkey or code" in page
    answer = device.show(asked(client, SHOW))
    assert client.post(LIMIT, {"minutes": "15", "factor_code": "", "factor_code_passkey": answer}).status_code == 303
    assert IdleLimit.minutes_of(acme) == 15


def test_a_form_that_is_refused_has_spent_the_answer_and_asks_no_more(client: Client, administrator: Member, acme):
    device = enrolled(administrator.user)
    sign_in(client, administrator.user, factor_age=3600)
    answer = device.show(asked(client, SHOW))
    refused = client.post(LIMIT, {"minutes": "1", "factor_code_passkey": answer})
    assert refused.status_code == 422
    assert "factor_code" not in refused.content.decode()
    assert passkey_of(device).last_used_at is not None
    assert client.post(LIMIT, {"minutes": "20"}).status_code == 303


def test_a_wrong_answer_in_such_a_form_is_refused_and_changes_nothing(client: Client, administrator: Member, acme, told):
    device = enrolled(administrator.user)
    sign_in(client, administrator.user, factor_age=3600)
    answer = device.show(asked(client, SHOW), domain="evil.example")
    refused = client.post(LIMIT, {"minutes": "15", "factor_code_passkey": answer})
    assert refused.status_code == 422
    assert "not accepted" in refused.content.decode()
    assert IdleLimit.minutes_of(acme) == 60
    assert told("factor.refuse", "failure")[0]["kind"] == "passkey"
    assert passkey_of(device).throttling_failure_count == 1


def test_without_an_answer_the_code_is_asked_for(client: Client, administrator: Member):
    enrolled(administrator.user)
    sign_in(client, administrator.user, factor_age=3600)
    assert client.post(LIMIT, {"minutes": "15", "factor_code": ""}).status_code == 422


def test_who_has_none_is_asked_for_a_code(client: Client, administrator: Member):
    sign_in(client, administrator.user, factor_age=3600)
    page = client.get(LIMIT).content.decode()
    assert "data-passkey" not in page
    assert "Code from your authenticator" in page


def test_what_was_shown_is_kept_with_an_approval(client: Client, device: Device, user: User):
    give_password(client, user.email)
    shown(client, device, VERIFY)
    request = type("Request", (), {"session": client.session})()
    found = shown_in(request)
    assert found is not None
    assert found.kind == "passkey"


def test_a_session_whose_passkey_was_removed_asks_for_another_factor(client: Client, device: Device, user: User):
    give_password(client, user.email)
    shown(client, device, VERIFY)
    assert client.get("/account/").status_code == 200
    passkey_of(device).delete()
    assert client.get("/account/")["Location"].startswith(VERIFY)
    assert TotpDevice.objects.filter(user=user, confirmed=True).exists()
