"""What every answer has, by whatever part of the product it is given, and what none gives away."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from accounts.models import User
from grc.browser import A_YEAR, browser_settings
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.accounts.signing_in import sign_in
from tests.api.conftest import Program, make_token
from tests.cast import Cast
from tests.evidence.helpers import kept, stored

POLICY = (
    "base-uri 'none'; connect-src 'self'; default-src 'none'; font-src 'self'; form-action 'self'; frame-ancestors 'none';"
    " img-src 'self' data:; manifest-src 'self'; script-src 'self'; style-src 'self'"
)
PAGES = {
    "sign-in": "/sign-in/",
    "page": "/o/acme/",
    "list": "/o/acme/members/",
    "table": "/o/acme/members/?export=csv",
    "account": "/account/",
    "denied": "/o/acme/organization/",
    "missing": "/o/acme/nowhere/",
    "elsewhere": "/nowhere/",
    "alive": "/healthz",
    "ready": "/readyz",
    "figures": "/metrics",
    "api": "/api/organization",
    "schema": "/api/openapi.yaml",
    "static": "/static/probe.js",
    "download": "download",
    "preview": "preview",
}


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


@pytest.fixture
def answers(cast: Cast, acme: Organization, settings: LazySettings, tmp_path: Path) -> dict[str, Any]:
    """The answer of each kind of page, to somebody who is signed in or, of the API, to a program."""
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "probe.js").write_text("export {};\n")
    client, program = sign_in(Client(), cast.manager.user), Program(make_token(cast.administrator)[1])
    with tenant(acme):
        text, picture = stored(b"one,two\n", "a.csv"), stored(PIXEL, "a.png")
        for file in (text, picture):
            kept(cast.manager, file.name, file=file)
    made = {"download": f"/o/acme/evidence/files/{text.pk}/", "preview": f"/o/acme/evidence/files/{picture.pk}/pictures/1/"}
    found = {name: client.get(made.get(name, path)) for name, path in PAGES.items()} | {"api": program.get("organization")}
    for one in found.values():
        _ = one.getvalue()  # a file that is streamed is closed once it was read
        one.close()
    return found


def test_every_kind_of_page_was_reached(answers: dict[str, Any]):
    told = answers["ready"].status_code  # whether it is ready does not matter here
    refused = {"ready": told, "denied": 403, "missing": 404, "elsewhere": 404, "figures": 404, "sign-in": 302}
    assert {name: one.status_code for name, one in answers.items()} == {name: refused.get(name, 200) for name in PAGES}


@pytest.mark.parametrize(
    ("header", "value"),
    [("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin")],
)
def test_nobody_guesses_its_type_or_learns_where_one_came_from(answers: dict[str, Any], header: str, value: str):
    assert {name: one.get(header) for name, one in answers.items()} == dict.fromkeys(PAGES, value)


def test_only_own_files_run_nothing_is_asked_of_another_host_and_no_page_frames_it(answers: dict[str, Any]):
    files = "sandbox; default-src 'none'; frame-ancestors 'none'"
    own = dict.fromkeys(PAGES, POLICY) | dict.fromkeys(("download", "preview"), files)
    found = {name: one["Content-Security-Policy"] for name, one in answers.items()}
    assert {name: text if text == files else "; ".join(sorted(text.split("; "))) for name, text in found.items()} == own


def test_texts_of_ours_say_their_character_set(answers: dict[str, Any]):
    bare = {"image/png", "application/yaml", "application/json", "application/problem+json"}
    kinds = {name: one["Content-Type"].replace('"', "") for name, one in answers.items()}
    assert {name: kind for name, kind in kinds.items() if kind not in bare and not kind.endswith("charset=utf-8")} == {}


def test_nothing_that_is_somebodys_is_kept_in_a_cache(answers: dict[str, Any]):
    anybodys = {"static", "schema", "figures"}
    assert {
        name: one["Cache-Control"]
        for name, one in answers.items()
        if name not in anybodys and "no-store" not in one["Cache-Control"]
    } == {}


def test_signing_out_is_on_every_page(answers: dict[str, Any]):
    lacking = [
        name for name in ("page", "list", "account", "denied") if 'action="/sign-out/"' not in answers[name].content.decode()
    ]
    assert lacking == []


@pytest.fixture
def by_https(settings: LazySettings) -> None:
    for name, value in browser_settings("https://grc.example").items():
        setattr(settings, name, value)
    settings.ALLOWED_HOSTS = ["grc.example", "testserver"]


@pytest.mark.usefixtures("by_https", "db")
@pytest.mark.parametrize("path", ["/sign-in/", "/nowhere/", "/healthz", "/o/acme/"])
def test_with_an_https_address_browsers_come_by_https_alone(path: str):
    assert Client().get(path, secure=True)["Strict-Transport-Security"] == f"max-age={A_YEAR}; includeSubDomains; preload"
    led = Client().get(path, headers={"host": "grc.example"})
    assert led.status_code == 200 if path == "/healthz" else led["Location"] == f"https://grc.example{path}"


@pytest.mark.usefixtures("by_https")
@pytest.mark.parametrize("path", ["/api/organization", "/api/openapi.yaml", "/api/nowhere", "/api/calls/acme/x/y"])
def test_with_an_https_address_the_api_is_refused_by_http_and_not_led_on(cast: Cast, path: str):
    _, token = make_token(cast.administrator)
    for method in ("get", "post"):
        asked = getattr(Client(), method)(path, headers={"host": "grc.example", "Authorization": f"Bearer {token}"})
        assert asked.status_code == 403
        assert "Location" not in asked
        assert "https" in asked.json()["detail"]
        assert asked["X-Content-Type-Options"] == "nosniff"
    answer = Client().get("/api/organization", secure=True, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert "max-age" in answer["Strict-Transport-Security"]


@pytest.mark.parametrize(
    "path", ["/", "/sign-in/", "/o/acme/", "/account/", "/api/organization", "/api/openapi.yaml", "/healthz", "/readyz"]
)
def test_trace_is_refused_and_echoes_nothing(cast: Cast, path: str):
    answer = sign_in(Client(), cast.manager.user).trace(path, headers={"X-Secret": "do-not-echo"})
    assert answer.status_code in {401, 405}
    assert b"do-not-echo" not in answer.content


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config", "/.git/HEAD", "/static/.git/config", "/static/", "/static/ui/", "/static/../grc/settings.py",
        "/static/%2e%2e/grc/settings.py", "/media/", "/files/", "/var/secrets.env", "/.env", "/grc/settings.py", "/admin/",
    ],
)  # fmt: skip
def test_neither_folders_nor_what_lies_beside_the_product_are_served(cast: Cast, path: str):
    for client in (Client(), sign_in(Client(), cast.administrator.user)):
        assert client.get(path).status_code == 404


# Faults


@pytest.fixture
def broken(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Somebody who meets a view that fails."""
    for place in ("accounts.middleware", "tenancy.scope"):
        monkeypatch.setattr(f"{place}.ORGANIZATION_URLCONF", "tests.accounts.probes")
    monkeypatch.setattr("ui.navigation.registry.places", [])
    client = sign_in(Client(), cast.manager.user)
    client.raise_request_exception = False
    return client


