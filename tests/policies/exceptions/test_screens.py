"""The pages of exceptions, and the same by programs."""

import datetime as dt
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from policies.exceptions.actions import approve_exception
from policies.models import PolicyException
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token
from tests.cast import signed_in
from tests.policies.making import asked, in_force
from tests.reviews.world import person_of

EXCEPTIONS = "/o/acme/policies/exceptions/"


def said(policy: Any, person: Any, until: dt.date) -> dict[str, Any]:
    texts = {name: f"The {name} of it." for name in ("what", "why", "compensating", "risk")}
    return {"policy": str(policy.pk), "person": str(person.pk), "severity": "medium", "ends_on": until.isoformat(), **texts}


def test_it_is_asked_for_and_decided_by_pages(in_acme, acme, cast):
    manager, approver, employee, auditor = cast.manager, cast.approver, cast.employee, cast.auditor
    policy = in_force(manager, approver)
    asks, facts = signed_in(employee), said(policy, person_of(employee), acme.today() + dt.timedelta(days=30))
    assert f"exceptions/ask/?policy={policy.pk}" in asks.get(f"/o/acme/policies/{policy.pk}/").content.decode()
    form = asks.get(f"{EXCEPTIONS}ask/?policy={policy.pk}").content.decode()
    assert employee.name in form
    assert cast.reviewer.name not in form
    late = asks.post(f"{EXCEPTIONS}ask/", {**facts, "ends_on": acme.today().isoformat()})
    assert late.status_code == 422
    assert "an exception ends" in late.content.decode()
    assert asks.post(f"{EXCEPTIONS}ask/", facts).status_code == 303
    one = PolicyException.objects.get()
    page = f"{EXCEPTIONS}{one.pk}/"
    shown = asks.get(page).content.decode()
    assert "Withdraw" in shown
    assert f"{page}approve/" not in shown
    assert asks.get(f"{page}approve/").status_code == 403
    decides = signed_in(approver)
    assert f"{page}approve/" in decides.get(page).content.decode()
    assert decides.get(f"{page}withdraw/").status_code == 403
    assert decides.post(f"{page}approve/", {"note": "Fine."}).status_code == 303
    assert "Where nobody ends it before" in asks.get(page).content.decode()
    assert signed_in(auditor).get(page).status_code == 200
    assert asks.post(f"{page}end/", {"reason": "Done."}).status_code == 303
    assert "Ended early" in signed_in(auditor).get(EXCEPTIONS).content.decode()


def test_an_employee_sees_their_own_only(in_acme, manager, approver, employee):
    policy = in_force(manager, approver)
    mine, other, approvers = (asked(policy, member) for member in (employee, manager, approver))
    reads = signed_in(employee)
    listed = reads.get(EXCEPTIONS).content.decode()
    assert mine.reference in listed
    assert other.reference not in listed
    assert reads.get(f"{EXCEPTIONS}{other.pk}/").status_code == 404
    own = signed_in(approver).get(f"{EXCEPTIONS}{approvers.pk}/").content.decode()
    assert "You asked for it: somebody else decides." in own


def test_programs_ask_and_decide(acme, manager, approver, employee):
    with tenant(acme):
        policy = in_force(manager, approver)
        facts = said(policy, person_of(employee), acme.today() + dt.timedelta(days=30))
    asks, decides = Program(make_token(employee)[1]), Program(make_token(approver)[1])
    made = asks.post("policy-exceptions", facts)
    assert made.status_code == 201, made.content
    one, anyway = f"policy-exceptions/{made.json()['id']}", {"If-Match": "*"}
    assert asks.post(f"{one}/approve", {}, **anyway).status_code == 403
    refused = Program(make_token(manager)[1]).post("policy-exceptions", {**facts, "what": ""})
    assert refused.status_code == 422
    assert decides.post(f"{one}/approve", {}, **anyway).json()["status"] == "approved"
    assert [row["id"] for row in asks.get("policy-exceptions?state=approved").json()["results"]] == [made.json()["id"]]
    assert asks.post(f"{one}/end", {"reason": "Done."}, **anyway).json()["status"] == "ended"


def test_the_list_asks_as_much_for_one_as_for_many(in_acme, manager, approver, employee, django_assert_num_queries):
    policy = in_force(manager, approver)
    first = approve_exception(asked(policy, employee), actor=approver)
    for _ in range(11):
        approve_exception(asked(policy, employee), actor=approver)
    reads = signed_in(manager)
    reads.get(EXCEPTIONS)
    with CaptureQueriesContext(connection) as counted:
        assert reads.get(f"{EXCEPTIONS}?q={first.reference}").status_code == 200
    with django_assert_num_queries(len(counted)):
        assert reads.get(EXCEPTIONS).status_code == 200
    assert len(counted) <= 12
