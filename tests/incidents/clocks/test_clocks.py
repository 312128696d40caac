"""Clocks start, move and end as what is recorded of an incident says."""

import datetime as dt
from typing import Any

import pytest

from accounts.models import Member
from audit.models import AuditEvent
from incidents.clocks import deciding, rules, turning
from incidents.clocks.holidays import add_holiday, bring_in, days_off, remove_holiday
from incidents.clocks.inbox import remind, theirs, waiting
from incidents.clocks.page import clocks_of
from incidents.lifecycle import actions as lifecycle
from incidents.models import Holiday, Incident, IncidentMoment, NotificationClock, NotificationRule
from incidents.reporting.actions import open_incident
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage

pytestmark = pytest.mark.usefixtures("in_acme")
HOUR = dt.timedelta(hours=1)


def opened(actor: Member, **facts: Any) -> Incident:
    return open_incident(actor=actor, **{"title": "Mailbox taken over", "kind": "security", "severity": "medium", **facts})


def clock_of(incident: Incident, key: str) -> NotificationClock:
    return NotificationClock.objects.get(incident=incident, rule__key=key)


def test_contracts_and_gdpr_run_from_awareness_and_the_others_are_off(manager):
    begun = now() - 5 * HOUR
    incident = opened(manager, detected_at=begun)
    clocks = NotificationClock.objects.filter(incident=incident)
    assert {(one.rule.key, one.due_at, one.status) for one in clocks} == {
        ("contracts", begun + 72 * HOUR, "running"),
        ("gdpr", begun + 72 * HOUR, "running"),
    }
    off = NotificationRule.objects.filter(status="off").values_list("key", flat=True)
    assert sorted(off) == ["dora", "hipaa", "nis2_early", "nis2_final", "nis2_notice", "sec"]
    assert not NotificationRule.objects.exclude(confirmed_by="").exists()


def test_an_outage_has_none_until_personal_data_are_known_to_be_affected(manager):
    incident = opened(manager, kind="availability")
    assert not NotificationClock.objects.filter(incident=incident).exists()
    deciding.set_impact(incident, customer="no", personal="yes", health="no", reason="Lost records", actor=manager)
    assert [one.rule.key for one in NotificationClock.objects.filter(incident=incident)] == ["gdpr"]


def test_no_clock_starts_for_data_that_are_known_not_to_be_affected(manager):
    incident = opened(manager)
    deciding.set_impact(incident, customer="no", personal="no", health="no", reason="Test accounts only", actor=manager)
    assert {one.status for one in NotificationClock.objects.filter(incident=incident)} == {"running"}  # somebody decides
    turning.turn_on(NotificationRule.objects.get(key="hipaa"), actor=manager)
    assert not NotificationClock.objects.filter(incident=incident, rule__key="hipaa").exists()


def test_a_corrected_detection_and_a_determined_awareness_move_the_clock_and_lose_nothing(manager):
    incident = opened(manager, detected_at=now() - HOUR)
    earlier, aware = now() - 9 * HOUR, now() - 3 * HOUR
    lifecycle.correct_time(incident, "detected", earlier, "The log says so", manager)
    assert clock_of(incident, "gdpr").due_at == earlier + 72 * HOUR
    deciding.set_moment(incident, what="awareness", at=aware, reason="Certain since then", actor=manager)
    assert clock_of(incident, "gdpr").due_at == aware + 72 * HOUR
    deciding.set_moment(incident, what="awareness", at=earlier, reason="No, since then", actor=manager)
    assert list(IncidentMoment.objects.values_list("at", flat=True)) == [aware, earlier]
    said = " ".join(incident.entries.values_list("text", flat=True))
    assert said.count("Notices are now due: ") == 3  # one line for all that move at once
    assert said.count("To be decided, and to be sent if so decided: ") == 1