def test_an_unforeseen_fault_is_in_the_log_with_its_traceback(broken: Client, caplog: pytest.LogCaptureFixture):
    broken.get("/o/acme/broken/")
    found = [one for one in caplog.records if one.name == "django.request" and one.levelname == "ERROR"]
    assert [one.exc_info[0] for one in found if one.exc_info] == [ZeroDivisionError]


@pytest.mark.parametrize("path", ["/o/acme/broken/", "/o/acme/nowhere/", "/nowhere/", "/sign-in/?next=%00", "/o/%00/"])
def test_an_error_tells_nothing_of_the_inside(broken: Client, settings: LazySettings, path: str):
    answer = broken.get(path)
    text = answer.content.decode()
    assert not re.search(r"Traceback|ZeroDivision|Django|urlpatterns|/site-packages/|settings\.py|DEBUG|psycopg|SELECT ", text)
    assert settings.SECRET_KEY not in text
    assert not settings.DEBUG


# What comes in


def test_a_parameter_that_is_given_twice_counts_once(cast: Cast, acme: Organization):
    client = sign_in(Client(), cast.manager.user)
    listed = client.get("/o/acme/members/?q=Executive&q=Auditor").content.decode()
    assert ("auditor@acme.example" in listed, "executive@acme.example" in listed) == (True, False)
    program = Program(make_token(cast.manager)[1])
    assert program.get("members?limit=3&limit=2").json().keys() == program.get("members?limit=2").json().keys()
    assert len(program.get("members?limit=3&limit=2").json()["results"]) == 2


HOSTILE = [
    "' OR '1'='1",
    "'; DROP TABLE accounts_user; --",
    "1); SELECT pg_sleep(30); --",
    "\\' UNION SELECT password FROM accounts_user --",
    "%27%20OR%201%3D1",
    "$(touch /tmp/plumbline-was-here)",
    "`touch /tmp/plumbline-was-here`; touch /tmp/plumbline-was-here | cat",
    "\x00",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_neither_sql_nor_commands_come_in(cast: Cast, acme: Organization, text: str):
    client, program = sign_in(Client(), cast.manager.user), Program(make_token(cast.manager)[1])
    asked = [
        client.get("/o/acme/members/", {"q": text}),
        client.get("/o/acme/members/", {"order": text}),
        client.get("/o/acme/members/", {"status": text, "role": text, "page": text}),
        client.get("/o/acme/search/", {"q": text}),
        client.get("/o/acme/audit/", {"q": text, "since": text, "verb": text}),
        client.get(f"/o/{text}/"),
        Client().post("/sign-in/", {"email": f"{text}@acme.example", "password": text}),
        program.client.get("/api/members", {"q": text, "order": text}, headers=program.headers),
        program.client.get("/api/members", {"status": text}, headers=program.headers),
        program.post("systems", {"name": text, "kind": text}),
    ]
    assert [one.status_code for one in asked if one.status_code >= 500] == []
    assert ("auditor@acme.example" in asked[0].content.decode()) is (text == "\x00")  # which asks for nothing
    assert cast.manager.user.is_active
    assert not Path("/tmp/plumbline-was-here").exists()


def test_what_is_encoded_twice_is_decoded_once(cast: Cast):
    client = sign_in(Client(), cast.administrator.user)
    assert 'value="%3Cb%3E"' in client.get("/o/acme/members/?q=%253Cb%253E").content.decode()
    assert client.get("/o/acme/%256dembers/").status_code == 404
    assert client.get("/o/acme/%6dembers/").status_code == 200
    client.post("/account/", {"name": "A%41 &#65;"})
    assert User.objects.get(pk=cast.administrator.user.pk).name == "A%41 &#65;"
    program = Program(make_token(cast.administrator)[1])
    assert program.get("members?q=%2541dministrator").json()["results"] == []
