"""What a control's page says it stands on, and what comes next: each item once, late days apart, continuous ones in words."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Member
from controls.models import Control, ControlState, Occurrence
from controls.models.control import Cadence, Leg
from controls.status.keep import refresh
from tests.controls.occurrences.made import make_control, make_period
from tests.controls.status import rows
from tests.controls.status.world import Item, Trial

pytestmark = pytest.mark.usefixtures("in_acme", "on")
FIRST, TODAY = dt.date(2026, 5, 1), dt.date(2026, 5, 20)
LEGS = (Leg.POLICY, Leg.TECHNICAL, Leg.MONITORING)


@pytest.fixture
def daily(manager: Member) -> Control:
    """A daily control since the first of May."""
    make_period(manager, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    return make_control(manager, "BK-1", Cadence.DAILY, in_scope_since=FIRST, owner=rows.person_of(manager))


@pytest.fixture
def page(client_of: Callable[[Member], Client], auditor: Member) -> Callable[[Control], str]:
    """The page of a control as the auditor reads it, in words."""

    def read(control: Control) -> str:
        answer: Any = client_of(auditor).get(f"/o/acme/controls/{control.pk}/")
        assert answer.status_code == 200
        return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode().split("<main", 1)[1]).split())

    return read


def test_an_item_that_shows_many_days_stands_there_once(daily, page):
    week = rows.evidence(Item(Leg.OPERATION, FIRST, FIRST), title="Log of a week")
    days = Occurrence.objects.filter(control=daily).order_by("due_on")
    for day in days[:7]:
        rows.link(daily, week, "operation", day)
    for day in days[7:14]:
        rows.link(daily, rows.evidence(Item(Leg.OPERATION, FIRST, FIRST), title=f"Log of {day.label}"), "operation", day)
    words = page(daily)
    stands = words.split("What it stands on")[1].split("Next occurrences")[0]
    assert stands.count("Log of a week") == 2  # its link, and what the list of its days is of
    assert "For 7 occurrences" in stands
    assert "3 more for Evidence of operation" in stands
    assert "Nothing yet" in stands  # of the other legs


def test_next_means_next_and_late_days_are_counted_apart(daily, page):
    coming = page(daily).split("Next occurrences")[1].split("All its occurrences")[0]
    assert "19 overdue , the oldest due 1 May 2026" in coming
    assert "20 May 2026" in coming
    assert "25 May 2026" in coming
    assert "19 May 2026" not in coming


@pytest.fixture
def continuous(manager: Member) -> Control:
    """A continuous control whose design is shown."""
    make_period(manager, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    made = make_control(manager, "NET-1", Cadence.CONTINUOUS, owner=rows.person_of(manager))
    rows.answer(made)
    for leg in LEGS:
        rows.link(made, rows.evidence(Item(leg, FIRST, FIRST)), leg)
    refresh([made.pk])
    return made


def test_of_a_continuous_control_its_tests_show_the_operation(continuous, page):
    words = page(continuous)
    assert "Implemented" in words
    assert "Nothing yet" not in words
    assert "It works continuously: tests of its configuration show that. The first is due on 31 Dec 2026." in words
    rows.trial(continuous, Trial(dt.date(2026, 4, 2), "pass"))
    assert "The latest, on 2 Apr 2026: pass." in page(continuous)


def test_evidence_that_is_asked_for_is_said_to_be_lacking(daily, page):
    for leg in LEGS:
        rows.link(daily, rows.evidence(Item(leg, FIRST, FIRST)), leg)
    rows.answer(daily)
    refresh([daily.pk])
    assert "Nothing yet" in page(daily)
    yearly = make_control(rows.BUILDER, "YR-1", Cadence.YEARLY)
    rows.answer(yearly)
    refresh([yearly.pk])
    assert "It is asked for once the first occurrence of the period has fallen due." in page(yearly)


def test_a_tested_configuration_asks_for_no_further_evidence_of_operation(continuous, on):
    """The test is what shows it: the control does not fall back to its design alone once the day is past."""
    test = Occurrence.objects.get(control=continuous)
    rows.perform(test, TODAY)
    on(test.due_on + dt.timedelta(days=1))
    refresh([continuous.pk])
    assert ControlState.objects.get(control=continuous).design == "implemented"
