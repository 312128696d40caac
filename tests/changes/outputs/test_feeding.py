"""Controls that run on each change or deployment are performed by those that are accounted for, and by no others."""

import datetime as dt
from collections.abc import Iterator

import pytest

from changes.lifecycle import actions
from changes.models import Change, ChangeRecord
from changes.outputs.feeding import feed_done
from controls.models import ControlEvidence, Occurrence
from controls.occurrences import events
from controls.occurrences.cadence import Event
from controls.occurrences.layout import lay_out
from tenancy.scope import now
from tests.changes.making import a_draft, person_of

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture(autouse=True)
def _as_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """Changes that were carried out are what the control runs on."""

    def carried_out(first: dt.date, last: dt.date) -> Iterator[Event]:
        for change in Change.objects.filter(implemented_at__date__range=(first, last + dt.timedelta(days=1))):
            day = min(change.implemented_at.date(), last) if change.implemented_at else last
            yield Event(change.pk.hex, change.reference, day, "changes.change", change.pk)

    monkeypatch.setitem(events._populations, "changes", events.Population("changes", "Changes", carried_out))


def occurrence(change: Change) -> Occurrence:
    return Occurrence.objects.get(subject_id=change.pk)


def test_a_change_that_was_approved_performs_its_occurrence_with_its_record(acme, control, done, employee, manager):
    lay_out([control.pk], actor=manager)
    assert occurrence(done).status == "open"
    feed_done(acme, now())
    found = occurrence(done)
    assert (found.status, found.performed_by) == ("performed", employee)
    proof = ControlEvidence.objects.get(occurrence=found)
    assert proof.evidence == ChangeRecord.objects.get(change=done).evidence
    feed_done(acme, now())
    assert ControlEvidence.objects.count() == 1


def test_an_emergency_waits_for_its_approval_in_writing(acme, control, billing, cast):
    employee, approver, manager = cast.employee, cast.approver, cast.manager
    change = a_draft(employee, [billing], type="emergency", implementer=person_of(employee))
    actions.record_agreement(change, actor=employee, agreed_by=person_of(manager), reason="Customers could not pay.")
    actions.implement_first(change, actor=employee)
    lay_out([control.pk], actor=manager)
    feed_done(acme, now())
    assert occurrence(change).status == "open"
    actions.approve(change, actor=approver, content_hash=change.content_hash)
    feed_done(acme, now())
    assert occurrence(change).status == "performed"
