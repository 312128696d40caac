import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent
from audit.sentences import deed
from controls.models import AuditPeriod, Control, ControlState, Occurrence
from controls.models.control import Cadence
from controls.occurrences import events
from controls.occurrences.actions import did_not_occur
from controls.occurrences.cadence import Event
from controls.occurrences.layout import Laid, keep_laid_out, lay_out
from tenancy.scope import now
from tests.controls.occurrences.made import change_cadence, make_control, make_period

pytestmark = pytest.mark.usefixtures("in_acme", "on")
YEAR = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def keys(control, *states):
    rows = Occurrence.objects.filter(control=control, status__in=states or ("open",)).order_by("ends_on", "key")
    return list(rows.values_list("key", flat=True))


@pytest.fixture
def leavers(monkeypatch):
    """A population whose events the test sets."""
    found: list[Event] = []
    provider = lambda first, last: [one for one in found if first <= one.on <= last]  # noqa: E731
    monkeypatch.setitem(events._populations, "leavers", events.Population("leavers", "Leavers", provider))
    return found


def test_a_control_is_laid_out_to_the_end_of_the_open_period(manager):
    make_period(manager, *YEAR)
    control = make_control(manager, cadence=Cadence.QUARTERLY)
    assert keys(control) == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]


def test_without_a_period_a_year_back_and_a_year_ahead(manager):
    control = make_control(manager, in_scope_since=dt.date(2020, 1, 1))
    found = keys(control)
    assert (found[0], found[-1], len(found)) == ("2025-05", "2027-05", 25)


def test_the_rows_added_are_one_event_of_the_control(manager):
    make_period(manager, *YEAR)
    control = make_control(manager)
    event = AuditEvent.objects.get(verb="control.lay_out")
    assert event.object_id == control.pk
    assert event.data["metadata"] == {"occurrences": 12, "from": "2026-01-31", "until": "2026-12-31"}


def test_laying_out_again_does_nothing(manager):
    make_period(manager, *YEAR)
    control = make_control(manager, cadence=Cadence.DAILY)
    assert lay_out([control.pk], actor=manager) == Laid()
    assert AuditEvent.objects.filter(verb="control.lay_out").count() == 1


def test_a_changed_cadence_withdraws_what_no_longer_follows(manager):
    make_period(manager, *YEAR)
    control = make_control(manager)
    change_cadence(control, Cadence.QUARTERLY, dt.date(2026, 7, 1), manager)
    assert keys(control) == ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06", "2026-Q3", "2026-Q4"]
    assert keys(control, "withdrawn") == ["2026-07", "2026-08", "2026-09", "2026-10", "2026-11", "2026-12"]
    withdrawn = AuditEvent.objects.filter(verb="occurrence.withdraw")
    assert {event.object_name for event in withdrawn} >= {"AC-001 July 2026", "AC-001 December 2026"}
    assert withdrawn.count() == 6


def test_what_follows_again_is_expected_again(manager):
    make_period(manager, *YEAR)
    control = make_control(manager)
    change_cadence(control, Cadence.QUARTERLY, dt.date(2026, 7, 1), manager)
    change_cadence(control, Cadence.MONTHLY, dt.date(2026, 7, 2), manager)
    assert keys(control)[6:] == ["2026-07", "2026-08", "2026-09", "2026-10", "2026-11", "2026-12"]
    assert keys(control, "withdrawn") == ["2026-Q3", "2026-Q4"]
    assert AuditEvent.objects.filter(verb="occurrence.expect").count() == 6


def test_days_of_grace_move_open_rows_and_no_others(manager):
    make_period(manager, *YEAR)
    control = make_control(manager, cadence=Cadence.QUARTERLY)
    first = Occurrence.objects.get(key="2026-Q1")
    Occurrence.PERFORM.apply(first, actor=manager, performed_on=dt.date(2026, 3, 30))
    change_cadence(control, Cadence.QUARTERLY, dt.date(2026, 1, 2), manager, grace_days=10)
    due = dict(Occurrence.objects.values_list("key", "due_on"))
    assert due == {
        "2026-Q1": dt.date(2026, 3, 31),
        "2026-Q2": dt.date(2026, 7, 10),
        "2026-Q3": dt.date(2026, 10, 10),
        "2026-Q4": dt.date(2027, 1, 10),
    }
    event = AuditEvent.objects.filter(verb="occurrence.move").earliest("at")
    assert event.data["before"]["due_on"] == "2026-06-30"
    assert event.data["after"]["due_on"] == "2026-07-10"


def test_a_retired_control_is_asked_for_nothing_more(manager):
    make_period(manager, *YEAR)
    control = make_control(manager)
    Control.RETIRE.apply(control, actor=manager, retired_on=dt.date(2026, 5, 20))
    lay_out([control.pk], actor=manager)
    assert keys(control) == ["2026-01", "2026-02", "2026-03", "2026-04"]


def test_a_new_period_extends_every_control(manager):
    make_period(manager, *YEAR)
    monthly, yearly = make_control(manager), make_control(manager, code="GV-001", cadence=Cadence.YEARLY)
    make_period(manager, dt.date(2027, 1, 1), dt.date(2027, 12, 31), name="2027")
    assert keys(monthly)[-1] == "2027-12"
    assert keys(yearly) == ["2026", "2027"]


def test_what_was_laid_out_ahead_stays_when_a_shorter_period_begins(manager):
    control = make_control(manager)
    before = keys(control)
    make_period(manager, dt.date(2026, 1, 1), dt.date(2026, 6, 30))
    assert keys(control) == before


