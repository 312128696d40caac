"""Load tests: their result follows from what was measured, one that failed stands until the same passes, on every path."""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from audit.models import AuditEvent
from audit.record import record
from controls.binder.facts import facts_of
from controls.catalogue.actions import create_control
from controls.models import AuditPeriod, Control, ControlEvidence, Finding, Occurrence
from evidence.models import Evidence
from evidence.populations.registry import kind_of
from inventory.models import System
from monitoring.load.actions import record_load_test
from monitoring.load.standing import left_open, passed_after
from monitoring.load.words import words_of
from monitoring.models import LoadTest
from tenancy.scope import now, tenant
from tests.api.conftest import Program, make_token
from tests.reviews.world import system
from ui.refusals import ActionRefused

BASE = "/o/acme/monitoring/load/"
FORM = {
    "before": "Release 4.2", "unit": "requests per second", "load_aimed": 1000, "load_reached": 1200, "answer_limit_ms": 500,
    "answer_ms": 480, "errors_allowed": "1", "errors_seen": "0.25", "notes": "The pool was too small at first.",
}  # fmt: skip
FACTS: dict[str, Any] = {
    **FORM, "system": None, "errors_allowed": Decimal(1), "errors_seen": Decimal("0.25"), "notes": "",
}  # fmt: skip
DAY = dt.timedelta(days=1)


def shown() -> SimpleUploadedFile:
    """What shows it."""
    return SimpleUploadedFile("load.csv", b"minute,requests\n1,1200\n")


def recorded(actor: Any, on: dt.date, **facts: Any) -> LoadTest:
    """A load test is recorded; it passed unless other facts are given."""
    return record_load_test(actor=actor, uploads=[shown()], **{**FACTS, "tested_on": on, **facts})


def said(day: dt.date) -> list[tuple[str, str]]:
    """What the binder is told of load tests on a day."""
    period = AuditPeriod(name="A year", starts_on=day.replace(month=1, day=1), ends_on=day.replace(month=12, day=31))
    return [(fact.outcome, fact.sentence) for fact in facts_of("auto-scaling", period, day)]


def expected(reached: int | None, took: int | None, errors: Decimal | None) -> str:
    """The result of a test that aimed at 1,000 with 500 ms and 1 %."""
    if (reached is not None and reached < 1000) or (took is not None and took > 500) or (errors is not None and errors > 1):
        return "failed"
    return "not_evaluable" if None in (reached, took, errors) else "passed"


def test_the_result_follows_from_what_was_measured_in_python_as_in_the_database(acme, manager, in_acme):
    today, made = acme.today(), {}
    values = itertools.product((None, 999, 1000), (None, 500, 501), (None, Decimal("1.00"), Decimal("1.01")))
    for reached, took, errors in values:
        one = recorded(manager, today, load_reached=reached, answer_ms=took, errors_seen=errors)
        made[one.pk] = expected(reached, took, errors)
        assert one.refreshed().result == made[one.pk], (reached, took, errors)
    for word, condition in (("passed", LoadTest.HELD), ("failed", LoadTest.BROKE), ("not_evaluable", LoadTest.UNTOLD)):
        found = set(LoadTest.objects.filter(condition).values_list("pk", flat=True))
        assert found == {key for key, result in made.items() if result == word}, word


def test_what_was_not_measured_is_never_green(acme, manager, in_acme):
    one = recorded(manager, acme.today(), answer_ms=None)
    assert (one.result_badge.label, one.result_badge.tone) == ("Not evaluable", "warn")
    assert "how long answers took was not measured against 500 ms" in words_of(one)
    nothing = recorded(manager, acme.today(), load_reached=None, answer_ms=None, errors_seen=None)
    assert words_of(nothing).startswith("How much of 1,000 requests per second was reached was not measured;")
    assert "how many failed was not measured against 1 %" in words_of(nothing)
    assert not Finding.objects.exists()  # nobody knows that it failed


