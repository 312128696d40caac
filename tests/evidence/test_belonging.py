"""What an item belongs to stands on its page, and the item on the page of each record it was linked to."""

import pytest

from evidence.links import link_record
from evidence.models import Evidence
from evidence.standing import withdraw_evidence
from inventory.models import System
from tests.evidence.helpers import kept
from tests.inventory.snapshots.helpers import make_removal, make_system, person_of, population
from tests.reviews.world import draft


@pytest.fixture
def records(in_acme, manager):
    """A system, a person, a removal and a review, each with its page that names evidence."""
    system = make_system(manager, "Okta")
    removal = make_removal(
        manager, population(system, manager, "ada,Ada,ada@acme.example,Admin,Console,Active,2026-08-01,yes"), "ada", "Admin"
    )
    review = draft(System.objects.get(pk=system.pk), actor=manager)
    person = person_of(manager)
    return {
        "inventory.system": (system, system.get_absolute_url(), "Okta"),
        "inventory.person": (person, person.get_absolute_url(), person.email),
        "inventory.removal": (removal, removal.get_absolute_url(), removal.reference),
        "reviews.campaign": (review, f"{review.get_absolute_url()}reports/", review.reference),
    }


@pytest.mark.parametrize("kind", ["inventory.system", "inventory.person", "inventory.removal", "reviews.campaign"])
def test_each_kind_of_record_is_linked_by_its_name_and_shows_the_item(client_of, cast, records, kind):
    record, page, name = records[kind]
    item = kept(cast.manager, "Minutes of the meeting")
    address, of_record = item.get_absolute_url(), record.get_absolute_url()
    client = client_of(cast.manager)
    assert "Minutes of the meeting" not in client.get(page).content.decode()
    answer = client.post(f"{address}link/", {"kind": kind, "record": name.lower()})
    assert answer.status_code == 303
    assert item.links.get().object_id == record.pk
    assert of_record in client.get(address).content.decode()
    shown = client.get(page).content.decode()
    assert f"{item.reference} Minutes of the meeting" in shown
    withdraw_evidence(item, actor=cast.manager, reason="Another meeting.")
    assert "Withdrawn" in client.get(page).content.decode()


def test_who_does_not_read_evidence_does_not_see_it_on_a_record(client_of, cast, records):
    record, page, _ = records["inventory.system"]
    link_record(kept(cast.manager, "Minutes"), record, actor=cast.manager)
    assert not cast.reviewer.can("evidence.read")
    answer = client_of(cast.reviewer).get(page)
    assert (answer.status_code, "Minutes" in answer.content.decode()) == (200, False)
    assert Evidence.objects.count() == 1
