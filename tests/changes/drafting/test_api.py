"""Writing changes by a program: the same rights, checks and conflicts."""

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile

from changes.models import Change
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token
from tests.changes.making import a_system


def program_of(member) -> Program:
    return Program(make_token(member)[1])


def test_a_change_is_begun_written_talked_about_and_copied(cast, acme):
    with tenant(acme):
        system = str(a_system(cast.manager).pk)
    program = program_of(cast.employee)
    made = program.post("changes", {"title": "Move the queue", "systems": [system]})
    assert made.status_code == 201, made.json()
    path = f"changes/{made.json()['id']}"
    assert (made.json()["status"], made.json()["systems"], made.json()["risk"]) == ("draft", [system], "")
    given = {
        "description": "Step by step.",
        "environments": ["production"],
        "links": [f"https://tickets.example/browse/{'7' * 300} The ticket"],
        "window_from": "2027-01-04T23:00:00Z",
        "risk_reach": "all",
    }
    changed = program.patch(path, given, If_Match=made.headers["ETag"])
    assert changed.status_code == 200, changed.json()
    told = changed.json()
    assert (told["environments"], told["answers"], told["title"]) == (["production"], {"reach": "all"}, "Move the queue")
    assert (told["links"][0]["kind"], told["links"][0]["label"]) == ("ticket", "The ticket")
    assert dt.datetime.fromisoformat(told["window_from"]) == dt.datetime(2027, 1, 4, 23, tzinfo=dt.UTC)
    stale = program.patch(path, {"title": "Another"}, If_Match=made.headers["ETag"])
    assert stale.status_code == 412
    assert program.post(f"{path}/comment", {"text": "Hello @manager"}, If_Match="*").status_code == 200
    (said,) = program.get(f"{path}/comments").json()["results"]
    assert said["mentions"] == [str(cast.manager.pk)]
    copied = program.post(f"{path}/copy", {"title": "Move it back"}, If_Match="*").json()
    assert (copied["title"], copied["description"], copied["window_from"]) == ("Move it back", "Step by step.", None)
    assert {row["title"] for row in program.get("changes?view=mine").json()["results"]} == {"Move the queue", "Move it back"}


def test_files_are_given_fetched_and_taken_away(cast):
    program = program_of(cast.employee)
    path = f"changes/{program.post('changes', {'title': 'Move'}).json()['id']}"
    upload = SimpleUploadedFile("plan.txt", b"the plan")
    assert program.upload(f"{path}/attach", {"files": upload, "use": "testing"}, If_Match="*").status_code == 200
    (row,) = program.get(f"{path}/files").json()["results"]
    assert b"".join(program.get(f"change-files/{row['id']}/file").streaming_content) == b"the plan"
    assert program_of(cast.of("globex", "manager")).get(f"change-files/{row['id']}").status_code == 404
    gone = program.post(f"change-files/{row['id']}/remove", {"reason": "Old."}, If_Match="*")
    assert gone.json()["status"] == "removed"


def test_templates_are_written_and_submitted_and_approved_by_people_only(cast, acme):
    with tenant(acme):
        system = str(a_system(cast.manager).pk)
        until = (acme.today() + dt.timedelta(days=60)).isoformat()
    program = program_of(cast.administrator)
    form = {
        "title": "Renew",
        "kind": "config",
        "description": "x",
        "rollback_plan": "y",
        "expires_on": until,
        "systems": [system],
    }
    made = program.post("change-templates", form)
    assert made.status_code == 201, made.json()
    path = f"change-templates/{made.json()['id']}"
    assert program.post(f"{path}/submit", If_Match="*").json()["status"] == "submitted"
    assert program.post(f"{path}/approve", If_Match="*").status_code == 404
    assert program_of(cast.manager).post(f"{path}/give-back", {"reason": "More."}, If_Match="*").json()["status"] == "draft"


def test_settings_are_read_by_those_who_raise_and_written_by_those_who_rule(cast, acme):
    assert program_of(cast.employee).get("change-settings").json()["approval_days"] == 30
    assert program_of(cast.employee).patch("change-settings", {"approval_days": 5}, If_Match="*").status_code == 403
    told = program_of(cast.manager).patch("change-settings", {"approval_days": 5}, If_Match="*").json()
    assert (told["approval_days"], told["review_days"]) == (5, 5)


def test_a_viewer_reads_and_raises_none(cast, acme):
    program_of(cast.employee).post("changes", {"title": "Move"})
    program = program_of(cast.viewer)
    assert [row["title"] for row in program.get("changes").json()["results"]] == ["Move"]
    assert program.post("changes", {"title": "Mine"}).status_code == 403
    with tenant(acme):
        assert Change.objects.count() == 1


def test_views_are_kept_and_forgotten_and_are_ones_own(cast):
    program, other = program_of(cast.employee), program_of(cast.approver)
    made = program.post("change-views", {"name": "Risky", "query": "risk=high&page=3"})
    assert (made.status_code, made.json()["query"]) == (201, "risk=high")
    path = f"change-views/{made.json()['id']}"
    assert [row["name"] for row in program.get("change-views").json()["results"]] == ["Risky"]
    assert program.post("change-views", {"name": "All", "query": "page=2"}).status_code == 409
    assert (other.get(path).status_code, other.post(f"{path}/forget", If_Match="*").status_code) == (404, 404)
    assert program.post(f"{path}/forget", If_Match="*").status_code == 204
    assert program.get("change-views").json()["results"] == []
