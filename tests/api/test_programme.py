"""A programme run by a program: gap analyses, the roadmap, what proves a control, populations, and the organization."""

import hashlib
from typing import Any

import pytest

from audit.models import AuditEvent
from controls.models import AuditPeriod, ControlEvidence, FindingEvidence, GapRun, RoadmapTask
from evidence.models import Evidence, EvidenceLink, EvidenceRevision, Population
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token
from tests.tenancy.everything import WORD, make_everything


@pytest.fixture
def filled(cast: Any, acme: Any) -> Program:
    """The compliance manager's program, in an organization that has one of everything."""
    make_everything(acme)
    return Program(make_token(cast.manager)[1])


def only(program: Program, address: str) -> dict[str, Any]:
    """The one record of a list."""
    found: list[dict[str, Any]] = program.get(address).json()["results"]
    assert len(found) == 1, found
    return found[0]


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_an_analysis_is_taken_and_its_file_is_the_one_that_was_hashed(filled, acme):
    with tenant(acme):
        period = AuditPeriod.objects.get()
    made = filled.post("gap-analyses", {"period": str(period.pk)}, Idempotency_Key="one")
    again = filled.post("gap-analyses", {"period": str(period.pk)}, Idempotency_Key="one")
    assert (made.status_code, again.json()["id"]) == (201, made.json()["id"])
    kept = content(filled.get(f"gap-analyses/{made.json()['id']}/json"))
    assert hashlib.sha256(kept).hexdigest() == made.json()["sha256"]
    assert len(filled.get(f"gap-analyses?period={period.pk}").json()["results"]) == 2
    assert filled.get(f"gap-analyses/{made.json()['id']}/pdf").status_code == 404  # no worker has printed it


def test_two_analyses_are_compared(filled, acme):
    with tenant(acme):
        period = AuditPeriod.objects.get()
    made = filled.post("gap-analyses", {"period": str(period.pk)}).json()  # after all that was made since the one that is there
    with tenant(acme):
        first = GapRun.objects.get(pk=made["id"])
    later = filled.post("gap-analyses", {"period": str(period.pk)}).json()
    said = filled.get(f"gap-analyses/{later['id']}/difference").json()
    assert (said["earlier"], said["later"], said["points"]) == (first.reference, later["reference"], 0)
    assert said["unchanged"] == first.gaps
    assert (said["new"], said["closed"], said["moved"]) == ([], [], [])
    assert filled.get(f"gap-analyses/{later['id']}/difference?earlier={first.pk}").json() == said
    with tenant(acme):
        begun = GapRun.objects.order_by("pk")[0]
    nothing = filled.get(f"gap-analyses/{begun.pk}/difference")
    assert (nothing.status_code, nothing.json()["detail"]) == (409, "There is no earlier analysis to compare with.")
    for wrong in (later["id"], "x"):
        assert filled.get(f"gap-analyses/{first.pk}/difference?earlier={wrong}").status_code == 400


def test_the_roadmap_is_made_once_and_worked_through(filled, acme):
    run, roadmap = only(filled, "gap-analyses"), only(filled, "roadmaps")
    tasks = filled.get("roadmap-tasks?limit=200").json()["results"]
    again = filled.post(f"gap-analyses/{run['id']}/roadmap", If_Match="*")
    assert (again.status_code, again.json()["id"], again.json()["phases"]) == (200, roadmap["id"], roadmap["phases"])
    facts = {"title": "Ask the board", "phase": 2, "priority": "high", "due_on": "2030-01-31"}
    added = filled.post(f"roadmaps/{roadmap['id']}/add", facts, If_Match="*")
    assert (added.status_code, added.json()["phase"], added.json()["status"]) == (201, 2, "open")
    assert len(filled.get("roadmap-tasks?limit=200").json()["results"]) == len(tasks) + 1
    path = f"roadmap-tasks/{added.json()['id']}"
    changed = filled.patch(path, {"title": "Ask the whole board"}, If_Match="*")
    assert (changed.json()["title"], changed.json()["due_on"]) == ("Ask the whole board", "2030-01-31")
    assert filled.post(f"{path}/done", If_Match="*").json()["status"] == "done"
    assert filled.get(f"roadmaps/{roadmap['id']}").json()["phases"][1]["done"] == 1
    assert filled.post(f"{path}/reopen", If_Match="*").json()["status"] == "open"
    dropped = filled.post(f"{path}/drop", {"reason": "The board is gone"}, If_Match="*").json()
    assert (dropped["status"], dropped["reason"]) == ("dropped", "The board is gone")


def test_a_task_is_finished_by_whoever_it_is_with_and_nobody_else(filled, cast, acme):
    with tenant(acme):
        task = RoadmapTask.objects.exclude(owner=None).select_related("owner").first()
    assert task is not None
    theirs, others = (Program(make_token(one)[1]) for one in (cast.reviewer, cast.employee))
    assert others.post(f"roadmap-tasks/{task.pk}/done", If_Match="*").status_code == 404
    assert theirs.patch(f"roadmap-tasks/{task.pk}", {"title": "Less"}, If_Match="*").status_code == 403
    assert theirs.post(f"roadmap-tasks/{task.pk}/done", If_Match="*").json()["status"] == "done"


