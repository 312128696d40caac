"""Occurrences of events that another area has worked on are performed together, each with its evidence and its events."""

import datetime as dt
from collections.abc import Iterator

import pytest

from audit.models import AuditEvent
from controls.models import ControlEvidence, Occurrence
from controls.models.control import Cadence
from controls.occurrences import events
from controls.occurrences.cadence import Event
from controls.occurrences.feeds import Worked, perform_events
from tests.controls.occurrences.made import make_control
from tests.evidence.helpers import kept

pytestmark = pytest.mark.usefixtures("in_acme", "on")
DAYS = [dt.date(2026, 5, 4), dt.date(2026, 5, 5), dt.date(2026, 5, 6)]


@pytest.fixture
def launches(monkeypatch, manager):
    """A control that works on each of three launches."""

    def happened(first: dt.date, last: dt.date) -> Iterator[Event]:
        for number, day in enumerate(DAYS):
            if first <= day <= last:
                yield Event(f"launch-{number}", f"Launch {number}", day)

    monkeypatch.setitem(events._populations, "launches", events.Population("launches", "Launches", happened))
    return make_control(manager, cadence=Cadence.PER_EVENT, population="launches")


def rows(control):
    return list(Occurrence.objects.filter(control=control, kind="event").select_related("control").order_by("starts_on"))


def test_each_is_performed_with_its_item_by_whoever_did_it(launches, manager):
    item = kept(manager, "Launches")
    first, second, _third = rows(launches)
    worked = [
        Worked(first, item, DAYS[0], manager, "Watched."),
        Worked(second, item, DAYS[1], None, "Watched by the machine."),
    ]
    assert perform_events(worked) == 2
    found = rows(launches)
    assert [(row.status, row.performed_on, row.statement) for row in found] == [
        ("performed", DAYS[0], "Watched."),
        ("performed", DAYS[1], "Watched by the machine."),
        ("open", None, ""),
    ]
    assert [row.performed_by for row in found] == [manager, None, None]
    assert set(ControlEvidence.objects.filter(evidence=item).values_list("occurrence", flat=True)) == {first.pk, second.pk}
    told = AuditEvent.objects.filter(verb="occurrence.perform").values_list("object_id", flat=True)
    assert set(told) == {first.pk, second.pk}


def test_what_somebody_was_faster_with_stays_as_it_is(launches, manager):
    item, other = kept(manager, "Launches"), kept(manager, "Other")
    first, *_ = rows(launches)
    perform_events([Worked(first, item, DAYS[0], manager, "Watched.")])
    assert (
        perform_events([Worked(first, other, DAYS[1], None, "Too late."), Worked(rows(launches)[1], other, DAYS[1], None, "")])
        == 1
    )
    assert rows(launches)[0].statement == "Watched."
    assert not ControlEvidence.objects.filter(evidence=other, occurrence=first).exists()
