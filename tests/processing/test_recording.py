"""Documents through the API: validated, hashed, told apart, and not kept."""

import datetime as dt
import hashlib
import json
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from django.db import IntegrityError, connection, transaction

from audit.models import AuditEvent
from bench.harness import counted
from processing.alerts import tasks
from processing.models import ProcessingRecord, RecordBatch
from processing.schemas.actions import retire
from tenancy.scope import now, tenant
from tests.api.conftest import Program, make_token
from tests.processing.conftest import FITTING


def sent(sender: Program, data: Any, **headers: str) -> Any:
    answer = sender.post("processing/ticket", data, **headers)
    assert answer.status_code == 200, answer.content
    return answer.json()


def one(sender: Program, **item: Any) -> Any:
    (result,) = sent(sender, {"operation": "import", "input": FITTING, **item})["results"]
    return result


def kept(acme: Any) -> ProcessingRecord:
    with tenant(acme):
        return ProcessingRecord.objects.select_related("batch", "version").get()


def test_what_fits_is_a_success_with_both_hashes(sender, acme):
    result = one(sender, output={"stored": True}, duration_ms=12.5)
    text = json.dumps(FITTING, sort_keys=True, separators=(",", ":"))
    assert result["input_sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert result["output_sha256"] == hashlib.sha256(b'{"stored":true}').hexdigest()
    assert (result["status"], result["fits"], result["errors"], result["problem"]) == ("success", True, [], None)
    row = kept(acme)
    assert (str(row.pk), row.operation, row.outcome, row.duration_ms) == (result["id"], "import", "success", 12.5)
    assert (row.input_sha256, row.output_sha256, row.version.number) == (result["input_sha256"], result["output_sha256"], 1)


def test_what_does_not_fit_is_a_failure_with_the_places(sender, acme):
    result = one(sender, input={"id": "T-1", "kind": "gift", "lines": [{"n": 1}, {"n": 0}]}, status="success")
    assert (result["status"], result["fits"], result["error_count"]) == ("failure", False, 2)
    found = {(error["pointer"], error["rule"], error["detail"]) for error in result["errors"]}
    assert found == {
        ("#/input/kind", "enum", "One of: bug, wish."),
        ("#/input/lines/1/n", "minimum", "The least is 1."),
    }
    row = kept(acme)
    assert (row.outcome, row.said, row.error_count) == ("failure", "success", 2)


def test_no_word_of_the_document_is_in_what_is_kept(sender, acme):
    secret = "ada@lovelace.example"
    result = one(sender, input={"id": secret, "kind": secret, secret: 1, "notes": {secret: 7}}, output=secret)
    assert result["error_count"] == 5
    assert {error["pointer"] for error in result["errors"]} == {
        "#/input",
        "#/input/id",
        "#/input/kind",
        "#/input/notes/*",
        "#/output",
    }
    assert secret not in json.dumps(result)
    with tenant(acme), connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(r)::text FROM processing_processingrecord r")
        assert secret not in cursor.fetchall()[0][0]
        assert not AuditEvent.objects.filter(body__contains=secret).exists()


def test_names_that_nobody_can_write_down_are_refused_with_their_item_alone(sender):
    bad = {"operation": "import", "input": FITTING, "\ud800": 1, **{f"x{number}": 1 for number in range(50)}}
    answer = sent(sender, {"records": [bad, {"operation": "import", "input": FITTING}]})
    assert (answer["success"], answer["refused"]) == (1, 1)
    assert len(answer["results"][0]["problem"]["errors"]) == 20


def test_records_stay_kept_while_nobody_can_be_asked_to_look_at_them(monkeypatch, caplog):
    def refuse(*_: Any) -> None:
        raise redis.ConnectionError("Nobody listens.")

    monkeypatch.setattr("processing.alerts.tasks.cache", SimpleNamespace(add=refuse))
    tasks._queue("one", {})
    assert "asked later" in caplog.text


def test_what_comes_out_is_judged_as_well(sender):
    result = one(sender, output={})
    assert result["status"] == "failure"
    assert result["errors"] == [{"pointer": "#/output/stored", "rule": "required", "detail": "This is missing."}]


def test_the_sender_says_what_came_of_what_fits(sender):
    assert one(sender, status="partial")["status"] == "partial"
    failed = one(sender, status="failure", error="timeout")
    assert (failed["status"], failed["fits"]) == ("failure", True)
    assert failed["errors"] == [{"pointer": "", "rule": "sender", "detail": "timeout"}]


def test_many_have_a_result_each(sender, acme):
    items = [{"operation": "a", "input": FITTING}, {"operation": "b", "input": {}}, {"operation": ""}, 7]
    answer = sent(sender, {"records": items})
    assert (answer["schema"], answer["version"]) == ("ticket", 1)
    assert (answer["success"], answer["partial"], answer["failure"], answer["refused"]) == (1, 0, 1, 2)
    assert [result["index"] for result in answer["results"]] == [0, 1, 2, 3]
    assert answer["results"][2]["problem"]["errors"][0]["pointer"] == "#/operation"
    with tenant(acme):
        batch = RecordBatch.objects.get()
        event = AuditEvent.objects.get(verb="processing.record")
        rows = {str(row.pk): row for row in ProcessingRecord.objects.all()}
    lines = "".join(
        f"{result['id']} {rows[result['id']].input_sha256} - {result['status']}\n" for result in answer["results"][:2]
    )
    assert (batch.accepted, batch.failures, batch.refused) == (2, 1, 2)
    assert batch.digest == event.data["after"]["digest"] == hashlib.sha256(lines.encode()).hexdigest()


def test_a_thousand_take_as_many_queries_as_one(sender):
    items = [{"operation": "import", "input": {**FITTING, "amount": n}} for n in range(1000)]
    with counted() as few:
        sent(sender, {"records": items[:1]})
    with counted() as many:
        assert sent(sender, {"records": items})["success"] == 1000
    assert many.count <= few.count
    assert sender.post("processing/ticket", {"records": [*items, items[0]]}).status_code == 422
    assert sender.post("processing/ticket", {"records": []}).status_code == 422


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"operation": None}, "#/operation"),
        ({"operation": "x" * 101}, "#/operation"),
        ({"operation": "<b>"}, "#/operation"),
        ({"status": "great"}, "#/status"),
        ({"status": ["success"]}, "#/status"),
        ({"error": "Ada's mail bounced"}, "#/error"),
        ({"duration_ms": -1}, "#/duration_ms"),
        ({"duration_ms": True}, "#/duration_ms"),
        ({"duration_ms": "1"}, "#/duration_ms"),
        ({"occurred_at": "yesterday"}, "#/occurred_at"),
        ({"occurred_at": "2026-01-01T10:00:00"}, "#/occurred_at"),
        ({"occurred_at": "9999-12-31T23:59:59+00:00"}, "#/occurred_at"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "#/occurred_at"),
        ({"input": 2**60}, "#/input"),
        ({"input": "\ud800"}, "#/input"),
        ({"output": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}, "#/output"),
        ({"extra": 1}, "#/extra"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_place(sender, acme, change, pointer):
    answer = sender.post("processing/ticket", {"operation": "import", "input": FITTING, **change})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    with tenant(acme):
        assert not RecordBatch.objects.exists()


def test_an_input_is_needed(sender):
    answer = sender.post("processing/ticket", {"operation": "import"})
    assert answer.json()["errors"] == [{"pointer": "#/input", "detail": "This is missing."}]


@pytest.mark.parametrize(
    "body", ['{"operation": "a", "input": NaN}', '{"operation": "a", "operation": "b", "input": 1}', "[" * 99999]
)
def test_a_body_that_is_not_one_document_is_refused(sender, body):
    answer = sender.client.post("/api/processing/ticket", body, content_type="application/json", headers=sender.headers)
    assert answer.status_code == 400


def test_the_moment_is_the_senders_or_now(sender, acme):
    at = now() - dt.timedelta(days=3)
    one(sender, occurred_at=at.isoformat())
    assert kept(acme).occurred_at == at


def test_a_request_is_done_once_for_its_key(sender, acme):
    data = {"operation": "import", "input": FITTING}
    assert sent(sender, data, Idempotency_Key="k") == sent(sender, data, Idempotency_Key="k")
    kept(acme)


def test_schemas_that_are_not_there_or_not_in_force_take_nothing(sender, schema, manager, acme):
    assert sender.post("processing/nothing", {"operation": "a", "input": 1}).status_code == 404
    with tenant(acme):
        retire(schema, actor=manager, reason="Replaced")
    assert sender.post("processing/ticket", {"operation": "a", "input": 1}).status_code == 409


def test_only_a_token_for_it_records(manager, employee, schema):
    reader = Program(make_token(manager, "processing.read")[1])
    assert reader.post("processing/ticket", {"operation": "a", "input": FITTING}).status_code == 403


def test_another_organization_has_its_own_schemas(cast, schema):
    theirs = Program(make_token(cast.of("globex", "manager"), "processing.record")[1])
    assert theirs.post("processing/ticket", {"operation": "a", "input": FITTING}).status_code == 404


def test_what_is_recorded_is_never_changed(record, in_acme):
    record({"operation": "import", "input": FITTING})
    row = ProcessingRecord.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ProcessingRecord.objects.update(outcome="failure")
    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()
