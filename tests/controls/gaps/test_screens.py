"""Gap analyses in the browser: made once, shown with reasons, compared, downloaded, and the PDF as it is printed."""

import datetime as dt
import io
import json
import re
from dataclasses import replace
from typing import Any

import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent
from controls.evidence import link_evidence
from controls.findings.actions import raise_finding
from controls.gaps.actions import take_run
from controls.gaps.kept import keep
from controls.gaps.reading import snapshot_of
from controls.gaps.report import SHOWN, day, gap_html, gap_pdf, registers_of
from controls.gaps.rules import action_of
from controls.models import Finding, GapRun
from controls.models.control import Leg
from controls.roadmap.plan import plan
from controls.status.keep import refresh
from evidence.recheck import badge
from tests.controls.status import rows
from tests.controls.status.world import Expected
from tests.evidence.helpers import stored

pytestmark = pytest.mark.usefixtures("unprinted")
LIST = "/o/acme/controls/gaps/"


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_it_is_made_once_however_often_it_is_sent(client_of, period, controls, manager):
    client = client_of(manager)
    form = client.get(f"{LIST}new/").context["form"]
    assert form.initial["period"] == period
    sent = {"period": period.pk, "once": form["once"].value()}
    answers = [client.post(f"{LIST}new/", sent) for _ in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert GapRun.objects.count() == 1
    assert "1 of 3 (33 %)" in said(client.get(LIST))


def test_the_page_says_where_it_stands_why_and_what_to_do(client_of, period, controls, manager, viewer):
    run = take_run(period, actor=manager)
    page = said(client_of(viewer).get(f"{LIST}{run.pk}/"))
    for words in (
        "Readiness is 1 of 3 (33 %); 3 gaps are open, 1 of them critical.",
        "Close the critical gap before you engage an auditor.",
        "No control in scope answers CC6.6",
        "No policy documents it",
        "This is the first analysis.",
        str(badge(True)),
    ):
        assert words in page, words
    assert "Raise a finding" not in page
    assert "Make the roadmap" not in page


def test_its_numbers_codes_and_deviations_lead_somewhere(client_of, period, controls, manager, viewer):
    rows.occurrence(controls["missing"], Expected(period.starts_on))
    refresh([controls["missing"].pk])
    run = take_run(period, actor=manager)
    data = snapshot_of(run)
    page = said(client_of(viewer).get(f"{LIST}{run.pk}/"))
    anchors = set(re.findall(r'href="(?:\?priority=critical)?#([a-z]+)"', page))
    assert anchors >= {"controls", "gaps", "deviations"}
    assert all(f'id="{anchor}"' in page for anchor in anchors - {"main"})
    told = page.split('id="deviations"')[1].split("</section>")[0]
    assert f'<a href="/o/acme/controls/{controls["missing"].pk}/">' in told
    stood = page.split('id="controls"')[1].split("</section>")[0]
    assert set(re.findall(r"/o/acme/controls/([0-9a-f-]{36})/", stood)) == {row.id for row in data.controls}


def test_on_paper_each_gap_says_what_closes_it_and_by_when(period, controls, manager):
    data = snapshot_of(take_run(period, actor=manager))
    html = gap_html(data, "0" * 64)
    due = {task.key: task.due_on for task in plan(data, dt.date.fromisoformat(data.as_of))}
    for gap in data.gaps:
        assert day(due[f"gap:{gap.key}"].isoformat()) in html.split(gap.sentence.replace("'", "&#x27;"))[1].split("</tr>")[0]
    assert "Adopt a control that answers it." in html
    together = html.split('<div class="unbroken">')[1].split("</div>")[0]
    assert "4 Readiness by family" in together, "no page ends with this heading"
    assert "</table>" in together
    assert html.count('class="bar"') == 1 + sum(bool(one["inScope"]) for one in data.figures["families"])


@pytest.mark.parametrize(
    ("reasons", "sentence"),
    [
        ([], "Adopt a control that answers it."),
        (["late"], "Find out why, and put it right."),
        (["no_owner", "failed_test", "partial_test"], "Name an owner; put right what the test found, and test again."),
    ],
)
def test_what_closes_a_gap_follows_from_what_is_wrong(reasons, sentence):
    assert action_of(reasons) == sentence


def test_gaps_are_chosen_by_priority(client_of, period, controls, manager):
    run = take_run(period, actor=manager)
    client = client_of(manager)
    assert [line[0].code for line in client.get(f"{LIST}{run.pk}/?priority=critical").context["lines"]] == ["AC-001"]
    assert len(client.get(f"{LIST}{run.pk}/?priority=nonsense&page=99").context["lines"]) == 3


def test_it_is_compared_with_the_one_before_or_with_any(client_of, period, controls, manager):
    first = take_run(period, actor=manager)
    for leg in (Leg.POLICY, Leg.TECHNICAL, Leg.MONITORING):
        link_evidence(controls["missing"], rows.evidence(), leg, actor=manager)
    second, third = take_run(period, actor=manager), take_run(period, actor=manager)
    client = client_of(manager)
    page = client.get(f"{LIST}{third.pk}/")
    assert page.context["change"].sentence.startswith("Nothing changed: readiness is ")
    page = client.get(f"{LIST}{third.pk}/?with={first.pk}")
    assert [gap.code for gap in page.context["change"].closed] == ["AC-001"]
    assert "Readiness went from 1 of 3 (33 %) to 2 of 3 (67 %); 1 gap was closed" in said(page)
    assert client.get(f"{LIST}{second.pk}/?with={third.pk}").context["other"] == first


def test_a_gap_becomes_a_finding(client_of, period, controls, manager):
    run = take_run(period, actor=manager)
    client = client_of(manager)
    path = f"/o/acme/controls/findings/new/?run={run.pk}&control={controls['missing'].pk}"
    assert path.replace("&", "&amp;").removeprefix("/o/acme/controls") in said(client.get(f"{LIST}{run.pk}/"))
    initial = client.get(path).context["form"].initial
    sent = {name: initial[name] for name in ("title", "severity", "source")} | {"control": controls["missing"].pk}
    assert client.post(path, sent).status_code == 303
    found = Finding.objects.get()
    assert (found.source, found.run, found.severity) == ("gap", run, "critical")


def test_the_json_is_the_kept_file_and_names_readiness_overall_compliance(client_of, period, controls, manager, viewer):
    run = take_run(period, actor=manager)
    client = client_of(viewer)
    answer = client.get(f"{LIST}{run.pk}/analysis.json")
    content = b"".join(answer.streaming_content)
    assert content == snapshot_of(run).to_json()
    assert json.loads(content)["figures"]["overallCompliance"] == 33
    told = AuditEvent.objects.get(verb="evidence.download")
    assert (told.object_id, told.actor_id, told.data["metadata"]["sha256"]) == (run.evidence_id, viewer.pk, run.file.sha256)
    assert client.get(f"{LIST}{run.pk}/analysis.pdf").status_code == 404


def test_taking_the_pdf_away_is_noted_as_of_any_report(client_of, period, controls, manager, executive):
    run = take_run(period, actor=manager)
    kept = keep(run, stored(b"%PDF-1.7 analysis", "analysis.pdf"), form="PDF", actor=manager)
    answer = client_of(executive).get(f"{LIST}{run.pk}/analysis.pdf")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 analysis"
    told = AuditEvent.objects.get(verb="report.download")
    assert (told.object_id, told.actor_id) == (kept.pk, executive.pk)


def test_the_pdf_is_the_same_from_the_same_snapshot_and_carries_it(period, controls, manager):
    snapshot = snapshot_of(take_run(period, actor=manager))
    first, second = gap_pdf(snapshot), gap_pdf(snapshot)
    assert first == second
    reader = pypdf.PdfReader(io.BytesIO(first))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for words in (
        "Readiness is 1 of 3 (33 %)",
        "Nobody sets a status by hand",
        "Page 1 of",
        "AC-001",
        snapshot.inputs_digest[:20],
    ):
        assert words in text, words
    assert reader.attachments[f"{snapshot.reference}.json"][0] == snapshot.to_json()


@pytest.mark.parametrize("query", ["", "?critical=yes"])
def test_the_list_asks_little(client_of, period, controls, manager, query):
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"{LIST}{query}").status_code == 200
        return len([one for one in found if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "SET "))])

    client = client_of(manager)
    for _ in range(2):
        take_run(period, actor=manager)
    asked()
    assert asked() <= 10


