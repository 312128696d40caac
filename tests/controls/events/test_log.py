"""Events through the API: each is kept once, as it was sent, or refused with what is wrong with it."""

import datetime as dt
import hashlib
import json
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from audit.models import AuditEvent
from bench.harness import counted
from controls.catalogue.actions import create_control, retire_control
from controls.events.actions import COUNTED, MOST, digest_of
from controls.events.reference import EXAMPLES, example_of
from controls.events.schemas import SCHEMAS
from controls.models import ControlEvent, EventBatch
from tenancy.scope import now, tenant
from tests.api.conftest import Program, make_token
from tests.controls.events.samples import CODE, access, event


def logged(sender: Program, *events: Any, source: str = "idp", **headers: str) -> Any:
    answer = sender.post("control-events", {"source": source, "events": list(events)}, **headers)
    assert answer.status_code == 200, answer.content
    return answer.json()


def wrong(sender: Program, sent: Any) -> list[tuple[str, str]]:
    (result,) = logged(sender, sent)["results"]
    assert (result["status"], result["id"], result["sha256"]) == ("refused", None, None)
    assert (result["problem"]["status"], result["problem"]["title"]) == (422, "Unprocessable Entity")
    return [(one["pointer"], one["detail"]) for one in result["problem"]["errors"]]


