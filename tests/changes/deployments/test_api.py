"""Reports, questions and lists through the API."""

import datetime as dt
import uuid

import pytest

from accounts.actions import change_roles, create_service, create_token, invite_member
from audit.models import AuditEvent
from bench.harness import counted
from changes.drafting.actions import create_change, edit_change
from changes.models import Deployment, GateAnswer
from tenancy.scope import now, tenant
from tests.api.conftest import Program
from tests.changes.deployments.world import approved, deployed, raised, sha
from ui.refusals import ActionRefused


@pytest.fixture
def pipeline(cast, program_of):
    return program_of(cast.administrator, "deployments.write")


@pytest.fixture
def change(acme, cast):
    with tenant(acme):
        return approved("a", environments=["production"])


def sent(word: str = "a", **facts: object) -> dict[str, object]:
    return {"id": f"run-{word}", "environment": "production", "commit": sha(word), "deployed_at": now().isoformat(), **facts}


def test_one_deployment_is_reported_and_classed(pipeline, change, acme):
    answer = pipeline.post("deployments", {"source": "ci", **sent()})
    assert answer.status_code == 200, answer.content
    (result,) = answer.json()["results"]
    assert (result["status"], result["classification"], result["change"]) == ("accepted", "approved_before", change.reference)
    assert result["reason"] == "Its change was approved before it was deployed."
    with tenant(acme):
        batch = Deployment.objects.select_related("batch").get(pk=result["id"]).batch
        assert batch.token.startswith("plb_")


def test_several_have_a_result_each(pipeline, change):
    answer = pipeline.post("deployments", {"source": "ci", "deployments": [sent(), sent("b"), sent(), {"id": "x"}]}).json()
    assert (answer["accepted"], answer["duplicates"], answer["refused"], answer["gate"]) == (2, 1, 1, None)
    assert [one["classification"] for one in answer["results"]] == ["approved_before", "unmatched", "approved_before", None]
    assert answer["results"][3]["problem"]["errors"][0]["pointer"] == "#/environment"


def test_a_report_of_one_that_is_wrong_is_refused_as_a_whole(pipeline):
    answer = pipeline.post("deployments", {"source": "ci", **sent(commit="main")})
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["#/commit"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({**sent()}, "#/source"),
        ({"source": "with space", **sent()}, "#/source"),
        ({"source": "ci", "deployments": []}, "#/deployments"),
        ({"source": "ci", "deployments": [{}] * 501}, "#/deployments"),
        ({"source": "ci", "ask": "yes", **sent()}, "#/ask"),
        ({"source": "ci", "ask": True, "deployments": [sent()]}, "#/deployments"),
        ({"source": "ci", "ask": True, "environment": "production", "commit": "abc"}, "#/commit"),
        ({"source": "ci", "ask": True, "environment": "", "commit": "a" * 40}, "#/environment"),
        ({"source": "ci", "ask": True, "environment": 5, "commit": "a" * 40}, "#/environment"),
        ({"source": "ci", "party": True, **sent()}, "#/party"),
    ],
)
def test_what_is_wrong_with_a_request_is_pointed_at(pipeline, body, pointer):
    answer = pipeline.post("deployments", body)
    assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (422, [pointer])


def test_a_report_is_done_once_for_its_key(pipeline, acme):
    given = {"source": "ci", **sent()}
    first, second = (pipeline.post("deployments", given, Idempotency_Key="k").json() for _ in range(2))
    assert first == second
    assert first["accepted"] == 1


