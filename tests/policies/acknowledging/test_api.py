"""A program asks people, and confirms for whoever its token belongs to."""

from policies.models import PolicyVersion
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token
from tests.policies.making import in_force

ANYWAY = {"If-Match": "*"}


def test_people_are_asked_and_confirm_by_their_tokens(acme, manager, approver, employee):
    with tenant(acme):
        policy = in_force(manager, approver)
        version = PolicyVersion.objects.get(policy=policy)
    writes, mine = (Program(make_token(one)[1]) for one in (manager, employee))
    rule = {"audience": "everyone", "days": 10, "yearly": True}
    assert writes.post(f"policies/{policy.pk}/acknowledgement-rule", rule, **ANYWAY).status_code == 200
    asked = {"version": str(version.pk), "audience": "everyone", "due_on": acme.today().isoformat()}
    made = writes.post("acknowledgement-campaigns", asked)
    assert made.status_code == 201, made.content
    campaign = writes.get(f"acknowledgement-campaigns/{made.json()['id']}").json()
    assert (campaign["content_hash"], campaign["confirmed"]) == (version.content_hash, 0)
    (row,) = mine.get("acknowledgements").json()["results"]
    one = f"acknowledgements/{row['id']}"
    said = {"content_hash": version.content_hash, "read": True}
    refused = writes.post(f"{one}/confirm", said, **ANYWAY)
    assert refused.status_code == 409, refused.content
    assert mine.post(f"{one}/confirm", {**said, "read": False}, **ANYWAY).status_code == 422
    confirmed = mine.post(f"{one}/confirm", said, **ANYWAY).json()
    assert (confirmed["status"], confirmed["content_hash"]) == ("confirmed", version.content_hash)
    assert len(confirmed["certificate"]) == len(version.content_hash)
    assert mine.get("acknowledgement-campaigns").status_code == 403
    closed = writes.post(f"acknowledgement-campaigns/{campaign['id']}/close", {"reason": "Done."}, **ANYWAY).json()
    assert (closed["status"], closed["asked"]) == ("closed", campaign["asked"])
