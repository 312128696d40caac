"""Screens of deployments: the list, one with its reason, coverage, the import, the gate's answers."""

import datetime as dt
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import escape

from audit.models import AuditEvent
from bench.harness import counted
from changes.deployments.actions import link
from changes.deployments.findings import GRACE, raise_findings
from changes.deployments.gate import ask
from changes.deployments.population import events
from changes.models import ChangeSettings, Deployment, DeploymentBatch, DeploymentLink
from controls.models import Finding
from evidence.models import Population
from evidence.populations.actions import begin_freezing, freeze
from tenancy.scope import now, tenant
from tests.changes.deployments.world import MINUTE, approved, deployed, raised, reported, sha

ROOT = "/o/acme/changes/deployments/"


@pytest.fixture
def manager_client(client_of, manager):
    return client_of(manager)


def page(client, path: str = "", status: int = 200) -> str:
    answer = client.get(f"{ROOT}{path}")
    assert answer.status_code == status, answer.content[:2000]
    text: str = answer.content.decode()
    return text


def test_an_empty_list_says_what_to_do(manager_client):
    assert "No deployment was reported yet" in page(manager_client)
    assert "No pipeline has asked yet" in page(manager_client, "gate/")
    assert "nothing can be said of them" in page(manager_client, "coverage/")


def test_the_list_shows_class_and_change_and_is_filtered(manager_client, acme):
    with tenant(acme):
        change = approved("a")
        deployed("a", service="billing")
        deployed("b", service="gateway", deployed_by="deploy-bot")
    text = page(manager_client)
    assert all(words in text for words in ("Approved before", "Unmatched", change.reference, "billing", "Bot"))
    only = page(manager_client, "?class=unmatched&note=bot&environment=production")
    assert "gateway" in only
    assert "billing" not in only
    assert "billing" in page(manager_client, f"?change={change.pk}")
    assert "gateway" in page(manager_client, f"?q={sha('b')[:12]}")


def test_lists_and_pages_ask_as_often_for_many(manager_client, acme, manager):
    with tenant(acme):
        approved("a")
        one = deployed("a")
    paths = ("", "gate/", "coverage/", f"{one.pk}/")
    for path in paths:
        page(manager_client, path)
    few = []
    for path in paths:
        with counted() as queries:
            page(manager_client, path)
        few.append(queries.count)
    with tenant(acme):
        at = (now() - MINUTE).isoformat()
        reported([{"id": f"{n}", "environment": "production", "commit": sha(f"{n}"), "deployed_at": at} for n in range(60)])
        for _ in range(5):
            ask(actor=manager, change=None, commit=sha("x"), environment="production", at=now())
    for path, before in zip(paths, few, strict=True):
        with counted() as queries:
            page(manager_client, path)
        assert queries.count <= before <= 14, path


def test_a_deployment_says_why(manager_client, acme, manager):
    with tenant(acme):
        change = raised("a")
        one = deployed("a", url="https://ci.example/1", service="billing")
        raise_findings(acme, now() + GRACE + MINUTE)
        finding = Finding.objects.get()
    text = page(manager_client, f"{one.pk}/")
    for words in (
        "Nobody has approved its change.",
        f"The commit is the last one of {change.reference}.",
        f"{change.reference} is a draft.",
        "Have its change approved",
        finding.reference,
        sha("a"),
        "https://ci.example/1",
    ):
        assert escape(words) in text, words


def test_a_shortened_commit_is_said_to_be_one(manager_client, acme):
    with tenant(acme):
        one = deployed("a", commit=sha("a")[:8])
    assert "only a whole one can be found" in page(manager_client, f"{one.pk}/")


def test_somebody_links_a_deployment_by_hand_and_takes_it_back(manager_client, acme, manager):
    with tenant(acme):
        change, one = approved("other"), deployed("a")
    refused = manager_client.post(f"{ROOT}{one.pk}/link/", {"change": "CHG-1", "reason": "x"})
    assert (refused.status_code, b"There is no change CHG-1." in refused.content) == (422, True)
    given = {"change": change.reference.lower(), "reason": "The tag was moved."}
    assert manager_client.post(f"{ROOT}{one.pk}/link/", given).status_code == 303
    text = page(manager_client, f"{one.pk}/")
    assert "Approved before" in text
    assert f"{manager.name} linked it to {change.reference}" in text
    assert manager_client.post(f"{ROOT}{one.pk}/unlink/", {"reason": "A mistake"}).status_code == 303
    with tenant(acme):
        assert DeploymentLink.objects.get().status == "removed"


def test_coverage_adds_up_and_leads_to_its_rows(manager_client, acme, manager):
    with tenant(acme):
        approved("a")
        deployed("a")
        raised("b")
        deployed("b")
        deployed("c", environment="staging", deployed_by="deploy-bot")
        freeze(begin_freezing("deployments", acme.today(), acme.today(), actor=manager))
    today = acme.today().isoformat()
    text = page(manager_client, f"coverage/?from={today}&to={today}")
    assert "1 of 3 deployments" in text
    assert "2 have no approval that covers them, or no change." in text
    assert "33.3 %" in text
    assert "POP-" in text
    assert f"?class=unapproved&amp;from={today}&amp;to={today}" in text
    assert manager_client.post(f"{ROOT}coverage/environments/", {"environments": "Production"}).status_code == 303
    with tenant(acme):
        assert ChangeSettings.objects.get().counted_environments == ["production"]
    text = page(manager_client, f"coverage/?from={today}&to={today}")
    assert "1 of 2 deployments" in text
    assert "&amp;environment=production" in text
    assert manager_client.post(f"{ROOT}coverage/again/").status_code == 302
    again = manager_client.post(f"{ROOT}coverage/environments/", {"environments": "production"})
    assert b"These are chosen already." in again.content


