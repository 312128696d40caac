"""Requests: what each deed asks for, who may do it, and what the database refuses whoever asks."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from audit.actions import action
from audit.record import record
from controls.models import AuditRequest, RequestComment, RequestProof
from controls.requests import actions, giving
from controls.requests.giving import Given
from evidence.models import Evidence
from evidence.populations.actions import begin_freezing, freeze
from evidence.sampling.actions import draw_sample
from evidence.standing import restore_evidence, withdraw_evidence
from tests.controls.requests.helpers import deeds, fresh, submitted, upload
from tests.inventory.snapshots.helpers import person_of
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage


def mails(member) -> list[str]:
    return list(OutboxMessage.objects.filter(to=member.email).order_by("id").values_list("subject", flat=True))


def test_the_auditor_asks_and_whoever_has_it_is_told(asked, employee, auditor):
    assert (asked.status, asked.requested_by, asked.raised_by) == ("requested", auditor.name, auditor)
    assert mails(employee) == ["An auditor's request is with you: PBC-2 List of leavers"]
    assert deeds(asked) == ["asked for it"]


def test_without_a_number_it_gets_the_next_of_ours(in_acme, manager, today):
    made = [actions.raise_request(actor=manager, title="A") for _ in range(2)]
    assert [one.reference for one in made] == [f"REQ-{today.year}-0001", f"REQ-{today.year}-0002"]


def test_a_number_is_taken_once_in_a_period_and_once_outside_of_all(asked, period, manager):
    actions.raise_request(actor=manager, title="Elsewhere", reference="PBC-2")
    for within in (period, None):
        with pytest.raises(ActionRefused, match="this number"):
            actions.raise_request(actor=manager, title="Again", reference="PBC-2", period=within)


def test_numbers_stand_in_the_order_of_people(in_acme, manager):
    for number in ("PBC-10", "PBC-9", "pbc-2"):
        actions.raise_request(actor=manager, title="A", reference=number)
    assert [one.reference for one in AuditRequest.objects.all()] == ["pbc-2", "PBC-9", "PBC-10"]


@pytest.mark.parametrize("role", ["administrator", "reviewer", "approver", "executive", "viewer", "employee"])
def test_others_ask_for_nothing(in_acme, cast, role):
    with pytest.raises(ActionRefused, match="role"):
        actions.raise_request(actor=getattr(cast, role), title="A")


def test_from_asked_to_accepted(asked, employee, auditor, item):
    giving.start(asked, actor=employee)
    giving.supply(asked, actor=employee, given=Given(evidence=[item], files=[upload()]))
    giving.submit(asked, actor=employee, statement="All of them.")
    assert (fresh(asked).status, fresh(asked).submitted_by) == ("submitted", employee)
    giving.accept(asked, actor=auditor, note="Complete.")
    over = fresh(asked)
    assert (over.status, over.judged_by, over.judgement) == ("accepted", auditor, "Complete.")
    assert deeds(asked) == [
        "asked for it", "started to work on it", "gave something to it", "gave something to it", "submitted", "accepted",
    ]  # fmt: skip


def test_a_returned_one_goes_around_again(asked, employee, auditor):
    giving.give_back(submitted(asked, employee), actor=auditor, reason="December is missing.")
    again = fresh(asked)
    assert (again.status, again.judgement, again.times_returned) == ("returned", "December is missing.", 1)
    assert mails(employee)[-1] == "Returned: PBC-2 List of leavers"
    giving.supply(again, actor=employee, given=Given(files=[upload(b"more")]))
    assert fresh(asked).status == "in_progress"
    giving.submit(again, actor=employee)
    assert (fresh(asked).status, fresh(asked).judgement) == ("submitted", "")


def test_an_accepted_one_is_returned_when_more_is_needed(asked, employee, auditor):
    giving.accept(submitted(asked, employee), actor=auditor)
    giving.give_back(asked, actor=auditor, reason="One more thing.")
    assert fresh(asked).status == "returned"


def test_nothing_given_and_nothing_said_is_not_submitted(asked, employee):
    with pytest.raises(ActionRefused, match="or state why there is none"):
        giving.submit(asked, actor=employee, statement=" ")
    giving.submit(asked, actor=employee, statement="Nobody left in the year.")
    assert fresh(asked).status == "submitted"


def test_a_population_and_a_sample_are_given_where_they_are(asked, manager, today, item):
    population = freeze(begin_freezing("evidence", today - dt.timedelta(days=1), today, actor=manager))
    sample = draw_sample(population, actor=manager, seed="1", seed_from="the auditor", size=1)
    giving.submit(asked, actor=manager, given=Given(populations=[population], samples=[sample]))
    assert {proof.record for proof in giving.linked(asked)} == {population, sample}


def test_what_is_given_is_given_once(asked, manager, item):
    giving.supply(asked, actor=manager, given=Given(evidence=[item]))
    with pytest.raises(ActionRefused, match="given already"):
        giving.supply(asked, actor=manager, given=Given(evidence=[item]))
    with pytest.raises(IntegrityError), transaction.atomic():
        RequestProof.objects.create(request=asked, evidence=item)


def test_withdrawn_evidence_is_not_given(asked, manager, item):
    withdraw_evidence(item, actor=manager, reason="Wrong year.")
    with pytest.raises(ActionRefused, match="proves nothing"):
        giving.supply(asked, actor=manager, given=Given(evidence=[item]))


def test_while_the_auditor_looks_nothing_is_added_or_taken_away(asked, employee, manager, item):
    waiting = submitted(asked, employee)
    with pytest.raises(ActionRefused, match="Take it back first"):
        giving.supply(waiting, actor=manager, given=Given(evidence=[item]))
    proof = giving.linked(asked).get()
    with pytest.raises(ActionRefused, match="Take it back first"):
        giving.take_away(proof, actor=manager, reason="Wrong.")
    giving.take_back(waiting, actor=employee, reason="Wrong file.")
    giving.take_away(proof, actor=employee, reason="Wrong.")
    assert (fresh(asked).status, giving.linked(asked).count(), Evidence.objects.count()) == ("in_progress", 0, 2)


def test_evidence_withdrawn_after_submission_opens_it_again(asked, employee, manager, item):
    giving.submit(asked, actor=employee, given=Given(evidence=[item]))
    withdraw_evidence(item, actor=manager, reason="Wrong year.")
    assert fresh(asked).status == "in_progress"
    assert deeds(asked)[-1] == "opened it again, as its evidence was withdrawn"
    assert mails(employee)[-1] == "In progress again: PBC-2 List of leavers"
    with pytest.raises(ActionRefused, match="was withdrawn since"):
        giving.submit(asked, actor=employee, statement="Here.")
    restore_evidence(Evidence.objects.get(pk=item.pk), actor=manager, reason="It was right.")
    giving.submit(asked, actor=employee)
    assert fresh(asked).status == "submitted"


def test_evidence_withdrawn_after_acceptance_is_noted_and_the_auditor_told(asked, employee, manager, auditor, item):
    giving.submit(asked, actor=employee, given=Given(evidence=[item]))
    giving.accept(asked, actor=auditor)
    withdraw_evidence(item, actor=manager, reason="Wrong year.")
    assert fresh(asked).status == "accepted"
    assert deeds(asked)[-1] == "noted that its evidence was withdrawn"
    assert mails(auditor)[-1] == "Evidence was withdrawn: PBC-2 List of leavers"


@pytest.mark.parametrize("role", ["manager", "administrator", "viewer", "employee"])
def test_nobody_but_the_auditor_judges(asked, cast, employee, role):
    waiting = submitted(asked, employee)
    for judge in (giving.accept, giving.give_back):
        with pytest.raises(ActionRefused, match="role"):
            judge(waiting, actor=getattr(cast, role), **({} if judge is giving.accept else {"reason": "No."}))


def test_who_submitted_it_does_not_judge_it_whatever_their_roles(asked, manager):
    manager.roles = ["compliance_manager", "auditor"]
    waiting = submitted(asked, manager)
    with pytest.raises(ActionRefused, match="You submitted it"):
        giving.accept(waiting, actor=manager)

    @action
    def force() -> None:
        AuditRequest.objects.filter(pk=asked.pk).update(status="accepted", judged_by=manager, judged_at=asked.raised_at)
        record("audit_request.accept", asked, actor=manager)

    with pytest.raises(IntegrityError, match="request_accepted_by_another"), transaction.atomic():
        force()


def test_who_has_it_does_not_judge_it(asked, auditor, manager, employee):
    actions.assign(asked, actor=manager, assignee=person_of(auditor))
    waiting = submitted(asked, manager)
    with pytest.raises(ActionRefused, match="It is with you"):
        giving.accept(waiting, actor=auditor)


@pytest.mark.parametrize("role", ["auditor", "viewer", "executive", "reviewer"])
def test_others_do_not_answer_it(asked, cast, role):
    stranger = getattr(cast, role)
    for deed in (lambda: giving.start(asked, actor=stranger), lambda: giving.submit(asked, actor=stranger, statement="A")):
        with pytest.raises(ActionRefused, match="whoever the request is with"):
            deed()


def test_a_return_and_a_withdrawal_need_their_reason(asked, employee, auditor):
    waiting = submitted(asked, employee)
    with pytest.raises(ActionRefused, match="reason"):
        giving.give_back(waiting, actor=auditor, reason=" ")
    with pytest.raises(ActionRefused, match="reason"):
        actions.withdraw(waiting, actor=auditor, reason="")


def test_withdrawn_it_waits_for_nobody_and_may_be_asked_for_again(asked, auditor, employee):
    actions.withdraw(asked, actor=auditor, reason="Asked twice.")
    with pytest.raises(ActionRefused, match="withdrawn"):
        giving.submit(asked, actor=employee, statement="A")
    actions.restore(asked, actor=auditor, reason="It was not.")
    assert fresh(asked).status == "requested"


def test_comments_are_told_to_the_other_side_and_never_changed(asked, auditor, employee):
    before = len(mails(auditor))
    said = actions.comment(asked, actor=auditor, text="Which system?")
    actions.comment(asked, actor=employee, text="The HR system.")
    assert mails(employee)[-1] == f"{auditor.name} says: PBC-2 List of leavers"
    assert mails(auditor)[before:] == [f"{employee.name} says: PBC-2 List of leavers"]
    for change in (lambda: RequestComment.objects.filter(pk=said.pk).update(text="B"), said.delete):
        with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
            change()


def test_of_a_list_that_the_team_brought_every_auditor_is_told(period, manager, employee, auditor):
    made = actions.raise_request(actor=manager, title="Minutes", reference="7", period=period)
    actions.comment(made, actor=manager, text="Which year?")
    assert (mails(auditor), mails(manager)) == ([f"{manager.name} says: 7 Minutes"], [])


def test_a_viewer_is_no_side_of_the_conversation(asked, viewer):
    with pytest.raises(ActionRefused, match="role"):
        actions.comment(asked, actor=viewer, text="Hello.")


def test_it_is_assigned_by_who_runs_the_list_or_has_it(asked, manager, reviewer, employee, auditor):
    with pytest.raises(ActionRefused, match="whoever the request is with"):
        actions.assign(asked, actor=auditor, assignee=person_of(reviewer))
    actions.assign(asked, actor=employee, assignee=person_of(reviewer))
    with pytest.raises(ActionRefused, match="already"):
        actions.assign(asked, actor=manager, assignee=person_of(reviewer))
    assert mails(reviewer) == ["An auditor's request is with you: PBC-2 List of leavers"]


def test_the_auditor_changes_only_what_they_asked_for(asked, auditor, manager, today):
    other = actions.raise_request(actor=manager, title="Theirs")
    with pytest.raises(ActionRefused, match="role"):
        actions.set_due(other, actor=auditor, due_on=today)
    actions.edit_request(asked, actor=auditor, title="List of all leavers")
    assert fresh(asked).title == "List of all leavers"
    with pytest.raises(ActionRefused, match="says so already"):
        actions.edit_request(asked, actor=auditor, title="List of all leavers")
