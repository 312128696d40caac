"""The list and the page of a removal."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inventory.models import Removal
from inventory.people.actions import mark_left
from inventory.removals.actions import reassign
from tenancy.scope import tenant
from tests.inventory.snapshots.helpers import person_of


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


def test_an_employee_sees_only_what_is_with_them(acme, client_of, employee, manager, removal):
    client = client_of(employee)
    assert client.get(path(removal)).status_code == 404
    assert removal.reference not in client.get(LIST).content.decode()
    with tenant(acme):  # the client's requests have left it
        reassign(removal, actor=manager, assignee=person_of(employee), reason="Knows it")
    assert client.get(path(removal)).status_code == 200
    assert removal.reference in client.get(LIST).content.decode()
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


def test_a_claim_is_taken_back_and_the_removal_handed_on(client_of, manager, removal, employee):
    client = client_of(manager)
    client.post(path(removal, "claim/"), {})
    assert client.post(path(removal, "unclaim/"), {"reason": "Wrong"}).status_code == 303
    given = {"assignee": str(person_of(employee).pk), "reason": "Knows it"}
    assert client.post(path(removal, "reassign/"), given).status_code == 303
    removal.refresh_from_db()
    assert (removal.status, removal.assignee.member_id) == ("requested", employee.pk)
