"""Reports for programs: the same as the pages, under the same rights."""

import hashlib

import pytest

from audit.models import AuditEvent
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token

pytestmark = pytest.mark.usefixtures("unprinted")


@pytest.fixture
def program(cast) -> Program:
    """What the compliance manager may."""
    return Program(make_token(cast.manager)[1])


def content(response) -> bytes:
    return b"".join(response.streaming_content)


@pytest.fixture
def made(program, acme, django_capture_on_commit_callbacks) -> dict[str, object]:
    """One asked for by a program, and made by a worker."""
    today = acme.today().isoformat()
    with django_capture_on_commit_callbacks(execute=True):
        asked = [program.post("reports", {"first": today, "last": today}, Idempotency_Key="one") for _ in range(2)]
    assert [one.status_code for one in asked] == [201, 201]
    assert asked[0].json()["id"] == asked[1].json()["id"]
    shown: dict[str, object] = program.get(f"reports/{asked[0].json()['id']}").json()
    return shown


def test_one_is_asked_for_read_and_taken_away(program, acme, made):
    assert (made["status"], made["kind"]) == ("ready", "asked")
    assert [one["id"] for one in program.get("reports?state=ready").json()["results"]] == [made["id"]]
    assert hashlib.sha256(content(program.get(f"reports/{made['id']}/json"))).hexdigest() == made["sha256"]
    pdf = content(program.get(f"reports/{made['id']}/pdf"))
    (printed,) = program.get("printed-reports?kind=report").json()["results"]
    assert (printed["about"], printed["sha256"]) == (made["id"], hashlib.sha256(pdf).hexdigest())
    assert content(program.get(f"printed-reports/{printed['id']}/file")) == pdf
    with tenant(acme):
        assert AuditEvent.objects.filter(verb="report.download").count() == 2


def test_who_is_told_is_read_and_chosen(program, cast):
    before = program.get("report-recipients")
    assert before.json() == {"members": [], "told": [str(cast.executive.pk)]}
    after = program.patch("report-recipients", {"members": [str(cast.approver.pk)]}, If_Match=before.headers["ETag"])
    assert after.json() == {"members": [str(cast.approver.pk)], "told": [str(cast.approver.pk)]}


def test_days_to_come_are_refused_at_their_field(program):
    refused = program.post("reports", {"first": "2090-01-01", "last": "2090-01-31"}, Idempotency_Key="two")
    assert (refused.status_code, refused.headers["Content-Type"]) == (422, "application/problem+json")


def test_reading_is_not_asking(cast, made):
    reader = Program(make_token(cast.executive)[1])
    assert reader.get(f"reports/{made['id']}").status_code == 200
    assert reader.post("reports", {"first": "2026-01-01", "last": "2026-01-31"}).status_code == 403
    assert reader.post(f"reports/{made['id']}/retry").status_code == 403
    assert reader.get("report-recipients").status_code == 403


def test_one_that_is_ready_is_not_tried_again(program, made):
    assert program.post(f"reports/{made['id']}/retry").status_code in {409, 428}
