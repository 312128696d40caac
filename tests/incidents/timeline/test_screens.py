"""The timeline, tasks, links, clocks and reviews in the browser's own words: pages, parts, files, and programs beside them."""

import datetime as dt
import pathlib
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent
from incidents.clocks.holidays import add_holiday
from incidents.lifecycle import actions as lifecycle
from incidents.models import Incident, IncidentEntry, IncidentTask, NotificationClock, NotificationRule
from incidents.reporting.actions import open_incident
from incidents.timeline.actions import write, write_with_files
from tenancy.scope import now, tenant
from tests.api.conftest import Program, make_token
from tests.cast import signed_in
from tests.incidents.test_screens import counts
from tests.incidents.timeline.test_timeline import a_picture

pytestmark = pytest.mark.usefixtures("in_acme")
PART: Any = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "timeline"}


@pytest.fixture
def incident(in_acme, manager) -> Incident:
    return open_incident(actor=manager, title="Mailbox taken over", kind="security", severity="high", assigned_to=manager)


@pytest.fixture
def client(manager) -> Client:
    return signed_in(manager)


def at(incident: Incident, rest: str = "") -> str:
    return f"/o/acme/incidents/{incident.pk}/{rest}"


def test_a_line_is_written_in_the_page_and_the_part_comes_back(incident, client):
    answer = client.post(at(incident, "timeline/write/"), {"text": "Locked the account", "kind": "action"}, **PART)
    assert answer.status_code == 200
    assert b"<!doctype" not in answer.content
    assert b"Locked the account" in answer.content
    assert b'id="line_text"' in answer.content  # the line is empty again
    refused = client.post(at(incident, "timeline/write/"), {"text": " ", "kind": "action"}, **PART)
    assert (refused.status_code, b"Write what happened." in refused.content) == (422, True)
    plain = client.post(at(incident, "timeline/write/"), {"text": "Without a script", "kind": "decision"})
    assert (plain.status_code, plain["Location"]) == (303, at(incident, "#timeline"))


def queries_of(client: Client, path: str, **headers: Any) -> tuple[int, str]:
    """How many queries a page takes, and the page."""
    client.get(path, **headers)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(path, **headers).content.decode()
    return len([one for one in queries if counts(one["sql"])]), page


def test_the_page_of_an_incident_has_all_its_parts_in_so_many_queries(incident, client):
    number, page = queries_of(client, at(incident))
    assert number <= 45
    for part in ("Timeline", "Tasks and preventive measures", "Notification clocks", "Confirm with counsel", "Review", "Links"):
        assert part in page
    part = client.get(at(incident, "timeline/?kind=detection"), **PART).content.decode()
    assert "Detected by" in part
    assert "Opened as high" not in part
    whole = client.get(at(incident, "timeline/")).content.decode()
    assert "<!doctype" in whole.lower()


def test_more_lines_cost_no_more_queries(incident, client, manager):
    for number in range(12):
        line = write(incident, kind="action", text=f"Line {number}", actor=manager)
        write(incident, kind="action", text=f"Line {number}, put right", actor=manager, corrects=line, reason="Miscounted")
    number, part = queries_of(client, at(incident, "timeline/"), **PART)
    assert number <= 10
    assert part.count("put right") == part.count("Said before") == 12


def test_a_file_and_its_picture_are_for_those_who_see_the_incident(manager, approver, client):
    secret = open_incident(actor=manager, title="An insider", confidential=True)
    (line,) = write_with_files(secret, kind="action", text="The screen", files=[a_picture()], actor=manager)
    paths = [f"/o/acme/incidents/lines/{line.pk}/{what}/" for what in ("file", "picture")]
    file: Any = client.get(paths[0])
    assert b"".join(file.streaming_content).startswith(b"\x89PNG")
    assert AuditEvent.objects.filter(verb="file.download").exists()
    picture = client.get(paths[1])
    assert (picture["Content-Type"], "sandbox" in picture["Content-Security-Policy"]) == ("image/png", True)
    other = signed_in(approver)
    assert [other.get(path).status_code for path in paths] == [404, 404]
    assert other.get(f"/o/acme/evidence/files/{line.file_id}/").status_code == 404
    assert client.get(f"/o/acme/evidence/files/{line.file_id}/").status_code == 404


def test_a_correction_is_made_on_its_form(incident, client, manager):
    line = write(incident, kind="action", text="Told 40", at=now() - dt.timedelta(hours=2), actor=manager)
    form = client.get(f"/o/acme/incidents/lines/{line.pk}/correct/")
    assert b"Told 40" in form.content
    local = line.at.astimezone(incident.tenant.tzinfo).strftime("%Y-%m-%dT%H:%M")
    same = client.post(
        f"/o/acme/incidents/lines/{line.pk}/correct/", {"text": "Told 40", "kind": "action", "at": local, "reason": "x"}
    )
    assert (same.status_code, b"what it says already" in same.content) == (422, True)
    given = {"text": "Told 14", "kind": "action", "at": local}
    refused = client.post(f"/o/acme/incidents/lines/{line.pk}/correct/", given)
    assert (refused.status_code, b"This field is required" in refused.content) == (422, True)
    client.post(f"/o/acme/incidents/lines/{line.pk}/correct/", {**given, "reason": "Counted anew."})
    assert "corrected: “Counted anew.”" in client.get(at(incident)).content.decode()
    correction = IncidentEntry.objects.get(corrects=line)
    assert (correction.text, correction.at) == ("Told 14", line.at)


