"""What a scan does to what is known: first days, due days, severities, what is missing, and critical ones at once."""

import datetime as dt

import pytest

from audit.models import AuditEvent
from incidents.models import SecurityEvent
from inventory.models import Person
from tenancy.scope import now, tenant
from tests.vulnerabilities import files
from tests.vulnerabilities.files import pip_audit, pip_vulnerable, trivy, trivy_vulnerability
from ui.refusals import ActionRefused
from vulnerabilities.handling.actions import accept, hand_on, rate
from vulnerabilities.models import Scan, ScanScope, Sighting, Vulnerability
from vulnerabilities.scanning.importing import receive
from vulnerabilities.scopes.actions import restore_scope, retire_scope
from vulnerabilities.settings import choose_settings
from workflow.models import OutboxMessage

DAYS = [dt.date(2026, 10, 5) + dt.timedelta(weeks=week) for week in range(4)]


def at(day: dt.date) -> str:
    return f"{day.isoformat()}T12:00:00Z"


@pytest.fixture
def the_one(acme):
    """The only vulnerability there is, as it stands."""

    def get() -> Vulnerability:
        with tenant(acme):
            return Vulnerability.objects.select_related("owner").get()

    return get


def test_what_was_fixed_and_is_back_is_open_again_and_first_seen_when_it_was(scope_of, scan, the_one, acme):
    scope = scope_of()
    bad = trivy_vulnerability()
    for day, found in zip(DAYS, ([bad], [], [bad], []), strict=True):
        scan(scope, trivy(*found, at=at(day)))
        one = the_one()
        assert one.status == ("open" if found else "fixed"), day
        assert one.first_seen_at.date() == DAYS[0]
    assert (one.times_reopened, one.due_on, one.fixed_at.date()) == (1, DAYS[2] + dt.timedelta(days=30), DAYS[3])
    with tenant(acme):
        verbs = AuditEvent.objects.filter(object_id=one.pk).order_by("at", "id").values_list("verb", flat=True)
        assert list(verbs) == ["vulnerability.find", "vulnerability.fix", "vulnerability.return", "vulnerability.fix"]
        assert Sighting.objects.count() == 2


@pytest.mark.parametrize("severity", ["CRITICAL", "HIGH", "MEDIUM", "LOW"])
def test_it_is_due_by_its_severity_from_the_day_it_was_first_seen(scope_of, scan, the_one, severity):
    scan(scope_of(), trivy(trivy_vulnerability(severity=severity), at=at(DAYS[0])))
    days = {"CRITICAL": 7, "HIGH": 30, "MEDIUM": 90, "LOW": 180}[severity]
    assert the_one().due_on == DAYS[0] + dt.timedelta(days=days)


def test_the_days_are_the_organizations_and_what_is_open_keeps_its_day(scope_of, scan, the_one, acme, manager):
    scope = scope_of()
    scan(scope, trivy(trivy_vulnerability(), at=at(DAYS[0])))
    with tenant(acme):
        choose_settings(
            actor=manager, days_critical=1, days_high=2, days_medium=3, days_low=4, certificate_days=30, acceptance_days=90
        )
    scan(scope, trivy(trivy_vulnerability(), trivy_vulnerability("CVE-2026-7", "b"), at=at(DAYS[1])))
    with tenant(acme):
        due = dict(Vulnerability.objects.values_list("identifier", "due_on"))
    assert due == {"CVE-2026-1001": DAYS[0] + dt.timedelta(days=30), "CVE-2026-7": DAYS[1] + dt.timedelta(days=2)}


def test_a_graver_one_is_due_sooner_and_what_somebody_said_of_it_stays(scope_of, scan, the_one, acme, manager):
    scope = scope_of()
    scan(scope, trivy(trivy_vulnerability(severity="LOW"), at=at(DAYS[0])))
    scan(scope, trivy(trivy_vulnerability(severity="HIGH"), at=at(DAYS[1])))
    assert (the_one().severity, the_one().due_on) == ("high", DAYS[1] + dt.timedelta(days=30))
    scan(scope, trivy(trivy_vulnerability(severity="MEDIUM"), at=at(DAYS[2])))
    assert (the_one().severity, the_one().due_on) == ("medium", DAYS[0] + dt.timedelta(days=90))
    with tenant(acme):
        rate(the_one(), actor=manager, severity="low", reason="Not reachable from outside.")
    scan(scope, trivy(trivy_vulnerability(severity="CRITICAL"), at=at(DAYS[3])))
    assert (the_one().severity, the_one().severity_told) == ("low", "CRITICAL")


