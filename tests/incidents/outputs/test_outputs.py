"""What incidents leave: a record, a control event, an occurrence, facts and populations; of confidential ones no word."""

import datetime as dt
import json
from types import SimpleNamespace
from typing import Any

import pytest

from controls.catalogue.actions import create_control
from controls.models import Control, ControlEvent, Occurrence
from controls.occurrences.layout import lay_out
from evidence.files import open_file
from evidence.models import Evidence
from incidents.lifecycle.actions import close, reopen, resolve
from incidents.models import Incident, IncidentTime
from incidents.outputs import facts
from incidents.outputs.population import events, noticed, reported
from incidents.reporting.actions import report_event
from reports.monthly.areas import incidents as area
from reports.monthly.span import Span
from tenancy.scope import now
from tests.incidents.making import SECRET, a_secret, an_incident, resolved

JANUARY, DECEMBER = dt.date(2026, 1, 1), dt.date(2099, 12, 31)


@pytest.fixture
def control(in_acme, manager) -> Control:
    """It runs on each incident."""
    return create_control(
        actor=manager, code="INC-002", title="Incidents are handled", cadence="per_event", population="incidents",
        in_scope_since=JANUARY, criteria={"CC7.4": ""},
    )  # fmt: skip


def period() -> Any:
    return SimpleNamespace(starts_on=JANUARY, ends_on=DECEMBER)


def said(fact: Any, day: dt.date) -> list[tuple[str, str]]:
    return [(one.outcome, one.sentence) for one in fact(period(), day)]


def test_a_closed_incident_leaves_its_record_an_event_and_its_occurrence(control, manager, acme):
    incident = resolved(manager)
    close(incident, actor=manager)
    item = Evidence.objects.get(tags__contains=["incident report"])
    with open_file(item.file) as file:
        record = json.loads(file.read())
    assert (item.title, record["reference"], record["status"]) == (
        f"{incident.reference}, record at closing", incident.reference, "Closed",
    )  # fmt: skip
    assert record["resolution"] == "Restarted."
    event = ControlEvent.objects.get()
    assert (event.control, event.source, event.kind) == (control, "plumbline", "incident")
    row = Occurrence.objects.get(control=control, subject_id=incident.pk)
    assert (row.status, row.performed_on) == ("performed", acme.today())


def test_a_dismissed_one_is_no_occurrence_and_moves_before_closing_leave_nothing(control, manager, acme):
    resolved(manager)
    Incident.DISMISS.apply(an_incident(manager), actor=manager, dismissed_reason="Nothing was late.")
    assert not ControlEvent.objects.exists()
    assert not Evidence.objects.exists()
    assert len(list(events(acme.today(), acme.today()))) == 1


def test_of_a_confidential_one_nothing_says_what_it_was(control, manager, acme):
    incident = a_secret(manager)
    Incident.RESOLVE.apply(incident, actor=manager, resolution=SECRET, root_cause=SECRET, resolved_at=now())
    close(Incident.objects.get(pk=incident.pk), actor=manager)
    lay_out([control.pk], actor=manager)
    report_event(actor=manager, title=SECRET, source="person", confidential=True)
    assert not Evidence.objects.exists()
    today = acme.today()
    words = [
        *ControlEvent.objects.values_list("body", flat=True),
        *Occurrence.objects.values_list("label", flat=True),
        *(" ".join(row) for table in (reported(today, today), noticed(today, today)) for row in table.rows),
        json.dumps(area_of(acme)),
    ]
    assert len(words) >= 5
    assert not any(SECRET in one for one in words)
    assert any(incident.reference in one for one in words)


def area_of(organization: Any) -> Any:
    found = area.told(Span(organization, organization.today().replace(day=1), organization.today(), now()))
    return [[section.sentence, section.notes, [table.rows for table in section.tables]] for section in found.sections]


