"""What is noticed is reported by anyone, counted once, evaluated, and becomes an incident or does not."""

import datetime as dt
from typing import Any

import pytest

from audit.actors import Actor
from audit.actors import System as Product
from audit.models import AuditEvent
from incidents.models import Incident, IncidentTime, SecurityEvent, SecurityTeamMember
from incidents.oncall.targets import BY_RUNNING, BY_TEAM, TEAM, led_to
from incidents.reporting import actions
from incidents.reporting.forms import who_sees
from incidents.reporting.settings_views import choose_settings
from incidents.rights import events_visible_to, visible_to
from tenancy.scope import now
from tests.changes.making import a_system
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage

BEAT = Product("monitoring")
pytestmark = pytest.mark.usefixtures("in_acme")


def reported(actor: Actor, **facts: Any) -> SecurityEvent:
    return actions.report_event(actor=actor, **{"title": "Somebody else's invoice", "source": "person", **facts})


def test_a_title_is_enough_and_the_security_team_is_told(employee, administrator):
    event = reported(employee)
    assert (event.status, event.severity, event.times_seen) == ("new", "medium", 1)
    assert event.reference.startswith("SE-")
    told = OutboxMessage.objects.filter(key__startswith=f"event:{event.pk}")
    assert administrator.email in {one.to for one in told}
    assert employee.email not in {one.to for one in told}
    assert all(event.title in one.subject for one in told)


def test_the_same_is_counted_while_it_waits_and_is_as_grave_as_the_gravest(manager):
    first = reported(BEAT, source="alert", fingerprint="disk", severity="low")
    second = reported(BEAT, source="alert", fingerprint="disk", severity="high")
    assert first.pk == second.pk
    assert (second.times_seen, second.severity) == (2, "high")
    actions.rule_out(second, actor=manager, reason="A test.")
    third = reported(BEAT, source="alert", fingerprint="disk")
    assert third.pk != first.pk
    with pytest.raises(ActionRefused, match="reported again since"):
        actions.evaluate_again(second, actor=manager, reason="It was none.")


def test_what_is_in_the_future_is_refused_at_its_field(employee):
    with pytest.raises(ActionRefused) as refused:
        reported(employee, occurred_at=now() + dt.timedelta(minutes=2))
    assert refused.value.field == "occurred_at"


def test_ruling_out_needs_a_reason_and_the_reporter_reads_it(employee, manager):
    event = reported(employee)
    with pytest.raises(ActionRefused):
        actions.rule_out(event, actor=manager, reason=" ")
    with pytest.raises(ActionRefused, match="those who run incidents"):
        actions.rule_out(event, actor=employee, reason="I think not.")
    actions.rule_out(event, actor=manager, reason="A test account.")
    mail = OutboxMessage.objects.get(to=employee.email)
    assert "A test account." in mail.text
    assert [one.pk for one in events_visible_to(employee)] == [event.pk]


def test_an_incident_is_opened_out_of_a_report(employee, manager):
    event = reported(employee, severity="high")
    incident = actions.open_incident(actor=manager, title=event.title, severity="high", event=event, systems=[a_system(manager)])
    event.refresh_from_db()
    assert (event.status, event.incident_id, event.evaluated_by_id) == ("incident", incident.pk, manager.pk)
    assert incident.reported_by_id == employee.pk
    assert incident.detected_at == event.reported_at
    assert [row.what for row in incident.times.all()] == ["detected"]
    assert AuditEvent.objects.filter(verb="incident.open", object_id=incident.pk).count() == 1


def test_a_critical_one_is_with_somebody_and_looked_into_at_once(manager, reviewer):
    SecurityTeamMember.objects.create(member=reviewer)
    incident = actions.open_incident(actor=BEAT, title="Database down", severity="critical")
    incident.refresh_from_db()
    assert (incident.assigned_to_id, incident.status, incident.acknowledged_at) == (reviewer.pk, "investigating", None)
    assert incident.acknowledge_due_at is not None
    assert incident.acknowledge_due_at - incident.reported_at == dt.timedelta(minutes=15)
    by = AuditEvent.objects.get(verb="incident.investigate", object_id=incident.pk)
    assert by.actor_name == "Plumbline (incidents)"
    assert OutboxMessage.objects.filter(to=reviewer.email, subject__contains="is with you").count() == 1


def test_others_are_with_nobody_and_the_team_is_told(administrator):
    incident = actions.open_incident(actor=BEAT, title="Slow", severity="low")
    assert (incident.assigned_to_id, incident.status) == (None, "open")
    assert OutboxMessage.objects.filter(to=administrator.email, subject__contains=incident.reference).count() == 1


def test_an_outage_joins_the_one_that_goes_on_and_recovery_is_noted(manager):
    facts: dict[str, Any] = {"component": "check:1", "actor": BEAT, "title": "Check is down", "severity": "high"}
    first, new = actions.outage(**facts)
    again, newer = actions.outage(**facts)
    assert (first.pk, new, newer) == (again.pk, True, False)
    assert first.kind == "availability"
    found = actions.recovered(component="check:1", at=now(), actor=BEAT, note="It is up again.")
    assert found is not None
    assert found.status == "open"
    assert actions.recovered(component="check:2", at=now(), actor=BEAT, note="Up.") is None


def test_whoever_opens_what_they_could_not_see_is_of_its_team(employee, auditor):
    incident = actions.open_incident(actor=employee, title="A phishing mail")
    assert [one.pk for one in visible_to(employee)] == [incident.pk]
    with pytest.raises(ActionRefused):
        actions.open_incident(actor=auditor, title="A phishing mail")


def test_times_that_cannot_be_are_refused_at_their_field(manager):
    before = now() - dt.timedelta(hours=1)
    cases: list[tuple[dict[str, Any], str]] = [
        ({"detected_at": now() + dt.timedelta(hours=1)}, "detected_at"),
        ({"occurred_at": now() - dt.timedelta(minutes=1), "detected_at": before}, "occurred_at"),
    ]
    for times, field in cases:
        with pytest.raises(ActionRefused) as refused:
            actions.open_incident(actor=manager, title="Late", **times)
        assert refused.value.field == field
    assert not Incident.objects.exists()
    assert not IncidentTime.objects.exists()


def test_the_form_says_who_sees_what_is_confidential(employee, reviewer, manager):
    assert "nobody is named as the security team" in who_sees()
    assert {one.why for one in led_to([TEAM], now())} == {BY_RUNNING}
    choose_settings(actor=manager, team=[reviewer])
    assert who_sees() == f"Only the security team ({reviewer.name}) and administrators see it, besides yourself."
    assert [(one.member, one.why) for one in led_to([TEAM], now())] == [(reviewer, BY_TEAM)]
