"""A program writes a policy, another member's approves it, and it is published; by their tokens."""

import pytest

from controls.models import Control
from inventory.models import Person
from policies.models import Policy, PolicyVersion
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token
from tests.policies.making import draft, in_force


def program_of(member) -> Program:
    """With all that the member may do."""
    return Program(make_token(member)[1])


@pytest.fixture
def owner(acme, manager):
    """Of the policy, on the roster."""
    with tenant(acme):
        return str(Person.objects.get(member=manager).pk)


def test_a_policy_goes_from_draft_to_force(acme, manager, approver, owner):
    writes, approves = program_of(manager), program_of(approver)
    made = writes.post("policies", {"title": "Backups", "kind": "policy", "owner": owner, "review_months": 12, "quorum": 1})
    assert made.status_code == 201, made.content
    (version,) = writes.get(f"policies/{made.json()['id']}/versions").json()["results"]
    one = f"policy-versions/{version['id']}"
    anyway = {"If-Match": "*"}
    assert writes.patch(one, {"text": "# Purpose\n\nDaily."}, **anyway).status_code == 200
    submitted = writes.post(f"{one}/submit", {}, **anyway).json()
    assert submitted["status"] == "in_review"
    seen = {"content_hash": submitted["content_hash"]}
    refused = writes.post(f"{one}/approve", seen, **anyway)
    assert refused.status_code == 409
    assert approves.post(f"{one}/approve", {}, **anyway).status_code == 422
    assert approves.post(f"{one}/approve", seen, **anyway).json()["status"] == "approved"
    today = acme.today().isoformat()
    published = writes.post(f"{one}/publish", {"effective_on": today}, **anyway).json()
    assert (published["status"], published["effective_on"]) == ("published", today)
    (approval,) = writes.get(f"{one}/approvals").json()["results"]
    assert approval["content_hash"] == submitted["content_hash"]
    assert [row["title"] for row in writes.get("policies?state=in_force").json()["results"]] == ["Backups"]


def test_an_employees_program_reads_what_is_in_force(acme, manager, approver, employee):
    with tenant(acme):
        held = in_force(manager, approver).versions.get()
        hidden = draft(manager, "Hidden")
    reads = program_of(employee)
    assert reads.get(f"policy-versions/{held.pk}").json()["text"].startswith("# Purpose")
    assert reads.get(f"policy-versions/{hidden.pk}").status_code == 404
    assert [row["title"] for row in reads.get("policies").json()["results"]] == ["Access control"]


def test_what_it_documents_is_shown_by_the_keys_of_the_controls(acme, manager):
    with tenant(acme):
        policy = draft(manager, criteria=["CC6.1"]).policy
        assert (Control.objects.count(), Policy.objects.count(), PolicyVersion.objects.count()) == (0, 1, 1)
    shown = program_of(manager).get(f"policies/{policy.pk}").json()
    assert (shown["criteria"], shown["controls"]) == (["CC6.1"], [])
