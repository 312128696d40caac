"""Jobs call in: by a secret address and by a token; a value is held against its limits."""

import uuid
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from django.test import Client

from accounts import counting
from monitoring.calling.taking import take_call
from monitoring.defining.actions import create_check, new_address, pause
from monitoring.models import CheckResult
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token
from ui.refusals import ActionRefused


@pytest.fixture
def backup(manager, acme):
    with tenant(acme):
        return create_check(actor=manager, name="Nightly backup", kind="heartbeat", interval=86_400, timeout=3_600, failures=1)


@pytest.fixture
def address(backup, manager, acme):
    with tenant(acme):
        return f"/api/calls/acme/{backup.pk}/{new_address(backup, actor=manager)}"


def test_a_job_calls_its_address(backup, address, acme):
    assert Client().post(address).json() == {"check": "Nightly backup", "health": "healthy"}
    assert Client().get(address).status_code == 200
    with tenant(acme):
        check = backup.refreshed()
        assert check.called_at is not None
        assert CheckResult.objects.count() == 2


def test_a_job_says_that_it_failed(backup, address, acme):
    assert Client().post(address, {"failed": "1", "detail": "disk full"}).json()["health"] == "down"
    with tenant(acme):
        assert backup.refreshed().last_detail == "disk full"


def test_who_does_not_know_the_address_learns_nothing(backup, address):
    wrong = [
        address[:-1] + ("A" if address[-1] != "A" else "B"),
        address.replace("/acme/", "/globex/"),
        address.replace("acme", "x"),
    ]
    answers = {(answer.status_code, answer.content) for answer in (Client().post(one) for one in wrong)}
    assert [status for status, _ in answers] == [404]
    assert Client().delete(address).status_code == 405


def test_calls_are_limited(backup, address, monkeypatch):
    monkeypatch.setattr("monitoring.calling.endpoint.CALLS_A_MINUTE", 2)
    assert [Client().post(address).status_code for _ in range(3)] == [200, 200, 429]
    following = counting.minute() + 1
    monkeypatch.setattr(counting, "minute", lambda: following)
    assert Client().post(address).status_code == 200


def test_whoever_does_not_have_the_address_cannot_use_up_its_calls(backup, address, monkeypatch):
    monkeypatch.setattr("monitoring.calling.endpoint.CALLS_A_MINUTE", 2)
    assert [Client().post(f"{address}x").status_code for _ in range(4)] == [404, 404, 429, 429]
    assert Client().post(address).status_code == 200


def test_a_call_is_kept_while_valkey_is_gone(backup, address, acme, monkeypatch):
    def refuse(*_: Any) -> None:
        raise redis.ConnectionError("Nobody listens.")

    monkeypatch.setattr("accounts.counting.cache", SimpleNamespace(add=refuse))
    assert Client().post(address).status_code == 200
    with tenant(acme):
        assert backup.refreshed().called_at is not None


def test_a_body_that_does_not_say_how_long_it_is_is_refused(backup, address):
    assert Client().post(address, CONTENT_LENGTH="many").status_code == 413


def test_the_address_of_a_paused_check_says_so(backup, address, manager, acme):
    with tenant(acme):
        pause(backup, actor=manager, reason="Moved")
    answer = Client().post(address)
    assert answer.status_code == 409
    assert "paused" in answer.json()["detail"]


def test_a_program_calls_with_its_token(backup, manager):
    program = Program(make_token(manager, "monitoring.push")[1])
    assert program.post(f"checks/{uuid.uuid4()}/heartbeat", {"outcome": ["?"]}).status_code == 404  # whatever was sent
    answer = program.post(f"checks/{backup.pk}/heartbeat", {})
    assert answer.status_code == 201
    assert answer.json()["health"] == "healthy"


@pytest.mark.parametrize(
    ("value", "outcome", "words"),
    [(50, "healthy", ""), (150, "degraded", "150 jobs, more than 100."), (1500, "down", "1500 jobs, more than 1000."),
     (-1, "down", "-1 jobs, less than 0.")],
)  # fmt: skip
def test_a_value_is_held_against_its_limits(manager, in_acme, value, outcome, words):
    limits: dict[str, Any] = {"warn_above": 100, "fail_above": 1000, "fail_below": 0}
    check = create_check(
        actor=manager, name="Queue", kind="value", interval=300, timeout=60, failures=1, value_unit="jobs", **limits
    )
    taken = take_call(check, value=value)
    assert (taken.health, taken.last_detail, taken.last_value) == (outcome, words, value)


def test_a_value_is_needed_and_what_is_asked_takes_no_calls(manager, in_acme):
    check = create_check(actor=manager, name="Queue", kind="value", interval=300, timeout=60)
    with pytest.raises(ActionRefused, match="Send the value"):
        take_call(check)
    asked = create_check(actor=manager, name="Page", kind="http", url="https://page.example/")
    with pytest.raises(ActionRefused, match="by itself"):
        take_call(asked)