def test_it_is_recorded_with_its_evidence_and_performs_nothing(acme, manager, in_acme):
    today = acme.today()
    create_control(actor=manager, code="AVL-001", title="Capacity is planned", cadence="quarterly", in_scope_since=today)
    Control.objects.update(library_key="AVL-001", status="active")
    files = [shown(), SimpleUploadedFile("graph.txt", b"a graph")]
    one = record_load_test(actor=manager, uploads=files, **{**FACTS, "tested_on": today})
    assert one.reference == f"LT-{today.year}-0001"
    assert Evidence.objects.filter(subject_id=one.pk).count() == 2
    links = ControlEvidence.objects.all()
    assert {(link.evidence.subject_id, link.occurrence_id, link.leg) for link in links} == {(one.pk, None, "operation")}
    assert not Occurrence.objects.filter(status="performed").exists()
    event = AuditEvent.objects.get(verb="load_test.record")
    assert (event.object_id, event.actor_id) == (one.pk, manager.pk)


def test_one_that_failed_is_a_finding_and_stands_until_the_same_passes(acme, manager, in_acme):
    today, console = acme.today(), system("Console")
    create_control(actor=manager, code="AVL-001", title="Capacity is planned", cadence="quarterly", in_scope_since=today)
    Control.objects.update(library_key="AVL-001", status="active")
    assert said(today) == []
    broke = recorded(manager, today - 30 * DAY, system=console, load_reached=400)
    finding = Finding.objects.get()
    assert (finding.control, finding.severity, finding.link) == (Control.objects.get(), "medium", broke.get_absolute_url())
    assert finding.title == "Console: the load test before Release 4.2 failed"
    assert "400 requests per second of 1,000 were reached" in finding.risk
    recorded(manager, today - 25 * DAY)  # of the service as a whole
    recorded(manager, today - 20 * DAY, system=console, answer_ms=None)
    ((outcome, sentence),) = said(today)
    assert (outcome, broke.reference in sentence) == ("broken", True)
    assert passed_after(broke) is None
    later = recorded(manager, today - 10 * DAY, system=console, before="Release 4.3")
    assert passed_after(broke) == later
    assert [outcome for outcome, _ in said(today)] == ["holds"]
    assert [outcome for outcome, _ in said(today - 15 * DAY)] == ["broken"]
    assert Finding.objects.count() == 1


def test_the_latest_that_cannot_be_evaluated_is_told(acme, manager, in_acme):
    today = acme.today()
    recorded(manager, today - 2 * DAY)
    recorded(manager, today - DAY, errors_seen=None)
    ((outcome, sentence),) = said(today)
    assert (outcome, sentence.startswith("Not everything was measured")) == ("unknown", True)


def test_no_number_of_later_tests_of_something_else_hides_one_that_failed(acme, manager, in_acme):
    today, console = acme.today(), system("Console")
    broke = recorded(manager, today - 30 * DAY, system=console, load_reached=400)
    assert Finding.objects.get().title == "Console: the load test before Release 4.2 failed"
    facts = {**FACTS, "tested_on": today, "tested_by": manager, "recorded_at": now()}
    for one in LoadTest.objects.bulk_create([LoadTest(reference=f"LT-{number}", **facts) for number in range(250)]):
        record("load_test.record", one, actor=manager)
    ((outcome, sentence),) = said(today)
    assert (outcome, broke.reference in sentence) == ("broken", True)


def test_of_one_day_the_later_record_counts(acme, manager, in_acme):
    today = acme.today()
    recorded(manager, today)
    broke = recorded(manager, today, answer_ms=900)
    assert passed_after(broke) is None
    assert left_open(today) == [broke]
    again = recorded(manager, today)
    assert passed_after(broke) == again


def test_it_is_written_once(acme, manager, in_acme):
    one = recorded(manager, acme.today())
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        LoadTest.objects.filter(pk=one.pk).update(load_reached=2000)
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM monitoring_loadtest")


