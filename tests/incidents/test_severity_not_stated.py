"""A severity that nobody stated is told as not stated, and what holds by default as the default, wherever it is told."""

import csv

import pytest
from django.urls import reverse

from audit.models import AuditEvent
from incidents.alerts import receiving
from incidents.alerts.reading import read
from incidents.lifecycle import actions as lifecycle
from incidents.models import AlertChannel, SecurityEvent
from incidents.oncall.alarms import facts_of, mail_of
from incidents.oncall.calling import body_of
from incidents.outputs.population import noticed, reported
from incidents.reporting import actions
from incidents.reviewing.record import record_of
from tenancy.models import current_organization
from tests.api.conftest import Program, make_token
from ui.refusals import ActionRefused

WORDS = "Not stated (medium by default)"


@pytest.fixture
def event(employee, in_acme):
    return actions.report_event(actor=employee, source="person", title="A strange mail")


@pytest.fixture
def incident(manager, event):
    return actions.open_incident(actor=manager, title=event.title, event=event)


def test_what_nobody_stated_is_told_as_not_stated_with_the_default(event, incident):
    for one in (event, incident):
        assert (one.severity, one.severity_stated, one.severity_words, one.severity_badge.label) == (
            "medium",
            False,
            WORDS,
            WORDS,
        )
    today = current_organization().today()
    assert WORDS in next(iter(noticed(today, today).rows))
    assert WORDS in next(iter(reported(today, today).rows))
    assert record_of(incident)["severity"] == WORDS
    assert f"Severity: {WORDS}." in mail_of(incident, "on call")
    assert incident.entries.filter(text="Opened with its severity not stated (medium by default), security.").exists()
    told = AuditEvent.objects.get(verb="incident.open").data["after"]
    assert told["severity"] == WORDS


def test_what_somebody_stated_is_told_as_it_was(manager, in_acme):
    incident = actions.open_incident(actor=manager, title="Slow", severity="medium")
    assert (incident.severity_words, incident.entries.filter(text="Opened as medium, security.").count()) == ("Medium", 1)


def test_saying_that_it_is_medium_states_it(manager, incident):
    lifecycle.set_severity(incident, actor=manager, severity="medium", reason="Looked at.")
    assert (incident.refreshed().severity_stated, incident.severity_words) == (True, "Medium")
    with pytest.raises(ActionRefused, match="already"):
        lifecycle.set_severity(incident, actor=manager, severity="medium", reason="Again.")


def test_a_stated_severity_counts_more_than_the_default(employee, in_acme):
    def seen(**facts: str) -> SecurityEvent:
        return actions.report_event(actor=employee, source="person", title="Mail", fingerprint="mail", **facts)

    assert seen().severity_stated is False
    assert (seen(severity="low").severity, seen().severity, seen(severity="high").severity) == ("low", "low", "high")


def test_a_webhook_and_slack_are_told_that_it_is_not_stated(incident):
    facts = facts_of(incident)
    assert (facts["severity"], facts["severity_stated"]) == ("medium", False)
    slack = body_of(AlertChannel(kind="slack"), "incident.alarm", facts, incident.reported_at)
    assert slack["text"].startswith(f"{WORDS}: {incident.reference}")


@pytest.mark.parametrize(
    ("said", "stated", "words"),
    [("", False, WORDS), ("purple", False, f"{WORDS}: “purple” is not known here"), ("warn", True, "Medium")],
)
def test_an_alert_without_a_known_word_states_none(manager, in_acme, said, stated, words):
    row, _ = receiving.receive(read({"title": "Slow", "severity": said}, source="Probe")[0], actor=manager)
    assert row is not None
    assert row.event is not None
    assert (row.severity_words, row.severity_stated, row.event.severity_stated) == (words, stated, stated)


def test_the_pages_and_the_file_of_the_list_say_so(client_of, manager, event):
    manager_client = client_of(manager)
    listed, opening = reverse("incidents:event-list"), reverse("incidents:event-open", args=[event.pk])
    page = manager_client.get(event.get_absolute_url()).content.decode()
    assert WORDS in page
    assert "treated as medium by our default" in page
    form = manager_client.get(opening)
    assert (form.context["form"].initial["severity"], form.context["form"].fields["severity"].choices[0]) == ("", ("", WORDS))
    sent = manager_client.get(f"{listed}?export=csv")
    rows = list(csv.reader(b"".join(sent).decode("utf-8-sig").splitlines()))
    assert any(WORDS in row for row in rows)
    assert event.reference in manager_client.get(f"{listed}?severity=not_stated").content.decode()
    assert event.reference not in manager_client.get(f"{listed}?severity=medium").content.decode()


def test_the_page_of_an_incident_asks_for_it(client_of, manager, incident):
    page = client_of(manager).get(incident.get_absolute_url()).content.decode()
    assert WORDS in page
    assert "State the severity" in page


def test_the_api_tells_it_apart(cast):
    program = Program(make_token(cast.manager)[1])
    event = program.post("security-events", {"title": "Slow"}).json()
    assert (event["severity"], event["severity_stated"]) == ("medium", False)
    opened = program.post("incidents", {"title": "Slow", "kind": "security"}).json()
    assert (opened["severity"], opened["severity_stated"]) == ("medium", False)
    assert program.post("incidents", {"title": "Slow", "severity": "low"}).json()["severity_stated"] is True
