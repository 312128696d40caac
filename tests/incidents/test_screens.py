"""Incidents in the browser: reported in a line, evaluated, and moved by their buttons and forms."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.lifecycle import actions
from incidents.lifecycle.responding import responder
from incidents.models import Incident, IncidentSettings, SecurityEvent, SecurityTeamMember
from incidents.reporting.actions import report_event
from incidents.reporting.forms import OpenForm
from tenancy.scope import now, tenant
from tests.changes.making import a_system
from tests.incidents.making import a_secret, an_incident, resolved

HERE = "/o/acme/incidents/"
DONE = {302, 303}


def said(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def incident(acme, manager) -> Incident:
    with tenant(acme):
        return an_incident(manager, systems=[a_system(manager)])


@pytest.fixture
def event(acme, employee) -> SecurityEvent:
    with tenant(acme):
        return report_event(actor=employee, source="person", title="Somebody else's invoice", severity="high")


def test_anyone_reports_in_one_line(client_of, employee, acme):
    client = client_of(employee)
    assert "What did you notice?" in said(client.get(f"{HERE}report/"))
    answer = client.post(f"{HERE}report/", {"title": "A strange mail"})
    with tenant(acme):
        event = SecurityEvent.objects.get()
    assert answer.headers["Location"] == f"{HERE}events/{event.pk}/"
    page = said(client.get(answer.headers["Location"]))
    assert "Whoever runs incidents says what it was" in page
    assert "Activity" not in page
    assert "What you reported" in said(client.get(f"{HERE}events/"))
    refused = client.post(f"{HERE}report/", {"title": "A", "occurred_at": "2199-01-01T00:00"})
    assert (refused.status_code, "Not in the future." in said(refused)) == (422, True)


def test_who_only_reads_neither_reports_nor_opens(client_of, auditor, incident):
    client = client_of(auditor)
    assert client.get(f"{HERE}report/").status_code == 403
    assert client.get(f"{HERE}new/").status_code == 403
    page = said(client.get(f"{HERE}{incident.pk}/"))
    assert "Invoices are late" in page
    assert "Acknowledge" not in page.replace("Acknowledged", "").replace("Acknowledgements", "").replace("acknowledge it", "")
    assert client.get(f"{HERE}{incident.pk}/resolve/").status_code == 403
    assert client.post(f"{HERE}{incident.pk}/acknowledge/").status_code == 409


def test_a_report_becomes_an_incident_with_what_was_said(client_of, manager, event, acme):
    client = client_of(manager)
    form = client.get(f"{HERE}events/{event.pk}/open/")
    assert form.context["form"].initial["severity"] == "high"
    at = event.reported_at.astimezone(acme.tzinfo).strftime("%Y-%m-%dT%H:%M")
    given = {"title": event.title, "kind": "privacy", "severity": "high", "detected_at": at}
    answer = client.post(f"{HERE}events/{event.pk}/open/", given)
    assert answer.status_code in DONE, said(answer)
    with tenant(acme):
        made = Incident.objects.get()
    assert answer.headers["Location"] == f"{HERE}{made.pk}/"
    assert made.reference in said(client.get(f"{HERE}events/{event.pk}/"))


def test_whose_data_are_affected_is_asked_when_it_is_opened(client_of, manager, acme):
    client = client_of(manager)
    page = said(client.get(f"{HERE}new/"))
    assert "Customer data" in page
    given = {"title": "A leak", "kind": "availability", "severity": "low", "customer": "yes"}
    assert client.post(f"{HERE}new/", given).status_code in DONE
    with tenant(acme):
        made = Incident.objects.get()
        impact = made.impacts.get()
        assert (impact.customer, impact.personal, impact.health) == ("yes", "unknown", "unknown")
        assert [one.name for one in made.clocks.all()] == ["Customer contracts"]


def test_who_answers_is_asked_for_where_the_form_is_shown_only(in_acme, django_assert_num_queries):
    answers = responder(now())
    assert answers is not None
    assert f"with {answers.name} at once" in str(OpenForm().fields["severity"].help_text)
    with django_assert_num_queries(0):
        OpenForm({"title": "A leak"})


def test_a_reason_that_may_be_needed_is_not_called_optional(client_of, manager, incident):
    page = said(client_of(manager).get(f"{HERE}{incident.pk}/times/?what=detected"))
    assert "Needed where a time is recorded already" in page
    assert "optional" not in page


def test_several_reports_are_ruled_out_at_once(client_of, manager, employee, event, acme):
    with tenant(acme):
        other = report_event(actor=employee, source="person", title="The same")
        gone = report_event(actor=employee, source="person", title="Over")
        actions_of = client_of(manager)
    actions_of.post(f"{HERE}events/{gone.pk}/rule-out/", {"reason": "None."})
    keys = [str(one.pk) for one in (event, other, gone)]
    answer = actions_of.post(f"{HERE}events/", {"action": "rule_out", "selected": keys, "rule_out-reason": "A drill."})
    assert "cannot be ruled out now" in said(answer)
    with tenant(acme):
        assert set(SecurityEvent.objects.values_list("status", flat=True)) == {"not_an_incident"}
        assert SecurityEvent.objects.get(pk=gone.pk).reason == "None."


def test_a_report_joins_an_incident_that_is_seen(client_of, cast, event, incident, acme):
    with tenant(acme):
        hidden = a_secret(cast.administrator)
    client, path = client_of(cast.manager), f"{HERE}events/{event.pk}/join/"
    assert client.post(path, {"incident": str(hidden.pk)}).status_code == 422
    assert client.post(path, {"incident": str(incident.pk)}).status_code in DONE
    assert event.reference in said(client.get(f"{HERE}{incident.pk}/"))
    assert client.post(f"{HERE}events/{event.pk}/again/", {"reason": "Another one."}).status_code in DONE


def test_from_the_button_to_the_end(client_of, manager, incident, acme):
    client, here = client_of(manager), f"{HERE}{incident.pk}/"
    assert "has to acknowledge it by" in said(client.get(here))
    for deed, given in [
        ("acknowledge", {}),
        ("investigate", {}),
        ("contain", {"note": "Locked."}),
        ("resolve", {"resolution": "Patched."}),
        ("close", {}),
    ]:
        assert client.post(f"{here}{deed}/", given).status_code in DONE, deed
    assert "it was closed on" in said(client.get(here))
    assert client.get(f"{here}resolve/").status_code == 409
    assert client.get(f"{here}edit/").status_code == 409
    assert client.post(f"{here}reopen/", {"reason": "Again."}).status_code in DONE
    assert client.post(f"{here}dismiss/", {"reason": "None."}).status_code in DONE


def test_a_grave_one_says_what_closing_needs(client_of, manager, acme):
    with tenant(acme):
        grave = resolved(manager, severity="high")
        actions.set_severity(grave, actor=manager, severity="critical", reason="All customers.")
    page = said(client_of(manager).get(f"{HERE}{grave.pk}/"))
    assert "Before it can be closed" in page
    assert f"{HERE}{grave.pk}/close/" not in page


def test_people_severity_and_words_are_changed(client_of, manager, reviewer, incident, acme):
    client, here = client_of(manager), f"{HERE}{incident.pk}/"
    assert client.get(f"{here}people/").status_code == 200
    people = {"assigned_to": str(reviewer.pk), "commander": str(manager.pk), "team": [str(reviewer.pk)]}
    assert client.post(f"{here}people/", people).status_code in DONE
    assert client.post(f"{here}severity/", {"severity": "low", "reason": "One customer."}).status_code in DONE
    edit = said(client.get(f"{here}edit/"))
    assert "checked" in edit
    assert client.post(f"{here}edit/", {"title": "Late", "kind": "integrity", "systems": []}).status_code in DONE
    with tenant(acme):
        found = Incident.objects.get(pk=incident.pk)
        assert (found.assigned_to_id, found.severity, found.kind, found.systems.count()) == (reviewer.pk, "low", "integrity", 0)


def test_a_time_is_corrected_and_both_are_shown(client_of, manager, incident):
    client, here = client_of(manager), f"{HERE}{incident.pk}/"
    assert client.get(f"{here}times/?what=detected").context["form"].initial["what"] == "detected"
    refused = client.post(f"{here}times/", {"what": "detected", "at": "2199-01-01T00:00", "reason": "x"})
    assert "Not in the future." in said(refused)
    answer = client.post(f"{here}times/", {"what": "detected", "at": "2026-01-02T03:04", "reason": "The log."})
    assert answer.status_code in DONE
    page = said(client.get(here))
    assert "2 Jan 2026, 03:04 EST" in page
    assert "<s>" in page
    assert "The log." in page


def test_confidential_and_open_again_by_forms(client_of, administrator, manager, incident):
    client, here = client_of(administrator), f"{HERE}{incident.pk}/"
    assert client.post(f"{here}confide/", {"reason": "About a person."}).status_code in DONE
    assert client_of(manager).get(here).status_code == 404
    assert client.post(f"{here}disclose/", {"reason": "Told to all."}).status_code in DONE
    assert client_of(manager).get(here).status_code == 200


def test_settings_are_kept_with_the_team(client_of, manager, reviewer, acme):
    client = client_of(manager)
    given = {"acknowledge_critical": 5, "acknowledge_high": 30, "acknowledge_medium": 60, "acknowledge_low": 90, "review_days": 3}
    assert client.post(f"{HERE}settings/", {**given, "team": [str(reviewer.pk)]}).status_code in DONE
    assert client.post(f"{HERE}settings/", {**given, "review_days": 99}).status_code == 422
    with tenant(acme):
        assert IncidentSettings.objects.get().acknowledge_critical == 5
        assert [row.member_id for row in SecurityTeamMember.objects.all()] == [reviewer.pk]
        opened = an_incident(manager, severity="critical")
        assert opened.assigned_to_id == reviewer.pk
    assert "checked" in said(client.get(f"{HERE}settings/"))


def test_the_list_finds_and_narrows(client_of, manager, incident, acme):
    with tenant(acme):
        done = resolved(manager, title="Slow search", severity="high")
        Incident.objects.filter(pk=incident.pk).update(acknowledge_due_at=now())
    client = client_of(manager)
    for query, seen in [
        ("q=slow", {done}),
        ("view=nobody", {incident}),
        ("view=late", {incident}),
        ("view=mine", {done}),
        ("view=review", set()),
        ("state=pending", {incident, done}),
        ("severity=high", {done}),
        ("confidential=yes", set()),
    ]:
        page = said(client.get(f"{HERE}?{query}"))
        assert {one for one in (incident, done) if one.reference in page} == seen, query


def test_a_number_finds_its_incident_and_words_those_that_hold_them_all(client_of, manager, reviewer, incident, acme):
    with tenant(acme):
        other = an_incident(manager, title=f"As {incident.reference} again", assigned_to=reviewer)
    client = client_of(manager)
    for asked, found in (
        (incident.reference.lower(), {incident}),
        (f"as {incident.reference}", {other}),
        (reviewer.name.split()[0], {other}),
        (f"again {reviewer.name}", {other}),
        ("nowhere", set()),
    ):
        page = said(client.get(HERE, {"q": asked}))
        assert {one for one in (incident, other) if f"/{one.pk}/" in page} == found, asked


def test_pages_ask_the_database_little(client_of, manager, incident, event, acme):
    with tenant(acme):
        for number in range(12):
            an_incident(manager, title=f"Number {number}", systems=[a_system(manager)])
    client = client_of(manager)
    pins = {
        HERE: 8,
        f"{HERE}?fragment=counts": 8,
        f"{HERE}events/": 8,
        f"{HERE}events/{event.pk}/": 8,
        f"{HERE}{incident.pk}/": 24,
    }
    asked = {}
    for path in pins:
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        asked[path] = len([one for one in queries if counts(one["sql"])])
    assert all(asked[path] <= most for path, most in pins.items()), asked


def counts(sql: str) -> bool:
    return not sql.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "SET ", "SELECT set_config"))
