"""Making, naming and removing passkeys; the last factor stays."""

import csv
import datetime as dt
import re
import secrets

import pytest
from django.test import Client

from accounts.actions import add_passkey, remove_factor, reset_factor
from accounts.models import Member, Passkey, RecoveryDevice, TotpDevice, User
from accounts.models.passkey import MOST
from accounts.passkeys.checking import options_to_make, read_new
from audit.actors import System
from policies.violations.own import without_factor
from tenancy.scope import now, tenant
from tests.accounts.passkeys.conftest import ADD, LIST, asked, new_browser, sign_in_by
from tests.accounts.passkeys.device import Device, enrolled, passkey_of
from tests.accounts.signing_in import authenticator_of, fresh_code, give_password, sign_in
from tests.cast import Cast
from ui.refusals import ActionRefused


def made(client: Client, device: Device, name: str = "Phone", **query: str):
    """Make a passkey as the page does."""
    answer = device.make(asked(client, f"{ADD}ask/"))
    return client.post(ADD, {"name": name, "answer": answer}, query_params=query)


@pytest.fixture
def newcomer(cast: Cast) -> User:
    """Somebody without any factor."""
    user: User = cast.reviewer.user
    return user


def test_it_can_be_the_first_factor_and_brings_recovery_codes(client: Client, newcomer: User, told):
    give_password(client, newcomer.email)
    assert "Use a passkey instead" in client.get("/sign-in/authenticator/").content.decode()
    assert client.get("/account/").status_code == 302
    done = made(client, Device(), next="/o/acme/")
    assert done.status_code == 200
    assert done.content.count(b"<li>") == 10
    assert b'href="/o/acme/"' in done.content
    assert client.get("/account/").status_code == 200
    assert told("factor.enrol") == [{"factor": "passkey", "name": "Phone", "synced": False}]
    assert told("session.sign_in") == [{"factor": "passkey"}]