def test_evidence_is_taken_away_from_a_control_and_from_a_finding(filled, acme, manager):
    with tenant(acme):
        proof, other = ControlEvidence.objects.get(), FindingEvidence.objects.get()
    linked = only(filled, f"controls/{proof.control_id}/evidence")
    assert only(filled, f"occurrences/{proof.occurrence_id}/evidence") == linked
    assert (linked["id"], linked["evidence"], linked["note"]) == (str(proof.pk), str(proof.evidence_id), WORD)
    served = filled.get(f"occurrences/{proof.occurrence_id}/file?evidence={proof.evidence_id}")
    assert content(served) == content(filled.get(f"finding-evidence/{other.pk}/file")) != b""
    for path in (f"control-evidence/{proof.pk}", f"finding-evidence/{other.pk}"):
        assert filled.post(f"{path}/remove", {"reason": ""}, If_Match="*").status_code == 422
        gone = filled.post(f"{path}/remove", {"reason": "The wrong file"}, If_Match="*")
        assert (gone.status_code, gone.json()["status"]) == (200, "removed")
        assert filled.post(f"{path}/remove", {"reason": "Again"}, If_Match="*").status_code == 409
    assert filled.get(f"controls/{proof.control_id}/evidence").json()["results"] == []
    assert filled.get(f"findings/{other.finding_id}/evidence").json()["results"] == []
    with tenant(acme):
        event = AuditEvent.objects.get(verb="control_evidence.remove")
    assert event.actor_id == manager.pk
    assert "The wrong file" in event.body


def test_an_item_leaves_a_record_of_another_kind(filled, acme):
    with tenant(acme):
        link = EvidenceLink.objects.get()
    assert only(filled, f"evidence/{link.evidence_id}/links")["name"] == link.name
    assert filled.post(f"evidence-links/{link.pk}/remove", If_Match="*").status_code == 204
    assert filled.get(f"evidence/{link.evidence_id}/links").json()["results"] == []
    assert filled.get(f"evidence-links/{link.pk}").status_code == 404


def test_every_revision_has_its_file(filled, acme):
    with tenant(acme):
        item = Evidence.objects.get(title=WORD)
        assert EvidenceRevision.objects.filter(evidence=item).count() == 1
    first = only(filled, f"evidence/{item.pk}/revisions")
    kept = content(filled.get(f"evidence/{item.pk}/file?revision=1"))
    assert (first["number"], first["sha256"]) == (1, hashlib.sha256(kept).hexdigest())
    for wrong in ("2", "x", "-1"):
        assert filled.get(f"evidence/{item.pk}/file?revision={wrong}").status_code == 404


def test_a_population_is_frozen_by_a_worker_and_its_rows_are_read(filled, acme, settings, django_capture_on_commit_callbacks):
    today = acme.today().isoformat()
    with django_capture_on_commit_callbacks(execute=True):
        made = filled.post("test-populations", {"kind": "evidence", "period_from": today, "period_to": today})
    assert (made.status_code, made.json()["status"]) == (201, "freezing")
    path = f"test-populations/{made.json()['id']}"
    assert filled.get(path).json()["status"] == "frozen"
    assert content(filled.get(f"{path}/file"))[:2] == b"PK"
    with tenant(acme):
        older = Population.objects.exclude(pk=made.json()["id"]).get()
    sample = only(filled, f"test-populations/{older.pk}/samples")
    drawn = filled.get(f"samples/{sample['id']}/rows").json()
    assert (len(drawn["rows"]), drawn["same"], drawn["rows"][0][0]) == (1, True, sample["keys"][0])


def test_a_period_shows_what_it_leaves_out_and_takes_it_back(filled):
    period = only(filled, "periods")
    assert [one["criterion"] for one in period["exclusions"]] == ["CC6.4"]
    assert [one["firm"] for one in period["engagements"]] == [f"{WORD} and partners"]
    back = filled.post(f"periods/{period['id']}/include", {"criterion": "CC6.4"}, If_Match="*")
    assert (back.status_code, back.json()["exclusions"]) == (200, [])
    assert filled.post(f"periods/{period['id']}/include", {"criterion": "CC6.4"}, If_Match="*").status_code == 409


def test_an_administrator_renames_the_organization_having_seen_it(filled, cast, acme):
    assert filled.get("organization").status_code == 403
    program = Program(make_token(cast.administrator)[1])
    seen = program.get("organization")
    assert program.patch("organization", {"name": "Acme Group"}).status_code == 428
    changed = program.patch("organization", {"name": "Acme Group"}, If_Match=seen["ETag"])
    assert (changed.status_code, changed.json()) == (200, {**seen.json(), "name": "Acme Group"})
    assert program.patch("organization", {"zone": "Mars/Olympus"}, If_Match="*").status_code == 422
    assert program.patch("organization", {"name": "Other"}, If_Match=seen["ETag"]).status_code == 412
    with tenant(acme):
        assert AuditEvent.objects.filter(verb="organization.edit").count() == 1