@pytest.mark.parametrize(
    "wrong", [{"load_aimed": 0}, {"answer_limit_ms": 0}, {"errors_allowed": Decimal("100.01")}, {"errors_seen": Decimal(-1)}]
)
def test_the_database_takes_no_senseless_values(acme, manager, in_acme, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        recorded(manager, acme.today(), **wrong)


def test_only_who_runs_monitoring_records_and_with_something_that_shows_it(acme, manager, viewer, in_acme):
    with pytest.raises(ActionRefused, match="role"):
        recorded(viewer, acme.today())
    with pytest.raises(ActionRefused, match="at least one file"):
        record_load_test(actor=manager, uploads=[], **{**FACTS, "tested_on": acme.today()})


def test_one_is_recorded_in_the_browser(manager, client_of, acme):
    client, today = client_of(manager), acme.today()
    with tenant(acme):
        console = system("Console")
    assert b"No load test is recorded yet" in client.get(BASE).content
    form = {**FORM, "tested_on": today, "system": console.pk}
    assert client.post(f"{BASE}new/", form).status_code == 422  # nothing shows it
    answer = client.post(f"{BASE}new/", {**form, "answer_ms": 740, "uploads": shown()})
    assert answer.status_code == 303
    page = client.get(answer["Location"]).content.decode()
    for words in ("Failed", "740 ms", "500 ms allowed", "0.25 %", "Console", "Release 4.2", "The pool was too small at first."):
        assert words in page
    with tenant(acme):
        finding = Finding.objects.get()
    assert finding.reference in page
    assert "A later test of the same passed" not in page
    assert client.post(f"{BASE}new/", {**form, "uploads": shown()}).status_code == 303
    assert "A later test of the same passed" in client.get(answer["Location"]).content.decode()
    assert client.post(f"{BASE}new/", {**form, "load_reached": "", "uploads": shown()}).status_code == 303
    for result, count in (("passed", 1), ("failed", 1), ("not_evaluable", 1)):
        listed = client.get(f"{BASE}?result={result}").content.decode()
        assert listed.count('href="/o/acme/monitoring/load/0') == count, result
    assert b"LT-" in client.get(f"{BASE}?export=csv").getvalue()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"load_aimed": "0"}, "greater than or equal to 1"),
        ({"load_aimed": "-5"}, "greater than or equal to 1"),
        ({"load_aimed": "9" * 400}, "less than or equal to"),
        ({"load_aimed": "many"}, "Enter a whole number"),
        ({"load_aimed": ""}, "This field is required"),
        ({"load_reached": "2147483648"}, "less than or equal to"),
        ({"load_reached": "1e3"}, "Enter a whole number"),
        ({"answer_limit_ms": "0"}, "greater than or equal to 1"),
        ({"answer_ms": "-1"}, "greater than or equal to 0"),
        ({"answer_ms": "99999999999"}, "less than or equal to"),
        ({"errors_allowed": "100.01"}, "less than or equal to 100"),
        ({"errors_allowed": "NaN"}, "Enter a number"),
        ({"errors_seen": "Infinity"}, "Enter a number"),
        ({"errors_seen": "0.001"}, "no more than 2 decimal places"),
        ({"errors_seen": "-0.1"}, "greater than or equal to 0"),
        ({"errors_seen": "few"}, "Enter a number"),
        ({"unit": ""}, "This field is required"),
        ({"unit": "x" * 41}, "at most 40 characters"),
        ({"before": "  "}, "This field is required"),
        ({"before": "x" * 201}, "at most 200 characters"),
        ({"before": "a\x00b"}, "Null characters are not allowed"),
        ({"tested_on": "soon"}, "Enter a valid date"),
        ({"system": "no-id"}, "not a valid UUID"),
    ],
)
def test_senseless_values_are_told_at_their_field(manager, client_of, acme, wrong, words):
    answer = client_of(manager).post(f"{BASE}new/", {**FORM, "tested_on": acme.today(), "uploads": shown(), **wrong})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with tenant(acme):
        assert not LoadTest.objects.exists()


def test_a_day_that_has_not_come_is_refused(manager, client_of, acme):
    form = {**FORM, "tested_on": acme.today() + DAY, "uploads": shown()}
    assert "This day has not come yet" in client_of(manager).post(f"{BASE}new/", form).content.decode()


