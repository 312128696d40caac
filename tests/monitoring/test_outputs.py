"""What the binder is told of recovery: the latest test of each thing counts, not the latest of all."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from controls.binder.facts import facts_of
from controls.models import AuditPeriod
from monitoring.recovery.actions import record_test

pytestmark = pytest.mark.usefixtures("in_acme")
PASSED: dict[str, Any] = {
    "kind": "restore", "system": None, "works": True, "rto_target_minutes": 240, "rto_minutes": 100, "rpo_target_minutes": 60,
    "rpo_minutes": 5, "notes": "",
}  # fmt: skip


def recorded(actor: Any, on: dt.date, what: str, **facts: Any) -> None:
    """A test is recorded."""
    record_test(actor=actor, uploads=[SimpleUploadedFile("log.txt", b"restored")], tested_on=on, **PASSED | facts, what=what)


def said(day: dt.date) -> list[tuple[str, str]]:
    """What the binder is told of recovery tests on a day."""
    period = AuditPeriod(name="A year", starts_on=day.replace(month=1, day=1), ends_on=day.replace(month=12, day=31))
    return [(fact.outcome, fact.sentence) for fact in facts_of("recovery-tested", period, day)]


def test_a_missed_target_stands_until_the_same_is_tested_again(acme, manager):
    today, day = acme.today(), dt.timedelta(days=1)
    assert said(today) == []
    recorded(manager, today - 30 * day, "The billing database", rto_minutes=310)
    recorded(manager, today - 20 * day, "The file store")
    ((outcome, sentence),) = said(today)
    assert outcome == "broken"
    assert "target missed" in sentence
    assert "The billing database" in sentence
    recorded(manager, today - 10 * day, "the billing database")
    assert [outcome for outcome, _ in said(today)] == ["holds"]
    ((outcome, sentence),) = said(today + 120 * day)
    assert (outcome, "more than a quarter ago" in sentence) == ("broken", True)