def test_the_gate_of_a_change_answers_and_every_answer_is_kept(pipeline, change, acme):
    asked = f"changes/{change.reference}/gate?commit={sha('a')}&environment=production"
    yes = pipeline.get(asked).json()
    no = pipeline.get(f"changes/{change.pk}/gate?commit={sha('b')}&environment=staging").json()
    assert (yes["allowed"], yes["reasons"], yes["change"]) == (True, [], change.reference)
    assert (no["allowed"], [one["code"] for one in no["reasons"]]) == (False, ["other_commit", "other_environment"])
    with tenant(acme):
        kept = GateAnswer.objects.get(pk=no["id"])
        assert (kept.allowed, kept.codes, kept.commit, kept.environment) == (
            False,
            ["other_commit", "other_environment"],
            sha("b"),
            "staging",
        )
        assert AuditEvent.objects.filter(verb="gate.answer").count() == 2


def test_the_gate_asks_five_times_at_most(pipeline, change):
    asked = f"changes/{change.reference}/gate?commit={sha('a')}&environment=production"
    pipeline.get(asked)
    with counted() as queries:
        assert pipeline.get(asked).json()["allowed"]
    assert queries.count <= 5


def test_the_gate_wants_a_whole_commit_and_an_environment(pipeline, change):
    assert pipeline.get(f"changes/{change.reference}/gate?commit=abc&environment=production").status_code == 400
    assert pipeline.get(f"changes/{change.reference}/gate?commit={sha('a')}").status_code == 400
    assert pipeline.get(f"changes/{change.reference}/gate?commit={sha('a')}&environment=x&party=1").status_code == 400


def test_the_gate_of_a_change_that_is_not_here_denies_and_keeps_what_was_asked(pipeline, acme, globex, cast):
    """Of another organization's change as of one that is nowhere."""
    with tenant(globex):
        foreign = create_change(actor=cast.of("globex", "manager"), title="Theirs", systems=[], head_sha=sha("a"))
    told = []
    for named in (foreign.pk, uuid.uuid4(), foreign.reference, "CHG-2026-9999", "x" * 80):
        answer = pipeline.get(f"changes/{named}/gate?commit={sha('a')}&environment=production")
        assert answer.status_code == 200, named
        said = answer.json()
        with tenant(acme):
            kept = GateAnswer.objects.get(pk=said.pop("id"))
            event = AuditEvent.objects.get(verb="gate.answer", object_id=kept.pk)
        assert (kept.allowed, kept.codes, kept.change) == (False, ["no_change"], None)
        assert event.data["after"]["named"] == str(named)[:60]
        del said["asked_at"]
        told.append(said)
    assert all(one == told[0] for one in told)
    assert (told[0]["allowed"], [one["code"] for one in told[0]["reasons"]], told[0]["change"]) == (False, ["no_change"], None)
    with tenant(globex):
        assert not GateAnswer.objects.exists()


def test_the_gate_of_a_change_that_is_not_here_asks_five_times_at_most(pipeline):
    asked = f"changes/{uuid.uuid4()}/gate?commit={sha('a')}&environment=production"
    pipeline.get(asked)
    with counted() as queries:
        assert not pipeline.get(asked).json()["allowed"]
    assert queries.count <= 5


def test_a_question_finds_the_change_by_its_commit(pipeline, change, acme):
    ask = {"source": "ci", "ask": True, "environment": "production"}
    yes = pipeline.post("deployments", {**ask, "commit": sha("a"), "repository": "ACME/app"}).json()
    assert (yes["gate"]["allowed"], yes["gate"]["change"], yes["results"]) == (True, change.reference, [])
    no = pipeline.post("deployments", {**ask, "commit": sha("b")}).json()["gate"]
    assert (no["allowed"], no["change"], no["reasons"][0]["code"]) == (False, None, "no_change")
    other = pipeline.post("deployments", {**ask, "commit": sha("a"), "repository": "acme/other"}).json()["gate"]
    assert not other["allowed"]
    with tenant(acme):
        assert (Deployment.objects.count(), GateAnswer.objects.count()) == (0, 3)


def test_an_edit_closes_the_gate(pipeline, change, acme, cast):
    with tenant(acme):
        edit_change(change, actor=cast.manager, description="Something else")
    answer = pipeline.get(f"changes/{change.reference}/gate?commit={sha('a')}&environment=production").json()
    assert [one["code"] for one in answer["reasons"]] == ["not_approved"]