@pytest.mark.parametrize("kind", EXAMPLES)
def test_each_kind_is_kept_with_the_hash_of_what_was_sent(sender, acme, kind):
    sent = example_of(kind, CODE)
    (result,) = logged(sender, sent)["results"]
    text = json.dumps({**sent, "source": "idp"}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert result["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    with tenant(acme):
        kept = ControlEvent.objects.select_related("control").get()
    assert (str(kept.pk), kept.kind, kept.control.code, kept.body) == (result["id"], kind, CODE, text)
    assert kept.occurred_at == dt.datetime(2026, 1, 31, 9, 15, tzinfo=dt.UTC)


def test_kinds_may_be_mixed_in_a_request(sender):
    assert logged(sender, *(event(kind) for kind in EXAMPLES))["accepted"] == len(EXAMPLES)


def test_what_is_kept_is_counted_by_kind_for_prometheus(sender, django_capture_on_commit_callbacks):
    def kept(kind: str) -> float:
        value: float = COUNTED.labels(kind)._value.get()
        return value

    before, sent = (kept("backup"), kept("access")), event("backup")
    with django_capture_on_commit_callbacks(execute=True):
        logged(sender, sent, event("access"))
        logged(sender, sent)  # kept before
    assert (kept("backup"), kept("access")) == (before[0] + 1, before[1] + 1)


def test_the_month_is_that_of_the_organization(sender, acme):
    """New York is five hours behind."""
    logged(sender, event("backup", at=dt.datetime(2026, 3, 1, 4, 59, tzinfo=dt.UTC)))
    with tenant(acme):
        assert ControlEvent.objects.get().month == dt.date(2026, 2, 1)


def test_a_control_is_named_by_code_or_id(sender, control):
    named = [
        {**access(str(number)), "control": name} for number, name in enumerate([CODE, str(control.pk), str(control.pk).upper()])
    ]
    assert logged(sender, *named)["accepted"] == 3


def test_one_event_of_the_trail_covers_a_request(sender, acme):
    twice = access("2")
    answer = logged(sender, access("1"), twice, twice, {"kind": "access"})
    assert (answer["accepted"], answer["duplicates"], answer["refused"]) == (2, 1, 1)
    assert [one["status"] for one in answer["results"]] == ["accepted", "accepted", "duplicate", "refused"]
    with tenant(acme):
        batch, found = EventBatch.objects.get(), list(ControlEvent.objects.all())
        recorded = AuditEvent.objects.get(verb="event_batch.log")
    digest = digest_of((one.pk, one.control_id, one.sha256) for one in found)
    assert (recorded.object_id, recorded.data["after"]["digest"], batch.digest) == (batch.pk, digest, digest)
    assert (batch.accepted, batch.duplicates, batch.refused) == (2, 1, 1)


def test_what_comes_again_is_kept_once_and_gets_the_first_answer(sender, acme):
    (first,) = logged(sender, access())["results"]
    (second,) = logged(sender, access() | {"occurred_at": first_moment(acme)})["results"]
    assert (second["status"], second["id"], second["sha256"]) == ("duplicate", first["id"], first["sha256"])
    with tenant(acme):
        assert ControlEvent.objects.count() == EventBatch.objects.count() == 1


def first_moment(acme: Any) -> str:
    with tenant(acme):
        text: str = json.loads(ControlEvent.objects.get().body)["occurred_at"]
    return text


def test_another_event_under_a_known_id_is_refused(sender):
    logged(sender, access())
    assert wrong(sender, access(resource="Something else")) == [("#/event_id", "Another event has this id.")]
    assert logged(sender, access(), source="other")["accepted"] == 1


def test_a_request_is_done_once_for_its_key(sender, acme):
    sent = access()
    first, second = (logged(sender, sent, Idempotency_Key="k") for _ in range(2))
    assert first == second
    assert first["accepted"] == 1


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"event_id": ""}, "#/event_id"),
        ({"event_id": "with space"}, "#/event_id"),
        ({"event_id": 7}, "#/event_id"),
        ({"kind": "party"}, "#/kind"),
        ({"kind": None}, "#/kind"),
        ({"kind": ["access"]}, "#/kind"),
        ({"control": "AC-404"}, "#/control"),
        ({"control": "\x00"}, "#/control"),
        ({"control": None}, "#/control"),
        ({"occurred_at": "yesterday"}, "#/occurred_at"),
        ({"occurred_at": "2026-01-31T10:15:00"}, "#/occurred_at"),
        ({"occurred_at": "2026-02-30T10:15:00Z"}, "#/occurred_at"),
        ({"occurred_at": "2026-06-30T23:59:60Z"}, "#/occurred_at"),
        ({"occurred_at": "0001-01-01T00:00:00+23:59"}, "#/occurred_at"),
        ({"occurred_at": "1999-12-31T23:59:59Z"}, "#/occurred_at"),
        ({"data": None}, "#/data"),
        ({"data": []}, "#/data"),
        ({"more": 1}, "#/more"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_named(sender, change, pointer):
    assert {where for where, _ in wrong(sender, access() | change)} == {pointer}


@pytest.mark.parametrize(
    ("kind", "data", "errors"),
    [
        ("access", {"ip": "300.1.2.3"}, ["#/data/ip"]),
        ("access", {"result": "maybe", "colour": "red"}, ["#/data/colour", "#/data/result"]),
        ("access", {"extra": {"deep": {"er": 1}}}, ["#/data/extra/deep"]),
        ("access", {"resource": "\ud800"}, ["#"]),
        ("access", {"resource": "x" * 201}, ["#/data/resource"]),
        ("review", {"reviewed": -1}, ["#/data/reviewed"]),
        ("review", {"reviewed": 1, "revoked": 2}, ["#/data/revoked"]),
        ("review", {"next_review": "2026-02-30"}, ["#/data/next_review"]),
        ("incident", {"resolved_at": "2026-01-31T09:11:59+01:00"}, ["#/data/resolved_at"]),
        ("incident", {"resolved_at": "2026-06-30T23:59:60Z"}, ["#/data/resolved_at"]),
        ("availability", {"uptime": 99.8}, ["#/data/achieved"]),
        ("availability", {"uptime": 101}, ["#/data/uptime"]),
        ("availability", {"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, ["#/data/to"]),
    ],
    ids=str,
)
def test_data_that_makes_no_sense_is_named(sender, kind, data, errors):
    assert sorted({where for where, _ in wrong(sender, event(kind, **data))}) == errors


def test_what_is_no_object_or_too_large_is_refused_alone(sender):
    large = access("large", extra={f"n{number}": "ü" * 2000 for number in range(40)})
    answer = logged(sender, 1, None, [], "text", large, access("fine"))
    assert [one["status"] for one in answer["results"]] == ["refused"] * 5 + ["accepted"]


@pytest.mark.parametrize("field", ["user", "resource"])
def test_what_no_database_keeps_is_refused_alone(sender, field):
    nul, written = access("nul", **{field: "a\x00b"}), access("fine", **{field: "a\\u0000b"})
    answer = logged(sender, nul, written)
    assert [one["status"] for one in answer["results"]] == ["refused", "accepted"]


def test_a_number_that_is_none_is_refused_alone(sender):
    body = json.dumps({"source": "idp", "events": [access(extra={"huge": "?"}), access("fine")]}).replace('"?"', "1e999")
    answer = sender.client.post("/api/control-events", body, content_type="application/json", headers=sender.headers)
    assert [one["status"] for one in answer.json()["results"]] == ["refused", "accepted"]


def test_the_fields_that_are_missing_are_named(sender):
    assert wrong(sender, {"kind": "backup"}) == [
        (f"#/{name}", "This is missing.") for name in ("event_id", "control", "occurred_at", "data")
    ]


def test_the_future_is_refused_beyond_what_clocks_are_off(sender):
    assert logged(sender, access("1", at=now() + dt.timedelta(minutes=4)))["accepted"] == 1
    assert wrong(sender, access("2", at=now() + dt.timedelta(minutes=6))) == [("#/occurred_at", "It lies in the future.")]


def test_a_retired_control_takes_what_happened_before(sender, acme, control, manager):
    with tenant(acme):
        retired_on = acme.today() - dt.timedelta(days=10)
        retire_control(control, actor=manager, reason="Replaced", retired_on=retired_on)
    assert logged(sender, access("1", at=now() - dt.timedelta(days=12)))["accepted"] == 1
    ((where, words),) = wrong(sender, access("2"))
    assert (where, words) == ("#/control", f"{CODE} was retired on {retired_on}.")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"source": "idp"},
        {"source": "idp", "events": []},
        {"source": "idp", "events": {}},
        {"source": "idp", "events": [{}] * (MOST + 1)},
        {"source": "", "events": [{}]},
        {"source": "with space", "events": [{}]},
        {"source": 1, "events": [{}]},
        {"source": "idp", "events": [{}], "more": 1},
    ],
    ids=lambda body: str(body)[:60],
)
def test_a_request_that_is_wrong_as_a_whole_is_refused_as_a_whole(sender, body):
    answer = sender.post("control-events", body)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")