def test_who_reads_only_is_offered_nothing_to_do(client_of, viewer, acme):
    with tenant(acme):
        one = deployed("a")
    reader = client_of(viewer)
    assert "Link to a change" not in page(reader, f"{one.pk}/")
    assert "Account anew" not in page(reader, "coverage/")
    assert ">Import<" not in page(reader)


def csv_of(*rows: str, header: str = "ID,Deployed at,Environment,Commit,Actor,Status") -> bytes:
    return "\n".join([header, *rows]).encode()


def upload(client, content: bytes, name: str = "runs.csv", **given: str):
    """Where an upload leads, and what is shown there; what is refused leads nowhere."""
    answer = client.post(f"{ROOT}import/", {"file": SimpleUploadedFile(name, content), "source": "old-ci", **given})
    return answer.get("Location", ""), client.get(answer["Location"]) if answer.status_code == 303 else answer


def test_a_file_is_shown_first_and_imported_then(manager_client, acme):
    with tenant(acme):
        approved("a")
    at = f"{now() - dt.timedelta(days=1):%Y-%m-%d %H:%M}"
    content = csv_of(
        f"1,{at},Production,{sha('a')},ada@acme.example,success",
        f"2,{at},production,{sha('b')},deploy-bot,failure",
        f"3,{at},production,oops,,",
        f"1,{at},production,{sha('c')},,",
    )
    where, shown = upload(manager_client, content)
    text = shown.content.decode()
    assert "nothing is imported yet" in text
    assert "A commit is 7 to 64 hexadecimal digits" in text
    assert "The id 1 stands in row 2 already." in text
    assert manager_client.post(where).status_code == 422
    assert manager_client.post(where, {"leave_out_wrong": "on"}).status_code == 303
    assert "2 added, 0 were here, 2 left out." in page(manager_client)
    with tenant(acme):
        rows = {one.external_id: one for one in Deployment.objects.all()}
        assert (rows["1"].classification, rows["2"].classification) == ("approved_after", "unmatched")
        assert (rows["2"].outcome, rows["2"].is_bot, rows["1"].environment) == ("failed", True, "production")
        assert DeploymentBatch.objects.get().name == "runs.csv"
        assert AuditEvent.objects.filter(verb="deployments.receive").count() == 1
    where, again = upload(manager_client, csv_of(f"1,{at},production,{sha('a')},,"))
    assert "Everything in this file is here already." in again.content.decode()
    assert manager_client.post(where).status_code == 422


def test_a_workbook_without_ids_is_imported_once(manager_client, acme):
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Runs", 0)
    sheet.append(["Date", "SHA", "App"])
    sheet.append([dt.datetime(2026, 3, 1, 9, 30), sha("a"), "billing"])  # noqa: DTZ001 - as workbooks have them
    file = io.BytesIO()
    book.save(file)
    for number in range(2):
        where, shown = upload(manager_client, file.getvalue(), "runs.xlsx", environment="production")
        assert "each row is known by what it says" in shown.content.decode()
        if number == 0:
            manager_client.post(where)
    assert "is here already" in shown.content.decode()
    with tenant(acme):
        one = Deployment.objects.get()
        assert one.deployed_at == dt.datetime(2026, 3, 1, 14, 30, tzinfo=dt.UTC)  # New York


def test_what_is_no_list_of_deployments_is_refused(manager_client):
    for content, words in (
        (csv_of("x", header="Name"), "The file has no column Deployed and no column Environment and no column Commit."),
        (b"", "empty"),
    ):
        _, answer = upload(manager_client, content)
        assert (answer.status_code, words.encode() in answer.content) == (422, True)
    assert upload(manager_client, csv_of(), source="with space")[1].status_code == 422


def test_only_what_came_as_a_list_is_shown_as_one(manager_client, acme):
    assert page(manager_client, "import/sample/").startswith("Its id there,Deployed")
    page(manager_client, "import/01900000-0000-7000-8000-000000000000/", 404)


def test_the_sample_can_be_imported(manager_client, acme):
    content = page(manager_client, "import/sample/").replace("2026-10", "2026-01").encode()
    where, shown = upload(manager_client, content)
    assert "Wrong" in shown.content.decode()
    assert manager_client.post(where).status_code == 303
    with tenant(acme):
        assert Deployment.objects.count() == 3


def test_the_gates_answers_are_listed(manager_client, acme, manager):
    with tenant(acme):
        change = approved("a")
        ask(actor=manager, change=change, commit=sha("a"), environment="production", at=now())
        ask(actor=manager, change=None, commit=sha("b"), environment="production", at=now())
    text = page(manager_client, "gate/")
    assert "No change here has this commit" in text
    assert change.reference in text
    assert "No change here has this commit" not in page(manager_client, "gate/?answer=allowed")


def test_deployments_are_a_population_and_events(acme, manager, in_acme):
    approved("a")
    one = deployed("a")
    population = freeze(begin_freezing("deployments", acme.today(), acme.today(), actor=manager))
    assert (population.row_count, len(population.digest)) == (1, 64)
    assert "All environments count." in population.statement
    (event,) = events(acme.today(), acme.today())
    assert (event.key, event.subject_id, event.on) == (one.pk.hex, one.pk, acme.today())
    assert Population.objects.get().kind == "deployments"
    link(one, actor=manager, change=raised("b"), reason="Because")