def test_what_was_typed_is_text(manager, client_of, acme):
    hostile = "<script>alert(1)</script>"
    form = {**FORM, "before": hostile, "unit": "<b>users</b>", "notes": hostile, "tested_on": acme.today(), "uploads": shown()}
    client = client_of(manager)
    answer = client.post(f"{BASE}new/", form)
    for path in (answer["Location"], BASE):
        page = client.get(path).content.decode()
        assert hostile not in page
        assert "<b>users" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_another_organization_and_a_weaker_role_do_not_reach_it(cast, client_of, acme, globex):
    manager, viewer, employee = cast.manager, cast.viewer, cast.employee
    with tenant(globex):
        foreign = recorded(cast.of("globex", "manager"), globex.today(), system=system("Theirs"))
        theirs = System.objects.get().pk
    with tenant(acme):
        own = recorded(manager, acme.today())
    client = client_of(manager)
    assert client.get(f"{BASE}{foreign.pk}/").status_code == 404
    form = {**FORM, "tested_on": acme.today(), "uploads": shown(), "system": theirs}
    assert client.post(f"{BASE}new/", form).status_code == 422
    assert client_of(viewer).get(f"{BASE}{own.pk}/").status_code == 200
    assert client_of(viewer).get(f"{BASE}new/").status_code == 403
    assert client_of(viewer).post(f"{BASE}new/", {**form, "system": ""}).status_code == 403
    assert client_of(employee).get(BASE).status_code == 403
    program = Program(make_token(manager)[1])
    assert program.get(f"load-tests/{foreign.pk}").status_code == 404
    assert [one["id"] for one in program.get("load-tests").json()["results"]] == [str(own.pk)]


def test_a_program_records_and_reads_one(manager, viewer, acme):
    program, form = Program(make_token(manager)[1]), {**FORM, "tested_on": acme.today().isoformat()}
    answer = program.upload("load-tests", {**form, "uploads": shown()})
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["result"], made["load_reached"], made["errors_seen"], made["answer_ms"]) == ("passed", 1200, "0.25", 480)
    again = program.upload("load-tests", {**form, "errors_seen": "", "uploads": shown()}).json()
    assert (again["result"], again["errors_seen"]) == ("not_evaluable", None)
    assert [one["id"] for one in program.get("load-tests?result=passed").json()["results"]] == [made["id"]]
    assert program.upload("load-tests", {**form, "load_aimed": "-1", "uploads": shown()}).status_code == 422
    assert program.upload("load-tests", {**form, "load_aimed": "9" * 30, "uploads": shown()}).status_code == 422
    assert program.upload("load-tests", {**form, "errors_seen": "NaN", "uploads": shown()}).status_code == 422
    assert program.upload("load-tests", {**form, "result": "passed", "uploads": shown()}).status_code in {400, 422}
    assert program.upload("load-tests", form).status_code == 422
    reader = Program(make_token(viewer)[1])
    assert reader.get(f"load-tests/{made['id']}").json()["reference"] == made["reference"]
    assert reader.upload("load-tests", {**form, "uploads": shown()}).status_code == 403


def test_they_are_a_population(acme, manager, in_acme):
    today = acme.today()
    recorded(manager, today - DAY)
    one = recorded(manager, today, errors_seen=None, system=system("Console"))
    table = kind_of("load_tests").source(today, today)
    (row,) = table.rows
    assert len(row) == len(table.header)
    assert (row[0], row[2], row[11], row[12]) == (one.reference, "Console", "", "Not evaluable")


def test_the_list_asks_a_fixed_number_of_questions(manager, client_of, acme, django_assert_max_num_queries):
    client = client_of(manager)
    for _ in range(2):
        with tenant(acme):
            for number in range(5):
                recorded(manager, acme.today(), before=f"Release {number}", load_reached=1)
        client.get(BASE)
        with django_assert_max_num_queries(24):
            assert client.get(BASE).status_code == 200