def test_what_is_asked_names_the_person_and_wants_a_key_that_is_found_without(client: Client, user: User):
    first = enrolled(user)
    sign_in(client, user)
    options = asked(client, f"{ADD}ask/")
    assert options["rp"] == {"name": "Plumbline", "id": "localhost"}
    assert (options["user"]["name"], options["user"]["displayName"]) == (user.email, user.name)
    chosen = options["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
    assert options["attestation"] == "none"
    assert [one["id"] for one in options["excludeCredentials"]] == [first.name]


def test_another_one_is_made_by_whoever_has_just_shown_a_factor(client: Client, user: User, told):
    RecoveryDevice.objects.create(user=user, name="Recovery codes").replace_codes()
    sign_in(client, user)
    assert made(client, Device())["Location"] == LIST
    assert made(client, Device(), name="Key")["Location"] == LIST
    page = client.get(LIST).content.decode()
    assert "Phone" in page
    assert "Key" in page
    assert "not used yet" in page
    assert [one["name"] for one in told("factor.enrol")] == ["Phone", "Key"]
    assert told("session.sign_in") == [], "they were signed in already"


def test_a_factor_is_shown_before(client: Client, user: User):
    give_password(client, user.email)
    assert client.get(ADD)["Location"].startswith("/sign-in/code/")
    assert client.post(f"{ADD}ask/").status_code == 403
    sign_in(client, user, factor_age=3600)
    assert client.get(ADD)["Location"] == "/account/confirm/?next=%2Faccount%2Fpasskeys%2Fadd%2F"
    assert "confirm that it is you" in client.post(f"{ADD}ask/").json()["sentence"]
    device = Device()
    assert client.post(ADD, {"name": "x", "answer": device.make(_options(user))}).status_code == 422
    assert not Passkey.objects.exists()


def _options(user: User):
    return options_to_make(user, [], secrets.token_bytes(32))


def test_whoever_knows_the_password_alone_is_not_first_where_a_factor_came_meanwhile(client: Client, newcomer: User, told):
    give_password(client, newcomer.email)
    answer = Device().make(asked(client, f"{ADD}ask/"))
    authenticator_of(newcomer)
    assert client.post(ADD, {"name": "x", "answer": answer}).status_code == 409
    assert told("factor.enrol", "failure")[0]["kind"] == "passkey"
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize(
    "how", [{"origin": "http://localhost:9000"}, {"domain": "evil.example"}, {"kind": "webauthn.get"}], ids=str
)
def test_what_is_not_right_is_not_kept_and_recorded(client: Client, user: User, how, told):
    sign_in(client, user)
    answer = Device().make(asked(client, f"{ADD}ask/"), **how)
    assert client.post(ADD, {"name": "x", "answer": answer}).status_code == 422
    assert told("factor.refuse", "failure") == [{"reason": "enrolment: not a right answer", "kind": "passkey"}]
    assert not Passkey.objects.exists()


def test_a_device_that_does_not_make_sure_who_it_is_is_not_kept(client: Client, user: User):
    sign_in(client, user)
    assert made(client, Device(verified=False)).status_code == 422


def test_a_challenge_makes_one_passkey(client: Client, user: User):
    sign_in(client, user)
    options = asked(client, f"{ADD}ask/")
    assert client.post(ADD, {"name": "x", "answer": Device().make(options)}).status_code == 200  # with recovery codes
    assert client.post(ADD, {"name": "x", "answer": Device().make(options)}).status_code == 422
    assert Passkey.objects.count() == 1


def test_what_is_no_answer_says_what_it_takes(client: Client, user: User):
    sign_in(client, user)
    assert "needs JavaScript" in client.post(ADD, {"name": "x"}).content.decode()
    for answer in ("{}", "[]", "{" * 4000, '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}'):
        asked(client, f"{ADD}ask/")
        assert client.post(ADD, {"name": "x", "answer": answer}).status_code == 422


def test_a_passkey_belongs_to_one_person(client: Client, user: User, cast: Cast, told):
    device = enrolled(cast.viewer.user)
    sign_in(client, user)
    assert made(client, device).status_code == 409
    assert passkey_of(device).user == cast.viewer.user
    assert told("factor.enrol", "failure")[0]["reason"] == "This passkey is known here already."


def test_so_many_and_no_more(user: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("accounts.actions.passkeys.MOST", 2)
    assert MOST >= 10
    enrolled(user)
    enrolled(user)
    with pytest.raises(ActionRefused, match="the most"):
        enrolled(user)


def test_one_is_renamed_by_its_owner_alone(client: Client, user: User, cast: Cast, acme, told):
    passkey, theirs = passkey_of(enrolled(user)), passkey_of(enrolled(cast.viewer.user))
    sign_in(client, user)
    assert client.post(f"{LIST}{passkey.pk}/", {"name": " Work laptop "})["Location"] == LIST
    passkey.refresh_from_db()
    assert passkey.name == "Work laptop"
    assert client.post(f"{LIST}{passkey.pk}/", {"name": " "}).status_code == 422
    for path in (f"{LIST}{theirs.pk}/", f"{LIST}{theirs.pk}/remove/"):
        assert client.get(path).status_code == client.post(path, {"name": "Mine"}).status_code == 404
    assert len(told("factor.rename")) == 1


def test_one_is_removed_after_showing_a_factor_and_signs_in_no_more(client: Client, user: User, told):
    device = enrolled(user, name="Old phone")
    passkey = passkey_of(device)
    sign_in(client, user, factor_age=3600)
    way = f"{LIST}{passkey.pk}/remove/"
    assert "factor_code" in client.get(way).content.decode()
    assert client.post(way).status_code == 422
    assert client.post(way, {"factor_code": fresh_code(user)})["Location"] == LIST
    assert told("factor.remove") == [{"factor": "passkey", "name": "Old phone"}]
    assert sign_in_by(new_browser(), device).status_code == 422


def test_the_last_factor_stays(client: Client, newcomer: User, told):
    device = enrolled(newcomer)
    sign_in_by(client, device)
    way = f"{LIST}{passkey_of(device).pk}/remove/"
    refused = client.post(way)
    assert refused.status_code == 409
    assert "last second factor" in refused.content.decode()
    assert Passkey.objects.filter(user=newcomer).exists()
    assert told("factor.remove", "failure")[0]["kind"] == "passkey"
    enrolled(newcomer)
    assert client.post(way).status_code == 302


def test_the_authenticator_may_go_where_a_passkey_stays(client: Client, user: User, told):
    sign_in(client, user)
    way = "/account/authenticator/remove/"
    assert way not in client.get("/account/").content.decode()
    assert client.post(way).status_code == 409
    device = enrolled(user)
    sign_in_by(client, device)
    assert way in client.get("/account/").content.decode()
    assert client.post(way)["Location"] == "/account/"
    assert not TotpDevice.objects.filter(user=user).exists()
    assert told("factor.remove") == [{"factor": "authenticator", "name": "Authenticator"}]
    assert "Set one up" in client.get("/account/").content.decode()
    assert "beside your passkeys" in re.sub(r"\s+", " ", client.get("/sign-in/authenticator/").content.decode())


def test_an_administrators_reset_takes_passkeys_too(cast: Cast, acme):
    device = enrolled(cast.viewer.user)
    with tenant(acme):
        reset_factor(cast.viewer, actor=System("test"), reason="Lost everything")
    assert sign_in_by(new_browser(), device).status_code == 422
    assert not Passkey.objects.filter(user=cast.viewer.user).exists()


def test_a_passkey_is_a_second_factor_wherever_one_is_asked_for(client_of, cast: Cast, acme):
    week_ago = now() - dt.timedelta(days=7)
    Member.objects.filter(organization=acme).update(created_at=week_ago)
    with tenant(acme):
        assert cast.viewer.pk in {one.member.pk for one in without_factor(acme, now())}
    enrolled(cast.viewer.user)
    with tenant(acme):
        assert cast.viewer.pk not in {one.member.pk for one in without_factor(acme, now())}
    answer = client_of(cast.administrator).get("/o/acme/members/?export=csv")
    rows = list(csv.DictReader(b"".join(answer.streaming_content).decode().removeprefix("\ufeff").splitlines()))
    having = {row["E-mail"] for row in rows if row["Second factor"] == "yes"}
    assert having == {cast.viewer.email, cast.administrator.email}, rows


def test_the_name_is_cut_and_never_missing(user: User):
    challenge = secrets.token_bytes(32)
    new = read_new(Device().make(options_to_make(user, [], challenge)), challenge)
    with pytest.raises(ActionRefused, match="name"):
        add_passkey(user, new, name=" ", is_first=False)
    passkey, _ = add_passkey(user, new, name="x" * 99, is_first=False)
    assert len(passkey.name) == 60


def test_one_that_was_removed_meanwhile_is_not_removed_again(user: User):
    passkey = passkey_of(enrolled(user))
    Passkey.objects.filter(pk=passkey.pk).delete()
    with pytest.raises(ActionRefused, match="already"):
        remove_factor(passkey)
