"""Who may do what with a vulnerability, what waits for whom, and what ends by itself."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.roles import words_for
from controls.models import Finding
from inventory.models import Person
from tenancy.scope import now, tenant
from tests.vulnerabilities.files import trivy, trivy_vulnerability
from ui.refusals import ActionRefused
from vulnerabilities.handling.actions import accept, hand_on, lapse, raise_finding_of, rate
from vulnerabilities.handling.inbox import waiting
from vulnerabilities.handling.periodic import end_acceptances, remind
from vulnerabilities.models import ScanScope, Vulnerability
from workflow.models import OutboxMessage

AREA = "/o/acme/vulnerabilities/"


def person(member):
    return Person.objects.get(member=member)


@pytest.fixture
def one(scope_of, scan, acme, cast):
    """A high one that is with the employee."""
    with tenant(acme):
        owner = person(cast.employee)
    scan(scope_of(owner=owner), trivy(trivy_vulnerability(), at=now().isoformat()))
    with tenant(acme):
        yield Vulnerability.objects.get()


def soon(acme, days=30):
    return acme.today() + dt.timedelta(days=days)


def test_whoever_it_is_with_hands_it_on_and_the_next_is_told(one, cast):
    hand_on(one, actor=cast.employee, owner=person(cast.reviewer), reason="They know the library.")
    mail = OutboxMessage.objects.get(key__startswith="vulnerability:")
    assert (mail.to, mail.subject) == (cast.reviewer.email, f"{one.reference} is with you: CVE-2026-1001")
    with pytest.raises(ActionRefused, match="for whoever the vulnerability is with"):
        hand_on(one, actor=cast.employee, owner=person(cast.employee), reason="Back.")


def test_nobody_accepts_what_is_or_was_with_them_and_an_acceptance_ends(one, cast, acme, manager):
    hand_on(one, actor=manager, owner=person(cast.approver), reason="x")
    with pytest.raises(ActionRefused, match="It is with you"):
        accept(one, actor=cast.approver, reason="x", until=soon(acme))
    hand_on(one, actor=manager, owner=person(cast.employee), reason="x")
    with pytest.raises(ActionRefused, match="It was with you"):
        accept(one, actor=cast.approver, reason="x", until=soon(acme))
    with pytest.raises(ActionRefused, match="Your role"):
        accept(one, actor=cast.reviewer, reason="x", until=soon(acme))
    for until, why in ((acme.today(), "in the future"), (soon(acme, 366), "At most 365 days")):
        with pytest.raises(ActionRefused, match=why):
            accept(one, actor=cast.executive, reason="x", until=until)
    accept(one, actor=cast.executive, reason="Behind a VPN.", until=soon(acme))
    end_acceptances(acme, now() + dt.timedelta(days=30))
    assert one.refreshed().status == "accepted"
    end_acceptances(acme, now() + dt.timedelta(days=32))
    assert (one.refreshed().status, one.refreshed().times_reopened) == ("open", 1)


def test_taking_an_acceptance_back_needs_the_right_and_a_reason(one, cast, acme):
    accept(one, actor=cast.executive, reason="x", until=soon(acme))
    with pytest.raises(ActionRefused, match="Your role"):
        lapse(one, actor=cast.employee, reason="x")
    with pytest.raises(ActionRefused, match="Give a reason"):
        lapse(one, actor=cast.executive, reason=" ")
    lapse(one, actor=cast.executive, reason="The VPN is gone.")
    assert one.refreshed().status == "open"


def test_nobody_makes_lighter_what_is_with_them(one, cast, manager):
    hand_on(one, actor=manager, owner=person(manager), reason="x")
    with pytest.raises(ActionRefused, match="It is with you"):
        rate(one, actor=manager, severity="low", reason="Not reachable.")
    rate(one, actor=manager, severity="critical", reason="Reachable by anybody.")
    today = manager.organization.today()
    assert (one.refreshed().severity, one.refreshed().due_on) == ("critical", today + dt.timedelta(days=7))


def test_a_finding_is_raised_of_it_once(one, manager):
    finding = raise_finding_of(one, actor=manager, risk="Orders could be read.")
    assert (finding.title[:14], finding.severity, finding.owner) == ("CVE-2026-1001:", "high", one.owner)
    with pytest.raises(ActionRefused, match="was raised of it already"):
        raise_finding_of(one, actor=manager)
    assert Finding.objects.count() == 1


def test_what_waits_for_whom(one, cast, acme, manager, scope_of):
    assert [entry.why for entry in waiting(cast.employee)] == ["it is with you"]
    assert list(waiting(cast.reviewer)) == []
    Vulnerability.objects.filter(pk=one.pk).update(last_seen_at=now())
    ScanScope.objects.update(next_due_on=acme.today() - dt.timedelta(days=1))
    entries = list(waiting(cast.employee))
    assert [(entry.title, entry.overdue) for entry in entries[1:]] == [("A scan of Billing by trivy is due", True)]
    assert list(waiting(manager)) == []
    with tenant(acme):
        scope_of("pip_audit", every_days=1)
    ScanScope.objects.filter(tool="pip_audit").update(next_due_on=acme.today())
    assert [(entry.title, entry.overdue) for entry in waiting(manager)] == [("A scan of Billing by pip_audit is due", False)]


def test_one_mail_a_day_reminds_of_what_is_due(one, cast, acme):
    noon = timezone.localtime(now(), acme.tzinfo).replace(hour=12, minute=0)
    remind(acme, noon)
    assert not OutboxMessage.objects.filter(key__startswith="reminder:").exists()
    for _ in range(2):
        remind(acme, noon + dt.timedelta(days=23))
    mail = OutboxMessage.objects.get(key__startswith="reminder:")
    # The scan is overdue by then; the vulnerability is due in a week.
    assert (mail.to, mail.subject) == (cast.employee.email, "Vulnerabilities and scans: 1 is overdue")


def test_who_sees_what(one, client_of, cast):
    page = f"{AREA}{one.pk}/"
    answers = {
        name: client_of(getattr(cast, name)).get(page).status_code for name in ("manager", "auditor", "employee", "viewer")
    }
    assert answers == {"manager": 200, "auditor": 200, "employee": 200, "viewer": 200}
    with tenant(cast.manager.organization):
        hand_on(one, actor=cast.manager, owner=person(cast.reviewer), reason="x")
    employee = client_of(cast.employee)
    assert employee.get(page).status_code == 404
    assert one.reference not in employee.get(AREA).content.decode()
    assert [employee.get(f"{AREA}{path}").status_code for path in ("scans/", "scopes/", "tests/", "settings/")] == [403] * 4


def test_forms_of_one_are_shown_filled_and_sent(one, client_of, cast, acme):
    browser, approver = client_of(cast.manager), client_of(cast.approver)
    for path in ("", "hand-on/", "severity/", "finding/"):
        assert browser.get(f"{AREA}{one.pk}/{path}").status_code == 200, path
    sent = approver.post(f"{AREA}{one.pk}/accept/", {"reason": "Behind a VPN.", "until": soon(acme).isoformat()})
    assert sent.status_code in (302, 303)
    page = approver.get(f"{AREA}{one.pk}/").content.decode()
    assert "Behind a VPN." in page
    assert "End the acceptance" in page


def test_the_list_filters_counts_exports_and_acts_on_many(one, client_of, cast, django_assert_max_num_queries):
    browser = client_of(cast.manager)
    browser.get(AREA)
    with django_assert_max_num_queries(13):
        page = browser.get(f"{AREA}?view=critical&state=pending&severity=high&q=lodash").content.decode()
    assert one.reference in page
    assert one.reference not in browser.get(f"{AREA}?severity=low").content.decode()
    assert b"CVE-2026-1001" in b"".join(browser.get(f"{AREA}?export=csv").streaming_content)
    with tenant(cast.manager.organization):
        owner = person(cast.reviewer).pk
    form = {"action": "hand_on", "hand_on-owner": owner, "hand_on-reason": "Knows it.", "selected": [one.pk]}
    assert browser.post(AREA, form).status_code in (200, 302, 303)
    assert one.refreshed().owner_id == owner


def test_a_search_is_kept_and_forgotten(one, client_of, cast):
    browser = client_of(cast.manager)
    kept = browser.post(f"{AREA}views/keep/", {"name": "Grave", "query": "severity=high&page=2"})
    assert kept["Location"].endswith("?severity=high")
    assert "Grave" in browser.get(AREA).content.decode()
    nothing = browser.post(f"{AREA}views/keep/", {"name": "All", "query": "page=2"})
    assert "Choose a filter" in nothing.content.decode()


def test_days_by_severity_are_chosen_and_make_sense(client_of, cast):
    browser = client_of(cast.manager)
    days = {
        "days_critical": 3,
        "days_high": 14,
        "days_medium": 60,
        "days_low": 120,
        "certificate_days": 21,
        "acceptance_days": 180,
    }
    assert browser.post(f"{AREA}settings/", days).status_code in (302, 303)
    wrong = browser.post(f"{AREA}settings/", {**days, "days_high": 2})
    assert "Not fewer than for a graver one." in wrong.content.decode()


def test_whoever_may_not_accept_is_told_who_may(one, acme, administrator, client_of):
    client = client_of(administrator)
    page = client.get(f"{AREA}{one.pk}/").content.decode()
    who = words_for("vulnerabilities.accept")
    assert f"To accept by name that it stays, until a day, is for: {who}" in page
    with tenant(acme), pytest.raises(ActionRefused, match=who):
        accept(one, actor=administrator, reason="x", until=soon(acme))