def test_critical_ones_are_told_at_once_once_for_a_scan(scope_of, scan, acme, manager):
    scope = scope_of()
    critical = [trivy_vulnerability(f"CVE-2026-{number}", f"p{number}", "CRITICAL") for number in range(12)]
    scan(scope, trivy(*critical, trivy_vulnerability(), at=at(DAYS[0])))
    scan(scope, trivy(*critical, trivy_vulnerability(), at=at(DAYS[1])))
    with tenant(acme):
        event = SecurityEvent.objects.get()
        assert (event.source, event.severity, event.status) == ("scan", "critical", "new")
        assert event.title.startswith("12 critical vulnerabilities in Billing by trivy: CVE-2026-0, ")
        mails = list(OutboxMessage.objects.filter(key__startswith="critical-vulnerability:"))
        assert manager.email in {mail.to for mail in mails}
        assert "- and 2 more" in mails[0].text


def test_one_that_is_back_or_has_become_critical_is_told_too(scope_of, scan, acme):
    scope = scope_of()
    for day, severity in zip(DAYS, ("HIGH", "CRITICAL", "", "CRITICAL"), strict=True):
        scan(scope, trivy(*([trivy_vulnerability(severity=severity)] if severity else []), at=at(day)))
    with tenant(acme):
        assert [event.title[:24] for event in SecurityEvent.objects.all()] == ["1 critical vulnerability"] * 2


def test_what_is_accepted_and_gone_is_fixed_and_opens_again_when_it_is_back(scope_of, scan, the_one, acme, cast):
    scope = scope_of()
    scan(scope, trivy(trivy_vulnerability(), at=at(DAYS[0])))
    with tenant(acme):
        accept(the_one(), actor=cast.approver, reason="Behind a VPN.", until=acme.today() + dt.timedelta(days=30))
    scan(scope, trivy(trivy_vulnerability(), at=at(DAYS[1])))
    assert the_one().status == "accepted"
    scan(scope, trivy(at=at(DAYS[2])))
    assert the_one().status == "fixed"
    scan(scope, trivy(trivy_vulnerability(), at=at(DAYS[3])))
    assert the_one().status == "open"


def test_a_scan_that_checked_less_closes_nothing_until_somebody_says_that_the_rest_is_gone(scope_of, scan, the_one):
    scope = scope_of()
    scan(scope, trivy(trivy_vulnerability(), at=at(DAYS[0])))
    narrow = trivy(at=at(DAYS[1]))
    narrow["Results"] = narrow["Results"][:1]
    kept = scan(scope, narrow)
    assert (kept.evaluable, the_one().status) == (False, "open")
    assert files.LOCK in kept.reasons[0]
    kept = scan(scope, {**narrow, "CreatedAt": at(DAYS[2])}, narrower=True)
    assert (kept.evaluable, the_one().status) == (True, "fixed")
    assert kept.notes == [f"Whoever imported it says that these are gone: {files.LOCK}."]


def test_a_scan_of_less_than_half_the_packages_closes_nothing(scope_of, scan, the_one):
    scope = scope_of("pip_audit")
    scan(scope, pip_audit(pip_vulnerable(), clean=9), on=DAYS[0])
    kept = scan(scope, pip_audit(clean=4), on=DAYS[1])
    assert (kept.reasons, the_one().status) == (
        ["It checked 4 packages; SCN-2026-0001 checked 10. Less than half were looked at."],
        "open",
    )


@pytest.mark.parametrize(("tool", "empty"), [("grype", files.grype()), ("osv_scanner", files.osv())])
def test_an_empty_file_that_says_nothing_of_what_was_checked_closes_nothing_unless_somebody_does(scope_of, scan, tool, empty):
    scope = scope_of(tool)
    assert not scan(scope, empty, on=DAYS[0]).evaluable
    kept = scan(scope, empty, on=DAYS[1], checked=214)
    assert (kept.evaluable, kept.checked) == (True, 214)


def test_the_next_scan_is_due_after_the_last_that_could_be_evaluated(scope_of, scan, acme):
    scope = scope_of("pip_audit")
    scan(scope, pip_audit(), on=DAYS[0])
    scan(scope, pip_audit(skipped=("a",)), on=DAYS[1])
    with tenant(acme):
        assert ScanScope.objects.get().next_due_on == DAYS[1]  # a week after the first


