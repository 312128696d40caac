"""Every move of a change is logged for its control, and its milestones are kept as evidence."""

import hashlib
import json

import pytest

from bench.harness import counted
from changes.lifecycle import actions
from changes.lifecycle.hooks import together
from changes.models import Change, ChangeRecord
from changes.outputs.record import line_of, loaded, record_of
from controls.models import ControlEvent, ControlEvidence, EventBatch
from evidence.files import open_file
from evidence.models import Evidence
from tests.changes.making import a_draft, approved, person_of
from tests.controls.occurrences.made import make_control
from tests.controls.status import rows

pytestmark = pytest.mark.usefixtures("in_acme")


def told() -> list[tuple[str, str]]:
    """What was logged, in the order in which it happened: the stage, and what follows from it."""
    events = ControlEvent.objects.order_by("pk")
    return [(json.loads(one.body)["data"]["stage"], one.result) for one in events]


def lines(item: Evidence) -> list[bytes]:
    with open_file(item.file) as file:
        return file.read().splitlines(keepends=True)


def test_each_move_is_logged_and_counts_where_the_change_was_carried_out(control, done, manager, approver):
    actions.close(done, actor=manager)
    assert told() == [("submitted", "noted"), ("approved", "noted"), ("implemented", "approved"), ("closed", "noted")]
    event = ControlEvent.objects.get(result="approved")
    said = json.loads(event.body)["data"]
    assert (event.control, event.source, said["approver"], said["implementer"]) == (
        control, "plumbline", approver.name, done.implementer.name,
    )  # fmt: skip
    assert said["rollback_plan"] == done.rollback_plan


def test_an_emergency_has_no_approver_when_it_is_carried_out(control, billing, employee, manager):
    change = a_draft(employee, [billing], type="emergency", implementer=person_of(employee))
    actions.record_agreement(change, actor=employee, agreed_by=person_of(manager), reason="Customers could not pay.")
    actions.implement_first(change, actor=employee)
    assert told() == [("implemented", "unapproved")]
    assert json.loads(ControlEvent.objects.get().body)["data"]["emergency"] is True


def test_nothing_is_logged_where_no_control_asks_for_it(done):
    assert not ControlEvent.objects.exists()
    assert ChangeRecord.objects.filter(change=done).count() == 1


def test_a_control_of_its_own_that_answers_cc8_1_takes_the_events_and_the_evidence(billing, employee, approver, manager):
    own = make_control(manager, "OWN-1")
    rows.answer(own, "CC8.1")
    actions.implement(approved(employee, approver, [billing]), actor=employee)
    assert set(ControlEvent.objects.values_list("control", flat=True)) == {own.pk}
    assert ControlEvidence.objects.get(control=own).evidence.category == "change_management"


def test_what_is_kept_is_the_whole_change_as_it_stood(done, approver):
    kept = ChangeRecord.objects.select_related("evidence__file").get(change=done)
    (line,) = lines(kept.evidence)
    said = json.loads(line)
    assert hashlib.sha256(line).hexdigest() == kept.sha256 == kept.evidence.file.sha256
    assert (kept.stage, said["status"], said["contentHash"]) == ("implemented", "implemented", done.content_hash)
    assert [(one["by"], one["hash"]) for one in said["approvals"]] == [(approver.name, done.content_hash)]
    assert (kept.evidence.subject_id, kept.evidence.category) == (done.pk, "change_management")


def test_closing_keeps_another_record_and_leaves_the_first_as_it_is(done, manager):
    first = ChangeRecord.objects.get(change=done)
    actions.close(done, actor=manager)
    both = list(ChangeRecord.objects.filter(change=done).values_list("stage", "evidence"))
    assert both == [("implemented", first.evidence_id), ("closed", both[1][1])]
    assert both[1][1] != first.evidence_id


def test_changes_that_move_together_make_one_batch_and_one_item(control, billing, employee, approver):
    with together():
        several = [actions.implement(approved(employee, approver, [billing]), actor=employee) for _ in range(3)]
    assert EventBatch.objects.count() == 1
    assert EventBatch.objects.get().accepted == ControlEvent.objects.count() == 9
    records = ChangeRecord.objects.select_related("evidence__file").order_by("change__reference")
    assert len({one.evidence_id for one in records}) == 1
    found = lines(records[0].evidence)
    assert [json.loads(line)["reference"] for line in found] == [one.reference for one in several]
    assert [hashlib.sha256(line).hexdigest() for line in found] == [one.sha256 for one in records]


def queries(keys):
    with counted() as counter:
        for change in loaded(keys):
            line_of(record_of(change))
    return counter.count


def test_reading_many_changes_takes_as_many_queries_as_one(billing, employee, approver, done):
    keys = [done.pk, *(approved(employee, approver, [billing]).pk for _ in range(3))]
    one = queries(keys[:1])
    assert queries(keys) == one <= 16


def test_the_record_says_nothing_that_the_database_does_not(done):
    """The same change gives the same line, so that a hash of it can be looked up again."""
    first, second = (line_of(record_of(loaded([done.pk])[0])) for _ in range(2))
    assert first == second
    assert record_of(loaded([done.pk])[0])["id"] == str(Change.objects.get().pk)
