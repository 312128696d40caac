"""The product's own health: ready or not and why, figures for whoever shows the token, a log without secrets."""

import json
import logging
import logging.config
import uuid
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from gunicorn.config import Config  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st
from redis.backoff import NoBackoff
from redis.retry import Retry

from monitoring.own import pulse, ready
from monitoring.own.context import id_of, set_request_id
from monitoring.own.logs import JsonFormatter, LineFormatter
from monitoring.own.redaction import redacted
from monitoring.running.schedule import client
from monitoring.tasks import mark
from tenancy.scope import tenant

SECRETS = [
    "plb_0123456789abcdefghijABCDEFGHIJ0123456789abc",
    "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3A=",
    "hunter2-hunter2",
]


@pytest.fixture(autouse=True)
def own_marks(monkeypatch):
    """Marks of this test alone."""
    name = f"test:{uuid.uuid4().hex}:"
    monkeypatch.setattr(pulse, "PREFIX", name)
    monkeypatch.setattr("monitoring.running.schedule.PREFIX", name)
    yield
    client().delete(name + "pulse", name + "alive", name + "due")


@pytest.fixture(autouse=True)
def metrics_token(settings):
    """Whoever scrapes shows it."""
    settings.PLUMBLINE_METRICS_TOKEN = "scrape-scrape-scrape"


def test_it_serves(db):
    assert Client().get("/healthz").content == b"ok\n"


def test_it_is_ready_once_the_scheduler_has_asked(db):
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["beat"]) == (503, "never seen")
    mark()
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    parts = {"database": "ok", "migrations": "ok", "broker": "ok", "beat": "ok", "monitor": "never seen"}
    assert answer.json() == {"ready": True, **parts}


def test_a_scheduler_that_fell_silent_is_told(db, monkeypatch):
    pulse.mark_beat(1_000.0)
    monkeypatch.setattr("monitoring.own.ready.time", SimpleNamespace(time=lambda: 1_400.0))
    assert Client().get("/readyz").json()["beat"] == "silent for 400 s"


def test_without_the_broker_it_is_not_ready(db, monkeypatch):
    monkeypatch.setattr("monitoring.own.ready.client", lambda: redis.Redis(host="127.0.0.1", port=1, retry=Retry(NoBackoff(), 0)))
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["broker"] == "does not answer"


def test_without_the_database_it_is_not_ready(db, monkeypatch):
    def refuse() -> None:
        raise OperationalError

    monkeypatch.setattr("monitoring.own.ready.connection", SimpleNamespace(cursor=refuse))
    assert ready.database() == "does not answer"


def test_a_migration_that_is_missing_is_counted(db, monkeypatch):
    monkeypatch.setattr(ready, "_migrated", [])
    monkeypatch.setattr("monitoring.own.ready.MigrationExecutor.migration_plan", lambda self, targets: [1, 2])
    assert ready.migrations() == "2 missing"


def test_figures_are_for_whoever_shows_the_token(db, settings):
    assert Client().get("/metrics").status_code == 401
    assert Client().get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
    settings.PLUMBLINE_METRICS_TOKEN = ""
    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_figures_name_no_organization(db, acme):
    Client().get("/healthz")
    answer = Client().get("/metrics", headers={"Authorization": "Bearer scrape-scrape-scrape"})
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/plain")
    for family in ("plumbline_up", "plumbline_checks", "plumbline_tasks_waiting", "plumbline_request_seconds_count"):
        assert f"\n{family}" in text
    assert 'route="alive"' in text
    assert acme.slug not in text.lower()
    assert acme.name not in text


def test_a_request_has_an_id_that_comes_back(db):
    assert Client().get("/healthz", headers={"X-Request-ID": "from-the-proxy-1"})["X-Request-ID"] == "from-the-proxy-1"
    made = Client().get("/healthz", headers={"X-Request-ID": 'no"t one'})["X-Request-ID"]
    assert len(made) == 32


@given(st.text(max_size=80))
def test_no_id_breaks_a_line(text):
    assert id_of(text).isascii()
    assert id_of(text).isprintable()


def written(message: str, *args: Any, **extra: Any) -> dict[str, Any]:
    record = logging.LogRecord("plumbline", logging.INFO, __file__, 1, message, args, None)
    for name, value in extra.items():
        setattr(record, name, value)
    told: dict[str, Any] = json.loads(JsonFormatter().format(record))
    return told


def test_a_line_says_where_it_belongs(acme):
    set_request_id("request-1")
    try:
        with tenant(acme):
            told = written("GET %s", "monitoring:list", status=200, milliseconds=12)
    finally:
        set_request_id("")
    assert told["message"] == "GET monitoring:list"
    assert (told["request_id"], told["organization"], told["status"], told["milliseconds"]) == ("request-1", "acme", 200, 12)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "line",
    [
        "password={}", 'password: "{}"', "'token': '{}'", "Authorization: Bearer {}", "postgres://plumbline_app:{}@db/plumbline",
        "https://x.example/?api_key={}&a=1", "Cookie: plumbline_session={}", "Cookie: __Host-plumbline_session={}",
        "secret = {}",
    ],
)  # fmt: skip
def test_a_secret_does_not_reach_the_log(line, secret):
    assert secret not in json.dumps(written(line.format(secret)))
    record = logging.LogRecord("x", logging.INFO, __file__, 1, line.format(secret), (), None)
    assert secret not in LineFormatter().format(record)


def test_the_installations_own_secrets_do_not_reach_the_log():
    for secret in (settings.SECRET_KEY, settings.PLUMBLINE_KEK, *settings.PLUMBLINE_SEAL_KEYS.split(",")):
        assert secret not in redacted(f"it was {secret} all along")


def test_gunicorn_writes_as_we_do_and_tells_no_key():
    theirs = Logger(Config()).error_log  # sets up a handler of its own
    logging.config.dictConfig({**settings.LOGGING, "root": {}})
    key = "AbCdEfGhIjKlMnOpQrStUvWxYz012345"
    record = logging.LogRecord("gunicorn.error", logging.ERROR, __file__, 1, f"Error handling request /a/{key}", (), None)
    assert theirs.handlers
    assert not theirs.propagate
    assert all(key not in handler.format(record) for handler in theirs.handlers)


def test_the_key_of_an_address_does_not_reach_the_log():
    key = "AbCdEfGhIjKlMnOpQrStUvWxYz012345"
    check = uuid.uuid4()
    line = redacted(f"Not Found: /api/calls/acme/{check}/{key}")
    assert key not in line
    assert str(check) in line


def test_a_secret_in_a_traceback_does_not_reach_the_log():
    try:
        raise ValueError("password=hunter2-hunter2")  # noqa: TRY301 - as a library would
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", (), (type(error), error, error.__traceback__))
    told = JsonFormatter().format(record)
    assert "ValueError" in told
    assert "hunter2" not in told


@given(st.text(max_size=400))
def test_redaction_takes_any_text(text):
    assert isinstance(redacted(text), str)


def test_redaction_of_a_long_line_ends():
    assert redacted("token" * 20_000).count("token")
    assert redacted("a" * 200_000)
