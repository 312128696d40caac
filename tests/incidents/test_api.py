"""Reporting and incidents by a program: the same rights, checks and times."""

import datetime as dt
from typing import Any

from accounts.models import Member
from incidents.models import Incident
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token
from tests.changes.making import a_system
from tests.incidents.making import an_incident


def program_of(member: Member, *scopes: str) -> Program:
    return Program(make_token(member, *scopes)[1])


def test_a_token_that_only_reports_reports(cast, acme):
    program = program_of(cast.employee, "incidents.report", "home.read")
    made = program.post("security-events", {"title": "A strange mail", "severity": "high"})
    assert made.status_code == 201, made.json()
    told = made.json()
    assert (told["status"], told["severity"], told["reported_as"]) == ("new", "high", "Employee Acme")
    assert program.get(f"security-events/{told['id']}").json()["reference"].startswith("SE-")
    assert program.post("security-events", {"title": "x", "occurred_at": "2199-01-01T00:00:00Z"}).status_code in {400, 409, 422}
    assert program.post("incidents", {"title": "x", "kind": "security", "severity": "low"}).status_code == 403


def test_an_incident_from_its_report_to_its_end(cast, acme):
    with tenant(acme):
        system = str(a_system(cast.manager).pk)
    program = program_of(cast.manager)
    event = program.post("security-events", {"title": "Slow"}).json()["id"]
    given = {"title": "Slow", "kind": "availability", "severity": "low", "systems": [system]}
    opened = program.post(f"security-events/{event}/open-incident", given, If_Match="*")
    assert opened.status_code == 200, opened.json()
    path = f"incidents/{program.get(f'security-events/{event}').json()['incident']}"
    assert program.get(path).json()["systems"] == [system]
    assert program.patch(path, {"description": "Every page."}, If_Match="*").json()["description"] == "Every page."
    deeds: list[tuple[str, dict[str, Any] | None]] = [
        ("acknowledge", None),
        ("investigate", None),
        ("severity", {"severity": "medium", "reason": "More of them."}),
        ("people", {"assigned_to": str(cast.reviewer.pk), "commander": None, "scribe": None, "team": []}),
        ("contain", {"note": "Restarted."}),
        ("resolve", {"resolution": "Replaced."}),
        ("correct-time", {"what": "detected", "at": "2026-01-02T03:04:05Z", "reason": "The log."}),
        ("close", None),
    ]
    for deed, said in deeds:
        answer = program.post(f"{path}/{deed}", said, If_Match="*")
        assert answer.status_code == 200, (deed, answer.json())
    told = program.get(path).json()
    assert (told["status"], told["severity"]) == ("closed", "medium")
    assert dt.datetime.fromisoformat(told["detected_at"]) == dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    times = program.get(f"{path}/times").json()["results"]
    assert [one["what"] for one in times].count("detected") == 2
    assert program.post(f"{path}/resolve", {"resolution": "Again."}, If_Match="*").status_code == 409


def test_the_list_has_the_filters_of_the_screen(cast, acme):
    with tenant(acme):
        an_incident(cast.manager, severity="high")
        an_incident(cast.manager, severity="low")
    program = program_of(cast.auditor)
    found = program.get("incidents?severity=high&state=pending").json()["results"]
    assert [one["severity"] for one in found] == ["high"]
    assert program.get("incidents?severity=odd").status_code == 400
    with tenant(acme):
        key = Incident.objects.latest("reported_at").pk
    assert program.post(f"incidents/{key}/acknowledge", None, If_Match="*").status_code in {403, 409}


def test_settings_by_a_program(cast):
    program = program_of(cast.manager)
    assert program.get("incident-settings").json()["acknowledge_critical"] == 15
    changed = program.patch("incident-settings", {"acknowledge_critical": 5, "team": [str(cast.reviewer.pk)]}, If_Match="*")
    assert changed.status_code == 200, changed.json()
    assert changed.json()["team"] == [str(cast.reviewer.pk)]
    assert program_of(cast.auditor).get("incident-settings").status_code == 403
