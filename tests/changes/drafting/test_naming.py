"""Who may be named to carry out and to review a change, and what high risk asks for."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from changes.drafting.actions import create_change, edit_change
from changes.drafting.importing import preview, receive
from changes.lifecycle import actions
from changes.rights import workers
from inventory.people.actions import create_person
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token
from tests.changes.making import GRAVE, a_draft, a_system, approved, person_of
from ui.refusals import ActionRefused


@pytest.fixture
def change(acme, manager, employee):
    """A draft of the employee's."""
    with tenant(acme):
        return a_draft(employee, [a_system(manager)])


@pytest.mark.parametrize("role", ["viewer", "auditor"])
@pytest.mark.parametrize("name", ["implementer", "verifier"])
def test_whose_role_only_reads_is_not_named(in_acme, cast, change, role, name):
    named: dict[str, Any] = {name: person_of(getattr(cast, role))}
    assert named[name] not in workers()
    with pytest.raises(ActionRefused, match="their role only reads") as refused:
        edit_change(change, actor=cast.employee, **named)
    assert refused.value.field == name
    with pytest.raises(ActionRefused, match="their role only reads"):
        create_change(actor=cast.employee, title="Another", **named)


def test_nor_when_it_is_scheduled_or_said_to_be_done(in_acme, cast):
    done = approved(cast.employee, cast.approver, [a_system(cast.manager)])
    viewer = person_of(cast.viewer)
    for act in (lambda: actions.schedule(done, actor=cast.employee, implementer=viewer), _done(done, cast.employee, viewer)):
        with pytest.raises(ActionRefused):
            act()


def _done(change, actor, by):
    return lambda: actions.implement(change, actor=actor, by=by)


def test_who_is_named_already_may_stay_when_their_role_changes(in_acme, cast, change):
    edit_change(change, actor=cast.employee, implementer=person_of(cast.reviewer))
    type(cast.reviewer).objects.filter(pk=cast.reviewer.pk).update(roles=["viewer"])
    assert edit_change(change, actor=cast.employee, description="Four cores more.").description == "Four cores more."


def test_somebody_without_an_account_may_carry_it_out(in_acme, cast, change):
    person = create_person(actor=cast.manager, name="Olga Field", email="olga@field.example")
    assert edit_change(change, actor=cast.employee, implementer=person).implementer == person


def test_the_form_offers_only_them_and_says_why_it_takes_no_other(client_of, acme, cast, change):
    with tenant(acme):
        viewer, reviewer = str(person_of(cast.viewer).pk), str(person_of(cast.reviewer).pk)
    client, url = client_of(cast.employee), f"/o/acme/changes/{change.pk}/edit/"
    shown = client.get(url).content.decode()
    assert f'<option value="{reviewer}"' in shown
    assert f'<option value="{viewer}"' not in shown
    assert "auditors and viewers only read" in shown
    answer = client.post(url, {"title": change.title, "type": "normal", "kind": "infrastructure", "implementer": viewer})
    assert answer.status_code == 422
    assert "Choose somebody who works here and whose role works on changes" in answer.content.decode()


def test_the_api_refuses_them(in_acme, cast, change):
    program = Program(make_token(cast.employee)[1])
    answer = program.patch(f"changes/{change.pk}", {"implementer": str(person_of(cast.viewer).pk)}, If_Match="*")
    assert 400 <= answer.status_code < 500
    assert "auditors and viewers only read" in answer.content.decode()


def test_a_file_says_so_in_its_row(in_acme, manager):
    upload = SimpleUploadedFile("changes.csv", b"Title,Implementer\nMove,viewer@acme.example\n")
    (line,) = preview(receive(actor=manager, upload=upload)).lines
    assert "their role only reads" in " ".join(line.errors)


def test_high_risk_is_not_submitted_without_a_test_plan(in_acme, cast, change):
    edit_change(change, actor=cast.employee, answers=GRAVE, test_plan=" ")  # a draft saves all the same
    with pytest.raises(ActionRefused, match="Say how it is tested") as refused:
        actions.submit(change, actor=cast.employee)
    assert refused.value.field == "test_plan"
    edit_change(change, actor=cast.employee, test_plan="In staging first.")
    assert actions.submit(change, actor=cast.employee).status == "submitted"


def test_nor_by_a_program(in_acme, employee, change):
    edit_change(change, actor=employee, answers=GRAVE, test_plan="")
    answer = Program(make_token(employee)[1]).post(f"changes/{change.pk}/submit", {}, If_Match="*")
    assert answer.status_code == 422
    assert "Say how it is tested" in answer.content.decode()


def test_low_risk_and_an_emergency_do_without(in_acme, cast):
    systems = [a_system(cast.manager)]
    for facts in ({}, {"type": "emergency", "answers": GRAVE}):
        change = a_draft(cast.employee, systems, test_plan="", **facts)
        assert actions.submit(change, actor=cast.employee).status == "submitted"


@pytest.mark.parametrize(
    ("facts", "words"), [({}, "needed to submit where the risk is high"), ({"answers": GRAVE}, "needed to submit</span>")]
)
def test_the_field_says_so(client_of, employee, change, facts, words):
    with tenant(employee.organization):
        edit_change(change, actor=employee, test_plan="", **facts)
    shown = client_of(employee).get(f"/o/acme/changes/{change.pk}/edit/").content.decode()
    label = shown[shown.index('for="id_test_plan"') :][:200]
    assert words in label
    assert ("Say how it is tested" in shown) == bool(facts)
