"""Alerts of other systems: read in two forms, counted once, and events or incidents by rule."""

import datetime as dt

import pytest

from audit.models import AuditEvent
from incidents.alerts import receiving
from incidents.alerts.forgetting import forget_alerts
from incidents.alerts.reading import LABELS, MOST, NotRead, read
from incidents.lifecycle import actions as lifecycle
from incidents.models import Incident, IncomingAlert, SecurityEvent
from incidents.models.severity import severity_of
from incidents.oncall.escalating import running
from incidents.reporting.actions import open_incident
from tenancy.scope import now, tenant
from tests.api.conftest import Program, make_token
from ui.refusals import ActionRefused
from workflow.pruning import KEPT

# As Alertmanager 0.27 posts to a webhook.
POSTED = {
    "receiver": "plumbline",
    "status": "firing",
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "DiskFull", "instance": "db-1:9100", "severity": "warning"},
            "annotations": {
                "summary": "Disk of db-1 is nearly full",
                "description": "4 % are left.",
                "runbook_url": "https://r.example",
            },
            "startsAt": "2026-03-01T09:30:00.123Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "https://prometheus.example/graph",
            "fingerprint": "c4ca4238a0b92382",
        },
        {"status": "resolved", "labels": {"alertname": "Up", "instance": "web-1"}, "startsAt": "0001-01-01T00:00:00Z"},
    ],
    "groupLabels": {"alertname": "DiskFull"},
    "commonLabels": {},
    "commonAnnotations": {},
    "externalURL": "https://alertmanager.example",
    "version": "4",
    "groupKey": '{}:{alertname="DiskFull"}',
    "truncatedAlerts": 0,
}


def own(**given):
    return read({"title": "The API is down", **given}, source="Probe")[0]


def test_what_alertmanager_sends_is_read():
    first, second = read(POSTED, source="Prometheus")
    assert (first.title, first.severity, first.said, first.firing) == ("Disk of db-1 is nearly full", "medium", "warning", True)
    assert first.description.splitlines() == ["4 % are left.", "https://r.example", "https://prometheus.example/graph"]
    assert first.started_at is not None
    assert first.labels["instance"] == "db-1:9100"
    assert (second.title, second.firing, second.started_at, second.severity) == ("Up web-1", False, None, "medium")
    assert first.fingerprint != second.fingerprint
    assert read(POSTED, source="Another")[0].fingerprint != first.fingerprint


def test_the_same_is_the_same_by_its_fingerprint_or_by_title_and_labels():
    assert own().fingerprint == own(severity="critical", description="other").fingerprint
    assert own(labels={"a": "1"}).fingerprint != own(labels={"a": "2"}).fingerprint
    assert own(fingerprint="x", labels={"a": "1"}).fingerprint == own(fingerprint="x", title="Other").fingerprint


def test_words_of_others_are_severities_here():
    words = {"CRITICAL": "critical", "page": "critical", "P1": "critical", "error": "high", "warn": "medium", "info": "low"}
    assert {word: severity_of(word) for word in words} == words
    assert severity_of("whatever") == severity_of("") == "medium"


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ([], ()), ({}, ("title",)), ({"title": " "}, ("title",)), ({"title": "x", "colour": "red"}, ("colour",)),
        ({"title": "x", "status": "odd"}, ("status",)), ({"title": "x", "kind": "odd"}, ("kind",)),
        ({"title": "x", "started_at": "yesterday"}, ("started_at",)),
        ({"title": "x", "started_at": "2026-01-01T00:00"}, ("started_at",)),
        ({"alerts": []}, ("alerts",)), ({"alerts": [{}] * (MOST + 1)}, ("alerts",)), ({"alerts": ["x"]}, ("alerts", 0)),
        ({"alerts": [{"title": "a"}, {}]}, ("alerts", 1, "title")),
        ({"receiver": "p", "alerts": [{"labels": {}}]}, ("alerts", 0, "labels")),
        ({"receiver": "p", "alerts": [{"labels": {"alertname": "x"}, "status": 3}]}, ("alerts", 0, "status")),
    ],
)  # fmt: skip
def test_what_is_no_alert_is_refused_at_its_place(data, place):
    with pytest.raises(NotRead) as refused:
        read(data, source="Probe")
    assert refused.value.place == place


