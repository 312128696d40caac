"""Schemas: written as drafts, put in force, replaced, retired; on screens and by the API."""

import json

import pytest
from django.db import IntegrityError, transaction

from audit.models import AuditEvent
from bench.harness import counted
from processing.models import ProcessingSchema, SchemaVersion
from processing.schemas.actions import activate, add_starters, draft_version, edit_schema, restore, retire
from processing.schemas.views import differences
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token
from tests.cast import signed_in
from ui.refusals import ActionRefused

OTHER = '{"type": "object",\n "required": ["id"]}'


def test_the_next_version_is_a_draft_until_it_is_in_force(in_acme, manager, schema):
    draft = draft_version(schema, actor=manager, input_schema=OTHER, note="Only ids")
    assert (draft.number, draft.status) == (2, "draft")
    again = draft_version(schema, actor=manager, input_schema=OTHER + "\n", note="Only ids")
    assert again.pk == draft.pk
    assert again.sha256 == draft.sha256  # the same in canonical form
    activate(again, actor=manager)
    states = list(SchemaVersion.objects.order_by("number").values_list("number", "status"))
    assert states == [(1, "retired"), (2, "active")]
    with pytest.raises(ActionRefused, match="cannot be put in force now"):
        activate(again, actor=manager)


def test_a_text_that_was_in_force_is_never_changed(in_acme, schema):
    with pytest.raises(IntegrityError), transaction.atomic():
        SchemaVersion.objects.update(input_schema="{}")


def test_the_same_draft_again_is_no_event(in_acme, manager, schema):
    draft_version(schema, actor=manager, input_schema=OTHER)
    before = AuditEvent.objects.count()
    draft_version(schema, actor=manager, input_schema=OTHER)
    edit_schema(schema, actor=manager, title=schema.title)
    assert AuditEvent.objects.count() == before


def test_a_hostile_text_is_refused_at_its_field(in_acme, manager, schema):
    with pytest.raises(ActionRefused) as refused:
        draft_version(schema, actor=manager, input_schema=OTHER, output_schema='{"$ref": "https://evil.example"}')
    assert (refused.value.field, "nothing is fetched" in refused.value.sentence) == ("output_schema", True)


def test_a_retired_schema_takes_no_draft(in_acme, manager, schema):
    draft = draft_version(schema, actor=manager, input_schema=OTHER)
    retire(schema, actor=manager, reason="Replaced")
    for act in (lambda: draft_version(schema, actor=manager, input_schema="{}"), lambda: activate(draft, actor=manager)):
        with pytest.raises(ActionRefused, match="is retired"):
            act()


def test_those_to_start_with_are_in_force_at_once(in_acme, manager, viewer):
    with pytest.raises(ActionRefused, match="role"):
        add_starters(actor=viewer)
    add_starters(actor=manager)
    assert dict(ProcessingSchema.objects.values_list("key", "versions__status")) == {"tool_call": "active", "user_data": "active"}
    with pytest.raises(ActionRefused, match="here already"):
        add_starters(actor=manager)


def test_a_difference_shows_the_lines(in_acme, manager, schema):
    one = SchemaVersion.objects.get()
    two = draft_version(schema, actor=manager, input_schema=one.input_schema.replace("10", "12"))
    (label, lines), (other, _) = differences(one, two)
    assert (label, other) == ("Input", "Output")
    assert [text.strip() for mark, text in lines if mark == "+"] == ['"maxLength": 12']
    assert [text.strip() for mark, text in lines if mark == "-"] == ['"maxLength": 10']


