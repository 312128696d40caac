"""What somebody hostile, hasty or late sends about incidents: refused with a reason, or done once; never an error of ours."""

import datetime as dt
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.actions import revoke_token
from audit.hiding import events_seen_by
from audit.models import AuditEvent
from grc.urls_api import router
from incidents.confidence import hanging
from incidents.lifecycle import actions
from incidents.models import EscalationPolicy, Incident, IncidentEntry, IncomingAlert
from incidents.reporting.actions import open_incident
from incidents.timeline.actions import write, write_with_files
from incidents.timeline.page import lines_of
from tenancy.scope import now, tenant
from tests.api.conftest import Program, make_token
from tests.changes.making import a_system
from tests.incidents.making import a_secret, an_incident, resolved
from tests.incidents.timeline.test_timeline import a_picture
from ui.refusals import ActionRefused
from workflow.seen import STALE

LONE, NUL, TURNED = "\ud800", "a\x00b", "\u202egnp.exe"
SENT = {"title": "Disk full", "severity": "critical", "fingerprint": "one"}


def alert(program: Program, data: Any) -> Any:
    return program.post("incoming-alerts", data)


@pytest.mark.parametrize(
    "odd",
    [
        {"status": []}, {"status": {}}, {"status": None}, {"severity": {}}, {"kind": []}, {"labels": [1]}, {"labels": {"a": {}}},
        {"started_at": "9999-12-31T23:59:59-12:00"}, {"started_at": "0001-01-01T00:00:00+12:00"}, {"started_at": {}},
        {LONE: "x"}, {"description": LONE + NUL}, {"fingerprint": LONE}, {"source": TURNED}, {"title": 1e308},
        {"title": "x" * 10**6},
    ],
)  # fmt: skip
def test_an_odd_alert_is_taken_or_refused_at_its_place(cast, odd):
    program = Program(make_token(cast.manager)[1])
    assert alert(program, {**SENT, **odd}).status_code in {200, 422}
    assert alert(program, {"receiver": "p", "alerts": [{"labels": {"alertname": "x"}, **odd}]}).status_code in {200, 422}


def test_a_body_too_large_or_too_deep_is_refused(cast):
    program = Program(make_token(cast.manager)[1])
    for body, status in (('{"a":' + "[" * 50_000 + "]" * 50_000 + "}", 400), ('{"title": "' + "x" * (6 << 20) + '"}', 413)):
        answer = program.client.post("/api/incoming-alerts", body, content_type="application/json", headers=program.headers)
        assert answer.status_code == status


def test_alerts_are_taken_from_a_token_that_holds_only_and_no_oftener_than_it_may(cast, acme, globex, settings):
    token, text = make_token(cast.manager, "incidents.report")
    program = Program(text)
    other = Program(make_token(cast.of("globex", "manager"), "incidents.report")[1])
    assert [alert(one, SENT).json()["results"][0]["outcome"] for one in (program, other)] == ["reported", "reported"]
    for organization in (acme, globex):
        with tenant(organization):
            assert IncomingAlert.objects.get().times_seen == Incident.objects.count() == 1
    assert alert(Program(make_token(cast.manager, "incidents.read")[1]), SENT).status_code == 403
    assert alert(Program(f"{text[:-1]}{'a' if text[-1] != 'a' else 'b'}"), SENT).status_code == 401
    settings.PLUMBLINE_API_RATE = 3
    assert [alert(program, SENT).status_code for _ in range(3)] == [200, 200, 429]
    with tenant(acme):
        revoke_token(token, actor=cast.manager)
    assert alert(program, SENT).status_code == 401