def test_hostile_text_is_cut_and_cleaned():
    alert = own(title="a\x00b\u202e" + "x" * 900, labels={f"l{n}": "v" * 9_000 for n in range(90)}, description="d\x00" * 20_000)
    assert len(alert.title) == 200
    assert "\x00" not in alert.title + alert.description
    assert len(alert.labels) == LABELS
    assert max(map(len, alert.labels.values())) == 2_000


@pytest.mark.usefixtures("in_acme")
class TestReceiving:
    """What becomes of them."""

    def test_an_alert_is_one_event_however_often_it_is_sent(self, manager):
        rows = [receiving.receive(own(severity="warning"), actor=manager) for _ in range(3)]
        assert [outcome for _, outcome in rows] == ["reported", "counted", "counted"]
        assert IncomingAlert.objects.get().times_seen == 3
        event = SecurityEvent.objects.get()
        assert (event.source, event.reported_as, event.severity, event.times_seen) == ("alert", "Probe", "medium", 1)
        assert not Incident.objects.exists()

    def test_a_critical_one_opens_an_incident_that_is_told_and_another_joins_while_it_goes_on(self, manager):
        row, _ = receiving.receive(own(severity="page"), actor=manager)
        incident = Incident.objects.get()
        assert row is not None
        assert (incident.severity, incident.detected_by, row.incident) == ("critical", "Probe", incident)
        assert running(incident) is not None
        receiving.receive(own(status="resolved"), actor=manager)
        assert IncomingAlert.objects.get().state == "resolved"
        _, outcome = receiving.receive(own(severity="page"), actor=manager)
        assert outcome == "reported"
        assert Incident.objects.count() == 1
        assert {event.incident for event in SecurityEvent.objects.all()} == {incident}

    def test_it_opens_another_one_when_the_first_is_over(self, manager):
        receiving.receive(own(severity="page"), actor=manager)
        lifecycle.dismiss(Incident.objects.get(), actor=manager, reason="A test")
        receiving.receive(own(status="resolved"), actor=manager)
        receiving.receive(own(severity="page"), actor=manager)
        assert Incident.objects.count() == 2

    def test_one_that_becomes_graver_is_looked_at_again(self, manager):
        receiving.receive(own(severity="info"), actor=manager)
        _, outcome = receiving.receive(own(severity="critical"), actor=manager)
        assert outcome == "reported"
        assert Incident.objects.get().severity == "critical"
        assert SecurityEvent.objects.get().severity == "critical"

    def test_the_rule_is_chosen(self, manager, reviewer):
        with pytest.raises(ActionRefused, match="Your role"):
            receiving.choose(actor=reviewer, severities=[])
        receiving.choose(actor=manager, severities=[])
        receiving.receive(own(severity="critical"), actor=manager)
        assert not Incident.objects.exists()
        receiving.choose(actor=manager, severities=["high", "critical"])
        receiving.receive(own(severity="high", title="Other"), actor=manager)
        assert Incident.objects.get().severity == "high"
        with pytest.raises(ActionRefused, match="nothing was changed"):
            receiving.choose(actor=manager, severities=["critical", "high"])

    def test_what_never_fired_is_not_resolved_and_nobody_without_the_right_sends(self, manager, viewer):
        assert receiving.receive(own(status="resolved"), actor=manager) == (None, "unknown")
        with pytest.raises(ActionRefused, match="Your role"):
            receiving.receive(own(), actor=viewer)

    def test_the_list_shows_nothing_of_a_confidential_incident(self, manager, reviewer, administrator, client_of):
        receiving.receive(own(severity="page", title="Somebody took the list"), actor=manager)
        Incident.objects.update(confidential=True)
        assert "took the list" in client_of(administrator).get("/o/acme/incidents/alerts/").content.decode()
        assert "took the list" not in client_of(reviewer).get("/o/acme/incidents/alerts/").content.decode()


