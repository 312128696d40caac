"""A penetration test from its plan to the retest of what it found."""

import datetime as dt

import pytest

from audit.models import AuditEvent
from evidence.models import Evidence
from incidents.models import SecurityEvent
from inventory.models import Person
from tenancy.scope import tenant
from tests.vulnerabilities.files import trivy, trivy_vulnerability, upload
from ui.refusals import ActionRefused
from vulnerabilities.handling import retesting
from vulnerabilities.handling.inbox import waiting
from vulnerabilities.models import PenetrationTest, Vulnerability
from vulnerabilities.penetration import actions
from workflow.models import OutboxMessage

AREA = "/o/acme/vulnerabilities/tests/"


@pytest.fixture
def reported(acme, manager, cast):
    """A test whose report came, and its critical finding, with the employee."""
    with tenant(acme):
        today = acme.today()
        owner = Person.objects.get(member=cast.employee)
        begun = today - dt.timedelta(days=20)
        test = actions.plan_test(
            actor=manager, title="Application and API", firm="Redwood", scope="app.acme.example", starts_on=begun, ends_on=today,
            owner=owner,
        )  # fmt: skip
        with pytest.raises(ActionRefused, match="once its report is here"):
            actions.add_finding(test, actor=manager, title="SQL injection", severity="critical")
        actions.report_test(test, actor=manager, file=upload(b"%PDF-1.4 report", "report.pdf"), reported_on=today)
        found = actions.add_finding(test, actor=manager, title="SQL injection in search", severity="critical", location="/search")
        yield test.refreshed(), found


def test_its_report_is_evidence_and_a_critical_finding_is_told_at_once(reported, acme):
    test, found = reported
    assert Evidence.objects.get(pk=test.report_id).source == "Redwood"
    assert (found.identifier, found.due_on, found.owner.name) == (
        f"{test.reference}/1",
        acme.today() + dt.timedelta(days=7),
        "Employee Acme",
    )
    assert SecurityEvent.objects.get().title.startswith("1 critical vulnerability in Application and API")


def test_each_critical_finding_is_told_and_so_is_one_that_is_back(reported, manager, cast):
    test, found = reported
    other = actions.add_finding(test, actor=manager, title="Stored script", severity="critical")
    retesting.hand_in(found, actor=cast.employee, done="Parameters are bound.")
    retesting.retest(found, actor=manager, result="pass", note="Tried again.")
    retesting.reopen(found, actor=manager, reason="It is there in the new search.")
    told = OutboxMessage.objects.filter(key__startswith="critical-vulnerability:", to=manager.email).order_by("pk")
    assert [(found.reference in mail.text, other.reference in mail.text) for mail in told] == [
        (True, False), (False, True), (True, False),
    ]  # fmt: skip
    assert SecurityEvent.objects.count() == 3


def test_what_it_found_is_retested_by_somebody_else_and_then_it_is_closed(reported, manager, cast):
    test, found = reported
    with pytest.raises(ActionRefused, match=f"still open: {found.reference}"):
        actions.close_test(test, actor=manager)
    retesting.hand_in(found, actor=cast.employee, done="Parameters are bound.")
    with pytest.raises(ActionRefused, match="Your role"):
        retesting.retest(found, actor=cast.employee, result="pass", note="x")
    retesting.retest(found, actor=manager, result="fail", note="Still there with a union.")
    assert found.refreshed().status == "open"
    retesting.hand_in(found, actor=manager, done="Really bound.")
    with pytest.raises(ActionRefused, match="You handed it in"):
        retesting.retest(found, actor=manager, result="pass", note="x")
    retesting.retest(found, actor=cast.administrator, result="pass", note="Tried 40 payloads.")
    assert (found.refreshed().status, found.refreshed().retested_by) == ("fixed", cast.administrator)
    assert actions.close_test(test, actor=manager).status == "closed"
    first = found.refreshed().first_seen_at
    retesting.reopen(found, actor=manager, reason="Seen again.")
    assert (found.refreshed().status, found.refreshed().first_seen_at, found.refreshed().times_reopened) == ("open", first, 1)


def test_the_next_one_waits_for_those_who_run_scans_until_it_is_planned(reported, manager, acme):
    test, _ = reported
    assert not [entry for entry in waiting(manager) if "The next penetration test" in entry.title]
    record_late(test, acme.today() - dt.timedelta(days=310))
    (entry,) = [entry for entry in waiting(manager) if "The next penetration test" in entry.title]
    assert (entry.due, entry.overdue) == (acme.today() + dt.timedelta(days=55), False)
    day = acme.today() + dt.timedelta(days=20)
    actions.plan_test(actor=manager, title="2027", firm="Redwood", scope="x", starts_on=day, ends_on=day)
    assert not [entry for entry in waiting(manager) if "The next penetration test" in entry.title]


def record_late(test, day):
    """As if it had ended on that day."""
    actions.edit_test(test, actor=test.made_by, starts_on=day, ends_on=day)


def test_what_a_scan_found_is_not_handed_in(scope_of, scan, acme, manager):
    scan(scope_of(), trivy(trivy_vulnerability()))
    with tenant(acme), pytest.raises(ActionRefused, match="A scan found it"):
        retesting.hand_in(Vulnerability.objects.get(), actor=manager, done="Updated.")


def test_it_is_planned_reported_and_closed_in_the_browser(client_of, cast, acme):
    browser, today = client_of(cast.manager), acme.today().isoformat()
    plan = {"title": "API", "firm": "Redwood", "scope": "All of it.", "starts_on": today, "ends_on": today, "every_days": 365}
    wrong = browser.post(f"{AREA}new/", {**plan, "ends_on": "2020-01-01"})
    assert "It ends before it begins." in wrong.content.decode()
    assert browser.post(f"{AREA}new/", plan).status_code in (302, 303)
    with tenant(acme):
        test = PenetrationTest.objects.get()
    page = f"{AREA}{test.pk}/"
    report = {"file": upload(b"%PDF-1.4", "r.pdf"), "reported_on": today}
    assert browser.post(f"{page}report/", report).status_code in (302, 303)
    assert browser.post(f"{page}findings/new/", {"title": "Weak cookies", "severity": "low"}).status_code in (302, 303)
    shown = browser.get(page).content.decode()
    assert "Weak cookies" in shown
    assert "1 of 1 findings is open" in shown
    assert browser.post(f"{page}close/").status_code == 409
    assert [browser.get(f"{page}{path}").status_code for path in ("edit/", "findings/new/")] == [200, 200]
    assert test.reference in browser.get(AREA).content.decode()


def test_one_is_cancelled_or_opened_again(reported, manager, cast, acme):
    test, found = reported
    planned = actions.plan_test(
        actor=manager, title="Next", firm="Redwood", scope="API", starts_on=acme.today(), ends_on=acme.today()
    )  # fmt: skip
    assert actions.cancel_test(planned, actor=manager, reason="No budget.").status == "cancelled"
    with pytest.raises(ActionRefused, match="still open"):
        actions.close_test(test, actor=manager)
    retesting.hand_in(found, actor=cast.employee, done="Parameters are bound.")
    retesting.retest(found, actor=manager, result="pass", note="Tried again.")
    actions.close_test(test, actor=manager)
    assert actions.reopen_test(test, actor=manager, reason="One was forgotten.").status == "reported"
    done = AuditEvent.objects.filter(object_id__in=[planned.pk, test.pk]).values_list("verb", flat=True)
    assert {"penetration_test.cancel", "penetration_test.close", "penetration_test.reopen"} <= set(done)