def test_the_same_file_of_the_same_time_is_kept_once(scope_of, scan, acme):
    scope = scope_of()
    first, second = (scan(scope, trivy(trivy_vulnerability())) for _ in range(2))
    assert first.pk == second.pk
    with tenant(acme):
        assert Scan.objects.count() == 1


def test_an_advisory_under_another_name_keeps_its_first_day(scope_of, scan, the_one):
    scope = scope_of("pip_audit")
    scan(scope, pip_audit(pip_vulnerable("jinja2", "PYSEC-2026-66")), on=DAYS[0])
    scan(scope, pip_audit(pip_vulnerable("jinja2", "PYSEC-2026-66", "CVE-2026-2801")), on=DAYS[1])
    scan(scope, pip_audit(pip_vulnerable("jinja2", "CVE-2026-2801")), on=DAYS[2])
    one = the_one()
    assert (one.identifier, one.status, one.first_seen_at.date(), one.last_seen_at.date()) == (
        "CVE-2026-2801",
        "open",
        DAYS[0],
        DAYS[2],
    )


def test_a_scan_of_the_past_only_moves_the_first_day(scope_of, scan, the_one):
    scope = scope_of()
    scan(scope, trivy(trivy_vulnerability(), at=at(DAYS[2])))
    scan(scope, trivy(at=at(DAYS[1])))
    scan(scope, trivy(trivy_vulnerability(), at=at(DAYS[0])))
    one = the_one()
    assert (one.status, one.first_seen_at.date(), one.due_on) == ("open", DAYS[0], DAYS[0] + dt.timedelta(days=30))


def test_what_rules_of_the_tool_ignore_is_counted_and_closes_nothing(scope_of, scan, the_one):
    scope = scope_of("grype")
    scan(scope, files.grype(files.grype_match()))
    later = files.grype(ignoredMatches=[files.grype_match()])
    later["descriptor"]["timestamp"] = "2026-10-06T08:00:00Z"
    kept = scan(scope, later, checked=300)
    assert (kept.evaluable, kept.found, kept.suppressed, the_one().status) == (True, 0, 1, "open")


def test_new_ones_are_with_the_owner_of_the_scope_and_stay_with_whom_they_are(scope_of, scan, the_one, acme, manager):
    with tenant(acme):
        from_roster = {person.email: person for person in Person.objects.all()}
    owner, other = from_roster["employee@acme.example"], from_roster["reviewer@acme.example"]
    scope = scope_of(owner=owner)
    scan(scope, trivy(trivy_vulnerability(), at=at(DAYS[0])))
    with tenant(acme):
        hand_on(the_one(), actor=manager, owner=other, reason="Knows it.")
    scan(scope, trivy(trivy_vulnerability(), at=at(DAYS[1])))
    assert the_one().owner == other


def test_nothing_is_imported_into_what_is_retired_or_checked_by_plumbline_itself(scope_of, acme, manager, cast):
    retired, endpoint = scope_of(), scope_of("tls", host="app.acme.example", port=443)
    with tenant(acme):
        retire_scope(retired, actor=manager, reason="Switched off.")
        retired.refresh_from_db()
        for scope, why in ((retired, "is retired"), (endpoint, "by itself")):
            with pytest.raises(ActionRefused, match=why):
                receive(scope, actor=manager, upload=files.upload(trivy()))
        with pytest.raises(ActionRefused, match="Your role"):
            receive(retired, actor=cast.reviewer, upload=files.upload(trivy()))


def test_a_scanners_clock_that_is_ahead_is_not_believed(scope_of, scan):
    ahead = (now() + dt.timedelta(days=2)).isoformat()
    kept = scan(scope_of(), trivy(at=ahead))
    assert (kept.ran_basis, kept.ran_at <= now()) == ("imported", True)


def test_what_was_retired_is_scanned_again(scope_of, acme, manager):
    scope = scope_of()
    with tenant(acme):
        retire_scope(scope, actor=manager, reason="Switched off.")
        restore_scope(scope, actor=manager)
        assert scope.refreshed().status == "active"
        assert AuditEvent.objects.filter(object_id=scope.pk, verb="scan_scope.restore").count() == 1