class TestAnswers:
    """What the sender is answered; its token may report and nothing else."""

    @pytest.fixture
    def send(self, cast):
        program = Program(make_token(cast.employee, "incidents.report")[1])
        return lambda **given: program.post("incoming-alerts", {"title": "The API is down", **given}).json()["results"][0]

    def test_one_that_opens_an_incident_is_told_which(self, send, acme):
        told = send(severity="critical")
        with tenant(acme):
            incident = Incident.objects.get()
            event = SecurityEvent.objects.get()
        assert (told["incident"], told["incident_id"], told["incident_opened"]) == (incident.reference, str(incident.pk), True)
        assert (told["event"], told["event_id"]) == (event.reference, str(event.pk))
        again = send(severity="critical")
        assert (again["outcome"], again["incident"], again["incident_opened"]) == ("counted", incident.reference, False)
        send(status="resolved")
        joined = send(severity="critical")
        assert (joined["outcome"], joined["incident"], joined["incident_opened"]) == ("reported", incident.reference, False)

    def test_one_whose_event_somebody_made_an_incident_is_told_which(self, send, cast, acme):
        assert send(severity="low")["incident"] is None
        with tenant(acme):
            incident = open_incident(actor=cast.manager, title="Slow", event=SecurityEvent.objects.get())
        assert send(severity="low")["incident"] == incident.reference

    def test_nothing_is_told_of_a_confidential_one(self, send, acme):
        send(severity="critical")
        with tenant(acme):
            Incident.objects.update(confidential=True)
        told = send(severity="critical")
        assert (told["incident"], told["incident_id"], told["incident_opened"]) == (None, None, False)

    def test_of_two_of_the_same_in_a_request_one_opened_it(self, cast):
        program = Program(make_token(cast.employee, "incidents.report")[1])
        twice = [{"title": "Down", "severity": "critical"}] * 2
        first, second = program.post("incoming-alerts", {"alerts": twice}).json()["results"]
        assert (first["incident_opened"], second["incident_opened"]) == (True, False)
        assert first["incident"] == second["incident"] is not None


def test_the_limit_counts_alerts_and_not_requests(manager, settings, monkeypatch):
    settings.PLUMBLINE_API_RATE = 10
    monkeypatch.setattr("incidents.alerts.api.MOST", 5)
    program = Program(make_token(manager)[1])

    def send(first: int, many: int) -> int:
        alerts = [{"title": f"Alert {number}", "severity": "low"} for number in range(first, first + many)]
        return int(program.post("incoming-alerts", {"alerts": alerts}).status_code)

    assert (send(0, 1), send(0, 4), send(0, 6)) == (200, 200, 429)
    assert send(0, 5) == 200, "what was refused is not counted"


def test_what_nobody_sent_for_long_is_forgotten_unless_its_incident_goes_on(manager, acme, in_acme):
    for title, severity in (("Old", "low"), ("Goes on", "critical"), ("Young", "low")):
        receiving.receive(own(title=title, severity=severity), actor=manager)
    IncomingAlert.objects.exclude(title="Young").update(last_seen_at=now() - KEPT - dt.timedelta(days=1))
    events = SecurityEvent.objects.count()
    for _ in range(2):
        forget_alerts(acme, now())
    assert sorted(IncomingAlert.objects.values_list("title", flat=True)) == ["Goes on", "Young"]
    assert SecurityEvent.objects.count() == events > 0, "what became of them stays"
    (event,) = AuditEvent.objects.filter(verb="incoming_alert.prune")
    assert event.data["metadata"]["alerts"] == 1
