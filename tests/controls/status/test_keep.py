"""What is kept is what would be derived, after anything that happens; closed periods stay as they are."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from controls.models import AuditPeriod, ControlState
from controls.models.control import Leg
from controls.status.keep import derived, differs, refresh, refresh_daily
from controls.status.registrations import refresh_proved
from evidence.models import FileCheck
from tenancy.models import Organization
from tests.controls.status import rows
from tests.controls.status.world import DAYS, END, START, Expected, Item, Trial, worlds

TODAY = dt.date(2026, 5, 1)


@pytest.fixture
def on(monkeypatch):
    """`on(day)`: every organization has that day."""

    def turn(day):
        monkeypatch.setattr(Organization, "today", lambda _: day)

    turn(TODAY)
    return turn


def kept(period, control=None):
    states = ControlState.objects.filter(period=period)
    return states.get(control=control) if control else states


def test_a_new_period_gets_a_state_for_each_control(acme, in_acme, manager, on):
    period = rows.period()
    one = rows.control(owner=rows.person_of(manager))
    other = rows.control(criteria=("A1.1",))
    refresh()
    assert kept(period).count() == 2
    state = kept(period, one)
    assert (state.design, state.operation, state.in_scope, state.as_of) == ("missing", "not_yet_due", True, TODAY)
    assert kept(period, other).in_scope is False


def test_only_those_named_are_derived_anew(acme, in_acme, on):
    period, one, other = rows.period(), rows.control(), rows.control()
    refresh()
    for control in (one, other):
        rows.link(control, rows.evidence(), "policy")
    refresh([one.pk])
    assert kept(period, one).design == "partial"
    assert kept(period, other).design == "missing"
    refresh([])
    assert kept(period, other).design == "missing"


def test_a_closed_period_is_frozen(acme, in_acme, manager, on):
    period, one = rows.period(), rows.control()
    refresh()
    AuditPeriod.CLOSE.apply(period, actor=manager)
    rows.link(one, rows.evidence(), "policy")
    on(END)
    refresh()
    assert (kept(period, one).design, kept(period, one).as_of) == ("missing", TODAY)


def test_a_damaged_file_shows_when_the_check_tells_of_it(acme, in_acme, manager, on):
    period, one = rows.period(), rows.control(owner=rows.person_of(manager))
    item = rows.evidence()
    rows.link(one, item, "policy")
    refresh()
    FileCheck.objects.filter(file=item.file).update(result=FileCheck.Result.ALTERED)
    refresh_proved([item.pk], manager)
    state = kept(period, one)
    assert state.design == "not_evaluable"
    assert "file_damaged" in state.reasons


def test_days_pass_by_themselves(acme, in_acme, on, django_assert_num_queries):
    period, one = rows.period(), rows.control()
    rows.occurrence(one, Expected(TODAY))
    noon = dt.datetime(2026, 5, 1, 12, tzinfo=acme.tzinfo)
    refresh_daily(acme, noon)
    assert kept(period, one).operation == "not_yet_due"
    with django_assert_num_queries(3):
        refresh_daily(acme, noon)
    on(TODAY + dt.timedelta(days=1))
    refresh_daily(acme, noon + dt.timedelta(days=1))
    assert (kept(period, one).operation, kept(period, one).reasons[-2:]) == ("deviations", ["late", "not_tested"])


def test_what_is_the_same_is_not_written_again(acme, in_acme, on, django_assert_num_queries):
    for number in range(2):
        rows.period(name=f"Period {number}")
    for _ in range(15):
        rows.control()
    refresh()
    with django_assert_num_queries(2 + 2 * 8):  # periods, lock; for each period its facts and what is kept
        refresh()


@settings(max_examples=5, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_what_is_kept_is_what_is_derived(acme, in_acme, manager, on, data):
    """After each of several acts, each of which derives only what it touched."""
    day = data.draw(DAYS)
    on(day)
    period = rows.period(name=f"Period {next(rows.numbers)}")
    controls = [rows.build(world, rows.person_of(manager)) for world in data.draw(st.lists(worlds(), min_size=4, max_size=4))]
    refresh()
    for _ in range(6):
        one = data.draw(st.sampled_from(controls))
        data.draw(st.sampled_from([_prove, _test, _lose_owner]))(one, manager)
        refresh([one.pk])
        states = {state.control_id: state for state in kept(period)}
        for state in derived(period, day, acme):
            assert not differs(state, states[state.control_id])


def _prove(control, manager):
    rows.link(control, rows.evidence(Item(Leg.OPERATION, START, END)), "operation")


def _test(control, manager):
    rows.trial(control, Trial(START, "fail"))


def _lose_owner(control, manager):
    rows.give(control, None if control.owner_id else rows.person_of(manager))
