"""Control events as a population: those of the days asked for, in the organization's zone, each with its hash."""

import datetime as dt

from controls.events.population import KIND, occurred
from controls.models import ControlEvent
from evidence.populations.actions import begin_freezing, freeze
from tests.controls.events.samples import access, event

MIDNIGHT = dt.datetime(2026, 3, 1, 5, 0, tzinfo=dt.UTC)  # in New York


def test_the_rows_are_those_of_the_days(log):
    moments = [MIDNIGHT - dt.timedelta(seconds=1), MIDNIGHT, MIDNIGHT + dt.timedelta(hours=23, minutes=59)]
    log(*(access(str(number), at=at) for number, at in enumerate([*moments, MIDNIGHT + dt.timedelta(days=1)])))
    rows = list(occurred(dt.date(2026, 3, 1), dt.date(2026, 3, 1)).rows)
    assert [row[2] for row in rows] == ["2026-03-01 05:00:00", "2026-03-02 04:59:00"]
    kept = ControlEvent.objects.get(event_id="access-1")
    assert (rows[0][0], rows[0][-1], rows[0][3], rows[0][7]) == (str(kept.pk), kept.sha256, "AC-9", "Denied")


def test_it_is_frozen_with_its_statement(log, acme, manager):
    log(event("backup"), access())
    population = freeze(begin_freezing(KIND, acme.today() - dt.timedelta(days=1), acme.today(), actor=manager))
    assert (population.row_count, population.status) == (2, "frozen")
    assert "What a system did not send is not in it." in population.statement