def test_a_gap_that_somebody_works_on_names_the_finding(client_of, period, controls, manager):
    run = take_run(period, actor=manager)
    finding = raise_finding(actor=manager, title="No policy", severity="high", control=controls["missing"])
    of_controls = [gap for gap in snapshot_of(run).gaps if gap.control]
    client, control_page = client_of(manager), controls["missing"].get_absolute_url()
    page = said(client.get(f"{LIST}{run.pk}/"))
    assert page.count("Raise a finding") == len(of_controls) - 1
    assert finding.reference in page
    assert finding.reference in said(client.get(control_page))


def test_evidence_and_findings_lead_to_the_rows_they_count(client_of, period, controls, manager, viewer):
    late = raise_finding(actor=manager, title="Only some may read this", severity="high", due_on=period.starts_on)
    run = take_run(period, actor=manager)
    client = client_of(viewer)
    tiles = {tile.label: tile for tile in client.get(f"{LIST}{run.pk}/").context["tiles"]}
    assert (tiles["Evidence linked to controls"].url, tiles["Findings not over"].url) == ("#controls", "#findings")
    page = said(client.get(f"{LIST}{run.pk}/"))
    shown = page.split('id="findings"')[1].split("</section>")[0]
    assert re.findall(r"findings/([0-9a-f-]{36})/", shown) == [str(late.pk)]
    assert "All 1, of which 1 were overdue" in shown
    counted = [int(number) for number in re.findall(r'data-label="Evidence">([0-9,]+)</td>', page.split('id="controls"')[1])]
    assert sum(counted[:-1]) == counted[-1] == snapshot_of(run).figures["evidence"]["items"]
    assert "Only some may read this" not in json.dumps(snapshot_of(run).figures)


def test_on_paper_long_tables_are_cut_with_their_count_and_attached_whole(period, controls, manager):
    data = snapshot_of(take_run(period, actor=manager))
    many = replace(data, controls=[replace(data.controls[-1], code=f"X-{n}", title="=1+1") for n in range(SHOWN)] + data.controls)
    assert registers_of(data) == {}
    ((name, content),) = registers_of(many).values()
    lines = content.decode().splitlines()
    assert len(lines) == SHOWN + len(data.controls) + 1
    assert lines[1].startswith("X-0,'=1+1,")
    html = gap_html(many, "0" * 64)
    assert f"100 of 103 shown, those that are not in place first; all are in the attached file {name}." in html
    assert html.count('<th scope="row">X-') == SHOWN - 2
