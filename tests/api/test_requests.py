"""What a request may hold, how often it may come, and what is said when it goes wrong."""

import json
from typing import Any

import pytest
from django.test import Client

from audit.models import AuditEvent
from inventory.models import Person
from inventory.people.views.people import PersonList
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token

PROBLEM = "application/problem+json"


def send(program: Program, body: Any, content_type: str = "application/json") -> Any:
    return program.client.post("/api/people", body, content_type=content_type, headers=program.headers)


@pytest.mark.parametrize("body", ["{", "[]", "1", '{"name": NaN}', "[" * 100_000, "\xff", '{"a":' * 50_000], ids=repr)
def test_what_is_no_json_object_is_refused(program, body):
    answer = send(program, body)
    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)


@pytest.mark.parametrize("name", ["a\x00b", "\ud800"])
def test_what_the_database_cannot_hold_is_refused(program, name):
    answer = send(program, json.dumps({"name": name, "kind": "employee"}))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/name")


def test_only_json_is_read(program):
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = send(program, "name=x", kind)
        assert (kind, answer.status_code, answer["Content-Type"]) == (kind, 415, PROBLEM)


def test_a_body_has_a_limit(program, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = send(program, json.dumps({"name": "x" * 2000}))
    assert (answer.status_code, answer["Content-Type"]) == (413, PROBLEM)


def test_a_broken_upload_is_refused(program):
    answer = program.client.post("/api/evidence", b"x", content_type="multipart/form-data", headers=program.headers)
    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)


def test_a_token_has_so_many_requests_a_minute(manager, reviewer, settings):
    settings.PLUMBLINE_API_RATE = 3
    program = Program(make_token(manager)[1])
    answers = [program.get("me") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert Program(make_token(reviewer)[1]).get("me").status_code == 200


def test_a_failure_of_ours_says_nothing_of_it(program, monkeypatch):
    def fail(_self: Any) -> Any:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(PersonList, "get_queryset", fail)
    program.client.raise_request_exception = False
    answer = program.get("people")
    assert (answer.status_code, answer["Content-Type"]) == (500, PROBLEM)
    assert "secret" not in answer.content.decode()


def test_an_address_that_is_none_is_a_problem_too(program):
    answer = program.get("nothing/here")
    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)
    assert Client().get("/nothing/here").headers["Content-Type"].startswith("text/html")


def test_a_method_that_is_none_is_a_problem(program):
    answer = program.client.delete("/api/people", headers=program.headers)
    assert (answer.status_code, answer["Content-Type"]) == (405, PROBLEM)
    assert set(answer["Allow"].split(", ")) == {"GET", "HEAD", "POST"}


def test_a_refused_change_is_recorded_and_leaves_nothing(program, acme, manager):
    assert program.post("people", {"name": "A", "kind": "robot"}).status_code == 422
    assert Program(make_token(manager, "people.read")[1]).post("people", {"name": "A"}).status_code == 403
    with tenant(acme):
        assert not Person.objects.filter(name="A").exists()
        found = AuditEvent.objects.filter(verb__in=["request.refuse", "access.deny"]).order_by("at")
        assert [(one.verb, one.data["metadata"]["path"]) for one in found] == [
            ("request.refuse", "/api/people"),
            ("access.deny", "/api/people"),
        ]


def test_a_program_gets_no_session_and_no_message(program):
    made = program.post("people", {"name": "A", "kind": "employee"})
    assert made.status_code == 201
    assert made.cookies == {}
    assert made["Cache-Control"] == "private, no-store"


def test_the_reference_and_the_schema_are_there(administrator, client_of, client):
    reader = client_of(administrator)
    for address in ("/api/reference", "/api/reference/populations"):
        page = reader.get(address)
        assert page.status_code == 200
        assert "/api/populations/{id}/import" in page.content.decode()
        assert "If-Match" in page.content.decode()
        assert "style=" not in page.content.decode()
        assert "<script>" not in page.content.decode()
    assert reader.get("/api/reference/of-nothing").status_code == 404
    schema = client.get("/api/openapi.yaml")
    assert schema.content.startswith(b"openapi: 3.1")