def test_an_alert_joins_what_goes_on_about_it_and_a_second_one_is_not_opened_again(cast, acme):
    program = Program(make_token(cast.manager)[1])
    assert alert(program, SENT).status_code == 200
    with tenant(acme):
        first = Incident.objects.get()
        actions.resolve(first, actor=cast.manager, resolution="Made room.")
    alert(program, {**SENT, "status": "resolved"})
    assert alert(program, {**SENT, "severity": "low"}).status_code == 200
    with tenant(acme):
        actions.reopen(first, actor=cast.manager, reason="Full again.")
    assert alert(program, SENT).status_code == 200  # graver than what was sent last
    with tenant(acme):
        assert Incident.objects.get().events.count() == 2
        actions.resolve(first, actor=cast.manager, resolution="Made room.")
    alert(program, {**SENT, "status": "resolved"})
    alert(program, SENT)
    with tenant(acme):
        second = Incident.objects.exclude(pk=first.pk).get()
        with pytest.raises(ActionRefused, match=f"{second} is about the same and goes on"):
            actions.reopen(first, actor=cast.manager, reason="It was the same.")


def test_nobody_acts_on_what_they_do_not_see_or_what_is_another_organizations(cast, acme, globex):
    """Every operation on one incident and on what hangs on it, by the API, whose forms and actions are those of the screens."""
    with tenant(acme):
        secret = a_secret(cast.administrator, severity="high")
        write(secret, kind="action", text="Looked", actor=cast.administrator)
        ways: list[tuple[Any, str]] = [(Incident, "pk"), *hanging()]
        keys = {model: model.objects.filter(**{way: secret.pk}).first() for model, way in ways}
        there = [row.pk for row in keys.values() if row is not None]
        before = AuditEvent.objects.filter(object_id__in=there).count()
    programs = [Program(make_token(one)[1]) for one in (cast.manager, cast.auditor, cast.of("globex", "administrator"))]
    asked = 0
    registered: Any = router.registry
    for prefix, resource, _ in registered:
        row: Any = keys.get(getattr(getattr(resource.output, "Meta", None), "model", None))
        for name, operation in resource.operations.items() if row else ():
            if not operation.detail:
                continue
            below = "" if name in {"retrieve", "partial_update"} else f"/{name.strip('_').replace('_', '-')}"
            path = f"{prefix}/{row.pk}{below}"
            for program in programs:
                asked += 1
                ask = getattr(program, operation.method)
                answer = ask(path) if operation.method == "get" else ask(path, {}, If_Match="*")
                assert answer.status_code in {403, 404}, path
    assert asked > 60
    with tenant(acme):
        assert AuditEvent.objects.filter(object_id__in=there).count() == before


def test_what_is_sent_twice_is_done_once_and_says_so(client_of, cast, acme):
    with tenant(acme):
        incident, over = an_incident(cast.manager), resolved(cast.manager)
    client = client_of(cast.manager)
    for one, verb in ((incident, "acknowledge"), (over, "close")):
        answers = [client.post(f"/o/acme/incidents/{one.pk}/{verb}/") for _ in range(2)]
        assert answers[0].status_code in {302, 303}
        assert answers[1].status_code in {302, 303, 409, 422}
        with tenant(acme):
            assert AuditEvent.objects.filter(object_id=one.pk, verb=f"incident.{verb}").count() == 1


def page_of(client: Client, path: str) -> dict[str, Any]:
    """What the form of a page would send as it stands."""
    form = client.get(path).context["form"]
    return {field.html_name: value for field in form if (value := field.value()) not in (None, "")}


def test_a_page_that_others_have_overtaken_overwrites_nothing(client_of, cast, acme):
    with tenant(acme):
        incident = an_incident(cast.administrator, confidential=True, title="An insider")
        for member in (cast.manager, cast.reviewer):
            actions.add_to_team(incident, member=member, actor=cast.administrator)
    client, path = client_of(cast.administrator), f"/o/acme/incidents/{incident.pk}"
    people, words = page_of(client, f"{path}/people/"), page_of(client, f"{path}/edit/")
    with tenant(acme):
        actions.take_from_team(incident, member=cast.reviewer, actor=cast.manager)
        Incident.objects.filter(pk=incident.pk).update(root_cause="A shared password")
    late = client.post(f"{path}/people/", {**people, "commander": str(cast.manager.pk)})
    assert (late.status_code, STALE in late.content.decode()) == (422, True)
    late = client.post(f"{path}/edit/", {**words, "title": "Another title"})
    assert (late.status_code, STALE in late.content.decode()) == (422, True)
    with tenant(acme):
        incident.refresh_from_db()
        assert (incident.title, incident.root_cause, incident.commander) == ("An insider", "A shared password", None)
        assert not incident.team.filter(member=cast.reviewer).exists()
    again = page_of(client, f"{path}/people/")
    assert client.post(f"{path}/people/", {**again, "commander": str(cast.manager.pk)}).status_code == 303


