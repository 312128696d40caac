"""Rules raise one alert for each window, tell those whom they name, and an alert ends with a note."""

import datetime as dt
from typing import Any

import pytest
from django.db.models import Q

from accounts.models import Member
from audit.actors import SCHEDULE
from audit.models import AuditEvent
from controls.events.alerts import evaluate, events_of, look_at
from controls.events.rules import create_rule, edit_rule, turn_off, turn_on
from controls.events.tasks import watch_again
from controls.models import Alert, AlertRule
from tenancy.scope import now
from tests.conftest import commits
from tests.controls.events.samples import access, event
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def rule(in_acme, manager, reviewer) -> AlertRule:
    """Three failed accesses by the same user within ten minutes; the reviewer is told."""
    return create_rule(
        actor=manager,
        name="Failed accesses",
        watches="failed_access",
        threshold=3,
        minutes=10,
        by="actor",
        recipients=[reviewer.pk],
    )


def failures(minutes: list[float], *, user: str | None = "ada", prefix: str = "f") -> list[dict[str, Any]]:
    """Failed accesses so many minutes ago."""
    at = now()
    return [access(f"{prefix}{number}", at=at - one * MINUTE, result="failure", user=user) for number, one in enumerate(minutes)]


def ask() -> list[Alert]:
    return evaluate(Q(), actor=SCHEDULE)


def test_enough_within_the_window_raise_one_alert(log, rule, reviewer):
    log(*failures([9, 5, 1]))
    (alert,) = ask()
    assert (alert.sentence, alert.same, alert.seen) == ("3 failed or denied accesses by ada within 8 minutes", "ada", 3)
    assert (alert.control.code, alert.status, alert.until - alert.first_at) == ("AC-9", "open", 10 * MINUTE)
    assert ask() == []
    (mail,) = OutboxMessage.objects.all()
    assert (mail.to, alert.reference in mail.subject, alert.get_absolute_url() in mail.text) == (reviewer.email, True, True)
    assert AuditEvent.objects.get(verb="alert.raise").object_id == alert.pk


@pytest.mark.parametrize("minutes", [[9, 5], [25, 15, 1], [21, 10.5, 0]], ids=str)
def test_fewer_or_further_apart_raise_none(log, rule, minutes):
    log(*failures(minutes))
    assert ask() == []


def test_the_window_is_closed_at_both_ends(log, rule):
    at = now() - 20 * MINUTE
    log(*(access(str(n), at=at + n * 5 * MINUTE, result="denied", user="ada") for n in range(3)))
    assert len(ask()) == 1


def test_only_what_belongs_together_is_counted(log, rule):
    log(
        *failures([3, 2]),
        *failures([3, 2], user="ben", prefix="b"),
        *failures([1], user=None, prefix="n"),
        access("fine", user="ada", result="success"),
    )
    assert ask() == []


def test_what_follows_within_the_window_belongs_to_the_same_alert(log, rule):
    log(*failures([9, 8, 7]))
    (alert,) = ask()
    log(*failures([6, 5, 4, 3, 2], prefix="later"))
    assert ask() == []
    assert (events_of(alert).count(), Alert.objects.count()) == (8, 1)


def test_what_goes_on_after_the_window_is_another_alert(log, rule):
    log(*failures([40, 39, 38, 37, 9, 8, 7]))
    assert [one.seen for one in ask()] == [4, 3]


def test_late_ones_complete_a_window(log, rule):
    """The third arrives an hour after the others, with an earlier moment."""
    log(*failures([8, 6]))
    assert ask() == []
    log(*failures([9], prefix="late"))
    assert [one.seen for one in ask()] == [3]


def test_what_is_received_a_week_late_raises_nothing(log, rule):
    week = 7 * 24 * 60
    log(*failures([week + 3, week + 2, week + 1]))
    assert ask() == []


BELOW: dict[str, Any] = {"uptime": 99.0, "achieved": False}
UNAPPROVED = "A change without an approver of its own at Raise the session limit"


@pytest.mark.parametrize(
    ("watches", "sent", "sentence"),
    [
        ("critical_incident", event("incident", severity="critical"), "A report of a critical incident at INC-31"),
        ("critical_incident", event("incident", severity="high"), None),
        ("failed_backup", event("backup", result="partial"), "A backup that failed or is partial at Production database"),
        ("failed_backup", event("backup"), None),
        ("unapproved_change", event("change", approver=None), UNAPPROVED),
        ("unapproved_change", event("change", approver="ada byron "), UNAPPROVED),
        ("unapproved_change", event("change"), None),
        ("missed_target", event("availability", **BELOW), "A span of availability below its target at Web application"),
        ("failed_access", event("access", result="success"), None),
    ],
)
def test_each_kind_of_rule_sees_its_own(log, manager, watches, sent, sentence):
    create_rule(actor=manager, name="Rule", watches=watches)
    log(sent)
    assert [one.sentence for one in ask()] == ([sentence] if sentence else [])