def test_what_is_known_of_the_data_when_it_is_opened_starts_the_clocks_of_those_data(manager):
    impact = {"customer": "yes", "personal": "no", "health": "unknown"}
    incident = opened(manager, impact=impact)
    assert [one.rule.key for one in NotificationClock.objects.filter(incident=incident)] == ["contracts"]
    assert incident.impacts.get().customer == "yes"
    assert opened(manager, impact=dict.fromkeys(impact, "unknown")).impacts.count() == 0


def test_a_decision_to_notify_is_taken_once_and_stays_while_its_time_does_not_run(manager):
    clock = clock_of(opened(manager), "gdpr")
    deciding.decide(clock, notify=True, reason="", actor=manager)
    with pytest.raises(ActionRefused, match="decided already") as refused:
        deciding.decide(clock, notify=True, reason="", actor=manager)
    assert refused.value.field == "notify"
    deciding.set_moment(clock.incident, what="awareness", at=None, reason="Not certain", actor=manager)
    assert (clock.refreshed().status, clock.refreshed().due_at) == ("to_notify", None)


def test_a_clock_waits_for_its_moment_and_never_for_one_of_tomorrow(manager):
    incident = opened(manager)
    turning.turn_on(NotificationRule.objects.get(key="sec"), actor=manager)
    assert (clock_of(incident, "sec").status, clock_of(incident, "sec").due_at) == ("waiting", None)
    with pytest.raises(ActionRefused, match="future"):
        deciding.set_moment(incident, what="materiality", at=now() + HOUR, reason="The board", actor=manager)
    deciding.set_moment(incident, what="materiality", at=now(), reason="The board said so", actor=manager)
    assert clock_of(incident, "sec").status == "running"
    deciding.set_moment(incident, what="materiality", at=None, reason="It was not so", actor=manager)
    assert (clock_of(incident, "sec").status, clock_of(incident, "sec").due_at) == ("waiting", None)


def test_the_final_report_runs_from_the_notice_before_it(manager):
    incident = opened(manager)
    for key in ("nis2_notice", "nis2_final"):
        turning.turn_on(NotificationRule.objects.get(key=key), actor=manager)
    assert clock_of(incident, "nis2_final").status == "waiting"
    deciding.notified(clock_of(incident, "nis2_notice"), actor=manager, whom="The CSIRT, by its form")
    final = clock_of(incident, "nis2_final")
    assert (final.status, final.due_at is not None) == ("running", True)


def test_a_decision_against_a_notice_has_a_reason_and_may_be_taken_again(manager, reviewer):
    incident = opened(manager, detected_at=now() - 100 * HOUR)
    clock = clock_of(incident, "gdpr")
    assert clock.is_overdue(now())
    with pytest.raises(ActionRefused, match="reason"):
        deciding.decide(clock, notify=False, reason=" ", actor=manager)
    with pytest.raises(ActionRefused, match="run incidents"):
        deciding.decide(clock, notify=False, reason="No risk", actor=reviewer)
    deciding.decide(clock, notify=False, reason="No risk to people: encrypted", actor=manager)
    clock = clock.refreshed()
    assert (clock.status, clock.decided_by_id, clock.is_overdue(now())) == ("not_notifying", manager.pk, False)
    deciding.decide(clock, notify=True, reason="", actor=manager)
    deciding.notified(clock, actor=manager, whom="The authority, case 4711")
    clock = clock.refreshed()
    assert (clock.status, clock.was_late()) == ("notified", True)
    assert AuditEvent.objects.filter(object_id=clock.pk, verb="notification_clock.refrain").count() == 1
    assert incident.entries.filter(kind="decision").count() == 2
    assert "It was late." in incident.entries.get(kind="communication").text


def test_dismissing_voids_the_clocks_and_opening_again_revives_them(manager):
    incident = opened(manager)
    lifecycle.dismiss(incident, actor=manager, reason="A drill")
    assert {one.status for one in incident.clocks.all()} == {"void"}
    lifecycle.reopen(incident, actor=manager, reason="It was none")
    assert {one.status for one in incident.clocks.all()} == {"running"}