def test_hostile_words_are_refused_or_shown_as_words(client_of, cast, acme):
    with tenant(acme):
        incident = an_incident(cast.manager, assigned_to=cast.manager)
    client, path = client_of(cast.manager), f"/o/acme/incidents/{incident.pk}/timeline/write/"
    for refused in (NUL, "x" * 100_000):
        assert client.post(path, {"text": refused, "kind": "action"}).status_code == 422
    script = "<script>alert(1)</script> [x](javascript:alert(2)) =1+1 " + TURNED
    assert client.post(path, {"text": script, "kind": "action"}).status_code == 303
    page = client.get(f"/o/acme/incidents/{incident.pk}/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert 'href="javascript:' not in page
    assert client.post("/o/acme/incidents/report/", {"title": "=HYPERLINK(1)"}).status_code == 303
    told: Any = client.get("/o/acme/incidents/events/?export=csv")
    assert b"'=HYPERLINK(1)" in (b"".join(told.streaming_content) if told.streaming else told.content)


def test_a_picture_that_is_none_is_a_file_and_one_too_large_is_refused(client_of, cast, acme, settings):
    with tenant(acme):
        incident = an_incident(cast.manager, assigned_to=cast.manager)
    client, path = client_of(cast.manager), f"/o/acme/incidents/{incident.pk}/timeline/write/"
    fake = SimpleUploadedFile("../../x\u202egnp.png", b"<html><script>alert(1)</script>", "image/png")
    assert client.post(path, {"kind": "action", "files": fake}).status_code == 303
    with tenant(acme):
        line = IncidentEntry.objects.get(file__isnull=False)
        assert not next(one for one in lines_of(incident) if one.entry.pk == line.pk).is_picture
    assert client.get(f"/o/acme/incidents/lines/{line.pk}/picture/").status_code == 404
    taken: Any = client.get(f"/o/acme/incidents/lines/{line.pk}/file/")
    assert b"".join(taken.streaming_content).startswith(b"<html>")
    assert taken["Content-Disposition"].startswith("attachment")
    assert (taken["X-Content-Type-Options"], ".." in taken["Content-Disposition"]) == ("nosniff", False)
    settings.PLUMBLINE_UPLOAD_LIMIT = 1 << 20
    large = client.post(path, {"kind": "action", "files": SimpleUploadedFile("large.png", b"x" * ((1 << 20) + 1))})
    assert (large.status_code, b"larger than 1 MB" in large.content) == (422, True)


def test_who_took_a_file_of_a_confidential_one_is_known_to_those_who_see_it(client_of, cast, acme):
    with tenant(acme):
        secret = a_secret(cast.administrator)
        (line,) = write_with_files(secret, kind="action", text="His desk", files=[a_picture()], actor=cast.administrator)
    answer: Any = client_of(cast.administrator).get(f"/o/acme/incidents/lines/{line.pk}/file/")
    assert len(b"".join(answer.streaming_content)) == line.file.size
    with tenant(acme):
        taken = AuditEvent.objects.get(verb="file.download")
        assert taken in events_seen_by(cast.administrator)
        assert taken not in events_seen_by(cast.auditor)
        corrected = write(secret, kind="evidence", text="Her desk", corrects=line, reason="Miscounted", actor=cast.administrator)
        assert corrected.file == line.file  # its picture goes on being shown


def test_a_time_before_it_was_noticed_is_no_time_of_acknowledging(cast, acme):
    with tenant(acme):
        incident = open_incident(actor=cast.manager, title="Slow", severity="medium", detected_at=now() - dt.timedelta(hours=1))
        actions.contain(incident, actor=cast.manager, at=now() - dt.timedelta(hours=2))  # it was over before it was noticed
        assert incident.acknowledged_at == incident.detected_at
        for what, at in (("acknowledged", now() - dt.timedelta(hours=2)), ("detected", now())):
            with pytest.raises(ActionRefused, match=r"Not (before|after) it was") as refused:
                actions.correct_time(incident, what, at, "To look better.", cast.manager)
            assert refused.value.field == "at"


def test_a_day_that_no_zone_can_show_is_refused(client_of, cast, acme):
    given = {
        "name": "Far", "members": [cast.reviewer.pk], "every": 1, "unit": "week", "starts_on": "9999-12-31",
        "hands_over_at": "23:59", "zone": "America/Los_Angeles", "fallback": cast.manager.pk,
    }  # fmt: skip
    answer = client_of(cast.manager).post("/o/acme/incidents/on-call/new/", given)
    assert (answer.status_code, b"Give a year from 1990 to 2199" in answer.content) == (422, True)
    with tenant(acme):
        assert an_incident(cast.manager, severity="critical").assigned_to is not None


def test_json_of_numbers_without_end_is_no_error(cast):
    program = Program(make_token(cast.manager)[1])
    for body in ('{"title": %s}' % ("9" * 5_000), '{"title": NaN}', json.dumps({"title": "x", "labels": {"a": 1e999}})):
        answer = program.client.post("/api/incoming-alerts", body, content_type="application/json", headers=program.headers)
        assert answer.status_code in {200, 400, 422}


@pytest.mark.parametrize(
    "days", ["since=0001-01-01", "until=9999-12-31", "since=0001-01-01&until=9999-12-31", "since=%00&until=x"]
)
def test_a_span_that_no_calendar_holds_is_the_usual_one(client_of, cast, days):
    assert client_of(cast.manager).get(f"/o/acme/incidents/measures/?{days}").status_code == 200


def test_what_is_another_organizations_is_no_choice_in_any_field(client_of, cast, acme, globex):
    with tenant(globex):
        other = cast.of("globex", "manager")
        theirs, system = an_incident(other), a_system(other)
    with tenant(acme):
        incident = an_incident(cast.manager, assigned_to=cast.manager)
    client, path, today = client_of(cast.manager), f"/o/acme/incidents/{incident.pk}", acme.today()
    policy = {"name": "Nights", "severities": ["high"], "repeats": 0}
    assert client.post("/o/acme/incidents/escalation/new/", policy).status_code == 303
    with tenant(acme):
        steps = f"{EscalationPolicy.objects.get().get_absolute_url()}steps/new/"
    for address, given in (
        (f"{path}/people/", {"assigned_to": other.pk}), (f"{path}/people/", {"team": [other.pk]}),
        (f"{path}/edit/", {"title": "x", "kind": "security", "systems": [system.pk]}),
        (f"{path}/tasks/add/", {"title": "x", "kind": "task", "owner": other.pk, "due_on": today}),
        (f"{path}/dismiss/", {"duplicate_of": theirs.pk}),
        (f"{path}/finding/", {"title": "x", "severity": "high", "owner": other.pk}),
        (f"{path}/links/add/", {"kind": "incident", "number": "INC-9999-0001"}),
        ("/o/acme/incidents/report/", {"title": "x", "system": system.pk}),
        (steps, {"targets": [f"member:{other.pk}"], "minutes": 5}), ("/o/acme/incidents/settings/", {"team": [other.pk]}),
    ):  # fmt: skip
        assert client.post(address, given).status_code == 422, address
    with tenant(acme):
        assert not incident.tasks.exists()
        assert not incident.team.exists()