def test_each_event_of_the_population_is_expected_once(manager, leavers):
    make_period(manager, *YEAR)
    leavers.append(Event("1", "Ada Adams, last day 6 April", dt.date(2026, 4, 6)))
    control = make_control(manager, cadence=Cadence.PER_EVENT, population="leavers")
    assert keys(control) == ["none:leavers:2026-Q1", "leavers:1"]
    leavers.append(Event("2", "Ben\tBell", dt.date(2026, 5, 19)))
    assert lay_out(actor=manager) == Laid(added=1)
    assert Occurrence.objects.get(key="leavers:2").label == "Ben Bell"
    assert lay_out(actor=manager) == Laid()


def test_a_statement_is_not_wanted_any_more_when_an_event_comes_to_light(manager, leavers):
    make_period(manager, *YEAR)
    control = make_control(manager, cadence=Cadence.PER_EVENT, population="leavers")
    assert keys(control) == ["none:leavers:2026-Q1"]
    leavers.append(Event("1", "Ada Adams", dt.date(2026, 2, 6)))
    lay_out([control.pk], actor=manager)
    assert keys(control) == ["leavers:1"]
    assert keys(control, "withdrawn") == ["none:leavers:2026-Q1"]


def stated(control, manager):
    row = Occurrence.objects.select_related("control__owner").get(control=control, key="none:leavers:2026-Q1")
    return did_not_occur(row, actor=manager, statement="Nobody left from 1 January to 31 March.")


def test_a_statement_made_in_good_faith_does_not_outlive_the_event(manager, acme, leavers):
    make_period(manager, *YEAR)
    control = make_control(manager, cadence=Cadence.PER_EVENT, population="leavers")
    stated(control, manager)
    leavers.append(Event("1", "Ada Adams, last day 31 March", dt.date(2026, 3, 31)))
    keep_laid_out(acme, now())
    row = Occurrence.objects.get(control=control, key="none:leavers:2026-Q1")
    assert (row.status, row.statement, row.stated_by, row.stated_at) == ("withdrawn", "", None, None)
    assert keys(control) == ["leavers:1"]
    event = AuditEvent.objects.get(verb="occurrence.refute", object_id=row.pk)
    assert event.data["before"] == {"status": "did_not_occur", "statement": "Nobody left from 1 January to 31 March."}
    assert event.data["metadata"]["note"] == "There was something after all: Ada Adams, last day 31 March."
    assert deed(event.verb) == "withdrew the statement that nothing occurred"
    assert ControlState.objects.get(control=control).operation == "deviations"
    assert lay_out(actor=manager) == Laid()
    leavers.clear()
    assert lay_out(actor=manager) == Laid(withdrawn=1, moved=1)
    assert keys(control) == ["none:leavers:2026-Q1"]


def test_a_statement_stays_when_the_event_is_of_another_time_or_population(manager, leavers):
    make_period(manager, *YEAR)
    control = make_control(manager, cadence=Cadence.PER_EVENT, population="leavers")
    stated(control, manager)
    leavers.append(Event("1", "Ada Adams, last day 1 April", dt.date(2026, 4, 1)))
    assert lay_out([control.pk], actor=manager) == Laid(added=1)
    assert keys(control, "did_not_occur") == ["none:leavers:2026-Q1"]
    change_cadence(control, Cadence.QUARTERLY, dt.date(2026, 1, 2), manager)
    assert keys(control, "did_not_occur") == ["none:leavers:2026-Q1"]


def test_events_that_nothing_holds_are_shown_or_stated_by_the_quarter(manager):
    make_period(manager, *YEAR)
    make_control(manager, cadence=Cadence.PER_EVENT, population="vendor_changes")
    assert list(Occurrence.objects.values_list("label", flat=True)) == ["Q1 2026: vendor changes"]


def test_a_continuous_control_is_tested_once_in_each_period(manager):
    period = make_period(manager, *YEAR)
    control = make_control(manager, cadence=Cadence.CONTINUOUS)
    row = Occurrence.objects.get(control=control)
    assert (row.key, row.label, row.due_on) == (f"period:{period.pk}", "Test of the configuration, 2026", YEAR[1])


def test_the_schedule_lays_out_what_has_come_into_reach(manager, acme, on, leavers):
    control = make_control(manager)
    events_control = make_control(manager, code="AC-002", cadence=Cadence.PER_EVENT, population="leavers")
    assert keys(control)[-1] == "2027-05"
    before = AuditEvent.objects.filter(verb="control.lay_out").count()
    keep_laid_out(acme, dt.datetime.now(dt.UTC))
    assert AuditEvent.objects.filter(verb="control.lay_out").count() == before
    on("2026-06-01")
    leavers.append(Event("1", "Ada Adams", dt.date(2026, 5, 30)))
    keep_laid_out(acme, dt.datetime.now(dt.UTC))
    assert keys(control)[-1] == "2027-06"
    assert "leavers:1" in keys(events_control)


def test_a_closed_period_lets_its_rows_be(manager):
    period = make_period(manager, dt.date(2025, 1, 1), dt.date(2026, 4, 30))
    control = make_control(manager, in_scope_since=dt.date(2025, 1, 1))
    before = keys(control)
    AuditPeriod.CLOSE.apply(period, actor=manager)
    lay_out(actor=manager)
    assert keys(control)[: len(before)] == before


def test_the_number_of_queries_does_not_grow_with_the_controls(manager, on):
    def queries(number, today):
        for index in range(number):
            make_control(manager, code=f"X-{number}-{index}")
        on(today)
        with CaptureQueriesContext(connection) as found:
            assert lay_out(actor=manager).added >= number
        return len(found)

    few = queries(2, "2026-06-20")
    assert queries(8, "2026-07-20") == few
    assert few <= 23