def test_a_token_that_may_only_read_is_refused(program_of, cast, change):
    reader = program_of(cast.manager, "changes.read")
    assert reader.post("deployments", {"source": "ci", **sent()}).status_code == 403
    assert reader.get(f"changes/{change.reference}/gate?commit={sha('a')}&environment=production").status_code == 403


def test_deployments_and_answers_are_listed_and_linked(program, acme, cast, change):
    with tenant(acme):
        one = deployed("b")
        raised("c")
    listed = program.get("deployments?class=unmatched").json()["results"]
    assert [(row["id"], row["classification"], row["change_reference"]) for row in listed] == [(str(one.pk), "unmatched", "")]
    shown = program.get(f"deployments/{one.pk}")
    given = {"change": change.reference, "reason": "The tag was moved."}
    linked = program.post(f"deployments/{one.pk}/link", given, If_Match=shown["ETag"])
    assert linked.status_code == 200, linked.content
    assert (linked.json()["classification"], linked.json()["matched_by"]) == ("approved_before", "hand")
    gone = program.post(f"deployments/{one.pk}/unlink", {"reason": "No"}, If_Match=linked["ETag"])
    assert gone.json()["classification"] == "unmatched"
    program.get(f"changes/{change.reference}/gate?commit={sha('a')}&environment=production")
    (kept,) = program.get("gate-answers?answer=allowed").json()["results"]
    assert (kept["allowed"], kept["change"], kept["reasons"]) == (True, str(change.pk), [])


def test_coverage_environments_and_accounting_anew(program, acme, cast, change):
    with tenant(acme):
        deployed("a")
        deployed("b", environment="staging")
    found = program.get("deployments/coverage").json()
    assert (found["total"], found["approved_beforehand"], found["classes"]["unmatched"]) == (2, 1, 1)
    chosen = program.get("deployment-environments")
    assert chosen.json() == {"environments": []}
    given = {"environments": "Production, "}
    assert program.patch("deployment-environments", given, If_Match=chosen["ETag"]).json() == {"environments": ["production"]}
    found = program.get("deployments/coverage").json()
    assert (found["total"], found["environments"]) == (1, ["production"])
    assert program.get("deployments/coverage?from=soon").status_code == 400
    assert program.post("deployments/reconcile").json() == {"changed": 0, "moves": []}


def test_a_pipeline_reports_asks_and_reads_and_can_do_nothing_else(cast, acme, change):
    with tenant(acme):
        service = create_service(name="Deployer", roles=["pipeline"], actor=cast.administrator)
        for act in (
            lambda: change_roles(cast.employee, roles=["pipeline"], actor=cast.administrator),
            lambda: invite_member(email="new@acme.example", roles=["pipeline"], actor=cast.administrator),
        ):
            with pytest.raises(ActionRefused, match="for service accounts"):
                act()
        until = acme.today() + dt.timedelta(days=30)
        _, text = create_token(service, name="CI", scopes=service.permissions, expires_on=until, actor=cast.administrator)
        with pytest.raises(ActionRefused, match="may not do this"):
            create_token(service, name="CI", scopes={"changes.write"}, expires_on=until, actor=cast.administrator)
    program = Program(text)
    assert program.post("deployments", {"source": "ci", **sent()}).json()["accepted"] == 1
    assert program.get(f"changes/{change.pk}/gate?commit={sha('a')}&environment=production").status_code == 200
    assert program.get(f"changes/{change.pk}").json()["reference"] == change.reference
    refused = {"": {"title": "x"}, f"/{change.pk}/withdraw": {"reason": "x"}, f"/{change.pk}/comment": {"text": "x"}}
    for path, given in refused.items():
        assert program.post(f"changes{path}", given, If_Match="*").status_code in {403, 409}
