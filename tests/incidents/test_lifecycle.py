"""An incident moves by those who may, with its times, and ends only with what its end needs."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import AuditEvent
from incidents.lifecycle import actions, editing
from incidents.lifecycle.people import set_people
from incidents.models import Incident, IncidentLink, IncidentTime
from incidents.reporting.actions import report_event
from tenancy.scope import now
from tests.changes.making import a_system
from tests.incidents.making import an_incident, resolved
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage

pytestmark = pytest.mark.usefixtures("in_acme")
HOUR = dt.timedelta(hours=1)


def times(incident: Incident, what: str) -> list[dt.datetime | None]:
    return [row.at for row in incident.times.filter(what=what)]


def test_it_is_acknowledged_once_and_is_with_whoever_did(manager, reviewer):
    incident = an_incident(manager)
    with pytest.raises(ActionRefused, match="work on the incident"):
        actions.acknowledge(incident, actor=reviewer)
    actions.add_to_team(incident, member=reviewer, actor=manager)
    actions.acknowledge(incident, actor=reviewer)
    assert (incident.assigned_to_id, incident.status) == (reviewer.pk, "open")
    assert incident.acknowledged_at is not None
    with pytest.raises(ActionRefused, match="acknowledged already"):
        actions.acknowledge(incident, actor=manager)


def test_whoever_works_on_it_has_acknowledged_it(manager):
    incident = an_incident(manager)
    at = incident.reported_at + dt.timedelta(microseconds=1)
    actions.contain(incident, actor=manager, at=at)
    assert (incident.acknowledged_at, incident.contained_at, incident.assigned_to_id) == (at, at, manager.pk)


def test_from_open_to_closed(manager):
    incident = an_incident(manager)
    actions.investigate(incident, actor=manager)
    actions.contain(incident, actor=manager, note="Account locked.")
    actions.resolve(incident, actor=manager, resolution="Patched.")
    actions.close(incident, actor=manager)
    incident.refresh_from_db()
    assert (incident.status, incident.review_due_on) == ("closed", None)
    recorded = list(incident.times.values_list("what", flat=True))
    assert recorded == ["detected", "acknowledged", "contained", "resolved", "closed"]
    verbs = set(AuditEvent.objects.filter(object_id=incident.pk).values_list("verb", flat=True))
    assert {"incident.investigate", "incident.contain", "incident.resolve", "incident.close"} <= verbs


def test_a_review_is_due_five_business_days_after_it_was_put_right(manager):
    friday = dt.datetime(2026, 3, 6, 23, 0, tzinfo=dt.UTC)
    incident = an_incident(manager, severity="high", detected_at=friday - dt.timedelta(days=1))
    actions.resolve(incident, actor=manager, resolution="Restarted.", at=friday)
    assert incident.review_due_on == dt.date(2026, 3, 13)
    actions.correct_time(incident, "resolved", friday + dt.timedelta(days=3), "It came back on Sunday.", manager)
    incident.refresh_from_db()
    assert incident.review_due_on == dt.date(2026, 3, 16)


def test_a_grave_one_is_not_closed_without_its_cause(manager):
    incident = an_incident(manager, severity="high")
    actions.resolve(incident, actor=manager, resolution="Restarted.")
    assert incident.review_due_on is not None
    with pytest.raises(ActionRefused, match="root cause"):
        actions.close(incident, actor=manager)
    editing.edit_incident(incident, actor=manager, root_cause="A full disk.")
    incident.refresh_from_db()
    with pytest.raises(ActionRefused, match=r"preventive measure.*review"):
        actions.close(incident, actor=manager)


def test_only_those_who_run_incidents_end_one(manager, reviewer):
    incident = resolved(manager)
    actions.add_to_team(incident, member=reviewer, actor=manager)
    with pytest.raises(ActionRefused, match="those who run incidents"):
        actions.close(incident, actor=reviewer)
    other = an_incident(manager)
    with pytest.raises(ActionRefused):
        actions.dismiss(other, actor=manager, reason="")
    actions.dismiss(other, actor=manager, reason="A drill.")
    assert (other.status, other.dismissed_reason) == ("dismissed", "A drill.")


def test_a_duplicate_hands_over_what_was_reported(manager, employee, administrator):
    event = report_event(actor=employee, source="person", title="Late again")
    twice, first = an_incident(manager, event=event), an_incident(manager)
    hidden = an_incident(administrator, confidential=True)
    for other in (twice, hidden):
        with pytest.raises(ActionRefused) as refused:
            actions.dismiss(twice, actor=manager, reason="", duplicate_of=other)
        assert refused.value.field == "duplicate_of"
    with pytest.raises(ActionRefused, match="make that one confidential first"):
        actions.dismiss(hidden, actor=administrator, reason="", duplicate_of=first)
    actions.dismiss(twice, actor=manager, reason="", duplicate_of=first)
    assert twice.dismissed_reason == f"It is the same as {first}."
    assert [one.pk for one in first.events.all()] == [event.pk]
    assert IncidentLink.objects.filter(incident=twice).count() == 1


def test_opened_again_its_end_is_withdrawn_and_stays_in_the_record(manager):
    incident = resolved(manager)
    ended = incident.resolved_at
    actions.reopen(incident, actor=manager, reason="Down again.")
    incident.refresh_from_db()
    assert (incident.status, incident.resolved_at, incident.times_reopened) == ("investigating", None, 1)
    assert times(incident, "resolved") == [ended, None]
    assert incident.times.filter(what="resolved").latest("recorded_at").reason == "Opened again: Down again."


def test_a_corrected_time_stands_beside_the_original(manager):
    incident = resolved(manager, detected_at=now() - 2 * HOUR)
    first, better = incident.detected_at, now() - 3 * HOUR
    with pytest.raises(ActionRefused) as refused:
        actions.correct_time(incident, "detected", better, "", manager)
    assert refused.value.field == "reason"
    actions.correct_time(incident, "detected", better, "The log says so.", manager)
    incident.refresh_from_db()
    assert incident.detected_at == better
    assert times(incident, "detected") == [first, better]
    event = AuditEvent.objects.get(verb="incident.correct_time", object_id=incident.pk)
    assert event.data["metadata"]["note"] == "The log says so."


def test_times_out_of_order_are_refused_at_the_field(manager):
    incident = resolved(manager, occurred_at=now() - 2 * HOUR, detected_at=now() - HOUR)
    absurd = [
        ("detected", now() + HOUR, "Not in the future"),
        ("detected", now() - 3 * HOUR, "Not before it occurred"),
        ("occurred", now() - dt.timedelta(minutes=1), "Not after it was detected"),
        ("contained", now(), "Not after it was resolved"),
        ("resolved", None, "say when"),
    ]
    for what, at, said in absurd:
        with pytest.raises(ActionRefused, match=said) as refused:
            actions.correct_time(incident, what, at, "Because.", manager)
        assert refused.value.field == "at"
    assert incident.times.count() == 4


def test_a_closed_one_is_corrected_by_those_who_run_incidents(manager, reviewer):
    incident = resolved(manager)
    actions.add_to_team(incident, member=reviewer, actor=manager)
    actions.close(incident, actor=manager)
    earlier = now() - 9 * HOUR
    with pytest.raises(ActionRefused):
        actions.correct_time(incident, "detected", earlier, "The log.", reviewer)
    actions.correct_time(incident, "detected", earlier, "The log.", manager)
    assert times(incident, "detected")[-1] == earlier


def test_what_becomes_critical_is_with_somebody_at_once(manager):
    incident = an_incident(manager, severity="low")
    actions.set_severity(incident, actor=manager, severity="critical", reason="All customers.")
    incident.refresh_from_db()
    assert incident.status == "investigating"
    assert incident.assigned_to_id is not None
    assert incident.acknowledge_due_at is not None
    assert incident.acknowledge_due_at < now() + dt.timedelta(minutes=16)
    with pytest.raises(ActionRefused, match="has that severity"):
        actions.set_severity(incident, actor=manager, severity="critical", reason="Still.")


def test_people_are_named_and_told_and_must_be_able(manager, reviewer, auditor):
    incident = an_incident(manager)
    set_people(incident, actor=manager, assigned_to=reviewer, commander=manager, scribe=None, team=[reviewer])
    incident.refresh_from_db()
    assert (incident.assigned_to_id, incident.commander_id, incident.scribe_id) == (reviewer.pk, manager.pk, None)
    assert OutboxMessage.objects.filter(to=reviewer.email, subject__contains="is with you").count() == 1
    with pytest.raises(ActionRefused, match="does not allow working on incidents"):
        set_people(incident, actor=manager, assigned_to=auditor)
    with pytest.raises(ActionRefused, match="so already"):
        set_people(incident, actor=manager, assigned_to=reviewer, team=[reviewer])


def test_what_is_written_is_kept_with_its_systems(manager):
    incident, billing = an_incident(manager), a_system(manager)
    editing.edit_incident(incident, actor=manager, title="Invoices are lost", systems=[billing])
    event = AuditEvent.objects.get(verb="incident.edit")
    assert event.data["after"] == {"title": "Invoices are lost", "systems": ["Billing"]}
    editing.edit_incident(incident, actor=manager, title="Invoices are lost", systems=[billing])
    assert AuditEvent.objects.filter(verb="incident.edit").count() == 1


@pytest.fixture
def one(manager) -> Incident:
    return an_incident(manager, occurred_at=now() - 50 * HOUR, detected_at=now() - 40 * HOUR)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.sampled_from(["occurred", "detected"]), st.integers(1, 100)), max_size=8))
def test_no_correction_loses_what_was_said_before(one, manager, moves):
    for what, hours in moves:
        before = list(one.times.values_list("what", "at", "recorded_as", "recorded_at"))
        try:
            actions.correct_time(one, what, now() - hours * HOUR, "Better known.", manager)
        except ActionRefused:
            assert list(one.times.values_list("what", "at", "recorded_as", "recorded_at")) == before
        else:
            assert list(one.times.values_list("what", "at", "recorded_as", "recorded_at"))[: len(before)] == before
            assert one.times.count() == len(before) + 1
    one.refresh_from_db()
    for what in ("occurred", "detected"):
        assert IncidentTime.objects.filter(incident=one, what=what).latest("recorded_at").at == getattr(one, f"{what}_at")
    assert [one.occurred_at, one.detected_at] == sorted(filter(None, [one.occurred_at, one.detected_at]))