def test_a_changed_rule_moves_no_clock_that_runs_and_is_to_be_confirmed_again(manager):
    incident = opened(manager)
    rule = NotificationRule.objects.get(key="contracts")
    rules.confirm_rule(rule, actor=manager, counsel="Hale and Partners", on=dt.date(2026, 1, 5))
    rules.edit_rule(rule, actor=manager, amount=24)
    rule = rule.refreshed()
    assert (rule.amount, rule.confirmed_by) == (24, "")
    before = clock_of(incident, "contracts")
    assert before.due_at is not None
    assert before.due_at - (before.trigger_at or now()) == 72 * HOUR
    after = opened(manager)
    assert clock_of(after, "contracts").terms["amount"] == 24


def test_those_on_it_are_reminded_once_for_each_stage(acme, manager):
    incident = opened(manager, detected_at=now() - 70 * HOUR)
    lifecycle.assign(incident, actor=manager, assigned_to=manager)
    before = OutboxMessage.objects.count()
    remind(acme, now())
    remind(acme, now())
    mails = OutboxMessage.objects.filter(subject__contains="notification clock", to=manager.email)
    assert mails.count() == 2  # two clocks, one stage each
    assert "runs out in 1 h 59 min" in mails[0].subject
    assert OutboxMessage.objects.count() > before
    remind(acme, now() + 3 * HOUR)
    assert OutboxMessage.objects.filter(subject__contains="has run out", to=manager.email).count() == 2


def test_the_work_of_those_who_run_incidents_holds_them(manager, reviewer):
    incident = opened(manager)
    titles = [entry.title for entry in waiting(manager)]
    assert sum(title.startswith(f"{incident.reference}: ") for title in titles) == 2
    assert list(waiting(reviewer)) == []
    secret = opened(manager, title="An insider", confidential=True)
    assert not any("insider" in entry.title for entry in waiting(manager))
    assert theirs(manager).filter(incident=secret).exists()


def test_the_page_says_why_what_next_and_how_long(manager):
    incident = opened(manager, detected_at=now() - 2 * HOUR)
    data = clocks_of(incident, manager)
    assert data is not None
    (first, _) = data["clocks"]
    assert first.left == "2 days 21 h left"
    assert "decides whether" in first.words
    assert first.terms == "72 hours from awareness"


def test_holidays_of_a_country_are_brought_in_once(manager):
    add_holiday(actor=manager, day=dt.date(2026, 12, 24), name="We are closed")
    assert bring_in(actor=manager, country="DE", part="BE", year=2026) == 10
    assert dt.date(2026, 3, 8) in days_off()  # a holiday in Berlin only
    with pytest.raises(ActionRefused, match="there already"):
        bring_in(actor=manager, country="DE", part="BE", year=2026)
    with pytest.raises(ActionRefused, match="no part"):
        bring_in(actor=manager, country="DE", part="XX", year=2026)


def test_a_notice_from_before_it_was_noticed_is_refused_at_its_field(manager):
    clock = clock_of(opened(manager), "gdpr")
    with pytest.raises(ActionRefused, match="Not before it was detected") as refused:
        deciding.notified(clock, actor=manager, whom="The authority", at=now() - dt.timedelta(days=9))
    assert refused.value.field == "at"


def test_a_rule_that_is_turned_off_starts_nothing_and_a_holiday_is_taken_back(manager):
    opened(manager)
    rule = NotificationRule.objects.get(key="hipaa")
    turning.turn_on(rule, actor=manager)
    turning.turn_off(rule, actor=manager, reason="No patients.")
    assert rule.refreshed().status == "off"
    holiday = add_holiday(actor=manager, day=current_organization().today(), name="Closed")
    about = [rule.pk, holiday.pk]
    remove_holiday(holiday, actor=manager)
    assert not Holiday.objects.filter(name="Closed").exists()
    done = AuditEvent.objects.filter(object_id__in=about).values_list("verb", flat=True)
    assert {"notification_rule.turn_off", "holiday.add", "holiday.remove"} <= set(done)