def test_the_page_shows_the_latest_lines_and_leads_to_all_of_them_and_to_its_parts(incident, client, manager, acme):
    for number in range(20):
        write(incident, kind="action", text=f"Line {number}.", actor=manager)
    page, whole = client.get(at(incident)).content.decode(), client.get(at(incident, "timeline/")).content.decode()
    assert page.count('id="line-') == 15
    assert "Line 0." in whole
    assert "The latest 15 of" in page
    for anchor in ("timeline", "tasks", "review", "clocks", "activity"):
        assert f'href="#{anchor}"' in page
        assert f'id="{anchor}"' in page
    people = client.get(at(incident, "timeline/?kind=told")).content.decode()
    assert "Opened as high" not in people
    assert "Detected by" in people
    # As a phone shows it: what has to be done in time comes before what was written.
    assert page.index('id="clocks"') < page.index('id="review"') < page.index('id="timeline"') < page.index('id="tasks"')
    with tenant(acme):
        lifecycle.resolve(incident, actor=manager, resolution="Locked.")
    page = client.get(at(incident)).content.decode()
    assert page.index('id="review"') < page.index('id="clocks"') < page.index('id="tasks"') < page.index('id="timeline"')


def test_the_key_that_leads_to_the_line_is_named_only_while_it_leads_there(incident, client):
    page, style = client.get(at(incident)).content.decode(), finders.find("incidents/timeline.css")
    assert 'class="while-away"' in page
    assert ".line-form:focus-within .while-away" in pathlib.Path(str(style)).read_text(encoding="utf-8")


def test_a_clock_that_is_decided_offers_the_notice_and_another_decision(incident, client, manager):
    clock = NotificationClock.objects.filter(incident=incident).earliest("pk")
    decide = f"/o/acme/incidents/notices/{clock.pk}/decide/"
    assert client.post(decide, {"notify": "yes"}).status_code == 303
    assert "Change the decision" in client.get(at(incident)).content.decode()
    form = client.get(decide)
    assert "Change the decision: " in form.content.decode()
    assert form.context["form"].initial["notify"] == "yes"
    assert ">optional<" not in form.content.decode()
    client.post(f"/o/acme/incidents/notices/{clock.pk}/notified/", {"whom": "The authority"})
    assert client.get(decide).status_code == 409


def test_tasks_clocks_links_and_reviews_go_by_their_forms(incident, client, manager, acme):
    client.post(at(incident, "tasks/add/"), {"title": "Look", "kind": "task", "owner": manager.pk, "due_on": acme.today()})
    task = IncidentTask.objects.get()
    assert client.post(f"/o/acme/incidents/tasks/{task.pk}/finish/", {"outcome": "Seen"}).status_code == 303
    clock = NotificationClock.objects.filter(incident=incident).earliest("pk")
    refused = client.post(f"/o/acme/incidents/notices/{clock.pk}/decide/", {"notify": "no", "reason": ""})
    assert (refused.status_code, b"an auditor will ask" in refused.content) == (422, True)
    proof = SimpleUploadedFile("receipt.txt", b"Received")
    client.post(f"/o/acme/incidents/notices/{clock.pk}/notified/", {"whom": "The authority", "files": proof})
    assert NotificationClock.objects.get(pk=clock.pk).evidence is not None
    client.post(at(incident, "review/"))
    review = incident.reviews.get()
    page = client.get(f"/o/acme/incidents/reviews/{review.pk}/").content.decode()
    assert "Before it can be submitted" in page
    client.post(f"/o/acme/incidents/reviews/{review.pk}/write/", {"summary": "A phish", "control_failed": "no"})
    assert incident.reviews.get().summary == "A phish"


def test_rules_and_holidays_are_kept_on_their_pages(incident, client, acme):
    rules = client.get("/o/acme/incidents/clocks/").content.decode()
    assert "not legal advice" in rules
    assert "DORA, initial notification" in rules
    dora = NotificationRule.objects.get(key="dora")
    assert (
        "4 hours from classification as major, at most 24 hours from awareness"
        in client.get(f"/o/acme/incidents/clocks/{dora.pk}/").content.decode()
    )
    client.post(f"/o/acme/incidents/clocks/{dora.pk}/on/")
    assert NotificationRule.objects.get(pk=dora.pk).status == "on"
    time = {"trigger": "notice", "amount": 2, "unit": "hours"}
    own = {"name": "Bank", "recipient": "The bank", "kinds": ["security"], "data": "any", **time}
    refused = client.post("/o/acme/incidents/clocks/new/", own)
    assert (refused.status_code, b"Choose the notice" in refused.content) == (422, True)
    assert client.post("/o/acme/incidents/clocks/new/", {**own, "trigger": "awareness"}).status_code == 303
    assert client.post("/o/acme/incidents/holidays/new/", {"day": "2026-12-24", "name": "Closed"}).status_code == 303
    assert b"Closed" in client.get("/o/acme/incidents/holidays/").content


def test_a_program_writes_gives_tasks_and_decides(incident, manager, acme):
    api = Program(make_token(manager)[1])
    home = f"incidents/{incident.pk}"
    wrote = api.post(f"{home}/write", {"text": "Seen by the bot", "kind": "detection"}, if_match="*")
    assert wrote.status_code == 200, wrote.content
    lines = api.get(f"{home}/timeline").json()["results"]
    assert "Seen by the bot" in {one["text"] for one in lines}
    clocks = api.get(f"{home}/clocks").json()["results"]
    decided = api.post(f"notification-clocks/{clocks[0]['id']}/decide", {"notify": "no", "reason": "No risk"}, if_match="*")
    assert decided.json()["status"] == "not_notifying", decided.content
    told = api.get("incidents/measures").json()
    assert (told["whole"]["incidents"], told["whole"]["measures"][3]["median"]) == (1, None)
    assert api.get("holidays").json()["results"] == []
    add_holiday(actor=manager, day=acme.today(), name="Closed")
    assert [one["name"] for one in api.get("holidays").json()["results"]] == ["Closed"]
