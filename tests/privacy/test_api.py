"""What a person does on the screens a program does by the API."""

import pytest

from privacy.models import SubjectRequest
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token
from tests.privacy.making import a_verified


@pytest.fixture
def program(manager):
    return Program(make_token(manager)[1])


def test_a_class_its_data_and_a_hold_by_the_api(acme, program):
    made = program.post("data-classes", {"name": "Secret", "rank": 1, "label": "SECRET", "meaning": "All", "handling": "Well"})
    assert made.status_code == 201, made.json()
    data = {
        "name": "Logs", "data_class": made.json()["id"], "content": "Lines", "location": "Here", "subjects": ["users", "staff"],
        "purpose": "To look", "basis": "interest", "recipients": [],
    }  # fmt: skip
    entry = program.post("data-inventory", data)
    assert (entry.status_code, entry.json()["subjects"]) == (201, ["users", "staff"])
    changed = program.patch(f"data-inventory/{entry.json()['id']}", {"location": "There"}, If_Match="*")
    assert (changed.status_code, changed.json()["location"], changed.json()["subjects"]) == (200, "There", ["users", "staff"])
    hold = program.post("legal-holds", {"matter": "M", "reason": "R", "kinds": ["mail"]})
    assert (hold.status_code, hold.json()["kinds"]) == (201, ["mail"])


def test_a_request_is_taken_in_by_the_api_and_its_data_handed_to_no_program(acme, manager, program):
    asked = {"name": "Ada", "email": "ada@example.com", "kind": "access", "channel": "E-mail", "received_on": str(acme.today())}
    made = program.post("data-subject-requests", asked)
    assert made.status_code == 201, made.json()
    path = f"data-subject-requests/{made.json()['id']}"
    assert program.post(f"{path}/verify", {"how": "Called back"}, If_Match="*").json()["status"] == "verified"
    assert program.get(f"{path}/export").status_code == 404  # that, erasing, lifting and deleting ask for a second factor
    with tenant(acme):
        a_verified(manager)
        assert SubjectRequest.objects.count() == 2