def test_who_may_not_log_is_refused(auditor, manager, control):
    for program in (Program(make_token(auditor)[1]), Program(make_token(manager, "controls.write")[1])):
        assert program.post("control-events", {"source": "idp", "events": [access()]}).status_code == 403


def test_controls_of_others_do_not_exist(sender, globex, cast):
    with tenant(globex):
        since = dt.date(2026, 1, 1)
        theirs = create_control(
            actor=cast.of("globex", "manager"), code="GX-1", title="x", cadence="yearly", in_scope_since=since
        )
    for name in ("GX-1", str(theirs.pk)):
        assert wrong(sender, access() | {"control": name}) == [("#/control", "There is no such control.")]


def test_what_is_kept_cannot_be_changed(log):
    log(access())
    for statement in (
        "UPDATE controls_controlevent SET result = 'success'",
        "DELETE FROM controls_controlevent",
        "UPDATE controls_eventbatch SET accepted = 7",
    ):
        with pytest.raises(IntegrityError, match="is immutable"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_number_of_queries_does_not_grow_with_the_events(log):
    log(access("warm"))
    numbers = []
    for count in (1, 100):
        with counted() as counter:
            log(*(access(f"{count}-{number}") for number in range(count)))
        numbers.append(counter.count)
    assert numbers == [6, 6]


def test_every_example_fits_its_schema_and_is_served(program, control):
    served = program.get("control-events/schemas").json()["schemas"]
    assert served == json.loads(json.dumps(SCHEMAS))
    assert list(program.get("control-events/schemas?kind=backup").json()["schemas"]) == ["backup"]
    assert program.get("control-events/schemas?kind=party").status_code == 400


def test_an_event_is_read_back_as_it_was_sent(program, control):
    (result,) = logged(program, access())["results"]
    shown = program.get(f"control-events/{result['id']}").json()
    assert hashlib.sha256(shown["body"].encode()).hexdigest() == shown["sha256"] == result["sha256"]
    assert [one["id"] for one in program.get("control-events?category=access").json()["results"]] == [result["id"]]
    assert program.get("control-events?category=backup").json()["results"] == []


def test_a_change_is_told_of_stage_by_stage_and_counts_where_it_was_carried_out(sender, acme):
    """Nobody need have approved what was only submitted; who carried it out must be named."""
    stages = {"submitted": None, "implemented": "Ada Byron", "closed": "Ada Byron"}
    said = [
        {
            **event("change", approver=None, implementer=implementer, stage=stage),
            "event_id": f"chg-{stage}",
        }
        for stage, implementer in stages.items()
    ]
    assert logged(sender, *said)["accepted"] == 3
    with tenant(acme):
        assert dict(ControlEvent.objects.values_list("event_id", "result")) == {
            "chg-submitted": "noted", "chg-implemented": "unapproved", "chg-closed": "noted",
        }  # fmt: skip
    nobody = event("change", implementer=None, stage="implemented")
    assert wrong(sender, nobody) == [("#/data/implementer", "It was carried out: say by whom.")]


def test_nobody_else_logs_in_the_name_of_plumbline(sender):
    answer = sender.post("control-events", {"source": "Plumbline", "events": [event("backup")]})
    assert answer.status_code == 422
    assert "Plumbline's own name" in answer.content.decode()
