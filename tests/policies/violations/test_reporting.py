"""Violations are reported, once while they are open, put right, dismissed by somebody else, and opened again."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Member
from audit.models import AuditEvent
from policies.exceptions.actions import approve_exception, end_exception
from policies.models import Violation
from policies.violations import populations
from policies.violations.actions import (
    dismiss_violation,
    edit_violation,
    remedy_violation,
    reopen_violation,
    report_violation,
)
from policies.violations.reminding import remind
from tenancy.scope import now, tenant
from tests.api.conftest import Program, make_token
from tests.cast import signed_in
from tests.policies.making import asked, in_force
from tests.reviews.world import person_of
from ui.refusals import ActionRefused
from workflow.inbox import inbox_of
from workflow.models import OutboxMessage

VIOLATIONS = "/o/acme/policies/violations/"
DAY = dt.timedelta(days=1)


def reported(manager: Member, **fields) -> Violation:
    facts = {"title": "A shared password", "resource": "Payroll", **fields}
    return report_violation(actor=manager, **facts)


def test_a_person_reports_it_and_whoever_has_it_puts_it_right(in_acme, manager, employee, acme):
    one = reported(manager, person=person_of(employee), severity="high")
    assert (one.detected, one.owner, one.reported_by) == ("person", person_of(employee), manager)
    assert one.due_on == acme.today() + 60 * DAY
    assert OutboxMessage.objects.filter(to=employee.email, subject__contains="is with you").count() == 1
    assert f"{one}: A shared password" in [entry.title for entry in inbox_of(employee)]
    with pytest.raises(ActionRefused, match="Say what was done"):
        remedy_violation(one, actor=employee, outcome=" ")
    remedy_violation(one, actor=employee, outcome="It has an account for each now.")
    kept = one.refreshed()
    assert (kept.status, kept.ended_by_id, kept.outcome) == ("remediated", employee.pk, "It has an account for each now.")
    verbs = set(AuditEvent.objects.filter(object_id=one.pk).values_list("verb", flat=True))
    assert verbs == {"violation.report", "violation.remedy"}
    assert not [entry for entry in inbox_of(employee) if "shared password" in entry.title]


def test_it_is_with_the_policys_owner_where_nobody_is_named(in_acme, manager, approver):
    policy = in_force(manager, approver)
    assert reported(manager, policy=policy).owner == policy.owner
    nobodys = reported(manager)
    assert nobodys.owner is None
    assert f"{nobodys} is with nobody" in [entry.title for entry in inbox_of(manager)]
    edited = edit_violation(nobodys, actor=manager, owner=person_of(approver), severity="low")
    assert (edited.owner, edited.severity) == (person_of(approver), "low")
    assert OutboxMessage.objects.filter(to=approver.email, subject__contains="is with you").count() == 1


def test_the_same_rule_at_the_same_place_is_counted_while_it_is_open(in_acme, manager):
    seen = {"reported_as": "Okta", "rule": "password.length"}
    first = reported(manager, **seen)
    again = reported(manager, **seen)
    assert (again.pk, again.refreshed().times_seen, first.detected) == (first.pk, 2, "rule")
    assert reported(manager, **seen, resource="Ledger").pk != first.pk
    assert reported(manager).pk != reported(manager).pk
    remedy_violation(first, actor=manager, outcome="Set to 12.")
    back = reported(manager, **seen)
    assert back.pk != first.pk
    with pytest.raises(ActionRefused, match=f"came back as {back}"):
        reopen_violation(first, actor=manager, reason="It was not.")
    remedy_violation(back, actor=manager, outcome="Set to 12.")
    assert reopen_violation(first, actor=manager, reason="It was not.").refreshed().outcome == ""


def test_refusals(in_acme, manager, employee, reviewer, acme):
    with pytest.raises(ActionRefused, match="role"):
        reported(employee)
    with pytest.raises(ActionRefused, match="in the future"):
        reported(manager, detected_at=now() + DAY)
    with pytest.raises(ActionRefused, match="which system"):
        reported(manager, rule="password.length")
    own = reported(manager, person=person_of(manager))
    with pytest.raises(ActionRefused, match="somebody else has to"):
        dismiss_violation(own, actor=manager, reason="It is fine.")
    with pytest.raises(ActionRefused, match="whoever it is with"):
        remedy_violation(own, actor=reviewer, outcome="It is fine.")
    with pytest.raises(ActionRefused, match="role"):
        dismiss_violation(own, actor=reviewer, reason="It is fine.")
    done = dismiss_violation(reported(manager), actor=manager, reason="A test of the alarm.")
    with pytest.raises(ActionRefused, match="nobody has to work on it"):
        edit_violation(done, actor=manager, severity="low")


def test_what_was_found_stays_what_it_was(in_acme, manager):
    one = reported(manager)
    for change in ({"title": "Nothing"}, {"resource": "Nowhere"}, {"detected_at": now() - DAY}, {"reported_as": "Okta"}):
        with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
            Violation.objects.filter(pk=one.pk).update(**change)
    with pytest.raises(IntegrityError, match="violation_end"), transaction.atomic():
        Violation.objects.filter(pk=one.pk).update(status="remediated")


def test_whoever_has_it_is_reminded(in_acme, manager, employee, acme):
    reported(manager, owner=person_of(employee), severity="critical")
    remind(acme, now().replace(hour=17) + 29 * DAY)
    assert OutboxMessage.objects.filter(to=employee.email, subject="Violations of policies: 1 is due soon").exists()


def test_pages(in_acme, manager, employee, auditor, approver):
    policy, writes = in_force(manager, approver), signed_in(manager)
    facts = {"title": "A shared password", "resource": "Payroll", "severity": "high", "policy": policy.pk}
    assert signed_in(employee).get(f"{VIOLATIONS}report/").status_code == 403
    assert writes.post(f"{VIOLATIONS}report/", {**facts, "title": ""}).status_code == 422
    assert writes.post(f"{VIOLATIONS}report/", {**facts, "person": person_of(employee).pk}).status_code == 303
    one = Violation.objects.get()
    page = f"{VIOLATIONS}{one.pk}/"
    assert "A shared password" in signed_in(auditor).get(VIOLATIONS).content.decode()
    assert f"{page}remedy/" not in signed_in(auditor).get(page).content.decode()
    theirs = signed_in(employee)
    assert f"{page}remedy/" in theirs.get(page).content.decode()
    assert theirs.get(f"{page}dismiss/").status_code == 403
    assert theirs.post(f"{page}remedy/", {"outcome": "Changed."}).status_code == 303
    assert writes.get(f"{page}remedy/").status_code == 409
    assert writes.post(f"{page}reopen/", {"reason": "It is there again."}).status_code == 303
    changed = {"policy": policy.pk, "severity": "low", "due_on": one.due_on, "owner": person_of(manager).pk}
    assert writes.post(f"{page}edit/", changed).status_code == 303
    assert writes.post(f"{page}dismiss/", {"reason": "A test account."}).status_code == 303
    assert one.refreshed().status == "dismissed"
    other = reported(manager)
    assert theirs.get(f"{VIOLATIONS}{other.pk}/").status_code == 404


def test_programs_report_with_a_token_for_that_alone(acme, manager, approver):
    with tenant(acme):
        policy = in_force(manager, approver)
    reports = Program(make_token(manager, "violations.write")[1])
    facts = {"title": "MFA is off", "policy": str(policy.pk), "resource": "okta:jo", "reported_as": "Okta", "rule": "mfa"}
    made = reports.post("violations", {**facts, "detected_at": "2026-01-05T09:30:00Z"})
    assert made.status_code == 201, made.content
    assert (made.json()["detected"], made.json()["severity"]) == ("rule", "medium")
    assert dt.datetime.fromisoformat(made.json()["detected_at"]) == dt.datetime(2026, 1, 5, 9, 30, tzinfo=dt.UTC)
    again = reports.post("violations", facts)
    assert (again.json()["id"], again.json()["times_seen"]) == (made.json()["id"], 2)
    assert reports.post("violations", {**facts, "resource": ""}).status_code == 422
    assert reports.get("violations").status_code == 403
    both = Program(make_token(manager, "violations.write", "home.read")[1])
    one = f"violations/{made.json()['id']}"
    assert both.post(f"{one}/remedy", {"outcome": "On."}, **{"If-Match": "*"}).json()["status"] == "remediated"
    assert [row["id"] for row in both.get("violations?state=remediated").json()["results"]] == [made.json()["id"]]
    nobody = Program(make_token(approver)[1])
    assert nobody.post("violations", facts).status_code == 403


def test_the_list_asks_as_much_for_one_as_for_many(in_acme, manager, employee, django_assert_num_queries):
    first = reported(manager, person=person_of(employee))
    for _ in range(11):
        reported(manager, person=person_of(employee))
    reads = signed_in(manager)
    reads.get(VIOLATIONS)
    with CaptureQueriesContext(connection) as counted:
        assert reads.get(f"{VIOLATIONS}?q={first.reference}").status_code == 200
    with django_assert_num_queries(len(counted)):
        assert reads.get(VIOLATIONS).status_code == 200
    assert len(counted) <= 12


def test_populations_are_of_their_days(in_acme, acme, manager, approver, employee):
    today, one = acme.today(), reported(manager, reported_as="Okta", rule="mfa")
    rows = list(populations.violations(today, today).rows)
    assert [(row[0], row[6], row[8]) for row in rows] == [(one.reference, "A rule of another system", "mfa")]
    assert not list(populations.violations(today - 9 * DAY, today - DAY).rows)
    held = approve_exception(asked(in_force(manager, approver), employee), actor=approver)
    assert [row[0] for row in populations.exceptions(today, today).rows] == [held.reference]
    assert not list(populations.exceptions(today - 9 * DAY, today - DAY).rows)
    end_exception(held, actor=employee, reason="Done.")
    assert not list(populations.exceptions(today, today).rows)