@pytest.mark.parametrize(("by", "same"), [("ip", "203.0.113.7"), ("subject", "Production database"), ("control", "AC-9")])
def test_events_are_counted_by_what_the_rule_says(log, manager, by, same):
    create_rule(actor=manager, name="Rule", watches="failed_access", threshold=2, by=by)
    log(*failures([2], user="ada"), *failures([1], user="ben", prefix="b"))
    (alert,) = ask()
    assert (alert.same, events_of(alert).count()) == (same, 2)


def test_a_request_asks_by_itself_once_it_is_committed(acme, log, rule, django_capture_on_commit_callbacks):
    with commits(django_capture_on_commit_callbacks):
        log(*failures([3, 2, 1]))
    assert Alert.objects.count() == 1


def test_the_schedule_asks_about_what_a_lost_worker_left(acme, log, rule):
    log(*failures([3, 2, 1]))
    watch_again(acme, now())
    watch_again(acme, now())
    assert (Alert.objects.count(), OutboxMessage.objects.count()) == (1, 1)


def test_the_schedule_looks_back_a_day(acme, log, rule):
    log(*failures([3, 2, 1]))
    watch_again(acme, now() + dt.timedelta(hours=25))
    assert not Alert.objects.exists()


def test_a_rule_that_is_off_raises_nothing(log, rule, manager):
    turn_off(rule, actor=manager, reason="Too loud")
    log(*failures([3, 2, 1]))
    assert ask() == []
    turn_on(rule, actor=manager, reason="Quiet now")
    assert len(ask()) == 1


def test_who_may_no_longer_look_is_not_told(log, rule, reviewer):
    Member.objects.filter(pk=reviewer.pk).update(roles=["viewer"])
    log(*failures([3, 2, 1]))
    ask()
    assert not OutboxMessage.objects.exists()


def test_members_of_others_are_not_told(log, rule, cast, manager):
    edit_rule(rule, actor=manager, recipients=[cast.of("globex", "manager").pk])
    log(*failures([3, 2, 1]))
    assert len(ask()) == 1
    assert not OutboxMessage.objects.exists()


def test_a_changed_rule_leaves_its_alerts_as_they_were(log, rule, manager):
    log(*failures([3, 2, 1]))
    (alert,) = ask()
    edit_rule(rule, actor=manager, watches="failed_backup", by="subject")
    alert = Alert.objects.get(pk=alert.pk)
    assert (alert.watches, alert.by, events_of(alert).count()) == ("failed_access", "actor", 3)


def test_the_trail_names_whom_a_rule_tells(rule, manager, reviewer):
    edit_rule(rule, actor=manager, recipients=[], minutes=20)
    created, edited, told = (AuditEvent.objects.get(verb=f"alert_rule.{verb}").data for verb in ("create", "edit", "tell"))
    assert created["after"]["recipients"] == told["before"]["recipients"] == [reviewer.email]
    assert (told["after"], edited["after"]) == ({"recipients": []}, {"minutes": 20})


def test_two_rules_have_two_names(rule, manager):
    with pytest.raises(ActionRefused, match="this name already") as refused:
        create_rule(actor=manager, name="Failed accesses", watches="failed_backup")
    assert refused.value.field == "name"


def test_an_alert_ends_with_what_somebody_found(log, rule, reviewer, auditor):
    log(*failures([3, 2, 1]))
    (alert,) = ask()
    with pytest.raises(ActionRefused, match="role"):
        look_at(alert, actor=auditor, note="Seen")
    look_at(alert, actor=reviewer, note=" Ada had mistyped her new password; she was called. ")
    alert = Alert.objects.get()
    assert (alert.status, alert.looked_by_id) == ("looked_at", reviewer.pk)
    assert alert.found == "Ada had mistyped her new password; she was called."
    with pytest.raises(ActionRefused, match="looked at"):
        look_at(alert, actor=reviewer, note="Again")


def test_an_alert_cannot_be_over_without_words(log, rule, reviewer):
    log(*failures([3, 2, 1]))
    (alert,) = ask()
    with pytest.raises(ActionRefused, match="what you found"):
        look_at(alert, actor=reviewer, note="  ")
