"""Findings: what each deed asks for, who may do it, and what the database refuses whoever asks."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from audit.actions import action
from audit.models import AuditEvent
from audit.record import record
from audit.sentences import did
from controls.findings import actions
from controls.models import Finding, FindingEvidence
from evidence.models import Evidence
from evidence.standing import withdraw_evidence
from tests.inventory.snapshots.helpers import person_of
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage

DONE = "The review was carried out and its removals verified."


def upload(text: bytes = b"proof") -> SimpleUploadedFile:
    return SimpleUploadedFile("proof.txt", text)


def handed_in(finding: Finding, owner: Any) -> Finding:
    actions.start(finding, actor=owner)
    actions.hand_in(finding, actor=owner, done=DONE, files=[upload()])
    return Finding.objects.get(pk=finding.pk)


def deeds(finding: Finding) -> list[str]:
    return [did(event) for event in AuditEvent.objects.filter(object_id=finding.pk).order_by("at", "id")]


@pytest.mark.parametrize(("severity", "days"), [("critical", 30), ("high", 60), ("medium", 90), ("low", 180)])
def test_it_is_numbered_and_due_by_its_severity(in_acme, manager, today, severity, days):
    finding = actions.raise_finding(actor=manager, title="Something", severity=severity)
    assert finding.reference == f"FND-{today.year}-0001"
    assert finding.due_on == today + dt.timedelta(days=days)
    assert finding.owner is None


def test_it_is_with_the_owner_of_its_control_who_is_told_once(finding, employee):
    assert finding.owner.member_id == employee.pk
    assert OutboxMessage.objects.filter(to=employee.email, subject__startswith=f"{finding} is with you").count() == 1


def test_a_named_day_and_a_named_owner_win(control, manager, reviewer, today):
    named = actions.raise_finding(
        actor=manager, title="A", severity="low", control=control, owner=person_of(reviewer), due_on=dt.date(2026, 6, 1)
    )
    assert (named.owner.member_id, named.due_on) == (reviewer.pk, dt.date(2026, 6, 1))


def test_from_raised_to_closed_by_somebody_else(finding, employee, reviewer, today):
    closing = handed_in(finding, employee)
    assert (closing.status, closing.remediated_by) == ("ready_for_retest", employee)
    actions.close(closing, actor=reviewer, note="The sign-off is there.")
    over = Finding.objects.get(pk=finding.pk)
    assert (over.status, over.retested_by, over.retested_on) == ("closed", reviewer, today)
    assert deeds(finding) == [
        "raised",
        "started to put it right",
        "added evidence",
        "handed it in for retest",
        "retested it and closed it",
    ]


def test_a_failed_retest_gives_it_back_and_tells_its_owner(finding, employee, reviewer):
    waiting = handed_in(finding, employee)
    before = OutboxMessage.objects.filter(to=employee.email).count()
    actions.give_back(waiting, actor=reviewer, note="Two removals are still open.")
    again = Finding.objects.get(pk=finding.pk)
    assert (again.status, again.retest_note, again.closed_at) == ("in_remediation", "Two removals are still open.", None)
    assert OutboxMessage.objects.filter(to=employee.email).count() == before + 1


@pytest.mark.parametrize("deed", [actions.close, actions.give_back])
def test_who_handed_it_in_does_not_retest_it(finding, manager, employee, deed):
    waiting = handed_in(finding, manager)
    with pytest.raises(ActionRefused, match="You handed it in"):
        deed(waiting, actor=manager, note="Fine.")


def test_who_handed_it_in_before_it_was_given_back_does_not_retest_it_either(finding, manager, employee, reviewer):
    handed_in(finding, manager)
    actions.give_back(finding, actor=reviewer, note="It is not.")
    actions.hand_in(finding, actor=employee, done=DONE)
    with pytest.raises(ActionRefused, match="You handed it in"):
        actions.close(finding, actor=manager, note="It is.")
    actions.close(finding, actor=reviewer, note="It is.")
    actions.reopen(finding, actor=manager, reason="It came back.")
    handed_in(finding, employee)
    actions.close(finding, actor=manager, note="It is.")


def test_its_owner_does_not_retest_it_whoever_handed_it_in(control, manager, reviewer, today):
    owned = actions.raise_finding(actor=manager, title="A", severity="low", control=control, owner=person_of(reviewer))
    waiting = handed_in(owned, manager)
    with pytest.raises(ActionRefused, match="It is with you"):
        actions.close(waiting, actor=reviewer, note="Fine.")


def test_who_had_it_does_not_judge_it_by_handing_it_on(control, manager, reviewer, employee):
    owned = actions.raise_finding(actor=manager, title="A", severity="low", control=control, owner=person_of(reviewer))
    actions.hand_on(owned, actor=manager, owner=person_of(employee), reason="She knows the system.")
    waiting = handed_in(owned, employee)
    for deed in (actions.close, actions.give_back):
        with pytest.raises(ActionRefused, match="It was with you"):
            deed(waiting, actor=reviewer, note="Fine.")
    actions.close(waiting, actor=manager, note="It is.")
    actions.reopen(waiting, actor=manager, reason="It came back.")
    actions.close(handed_in(owned, employee), actor=reviewer, note="It is, by somebody who had it long ago.")
    assert Finding.objects.get(pk=owned.pk).status == "closed"


def test_who_had_it_does_not_accept_it_either(control, manager, reviewer, approver, today):
    owned = actions.raise_finding(actor=manager, title="A", severity="low", control=control, owner=person_of(approver))
    actions.hand_on(owned, actor=manager, owner=person_of(reviewer), reason="He is away.")
    with pytest.raises(ActionRefused, match="It was with you"):
        actions.accept(owned, actor=approver, reason="Small.", until=today + dt.timedelta(days=30))


def test_it_cannot_be_handed_on_so_that_its_owner_may_close_it(finding, manager, employee, reviewer):
    waiting = handed_in(finding, employee)
    with pytest.raises(ActionRefused, match="waits for its retest"):
        actions.hand_on(waiting, actor=manager, owner=person_of(reviewer), reason="So that I may close it.")


def test_the_database_knows_who_may_close_and_accept(finding, employee, reviewer, manager):
    waiting = handed_in(finding, manager)
    person = person_of(employee)
    closed = {"retested_on": waiting.due_on, "closed_at": waiting.remediated_at}
    for wrong in (
        {"status": "closed", "retested_by": manager, **closed},  # who handed it in
        {"status": "closed", "retested_by": reviewer, "retester_person": person, **closed},  # its owner
        {"status": "closed", "closed_at": waiting.remediated_at},  # nobody
        {"status": "accepted", "accepted_by": employee, "accepter_person": person, "accepted_reason": "x",
         "accepted_until": waiting.due_on},
        {"status": "accepted", "accepted_by": manager, "accepted_until": waiting.due_on},  # no reason
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Finding.objects.filter(pk=waiting.pk).update(**wrong)


@action
def moved(finding: Finding, by: Any, **fields: Any) -> None:
    Finding.objects.filter(pk=finding.pk).update(**fields)
    record("finding.edit", finding, actor=by)


def test_evidence_that_it_asks_for_must_be_there_and_current(finding, employee, manager):
    moved(finding, manager, evidence_required="The sign-off.")
    actions.start(finding, actor=employee)
    with pytest.raises(ActionRefused, match="Add the evidence"):
        actions.hand_in(finding, actor=employee, done=DONE)
    actions.supply(finding, actor=employee, files=[upload()])
    proof = FindingEvidence.objects.get(finding=finding)
    actions.unlink(proof, actor=employee, reason="The wrong file.")
    with pytest.raises(ActionRefused, match="Add the evidence"):
        actions.hand_in(finding, actor=employee, done=DONE)
    actions.hand_in(finding, actor=employee, done=DONE, files=[upload(b"the right one")])
    assert Evidence.objects.filter(subject_id=finding.pk).count() == 2


def test_evidence_is_linked_once_and_only_while_it_is_current(finding, employee, manager):
    actions.supply(finding, actor=employee, files=[upload()])
    item = Evidence.objects.get(subject_id=finding.pk)
    with pytest.raises(ActionRefused, match="linked already"):
        actions.supply(finding, actor=employee, evidence=[item])
    with pytest.raises(ActionRefused, match="Choose at least one"):
        actions.supply(finding, actor=employee)


def test_somebody_else_s_finding_is_not_worked_on(finding, reviewer, approver):
    for somebody in (reviewer, approver):
        with pytest.raises(ActionRefused, match="whoever the finding is with"):
            actions.start(finding, actor=somebody)


def test_a_retest_belongs_between_the_handing_in_and_today(finding, employee, reviewer, today):
    waiting = handed_in(finding, employee)
    assert waiting.remediated_at is not None
    moved(waiting, employee, remediated_at=waiting.remediated_at - dt.timedelta(days=2))
    for days, words in ((-3, "handed in after"), (1, "Not after today")):
        day = today + dt.timedelta(days=days)
        with pytest.raises(ActionRefused, match=words):
            actions.close(waiting, actor=reviewer, note="Fine.", retested_on=day)
    actions.close(waiting, actor=reviewer, note="Fine.", retested_on=today - dt.timedelta(days=1))


def test_it_is_accepted_by_name_for_a_time_by_somebody_else(finding, approver, today):
    with pytest.raises(ActionRefused, match="in the future"):
        actions.accept(finding, actor=approver, reason="Small.", until=today)
    with pytest.raises(ActionRefused, match="Give a reason"):
        actions.accept(finding, actor=approver, reason=" ", until=today + dt.timedelta(days=90))
    actions.accept(finding, actor=approver, reason="Small.", until=today + dt.timedelta(days=90))
    kept = Finding.objects.get(pk=finding.pk)
    assert (kept.status, kept.accepted_by, kept.accepted_reason) == ("accepted", approver, "Small.")


def test_nobody_accepts_what_is_with_them(control, manager, approver, today):
    owned = actions.raise_finding(actor=manager, title="A", severity="low", control=control, owner=person_of(approver))
    with pytest.raises(ActionRefused, match="It is with you"):
        actions.accept(owned, actor=approver, reason="Small.", until=today + dt.timedelta(days=9))


def test_only_the_right_role_accepts(finding, reviewer, today):
    with pytest.raises(ActionRefused, match="Your role"):
        actions.accept(finding, actor=reviewer, reason="Small.", until=today + dt.timedelta(days=9))


def test_what_came_back_is_open_and_due_anew(finding, employee, reviewer, manager, today):
    actions.close(handed_in(finding, employee), actor=reviewer, note="Fine.")
    actions.reopen(finding, actor=manager, reason="It happened again.")
    again = Finding.objects.get(pk=finding.pk)
    assert (again.status, again.due_on, again.times_reopened) == ("open", today + dt.timedelta(days=60), 1)


def test_what_is_over_is_not_changed(finding, employee, reviewer, manager):
    actions.close(handed_in(finding, employee), actor=reviewer, note="Fine.")
    for deed in (
        lambda: actions.edit_finding(finding, actor=manager, title="Something else"),
        lambda: actions.supply(finding, actor=manager, files=[upload(b"more")]),
        lambda: actions.hand_on(finding, actor=manager, owner=person_of(manager), reason="Mine."),
    ):
        with pytest.raises(ActionRefused, match="is closed"):
            deed()


def test_a_change_is_recorded_with_both_values_and_nothing_is_not(finding, manager):
    actions.edit_finding(finding, actor=manager, severity="critical")
    event = AuditEvent.objects.get(object_id=finding.pk, verb="finding.edit")
    assert (event.data["before"], event.data["after"]) == ({"severity": "high"}, {"severity": "critical"})
    actions.edit_finding(finding, actor=manager, severity="critical")
    assert AuditEvent.objects.filter(object_id=finding.pk, verb="finding.edit").count() == 1


def test_it_is_handed_on_with_a_reason_and_its_new_owner_is_told(finding, employee, reviewer):
    actions.hand_on(finding, actor=employee, owner=person_of(reviewer), reason="Hers since May.")
    assert Finding.objects.get(pk=finding.pk).owner.member_id == reviewer.pk
    assert OutboxMessage.objects.filter(to=reviewer.email, subject__startswith=str(finding)).count() == 1
    with pytest.raises(ActionRefused, match="already"):
        actions.hand_on(finding, actor=reviewer, owner=person_of(reviewer), reason="Hers.")


def test_what_the_retest_looks_at_stays_linked_and_is_looked_for_again(finding, employee, manager, reviewer):
    moved(finding, manager, evidence_required="The sign-off.")
    waiting = handed_in(finding, employee)
    proof = FindingEvidence.objects.get(finding=finding)
    with pytest.raises(ActionRefused, match="Have it returned to remediation first"):
        actions.unlink(proof, actor=employee, reason="Never mind.")
    withdraw_evidence(proof.evidence, actor=manager, reason="It shows another quarter.")
    with pytest.raises(ActionRefused, match="was withdrawn"):
        actions.close(waiting, actor=reviewer, note="It is.")
    actions.give_back(waiting, actor=reviewer, note="Its evidence was withdrawn.")
    actions.unlink(proof, actor=employee, reason="Withdrawn.")
    actions.hand_in(finding, actor=employee, done=DONE, files=[upload(b"the right one")])
    actions.close(finding, actor=reviewer, note="It is.")
    assert Finding.objects.get(pk=finding.pk).status == "closed"


def test_it_is_accepted_for_a_year_at_most(finding, approver, today):
    year = today + dt.timedelta(days=365)
    with pytest.raises(ActionRefused, match="a year at most"):
        actions.accept(finding, actor=approver, reason="Small.", until=year + dt.timedelta(days=1))
    actions.accept(finding, actor=approver, reason="Small.", until=year)
    assert Finding.objects.get(pk=finding.pk).accepted_until == year
