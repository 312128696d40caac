"""One's own sessions: seen, ended, and forgotten when they are over."""

import datetime as dt
import math
import secrets
import time
from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import DatabaseError, OperationalError
from django.test import Client

from accounts.actions import create_service, end_member_sessions
from accounts.models import Member, RecoveryDevice, Session, TotpDevice
from accounts.models.session import SessionStore
from accounts.sessions import LIFETIME, open_sessions
from audit.models import AuditEvent
from tenancy.models import Organization
from tenancy.scope import now, tenant
from tests.accounts.signing_in import fresh_code, give_password, sign_in
from tests.cast import Cast
from ui.browsers import browser_of
from ui.refusals import ActionRefused
from workflow.schedule import run_periodic

PAGE = "/account/sessions/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def here(cast: Cast) -> Client:
    client = sign_in(Client(headers={"user-agent": FIREFOX}), cast.viewer.user)
    client.get("/account/")
    return client


@pytest.fixture
def there(cast: Cast) -> Client:
    """A second session, from elsewhere."""
    client = Client(REMOTE_ADDR="203.0.113.9")
    give_password(client, cast.viewer.email)
    return client


def test_both_show_with_where_and_with_what(here: Client, there: Client, cast: Cast):
    page = here.get(PAGE).content.decode()
    assert "Firefox on Linux" in page
    assert "203.0.113.9" in page
    assert "Without its code" in page
    first, second = open_sessions(cast.viewer.user, current=here.session.session_key)
    assert (first.is_current, first.is_verified, second.is_current, second.is_verified) == (True, True, False, False)
    assert str(here.session.session_key) not in page
    assert str(there.session.session_key) not in page


def test_nobody_elses_show(here: Client, cast: Cast):
    sign_in(Client(), cast.manager.user)
    assert len(here.get(PAGE).context["sessions"]) == 1


@pytest.mark.parametrize("which", ["others", "one"])
def test_another_is_ended_at_once(here: Client, there: Client, cast: Cast, acme: Organization, which: str):
    other = open_sessions(cast.viewer.user, current=here.session.session_key)[1]
    here.post(PAGE, {"session": other.name if which == "one" else "others"})
    assert "/sign-in/" in there.get("/account/")["Location"]
    assert there.get("/sign-in/code/")["Location"].startswith("/sign-in/?")
    assert len(here.get(PAGE).context["sessions"]) == 1
    with tenant(acme):
        assert AuditEvent.objects.get(verb="session.end").data["metadata"] == {"sessions": 1}


@pytest.mark.parametrize("which", ["others", "one"])
def test_a_factor_is_asked_for_first_and_then_it_is_done(there: Client, cast: Cast, which: str):
    here = sign_in(Client(), cast.viewer.user, factor_age=3600)
    here.get("/account/")
    other = open_sessions(cast.viewer.user, current=here.session.session_key)[1]
    chosen = {"session": other.name if which == "one" else "others"}
    asked = here.post(PAGE, chosen)
    assert asked.status_code == 200
    assert f'value="{chosen["session"]}"' in asked.content.decode()
    assert "203.0.113.9" in asked.content.decode()
    wrong = here.post(PAGE, chosen | {"factor_code": "aaaa-aaaa-aaaa-aaaa"})
    assert wrong.status_code == 422
    assert len(open_sessions(cast.viewer.user)) == 2
    assert here.post(PAGE, chosen | {"factor_code": fresh_code(cast.viewer.user)})["Location"] == PAGE
    assert len(open_sessions(cast.viewer.user)) == 1
    assert "1 session ended" in here.get(PAGE).content.decode()


