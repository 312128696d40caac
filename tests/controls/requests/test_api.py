"""The request list for programs: the whole round, by the same rights."""

from typing import Any

from controls.models import AuditRequest
from tests.api.conftest import Program, make_token
from tests.controls.requests.helpers import upload


def only(program: Program, path: str) -> Any:
    (row,) = program.get(path).json()["results"]
    return row


def test_a_program_of_each_goes_the_whole_round(asked, cast):
    auditor, manager = (Program(make_token(member)[1]) for member in (cast.auditor, cast.manager))
    path = f"audit-requests/{asked.pk}"
    listed = only(manager, "audit-requests?state=requested")
    assert (listed["reference"], listed["controls"]) == ("PBC-2", [])
    assert manager.post(f"{path}/start", If_Match="*").json()["status"] == "in_progress"
    assert manager.client.post(
        f"/api/{path}/supply", {"files": upload()}, headers={**manager.headers, "If-Match": "*"}
    ).status_code in {200, 201}
    given = only(manager, f"{path}/given")
    served = manager.get(f"given-to-requests/{given['id']}/file")
    assert b"".join(served.streaming_content) == b"proof"
    assert manager.post(f"{path}/submit", {"statement": "All."}, If_Match="*").json()["status"] == "submitted"
    assert manager.post(f"{path}/accept", {"note": ""}, If_Match="*").status_code == 403
    returned = auditor.post(f"{path}/give-back", {"reason": "More."}, If_Match="*")
    assert (returned.status_code, returned.json()["judgement"]) == (200, "More.")
    assert manager.post(f"{path}/comment", {"text": "Here."}, If_Match="*").status_code == 200
    assert only(auditor, f"{path}/comments")["text"] == "Here."
    assert manager.post(f"{path}/submit", {"statement": "All, really."}, If_Match="*").status_code == 200
    assert auditor.post(f"{path}/accept", {"note": "Good."}, If_Match="*").json()["status"] == "accepted"


def test_a_program_asks_and_changes(period, cast):
    auditor = Program(make_token(cast.auditor)[1])
    made = auditor.post("audit-requests", {"title": "Minutes", "reference": "7", "period": str(period.pk)})
    assert made.status_code == 201, made.json()["errors"]
    assert (made.status_code, made.json()["requested_by"]) == (201, cast.auditor.name)
    changed = auditor.patch(f"audit-requests/{made.json()['id']}", {"title": "All minutes"}, If_Match="*")
    assert (changed.status_code, changed.json()["title"]) == (200, "All minutes")
    assert AuditRequest.objects.count() == 1
    taken = auditor.post("audit-requests", {"title": "Again", "reference": "7", "period": str(period.pk)})
    assert taken.status_code in {409, 422}


def test_who_has_nothing_to_do_with_it_finds_nothing(asked, cast):
    reviewer = Program(make_token(cast.reviewer)[1])
    assert reviewer.get(f"audit-requests/{asked.pk}").status_code == 404
    assert reviewer.get("audit-requests").json()["results"] == []
    refused = reviewer.post("audit-requests", {"title": "A"})
    assert refused.status_code == 403
