"""No word of a confidential incident reaches those who are not of its team, by any address."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Model, Q
from django.test import Client

from accounts.actions import create_token
from audit.models import AuditEvent
from controls.catalogue.actions import create_control
from controls.events.alerts import evaluate
from controls.events.population import occurred
from controls.events.rules import create_rule
from controls.models import Alert as ControlAlert
from controls.models import ControlEvent, Occurrence
from evidence.models import Evidence
from grc.urls_api import router
from incidents.alerts.reading import Alert
from incidents.alerts.receiving import receive
from incidents.clocks.deciding import set_impact, set_moment
from incidents.confidence import hanging
from incidents.lifecycle import actions, editing
from incidents.links.actions import add_link
from incidents.models import Incident, SecurityEvent, SecurityTeamMember
from incidents.reporting.actions import evaluate_again, open_incident, report_event
from incidents.reviewing.actions import begin_review, write_review
from incidents.rights import events_visible_to, may_see, visible_to
from incidents.timeline.actions import write
from incidents.todo.actions import add_task
from tenancy.scope import now, tenant
from tests.api.conftest import Program, make_token
from tests.cast import signed_in
from tests.incidents.making import SECRET, a_secret, an_incident
from tests.journeys.walk import model_of
from tests.routes import routes
from ui.refusals import ActionRefused
from workflow.inbox import inbox_of
from workflow.models import OutboxMessage

NEAR = ("incidents:", "audit:", "home:", "monitoring:", "workflow:")
ADDRESSES = routes("grc.urls_organization")


@pytest.fixture
def secret(acme, administrator, employee, reviewer) -> Incident:
    """Out of a confidential report of the employee, with the reviewer in its team, and all that can hang on one."""
    with tenant(acme):
        said = f"{SECRET} in the log"
        event = report_event(actor=employee, source="person", title=f"{SECRET} seen", description=said, confidential=True)
        incident = open_incident(actor=administrator, title=f"{SECRET} title", severity="high", event=event)
        editing.edit_incident(incident, actor=administrator, description=f"{SECRET} story", data_affected=f"{SECRET} data")
        actions.add_to_team(incident, member=reviewer, actor=administrator)
        actions.contain(incident, actor=administrator, note=f"{SECRET} locked")
        actions.resolve(incident, actor=administrator, resolution=f"{SECRET} patched", root_cause=f"{SECRET} cause")
        actions.correct_time(incident, "detected", now() - dt.timedelta(days=1), f"{SECRET} log", administrator)
        actions.reopen(incident, actor=administrator, reason=f"{SECRET} again")
        write(incident, kind="action", text=f"{SECRET} looked at", actor=administrator)
        add_task(incident, actor=administrator, title=f"{SECRET} task", owner=reviewer, due_on=acme.today())
        write_review(begin_review(incident, actor=administrator), actor=administrator, summary=f"{SECRET} summary")
        set_impact(incident, customer="yes", personal="yes", health="no", reason=f"{SECRET} file", actor=administrator)
        set_moment(incident, what="awareness", at=now(), reason=f"{SECRET} call", actor=administrator)
        return incident


@pytest.fixture
def later(acme, administrator) -> Incident:
    """Opened by an alert for all to see, told through a channel, and made confidential then."""
    with tenant(acme):
        receive(Alert(f"{SECRET} disk", "Grafana", "f" * 64, "critical", "critical"), actor=administrator)
        incident = Incident.objects.get(title=f"{SECRET} disk")
        write(incident, kind="action", text=f"{SECRET} rebooted", actor=administrator)
        editing.confide(incident, actor=administrator, reason=f"{SECRET} person")
        return incident


def about(incident: Incident) -> list[tuple[str, str]]:
    """Every address of what belongs to the incident, and every event about it."""
    keys: dict[type[Model], list[UUID]] = {
        Incident: [incident.pk],
        AuditEvent: [event.pk for event in AuditEvent.objects.filter(body__contains=SECRET)],
    }
    for model, path in hanging():
        keys[model] = list(model._default_manager.filter(**{path: incident.pk}).values_list("pk", flat=True)[:2])
    found: list[tuple[str, str]] = []
    for route in ADDRESSES:
        if "pk" in route.converters and route.name.startswith(("incidents:", "audit:")):
            found += [(route.name, route.path("/o/acme/", pk=key)) for key in keys.get(model_of(route), ())]
    return found


def leaks(client: Client, path: str) -> bool:
    """Whether a page, a fragment or a file of it holds the word."""
    answer: Any = client.get(path)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return SECRET.encode() in body


def test_no_address_tells_a_compliance_manager_who_is_not_of_its_team(client_of, cast, secret, acme):
    client = client_of(cast.manager)
    paths = [route.path("/o/acme/") for route in ADDRESSES if "pk" not in route.converters]
    lists = ["incidents/", "incidents/events/", "audit/"]
    paths += [f"/o/acme/{one}?{more}" for one in lists for more in ("q=title", "fragment=counts", "export=csv", "order=title")]
    with tenant(acme):
        public = an_incident(cast.manager, title="All may see it")
        add_link(public, actor=cast.administrator, kind="incident", number=secret.reference, note="The same.")
        own = [*about(secret), ("linked", f"/o/acme/incidents/{public.pk}/"), ("its trail", f"/o/acme/audit/?object={public.pk}")]
        subjects = [one.subject + one.text for one in OutboxMessage.objects.exclude(to="administrator@acme.example")]
    assert [path for path in paths if leaks(client, path)] == []
    assert [(name, path) for name, path in own if leaks(client, path)] == []
    assert len(own) > 20
    assert all(leaks(client_of(cast.administrator), path) for path in ("/o/acme/incidents/", "/o/acme/audit/"))
    assert all(SECRET not in subject for subject in subjects)


def test_what_is_made_confidential_later_is_nowhere_either(client_of, cast, later, acme):
    client = client_of(cast.manager)
    with tenant(acme):
        own = about(later)
    paths = [route.path("/o/acme/") for route in ADDRESSES if route.name.startswith(NEAR) and "pk" not in route.converters]
    assert [path for path in paths if leaks(client, path)] == []
    assert [(name, path) for name, path in own if leaks(client, path)] == []


@pytest.fixture
def closed(acme, administrator, monkeypatch) -> Incident:
    """Closed for all to see, with a control that runs on each incident and an alert by its title; confidential afterwards."""
    with tenant(acme):
        facts: dict[str, Any] = {"title": "Incidents are handled", "cadence": "per_event", "population": "incidents"}
        create_control(actor=administrator, code="INC-002", in_scope_since=acme.today(), criteria={"CC7.4": ""}, **facts)
        create_rule(
            actor=administrator,
            name="Grave",
            watches="critical_incident",
            threshold=1,
            minutes=60,
            by="subject",
            recipients=[administrator.pk],
        )
        monkeypatch.setattr("incidents.reviewing.actions.is_approved", lambda _incident: True)
        incident = an_incident(administrator, title=f"{SECRET} disk", severity="critical")
        ended: dict[str, Any] = {"resolution": f"{SECRET} replaced", "root_cause": f"{SECRET} heat"}
        actions.resolve(incident, actor=administrator, **ended)
        add_task(incident, actor=administrator, title="Cool it", owner=administrator, due_on=acme.today(), kind="preventive")
        actions.close(incident, actor=administrator, reason="No notice is due.")
        evaluate(Q(), actor=administrator)
        editing.confide(incident, actor=administrator, reason=f"{SECRET} person")
        return incident


def left_by(incident: Incident) -> list[str]:
    """Every address of what a closed one left: its event with its alert, its record, and the occurrence it stands for."""
    event, alert, item = ControlEvent.objects.get(), ControlAlert.objects.get(), Evidence.objects.get()
    row = Occurrence.objects.get(subject_id=incident.pk)
    paths = [f"controls/events/?{more}" for more in ("q=disk", "export=csv", "fragment=counts")]
    paths += [
        "controls/events/",
        f"controls/events/{event.pk}/",
        "controls/events/alerts/",
        f"controls/events/alerts/{alert.pk}/",
    ]
    paths += [f"evidence/{item.pk}/", f"evidence/files/{item.file_id}/", f"controls/occurrences/{row.pk}/files/{item.pk}/"]
    return [f"/o/acme/{path}" for path in paths]


@pytest.mark.parametrize("role", ["manager", "auditor", "viewer"])
def test_what_a_closed_one_left_is_hidden_with_it(client_of, cast, closed, acme, role):
    member = getattr(cast, role)
    client, program = client_of(member), Program(make_token(member)[1])
    with tenant(acme):
        event, alert, item = ControlEvent.objects.get(), ControlAlert.objects.get(), Evidence.objects.get()
        paths, control = left_by(closed), event.control_id
        events = [(one.verb, one.pk) for one in AuditEvent.objects.filter(object_id__in=[event.pk, alert.pk, item.pk])]
    assert [path for path in paths if leaks(client, path)] == []
    assert {client.get(path).status_code for path in [paths[4], *paths[6:]]} == {404}
    assert item.title not in client.get(f"/o/acme/controls/{control}/").content.decode()
    assert {verb for verb, _ in events} >= {"alert.raise", "evidence.add"}
    if member.can("audit.read"):
        assert {client.get(f"/o/acme/audit/{key}/").status_code for _, key in events} == {404}
    assert program.get("control-events").json()["results"] == program.get("alerts").json()["results"] == []
    assert program.get(f"control-events/{event.pk}").status_code == 404
    assert item.reference not in program.get(f"controls/{control}/evidence").content.decode()
    assert sum(one["events"] for one in program.get("control-events/totals").json()["kinds"]) == 0


def test_what_a_closed_one_left_is_shown_to_those_who_see_it(client_of, cast, closed, acme):
    client = client_of(cast.administrator)
    with tenant(acme):
        paths = left_by(closed)
    assert [path for path in paths[:1] + paths[3:7] + paths[-2:] if not leaks(client, path)] == []


def test_a_mail_about_its_alert_that_has_not_left_says_no_more_what_it_was(closed, acme):
    with tenant(acme):
        mails = OutboxMessage.objects.filter(key__startswith=f"alert:{ControlAlert.objects.get().pk}:")
        assert [mail.subject for mail in mails] == ["A confidential incident"]


def test_the_population_of_control_events_has_its_row_without_a_word(closed, acme):
    with tenant(acme):
        rows = list(occurred(acme.today(), acme.today()).rows)
    assert [row[4] for row in rows] == ["Confidential"]
    assert SECRET not in str(rows)


def test_no_operation_tells_a_compliance_manager_who_is_not_of_its_team(manager, secret, acme):
    with tenant(acme):
        scopes, until = list(manager.permissions), acme.today() + dt.timedelta(days=1)
        _, text = create_token(manager, name="all", scopes=scopes, expires_on=until, actor=manager)
        keys = [secret.pk, *SecurityEvent.objects.values_list("pk", flat=True)]
    client = Client(headers={"authorization": f"Bearer {text}"})
    paths = [f"/api/{prefix}?page_size=200" for prefix, _, _ in router.registry]
    paths += [f"/api/{prefix}/{key}" for prefix in ("incidents", "security-events") for key in keys]
    assert [path for path in paths if leaks(client, path)] == []


def test_who_sees_it(secret, cast, acme):
    people = manager, administrator, reviewer, employee, auditor = (
        cast.manager, cast.administrator, cast.reviewer, cast.employee, cast.auditor,
    )  # fmt: skip
    with tenant(acme):
        other = an_incident(manager)
        seen = {who: set(visible_to(who)) for who in people}
    both, alone = {secret, other}, {other}
    assert seen == {manager: alone, administrator: both, reviewer: both, employee: set(), auditor: alone}


def test_the_trail_shows_it_to_those_who_see_it(client_of, administrator, auditor, secret, acme):
    with tenant(acme):
        event = AuditEvent.objects.get(verb="incident.open", object_id=secret.pk)
    path = f"/o/acme/audit/{event.pk}/"
    assert SECRET in client_of(administrator).get(path).content.decode()
    assert client_of(auditor).get(path).status_code == 404
    assert client_of(auditor).get(f"/o/acme/audit/?object={secret.pk}").status_code == 200


def test_the_reporter_sees_the_state_of_the_report_and_no_more(client_of, employee, secret, acme):
    with tenant(acme):
        event = SecurityEvent.objects.get()
    page = client_of(employee).get(f"/o/acme/incidents/events/{event.pk}/").content.decode()
    assert "Somebody works on it." in page
    assert secret.reference not in page
    assert client_of(employee).get(f"/o/acme/incidents/{secret.pk}/").status_code == 404


@pytest.mark.parametrize("role", ["employee", "manager"])
def test_no_key_of_it_reaches_whoever_reported_it(client_of, cast, administrator, role, acme):
    reporter = cast.of("acme", role)
    with tenant(acme):
        event = report_event(actor=reporter, source="person", title="Mail", confidential=True)
        incident = open_incident(actor=administrator, title="Mail", severity="high", event=event)
    theirs, ours = (Program(make_token(one)[1]) for one in (reporter, administrator))
    for path in (f"security-events/{event.pk}", "security-events"):
        assert str(incident.pk) not in theirs.get(path).content.decode(), path
        assert str(incident.pk) in ours.get(path).content.decode(), path
    assert theirs.get(f"security-events/{event.pk}").json()["incident"] is None
    page = client_of(reporter).get(f"/o/acme/incidents/events/{event.pk}/").content.decode()
    assert str(incident.pk) not in page
    assert incident.reference not in page


def test_counts_hold_only_what_one_may_see(client_of, manager, administrator, secret):
    counts = "/o/acme/incidents/?fragment=counts"
    manager_counts = client_of(manager).get(counts).content.decode()
    administrator_counts = client_of(administrator).get(counts).content.decode()
    assert ">1<" not in manager_counts.replace(" ", "")
    assert ">1<" in administrator_counts.replace(" ", "").replace("\n", "")


def test_a_report_is_confidential_for_the_named_team(manager, reviewer, employee, secret, acme):
    with tenant(acme):
        report_event(actor=employee, source="person", title=f"{SECRET} too", confidential=True)
        assert not events_visible_to(manager).exists()
        SecurityTeamMember.objects.create(member=manager)
        assert events_visible_to(manager).count() == 1  # not the one of the incident whose team is another


def test_it_is_opened_to_all_with_a_reason(secret, administrator, manager, reviewer, acme):
    with tenant(acme):
        with pytest.raises(ActionRefused):
            editing.disclose(secret, actor=administrator, reason="")
        editing.disclose(secret, actor=reviewer, reason="Customers were told.")
        assert may_see(manager, secret)
        editing.confide(secret, actor=manager, reason="Not all of it.")
        assert may_see(manager, secret)  # who made it so is of its team
        with pytest.raises(ActionRefused, match="confidential already"):
            editing.confide(secret, actor=manager, reason="Again.")


def test_my_work_names_it_by_its_number(administrator, reviewer, acme):
    with tenant(acme):
        incident = a_secret(administrator, assigned_to=reviewer)
        entries = [entry.title for entry in inbox_of(reviewer)]
        assert entries == [f"The confidential {incident.reference} is to be acknowledged"]
        with pytest.raises(ActionRefused):
            evaluate_again(report_event(actor=reviewer, source="person", title="x"), actor=reviewer, reason="y")


def test_it_is_all_in_reach_for_its_team(reviewer, secret):
    page = signed_in(reviewer).get(f"/o/acme/incidents/{secret.pk}/").content.decode()
    for word in ("title", "story", "data", "patched", "cause"):
        assert f"{SECRET} {word}" in page