@pytest.mark.parametrize("way", ["/account/confirm/", "/o/acme/members/idle-limit/"])
def test_showing_the_factor_again_gives_the_session_a_new_key(cast: Cast, way: str):
    user = cast.administrator.user
    client = sign_in(Client(), user, factor_age=3600)
    old = str(client.session.session_key)
    code = fresh_code(user)
    assert client.post(way, {"code": code, "factor_code": code, "minutes": "30"}).status_code in {302, 303}
    assert str(client.session.session_key) != old
    assert client.get("/account/").status_code == 200
    stolen = Client()
    stolen.cookies["plumbline_session"] = old
    assert stolen.get("/account/")["Location"].startswith("/sign-in/")


def test_a_wrong_code_leaves_the_session_as_it_is(cast: Cast):
    client = sign_in(Client(), cast.viewer.user, factor_age=3600)
    old = client.session.session_key
    assert client.post("/account/confirm/", {"code": "aaaa-aaaa-aaaa-aaaa"}).status_code == 422
    assert client.session.session_key == old


def test_neither_the_one_at_hand_nor_another_persons_is_ended(here: Client, cast: Cast):
    elsewhere = sign_in(Client(), cast.manager.user)
    strange = open_sessions(cast.manager.user)[0].name
    own = open_sessions(cast.viewer.user)[0].name
    for name in (strange, own, ""):
        assert "had ended already" in here.post(PAGE, {"session": name}, follow=True).content.decode()
    assert elsewhere.get("/o/acme/").status_code == here.get("/o/acme/").status_code == 200


def test_sessions_that_were_ended_otherwise_do_not_show(here: Client, there: Client, cast: Cast):
    session = there.session
    session["signed_in_at"] = time.time() - LIFETIME.total_seconds()
    session.save()
    assert len(open_sessions(cast.viewer.user)) == 1
    cast.viewer.user.end_sessions()
    assert open_sessions(cast.viewer.user) == []


def test_use_is_noted_once_in_a_minute(here: Client):
    noted = here.session["used"]["at"]
    here.get("/account/")
    assert here.session["used"]["at"] == noted
    session = here.session
    session["used"] = {"at": noted - 61, "ip": "", "agent": ""}
    session.save()
    here.get("/account/")
    assert here.session["used"]["at"] >= noted
    assert here.session["used"]["ip"] == "127.0.0.1"


def test_what_is_over_is_forgotten_by_the_schedule(here: Client, there: Client, acme: Organization):
    Session.objects.filter(pk=there.session.session_key).update(expire_date=now() - dt.timedelta(seconds=1))
    with tenant(acme):
        run_periodic("accounts.clear_sessions", acme, now())
    assert list(Session.objects.values_list("session_key", flat=True)) == [here.session.session_key]


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15", "Safari on macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.0", "A browser"),
        ("", "A browser"),
    ],
)
def test_browsers_are_named(agent: str, words: str):
    assert browser_of(agent) == words


# Of others, by an administrator


def end_sessions_of(client: Client, member: Member, **form: str) -> Any:
    return client.post(f"/o/acme/members/{member.pk}/end-sessions/", form)


def test_an_administrator_ends_a_members_sessions_with_a_reason(here: Client, there: Client, cast: Cast, acme: Organization):
    admin = sign_in(Client(), cast.administrator.user)
    assert f"/{cast.viewer.pk}/end-sessions/" in admin.get(f"/o/acme/members/{cast.viewer.pk}/").content.decode()
    assert end_sessions_of(admin, cast.viewer, reason="").status_code == 422
    assert here.get("/account/").status_code == 200
    assert end_sessions_of(admin, cast.viewer, reason="Laptop lost")["Location"] == "/o/acme/members/"
    assert here.get("/o/acme/")["Location"].startswith("/sign-in/?next=")
    assert there.get("/sign-in/code/")["Location"].startswith("/sign-in/?")
    assert open_sessions(cast.viewer.user) == []
    with tenant(acme):
        event = AuditEvent.objects.get(verb="member.end_sessions")
    assert (event.object_id, event.actor_id, event.data["metadata"]["note"]) == (
        cast.viewer.id,
        cast.administrator.id,
        "Laptop lost",
    )
    assert sign_in(Client(), cast.viewer.user).get("/o/acme/").status_code == 200


