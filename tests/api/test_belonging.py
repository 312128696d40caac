"""What belongs to a record is read and taken away as on the record's page: addresses, files, reports, reminders."""

import hashlib
from typing import Any

import pytest

from inventory.models import PersonAlias, RosterImport, Snapshot
from reviews.models import Campaign
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token
from tests.tenancy.everything import make_everything


@pytest.fixture
def filled(cast: Any, acme: Any) -> Program:
    """The compliance manager's program, in an organization that has one of everything."""
    make_everything(acme)
    return Program(make_token(cast.manager)[1])


def test_another_address_of_a_person_is_taken_back(filled, acme, viewer):
    with tenant(acme):
        alias = PersonAlias.objects.get()
    shown = filled.get(f"people/{alias.person_id}/aliases").json()["results"]
    assert [one["key"] for one in shown] == [alias.key]
    reader = Program(make_token(viewer)[1])
    assert reader.post(f"person-aliases/{alias.pk}/remove", If_Match="*").status_code == 403
    assert filled.post(f"person-aliases/{alias.pk}/remove", If_Match="*").status_code == 204
    assert filled.get(f"people/{alias.person_id}/aliases").json()["results"] == []


def test_the_files_of_a_population_are_those_that_were_uploaded(filled, acme):
    with tenant(acme):
        snapshot = Snapshot.objects.filter(files__isnull=False)[0]
    listed = filled.get(f"populations/{snapshot.pk}/files").json()["results"]
    assert listed
    for one in listed:
        served = filled.get(f"populations/{snapshot.pk}/file?file={one['id']}")
        content = b"".join(served.streaming_content)
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (one["sha256"], one["size"])
    assert filled.get(f"populations/{snapshot.pk}/file").status_code == 400
    assert filled.get(f"populations/{snapshot.pk}/file?file={snapshot.pk}").status_code == 404


def test_a_roster_comes_back_as_it_was_uploaded(filled, acme):
    with tenant(acme):
        roster = RosterImport.objects.get()
    assert b"".join(filled.get(f"rosters/{roster.pk}/file").streaming_content).startswith(b"Name,E-mail")


def test_a_report_is_asked_for_when_the_review_is_that_far(filled, acme):
    with tenant(acme):
        review = Campaign.objects.get()
    assert filled.get(f"reviews/{review.pk}/reports").json() == {"latest": [], "earlier": []}
    early = filled.post(f"reviews/{review.pk}/report", {"kind": "completed"}, If_Match="*")
    assert (early.status_code, early.json()["detail"]) == (409, f"{review} is signed off: there is nothing to report yet.")
    asked = filled.post(f"reviews/{review.pk}/report", {"kind": "decision"}, If_Match="*")
    assert (asked.status_code, asked.json()["status"]) == (202, "queued")


def test_nobody_is_reminded_of_a_review_that_is_over(filled, acme):
    with tenant(acme):
        review = Campaign.objects.get()
    person = filled.get("people").json()["results"][0]["id"]
    said = filled.post(f"reviews/{review.pk}/remind", {"person": person}, If_Match="*")
    assert (said.status_code, said.json()["detail"]) == (409, f"{review} is signed off: there is nothing to remind of.")
    assert filled.post(f"reviews/{review.pk}/remind", {"person": str(review.pk)}, If_Match="*").status_code == 422