def test_a_schema_in_the_browser(manager, acme):
    client = signed_in(manager)
    form = {"key": "order", "title": "Orders", "input_schema": '{"type": "strin"}'}
    page = client.post("/o/acme/processing/schemas/new/", form)
    assert page.status_code == 422
    assert "#/type: This is no JSON Schema 2020-12" in page.content.decode().replace("&#x27;", "'")
    made = client.post("/o/acme/processing/schemas/new/", {**form, "input_schema": OTHER})
    assert made.status_code == 303
    with tenant(acme):
        version = SchemaVersion.objects.select_related("schema").get()
    begun = client.get(made.headers["Location"]).content.decode()
    assert "No version is in force" in begun
    assert f'action="/o/acme/processing/versions/{version.pk}/activate/"' in begun, "it is put in force from here"
    client.post(f"/o/acme/processing/versions/{version.pk}/activate/")
    client.post("/o/acme/processing/schemas/new/", {**form, "key": "bill", "input_schema": OTHER, "in_force": "on"})
    with tenant(acme):
        assert SchemaVersion.objects.get(schema__key="bill").status == "active"
    taken = client.post("/o/acme/processing/schemas/new/", {**form, "input_schema": OTHER})
    assert "There is a schema with this name already." in taken.content.decode()
    tried = f"/o/acme/processing/versions/{version.pk}/try/"
    assert "It fits" in client.post(tried, {"document": '{"id": 1}'}).content.decode()
    assert "This is missing." in client.post(tried, {"document": "{}"}).content.decode()
    for wrong in ("{", '{"a": 1, "a": 1}', "[" * 50_000, '"\\ud800"'):
        assert client.post(tried, {"document": wrong}).status_code == 422
    client.post(f"/o/acme/processing/schemas/{version.schema_id}/edit/", {"title": "Orders", "alert_hours": 1, "alert_least": 5})
    with tenant(acme):
        assert not ProcessingSchema.objects.exclude(alert_below=95).exists(), "the grade is missing: nothing was changed"


def test_the_same_by_the_api(manager, acme):
    program = Program(make_token(manager)[1])
    assert program.post("processing-schemas/starters").json() == {"keys": ["tool_call", "user_data"]}
    made = program.post("processing-schemas", {"key": "order", "title": "Orders", "input_schema": OTHER})
    assert made.status_code == 201
    url = f"processing-schemas/{made.json()['id']}"
    written = program.post(f"{url}/write", {"input_schema": '{"type": "object"}'}, If_Match="*")
    assert written.status_code == 200, written.content
    (draft,) = program.get(f"{url}/versions").json()["versions"]
    assert json.loads(draft["input_schema"]) == {"type": "object"}
    assert program.post(f"schema-versions/{draft['id']}/activate", If_Match="*").json()["status"] == "active"
    tried = program.post(f"schema-versions/{draft['id']}/validate", {"document": 7})
    assert (tried.json()["fits"], tried.json()["errors"][0]["detail"]) == (False, "Expected: object.")
    assert program.post(f"schema-versions/{draft['id']}/validate", {"against": "x", "y": 1}).status_code == 422
    assert program.post("processing/order", {"operation": "a", "input": {}}).json()["success"] == 1
    assert len(program.get("processing-records").json()["results"]) == 1


def test_lists_take_few_queries(manager, record, schema):
    record(*[{"operation": "import", "input": n} for n in range(60)])
    client = signed_in(manager)
    for path, most in (("records/", 14), ("schemas/", 12)):
        with counted() as counter:
            assert client.get(f"/o/acme/processing/{path}").status_code == 200
        assert counter.count <= most, path


def test_a_viewer_reads_and_changes_nothing(viewer, schema, record):
    record({"operation": "import", "input": {}})
    client = signed_in(viewer)
    page = client.get(f"/o/acme/processing/schemas/{schema.pk}/").content.decode()
    assert "Write the next version" not in page
    assert client.post(f"/o/acme/processing/schemas/{schema.pk}/write/", {"input_schema": "{}"}).status_code == 403
    assert client.get("/o/acme/processing/schemas/new/").status_code == 403


def test_a_schema_is_retired_and_taken_back_into_use(schema, manager, acme):
    with tenant(acme):
        retire(schema, actor=manager, reason="Replaced")
        assert restore(schema, actor=manager, reason="Not yet").refreshed().status == "active"
        assert AuditEvent.objects.filter(object_id=schema.pk, verb="processing_schema.restore").count() == 1
