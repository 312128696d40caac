"""A forgotten password: a link and a second factor set a new one, and nothing tells who has an account."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from accounts import forgotten
from accounts.factors import Verdict
from accounts.models import RecoveryDevice, TotpDevice, User
from audit.models import AuditEvent
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.accounts.signing_in import authenticator_of, fresh_code, give_code, give_password, sign_in
from tests.cast import PASSWORD, Cast
from workflow.models import OutboxMessage

PAGE = "/sign-in/forgotten/"
NEW = "Another-Horse-7-Staple"


@pytest.fixture
def user(cast: Cast) -> User:
    user: User = cast.manager.user
    authenticator_of(user)
    return user


@pytest.fixture
def mails(acme: Organization) -> Any:
    """The mails of acme, the newest first."""

    def read() -> list[OutboxMessage]:
        with tenant(acme):
            return list(OutboxMessage.objects.order_by("-created_at"))

    return read


def link_in(mail: OutboxMessage) -> str:
    found = re.search(r"http://localhost:8000(/sign-in/forgotten/\S+)", mail.text)
    assert found
    return found[1]


def ask(client: Client, email: str) -> Any:
    return client.post(PAGE, {"email": email})


def filled(code: str, password: str = NEW, repeated: str = "") -> dict[str, str]:
    return {"password": password, "repeated": repeated or password, "code": code}


def test_a_link_and_a_code_set_a_new_password(client: Client, user: User, mails: Any, acme: Organization):
    assert b'href="/sign-in/forgotten/"' in client.get("/sign-in/").content
    assert ask(client, " Manager@ACME.example").status_code == 200
    link = link_in(mails()[0])
    elsewhere = sign_in(Client(), user)
    assert b"Code from your authenticator" in client.get(link).content
    done = client.post(link, filled(fresh_code(user)))
    assert done["Location"] == "/sign-in/"
    assert client.get("/account/")["Location"].startswith("/sign-in/?"), "nobody is signed in by it"
    assert elsewhere.get("/account/")["Location"].startswith("/sign-in/?")
    assert give_password(client, user.email, PASSWORD).status_code == 422
    assert give_password(client, user.email, NEW)["Location"] == "/sign-in/code/"
    assert mails()[0].subject == "Your password was set anew"
    with tenant(acme):
        verbs = list(AuditEvent.objects.filter(verb__startswith="password.").order_by("at").values_list("verb", flat=True))
    assert verbs == ["password.forget", "password.reset"]
    assert NEW not in str(mails()[0].text)


@pytest.mark.parametrize("code", ["", "000000", "aaaa-aaaa-aaaa-aaaa"])
def test_the_link_alone_sets_nothing(client: Client, user: User, mails: Any, code: str):
    ask(client, user.email)
    link = link_in(mails()[0])
    assert client.post(link, filled(code)).status_code == 422
    assert give_password(client, user.email, PASSWORD).status_code == 302
    assert TotpDevice.objects.filter(user=user, confirmed=True).exists()


def test_a_recovery_code_will_do(client: Client, user: User, mails: Any):
    codes = RecoveryDevice.objects.create(user=user, name="Recovery codes", confirmed=True).replace_codes()
    ask(client, user.email)
    assert client.post(link_in(mails()[0]), filled(codes[0])).status_code == 302
    assert RecoveryDevice.objects.get(user=user).remaining == 9


def test_wrong_codes_make_one_wait(client: Client, user: User, mails: Any, acme: Organization):
    ask(client, user.email)
    link = link_in(mails()[0])
    client.post(link, filled("000000"))
    assert (
        TotpDevice.objects.filter(user=user, throttling_failure_count=1).update(throttling_failure_count=10) == 1
    )  # 512 seconds
    assert Verdict.TOO_SOON in client.post(link, filled(fresh_code(user))).content.decode()
    with tenant(acme):
        assert AuditEvent.objects.filter(verb="factor.refuse").count() == 2


def test_a_code_is_not_spent_on_a_bad_password(client: Client, user: User, mails: Any, acme: Organization):
    ask(client, user.email)
    link, code = link_in(mails()[0]), fresh_code(user)
    assert client.post(link, filled(code, "weak")).status_code == 422
    assert client.post(link, filled(code, NEW, NEW + "x")).status_code == 422
    assert client.post(link, filled(code)).status_code == 302
    with tenant(acme):
        event = AuditEvent.objects.get(verb="password.reset", result="failure")
    assert "weak" not in event.body


def test_it_works_once(client: Client, user: User, mails: Any):
    ask(client, user.email)
    link = link_in(mails()[0])
    assert client.post(link, filled(fresh_code(user))).status_code == 302
    assert client.get(link).status_code == 410
    again = client.post(link, filled(fresh_code(user), "Third-Horse-8-Staple"))
    assert again.status_code == 410
    assert b"Ask for another" in again.content


@pytest.mark.parametrize("ended", ["time", "sessions", "password", "deactivated", "factor"])
def test_it_ends_with_time_and_with_what_it_hangs_on(
    client: Client, user: User, mails: Any, monkeypatch: pytest.MonkeyPatch, ended: str
):
    ask(client, user.email)
    link = link_in(mails()[0])
    if ended == "time":
        later = dt.datetime.now() + dt.timedelta(minutes=forgotten.MINUTES, seconds=5)  # noqa: DTZ005 - as Django counts here
        monkeypatch.setattr(forgotten.tokens, "_now", lambda: later)
    elif ended == "sessions":
        user.end_sessions()
    elif ended == "password":
        user.set_password("Third-Horse-8-Staple")
        user.save()
    elif ended == "deactivated":
        User.objects.filter(pk=user.pk).update(is_active=False)
    else:
        TotpDevice.objects.filter(user=user).delete()
    assert client.get(link).status_code == 410


def test_a_link_is_of_one_account_and_cannot_be_made_up(client: Client, user: User, cast: Cast, mails: Any):
    ask(client, user.email)
    link = link_in(mails()[0])
    authenticator_of(cast.auditor.user)
    assert client.get(link.replace(str(user.pk), str(cast.auditor.user.pk))).status_code == 410
    assert client.get(link[:-3] + "xy/").status_code == 410


@pytest.mark.parametrize("kind", ["no factor", "no password"])
def test_without_a_factor_and_a_password_of_ones_own_there_is_no_link(client: Client, cast: Cast, mails: Any, kind: str):
    person = cast.reviewer.user
    if kind == "no password":
        authenticator_of(person)
        person.set_unusable_password()
        person.save()
    ask(client, person.email)
    (mail,) = mails()
    assert "http" not in mail.text
    assert "ask your administrator" in mail.text


@pytest.mark.parametrize("kind", ["known", "nobody", "inactive", "service", "too often"])
def test_the_page_says_the_same_whoever_it_is(client: Client, user: User, mails: Any, kind: str, monkeypatch: pytest.MonkeyPatch):
    """And does the same: one task is queued, and whom it is about is looked up by the worker alone."""
    queued: list[str] = []
    monkeypatch.setattr("accounts.views.forgotten.send_link.delay", queued.append)
    if kind == "inactive":
        User.objects.filter(pk=user.pk).update(is_active=False)
    elif kind == "service":
        User.objects.filter(pk=user.pk).update(is_service=True)
    email = "nobody@acme.example" if kind == "nobody" else user.email
    for _ in range(5 if kind == "too often" else 1):
        answer = ask(client, email)
    text = re.sub(r'value="[^"]*"|"X-CSRFToken": "[^"]*"', "", answer.content.decode())
    assert answer.status_code == 200
    assert "If somebody here has this e-mail" in text
    assert email not in text
    assert set(queued) == {email}
    for one in queued:
        forgotten.send_link(one)
    assert len(mails()) == {"known": 1, "too often": 3}.get(kind, 0)


def test_an_address_asks_only_so_often(client: Client, user: User, monkeypatch: pytest.MonkeyPatch):
    queued: list[str] = []
    monkeypatch.setattr("accounts.views.forgotten.send_link.delay", queued.append)
    answers = [ask(client, f"somebody{number}@acme.example").status_code for number in range(25)]
    assert set(answers) == {200}
    assert len(queued) == 20


def test_forms_need_their_token(user: User):
    assert Client(enforce_csrf_checks=True).post(PAGE, {"email": user.email}).status_code == 403


def test_after_it_both_factors_are_asked_for(client: Client, user: User, mails: Any):
    ask(client, user.email)
    client.post(link_in(mails()[0]), filled(fresh_code(user)))
    give_password(client, user.email, NEW)
    assert client.get("/account/")["Location"].startswith("/sign-in/code/")
    assert give_code(client, fresh_code(user)).status_code == 302
