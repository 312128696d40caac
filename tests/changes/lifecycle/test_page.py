"""The page of a change: what it says to whom."""

import pytest

from changes.drafting.actions import edit_change
from changes.lifecycle.actions import implement, object_to_agreement, record_agreement, withdraw
from tenancy.scope import tenant
from tests.changes.making import GRAVE, HARMLESS, a_draft, a_system, approved, person_of, submitted


@pytest.fixture
def page(acme, client_of):
    """`page(member, change)`: the page's words as that member sees them."""

    def show(member, change):
        response = client_of(member).get(f"/o/acme/changes/{change.pk}/")
        assert response.status_code == 200, response.content
        return response.content.decode()

    return show


def test_each_sees_their_own_next_step(page, acme, cast):
    employee, approver, auditor, manager = cast.employee, cast.approver, cast.auditor, cast.manager
    with tenant(acme):
        change = submitted(employee, [a_system(manager)])
    assert "It waits for an approval by" in page(employee, change)
    assert "Whoever asks for a change does not approve it" in page(employee, change)
    assert 'data-key="a"' in page(approver, change)
    assert 'data-key="a"' not in page(auditor, change)


def test_what_differs_is_shown_to_whoever_approved_an_older_version(page, acme, manager, employee, approver):
    with tenant(acme):
        change = approved(employee, approver, [a_system(manager)])
        edit_change(change, actor=employee, description="Four cores more.")
    shown = page(approver, change)
    assert "What is different from version 1" in shown
    assert '<ins><span class="visually-hidden">New: </span>Four</ins>' in shown


@pytest.mark.parametrize("facts", [{}, {"type": "emergency"}, {"answers": GRAVE}])
def test_drafts_of_all_sorts_have_a_page(page, acme, manager, employee, facts):
    with tenant(acme):
        change = a_draft(employee, [a_system(manager)], **facts)
    assert "What happens next" in page(employee, change)


def test_a_page_asks_the_database_less_than_thirty_times(client_of, acme, cast, django_assert_max_num_queries):
    with tenant(acme):
        change = submitted(cast.employee, [a_system(cast.manager)])
        done = approved(cast.employee, cast.approver, [a_system(cast.manager)])
    for member, one in ((cast.approver, change), (cast.employee, change), (cast.auditor, done), (cast.employee, done)):
        client = client_of(member)
        client.get(f"/o/acme/changes/{one.pk}/")
        with django_assert_max_num_queries(29):
            assert client.get(f"/o/acme/changes/{one.pk}/").status_code == 200


def test_the_next_step_names_each_rule_and_whoever_reads_it_first(page, acme, cast):
    with tenant(acme):
        change = submitted(cast.employee, [a_system(cast.manager)])
    assert f"It waits for an approval by you, {cast.executive.name}" in page(cast.approver, change)


def test_whoever_asked_is_offered_as_who_carries_it_out(client_of, acme, manager, employee, approver):
    with tenant(acme):
        change, asked = approved(employee, approver, [a_system(manager)]), person_of(employee)
    form = client_of(employee).get(f"/o/acme/changes/{change.pk}/schedule/").context["form"]
    assert form.initial["implementer"] == asked.pk


def test_an_emergency_leads_to_the_agreement_and_then_to_being_carried_out(page, acme, cast):
    with tenant(acme):
        new, agreed = (a_draft(cast.employee, [a_system(cast.manager)], type="emergency") for _ in range(2))
        record_agreement(agreed, actor=cast.employee, agreed_by=person_of(cast.approver), reason="Nobody can sign in.")
    assert f'<a class="button primary" href="/o/acme/changes/{new.pk}/agree/"' in page(cast.employee, new)
    after = page(cast.employee, agreed)
    assert f'<a class="button primary" href="/o/acme/changes/{agreed.pk}/implement-first/"' in after
    assert f"{cast.approver.name} agreed by word on" in after


def test_what_was_withdrawn_is_not_praised(page, acme, cast):
    with tenant(acme):
        change = a_draft(cast.employee, [])
        withdraw(change, actor=cast.employee, reason="Not needed.")
    told = page(cast.employee, change)
    assert "Nothing: it was withdrawn" in told
    assert '"callout ok"' not in told


def test_the_page_has_the_button_for_them_alone_and_says_so_afterwards(client_of, acme, cast, agreed):
    url, why = f"/o/acme/changes/{agreed.pk}/", "I was asked after it was done."
    assert f'href="{url}not-agreed/"' not in client_of(cast.employee).get(url).content.decode()
    client = client_of(cast.approver)
    assert f'href="{url}not-agreed/"' in client.get(url).content.decode()
    assert client.post(f"{url}not-agreed/", {"reason": ""}).status_code == 422
    assert client.post(f"{url}not-agreed/", {"reason": why}).status_code == 303
    shown = client.get(url).content.decode()
    assert why in shown
    assert f'href="{url}not-agreed/"' not in shown
    assert f'<a class="button primary" href="{url}agree/"' in client_of(cast.employee).get(url).content.decode()


def test_the_page_of_ones_work_and_the_view_hold_it(client_of, acme, approver, agreed):
    client = client_of(approver)
    assert "You are named as having agreed" in client.get("/o/acme/").content.decode()
    assert agreed.title in client.get("/o/acme/changes/?view=waiting").content.decode()


def test_what_happens_next_is_said_to_whoever_reads_it(page, acme, cast):
    employee, approver, manager, auditor = cast.employee, cast.approver, cast.manager, cast.auditor
    with tenant(acme):
        systems = [a_system(manager)]
        draft, waits = a_draft(employee, systems), submitted(employee, systems)
        goes, grave = (approved(employee, approver, systems, answers=answers) for answers in (HARMLESS, GRAVE))
        implement(grave, actor=employee)
    asker = f"{employee.name}, who asked for it,"
    said = {
        draft: {employee: "Read it through and submit it", auditor: f"{asker} submits it, and nobody approves it before."},
        waits: {approver: "Read what will change, then approve or reject it.", auditor: "You have nothing to do here."},
        goes: {employee: "You may carry it out at any time", auditor: f"{asker} may carry it out at any time"},
        grave: {
            manager: "You review or close it, by",
            employee: "Somebody who runs changes, and neither asked for it nor carried",
        },
    }
    for change, readers in said.items():
        for member, words in readers.items():
            assert words in page(member, change), (change, member)
    assert "You have nothing to do here" not in page(employee, waits)


def test_whoever_is_named_is_told_to_confirm_or_to_deny_it_and_others_what_they_said(page, acme, cast, agreed):
    assert "You are named as having agreed by word on" in page(cast.approver, agreed)
    with tenant(acme):
        object_to_agreement(agreed, actor=cast.approver, reason="I was not asked.")
    assert "that they did not agree: record who agreed by word" in page(cast.employee, agreed)
    assert f"{cast.employee.name}, who asked for it, records who agreed by word" in page(cast.auditor, agreed)
