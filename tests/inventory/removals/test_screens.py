"""The list and the page of a removal."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inventory.models import Removal
from inventory.people.actions import edit_person, mark_left, rehire
from inventory.removals.actions import reassign
from inventory.snapshots.verification import verify_removals
from tenancy.scope import now, tenant
from tests.inventory.snapshots.helpers import ADA, BEN, CYD, make_removal, person_of, population
from ui.values import spelled


@pytest.fixture
def removal(acme, snapshot, manager, ada, ben) -> Removal:
    """A leaver's, and another beside it."""
    mark_left(ben, actor=manager, left_on=acme.today())
    mark_left(ada, actor=manager, left_on=acme.today())
    return Removal.objects.get(account__account_id="U1")


def path(removal: Removal, rest: str = "") -> str:
    return f"/o/acme/access/removals/{removal.pk}/{rest}"


LIST = "/o/acme/access/removals/"


def test_the_list_shows_what_is_due(client_of, viewer, removal):
    page = client_of(viewer).get(LIST, {"state": "open"}).content.decode()
    assert removal.reference in page
    assert "Remove the whole account" in page


@pytest.mark.parametrize("query", ["due=late", "due=soon", "origin=leaver", "whose=me", "whose=nobody", "q=ada", "order=-due_on"])
def test_the_list_can_be_narrowed(client_of, manager, removal, query):
    assert client_of(manager).get(f"{LIST}?{query}").status_code == 200


def test_the_list_asks_the_database_little(client_of, manager, removal, django_assert_max_num_queries):
    client = client_of(manager)
    client.get(LIST)
    with django_assert_max_num_queries(15):
        client.get(LIST)


def test_who_works_on_their_own_begins_with_those(client_of, manager, reviewer, employee, removal):
    client = client_of(reviewer)
    with tenant(manager.organization):
        reassign(removal, actor=manager, assignee=person_of(employee), reason="Knows it")
    begun = client.get(LIST, follow=True)
    assert begun.redirect_chain == [(f"{LIST}?whose=me", 302)]
    assert removal.reference not in begun.content.decode()
    assert removal.reference in client.get(f"{LIST}?whose=everybody").content.decode()
    assert client_of(manager).get(LIST).status_code == 200


def test_an_employee_sees_only_what_is_with_them(acme, client_of, employee, manager, removal):
    client = client_of(employee)
    assert client.get(path(removal)).status_code == 404
    assert removal.reference not in client.get(LIST).content.decode()
    with tenant(acme):  # the client's requests have left it
        reassign(removal, actor=manager, assignee=person_of(employee), reason="Knows it")
    assert client.get(path(removal)).status_code == 200
    assert removal.reference in client.get(LIST, follow=True).content.decode()
    assert client.post(path(removal, "claim/"), {"note": "Done"}).status_code == 303
    removal.refresh_from_db()
    assert removal.status == "claimed"


def test_the_page_says_what_happens_next(client_of, reviewer, removal):
    client = client_of(reviewer)
    assert "has to remove the whole account in Console" in client.get(path(removal)).content.decode()
    ticket = SimpleUploadedFile("ticket.txt", b"closed")
    client.post(path(removal, "claim/"), {"note": "Ticket 12", "file": ticket})
    page = client.get(path(removal)).content.decode()
    assert "Import the next full export of Console taken after" in page
    assert "ticket.txt" in page
    file = client.get(path(removal, "file/"))
    assert b"".join(file.streaming_content) == b"closed"
    file.close()


def test_a_viewer_sees_no_button_and_no_form(client_of, viewer, removal):
    client = client_of(viewer)
    assert "Claim done" not in client.get(path(removal)).content.decode()
    assert client.get(path(removal, "claim/")).status_code == 403
    assert client.post(path(removal, "accept/"), {"reason": "x", "until": "2099-01-01"}).status_code == 403


def test_many_are_claimed_with_a_result_for_each(acme, client_of, manager, reviewer, removal):
    other = Removal.objects.exclude(pk=removal.pk).get()
    client = client_of(reviewer)
    client.post(path(other, "claim/"), {})
    answer = client.post(LIST, {"action": "claim", "selected": [str(removal.pk), str(other.pk)], "claim-note": "All"})
    assert "1 done, 1 refused" in answer.content.decode()
    with tenant(acme):
        assert Removal.objects.filter(status="claimed").count() == 2


def test_accepting_with_a_past_end_keeps_what_was_typed(client_of, manager, removal):
    answer = client_of(manager).post(path(removal, "accept/"), {"reason": "Until spring", "until": "2020-01-01"})
    assert answer.status_code == 422
    assert "Choose a day in the future" in answer.content.decode()
    assert "Until spring" in answer.content.decode()


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("claim/", "is withdrawn: it cannot be claimed done now."),
        ("unclaim/", "is withdrawn: it cannot be taken back now."),
        ("accept/", "is withdrawn: it cannot be accepted now."),
        ("reassign/", "is over: nobody has to work on it."),
    ],
)
def test_a_form_that_cannot_be_sent_is_not_shown(client_of, manager, removal, form, words):
    rehire(removal.person, actor=manager, started_on=dt.date(2030, 1, 1))
    answer = client_of(manager).get(path(removal, form))
    assert answer.status_code == 409
    assert f"{removal.reference} {words}" in answer.content.decode()


def test_access_that_came_back_is_not_called_done(client_of, manager, system, snapshot, ada):
    removal = make_removal(manager, snapshot, "U1", "Admin")
    for minutes, rows in ((3, [BEN, CYD]), (2, [ADA, BEN, CYD])):
        verify_removals(population(system, manager, *rows, as_of=now() - dt.timedelta(seconds=minutes)), manager)
    removal.refresh_from_db()
    assert (removal.status, str(removal.status_badge)) == ("verified_removed", "Granted again")
    page = client_of(manager).get(path(removal)).content.decode()
    assert "Nothing: it is done" not in page
    assert "The access was gone, but a later export of Console has it again." in page


def test_the_person_of_a_removal_is_not_called_active_once_the_contract_is_over(acme, client_of, manager, snapshot, ada):
    ended = acme.today() - dt.timedelta(days=3)
    edit_person(ada, actor=manager, contract_ends_on=ended)
    removal = Removal.objects.get(person=ada)
    page = client_of(manager).get(path(removal)).content.decode()
    assert f"Contract ended {spelled(ended)}" in page
    assert f"the last day was {spelled(ended)}" in page


def test_a_claim_is_taken_back_and_the_removal_handed_on(client_of, manager, removal, employee):
    client = client_of(manager)
    client.post(path(removal, "claim/"), {})
    assert client.post(path(removal, "unclaim/"), {"reason": "Wrong"}).status_code == 303
    given = {"assignee": str(person_of(employee).pk), "reason": "Knows it"}
    assert client.post(path(removal, "reassign/"), given).status_code == 303
    removal.refresh_from_db()
    assert (removal.status, removal.assignee.member_id) == ("requested", employee.pk)