def test_an_administrator_shows_a_factor_for_it(here: Client, cast: Cast):
    admin = sign_in(Client(), cast.administrator.user, factor_age=3600)
    assert end_sessions_of(admin, cast.viewer, reason="Laptop lost").status_code == 422
    assert here.get("/account/").status_code == 200
    code = fresh_code(cast.administrator.user)
    assert end_sessions_of(admin, cast.viewer, reason="Laptop lost", factor_code=code).status_code == 303


def test_nobody_else_ends_them_and_nobody_those_of_another_organization(here: Client, cast: Cast, acme: Organization):
    assert end_sessions_of(sign_in(Client(), cast.manager.user), cast.viewer, reason="x").status_code == 403
    stranger = cast.of("globex", "viewer")
    assert end_sessions_of(sign_in(Client(), cast.administrator.user), stranger, reason="x").status_code == 404
    assert here.get("/account/").status_code == 200
    with tenant(acme), pytest.raises(ActionRefused, match="Only an administrator"):
        end_member_sessions(cast.viewer, actor=cast.manager, reason="x")


def test_ones_own_are_ended_elsewhere_and_a_program_has_none(cast: Cast, acme: Organization):
    with tenant(acme):
        with pytest.raises(ActionRefused, match="account page"):
            end_member_sessions(cast.administrator, actor=cast.administrator, reason="x")
        service = create_service(name="Pipeline", roles=["viewer"], actor=cast.administrator)
        with pytest.raises(ActionRefused, match="no sessions"):
            end_member_sessions(service, actor=cast.administrator, reason="x")


# What must not be guessed


def test_the_keys_of_sessions_have_more_than_128_random_bits():
    store: Any = SessionStore()
    drawn = {store._get_new_session_key() for _ in range(50)}
    signs = set("".join(drawn))
    assert len(drawn) == 50
    assert {len(key) for key in drawn} == {32}
    assert 32 * math.log2(len(signs)) > 128


def test_recovery_codes_and_seeds_come_from_a_secure_source_with_as_many_bits_as_they_should(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    drawn = []
    honest = secrets.token_bytes

    def watched(count: int) -> bytes:
        drawn.append(count)
        return honest(count)

    monkeypatch.setattr("accounts.models.factor.secrets.token_bytes", watched)
    codes = RecoveryDevice.objects.create(user=cast.viewer.user, name="Recovery codes").replace_codes()
    assert drawn == [16] * 10  # 128 bits each
    assert {len(code.replace("-", "")) for code in codes} == {26}
    assert len(set(codes)) == 10
    drawn.clear()
    assert len(TotpDevice.begin(cast.viewer.user).secret) * 8 >= 160
    assert max(drawn) >= 20


@pytest.mark.parametrize("ends", [True, False])
def test_a_session_that_was_ended_while_a_request_runs_is_not_brought_back_by_its_new_key(here: Client, cast: Cast, ends: bool):
    running = SessionStore(here.session.session_key)
    assert running["_auth_user_id"] == str(cast.viewer.user.pk)
    if not ends:
        running.cycle_key()
        assert SessionStore(running.session_key)["_auth_user_id"] == str(cast.viewer.user.pk)
        assert [one.key for one in open_sessions(cast.viewer.user)] == [running.session_key]
        return
    here.post("/sign-out/")
    with pytest.raises(SessionInterrupted):
        running.cycle_key()
    assert open_sessions(cast.viewer.user) == []


@pytest.mark.parametrize(("trouble", "said"), [(OperationalError, OperationalError), (DatabaseError, UpdateError)])
def test_a_database_that_is_gone_is_no_session_that_was_deleted(db, monkeypatch, trouble, said):
    session = SessionStore()
    session.save()

    def fail(*args: object, **kwargs: object) -> None:
        raise trouble

    monkeypatch.setattr(Session, "save", fail)
    with pytest.raises(said):
        session.save()