def test_the_binder_is_told_of_incidents_in_time(in_acme, manager, acme):
    today = acme.today()
    assert said(facts.handled, today) == said(facts.grave_ones, today) == []
    resolved(manager)
    assert [outcome for outcome, _ in said(facts.handled, today)] == ["holds"]
    assert "No critical incident was recorded from 1 January 2026" in said(facts.grave_ones, today)[0][1]
    late = an_incident(manager, severity="critical")
    Incident.objects.filter(pk=late.pk).update(acknowledge_due_at=now() - dt.timedelta(hours=1), acknowledged_at=None)
    assert said(facts.handled, today)[0] == ("broken", "1 of 2 incidents of the period acknowledged late.")
    assert "1 critical incident was recorded" in said(facts.grave_ones, today)[0][1]


def test_an_event_that_nobody_evaluates_for_a_week_breaks_the_rule(in_acme, manager, acme):
    today = acme.today()
    assert said(facts.evaluated, today) == []
    report_event(actor=manager, title="A strange mail", source="person")
    assert said(facts.evaluated, today)[0][0] == "holds"
    assert said(facts.evaluated, today + dt.timedelta(days=9))[0] == (
        "broken", "1 security event was not evaluated for more than 7 days.",
    )  # fmt: skip


def test_the_report_counts_what_was_acknowledged_in_time(in_acme, manager, acme):
    resolved(manager)
    found = area.told(Span(acme, acme.today().replace(day=1), acme.today(), now()))
    (figure,) = found.figures
    assert (figure.part, figure.whole) == (1, 1)
    assert found.sections[0].sentence == "1 incident was reported, none of them critical; 1 resolved."


def test_what_was_recorded_late_counts_by_the_clock_of_the_record_in_every_number(in_acme, manager, acme):
    """Detected and resolved 39 days before it was recorded: reported, resolved and closed in the same days."""
    today = acme.today()
    began = dt.datetime.combine(today - dt.timedelta(days=39), dt.time(9), acme.tzinfo)
    incident = an_incident(manager, severity="high", detected_at=began)
    resolve(incident, actor=manager, resolution="Restarted.", root_cause="A full disk.", at=began + dt.timedelta(hours=2))
    (section,) = area.told(Span(acme, today, today, now())).sections
    day = f"{acme.day_of(began):%-d %b %Y}"
    assert section.sentence == "1 incident was reported, none of them critical; 1 resolved."
    assert section.notes == [
        f"1 incident reported in these days was detected before them: {incident.reference} on {day}.",
        f"1 incident was resolved before these days, which was recorded in them: {incident.reference} on {day}.",
    ]
    assert table(section, "Incidents by severity") == [["High", "1", "1", "1"]]  # resolved, and not closed
    assert table(section, "Times of the incidents resolved in these days")[3] == ["Resolved after", "120 minutes", "1 of 1"]
    then = acme.day_of(began)
    (earlier,) = area.told(Span(acme, then, then, now())).sections
    assert earlier.sentence == "No incident was reported in these days."


def table(section: Any, title: str) -> list[Any]:
    return next(one.rows for one in section.tables if one.title == title)


def test_one_opened_again_counts_as_resolved_when_that_is_recorded_anew(in_acme, manager, acme):
    today = acme.today()
    incident = resolved(manager)
    incident = reopen(incident, actor=manager, reason="It came back.")
    assert area.told(Span(acme, today, today, now())).sections[0].sentence.endswith("; 0 resolved.")
    resolve(incident, actor=manager, resolution="A larger disk.", root_cause="A full disk.")
    assert area.told(Span(acme, today, today, now())).sections[0].sentence.endswith("; 1 resolved.")
    tomorrow = today + dt.timedelta(days=1)
    moved = IncidentTime.objects.filter(incident=incident, what="resolved", at__isnull=False).latest("recorded_at")
    IncidentTime.objects.create(
        incident=incident, what="resolved", at=moved.at, recorded_as="Somebody", recorded_at=now() + dt.timedelta(days=1)
    )
    later = area.told(Span(acme, tomorrow, tomorrow, now() + dt.timedelta(days=2))).sections[0]
    assert later.sentence == "No incident was reported in these days."  # a correction counts nothing twice
