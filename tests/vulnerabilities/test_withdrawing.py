"""A scan that was imported wrongly: what it told counts no more, and all is as if it had never been there."""

import datetime as dt
import itertools

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import AuditEvent
from controls.models import Occurrence
from evidence.models import Evidence
from evidence.populations.registry import kind_of
from incidents.models import SecurityEvent
from tenancy.scope import now, tenant
from tests.api.conftest import Program, make_token
from tests.controls.occurrences.made import make_control
from tests.vulnerabilities.files import pip_audit, pip_vulnerable, trivy, trivy_vulnerability
from tests.vulnerabilities.test_any_order import weeks
from tests.vulnerabilities.test_comparing import Ran, expected
from ui.refusals import ActionRefused
from vulnerabilities.handling.actions import rate
from vulnerabilities.models import Scan, ScanScope, Vulnerability
from vulnerabilities.scanning.withdrawing import consequences, withdraw_scan

AREA = "/o/acme/vulnerabilities/"
DAYS = [dt.date(2026, 10, 5) + dt.timedelta(weeks=week) for week in range(4)]
WHY = "It is of another repository."
NUMBERS = itertools.count()


def day_of(moment: dt.datetime | None) -> dt.date | None:
    return moment and moment.date()


def at(day: dt.date) -> str:
    return f"{day.isoformat()}T12:00:00Z"


@pytest.fixture
def withdraw(acme, manager):
    """Withdraw a scan as whoever runs them."""

    def run(scan: Scan) -> Scan:
        with tenant(acme):
            return withdraw_scan(Scan.objects.select_related("scope").get(pk=scan.pk), actor=manager, reason=WHY)

    return run


@pytest.fixture
def states(acme):
    """The state of each vulnerability, by what it is known as."""

    def get() -> dict[str, str]:
        with tenant(acme):
            return dict(Vulnerability.objects.values_list("identifier", "status"))

    return get


@pytest.fixture
def wrong(scope_of, scan) -> Scan:
    """A scan after a right one: it does not have what that had, and has something else."""
    scope = scope_of()
    scan(scope, trivy(trivy_vulnerability(), at=at(DAYS[0])))
    later: Scan = scan(scope, trivy(trivy_vulnerability("CVE-2026-7", "other"), at=at(DAYS[1])))
    return later


def test_what_it_alone_had_is_withdrawn_and_what_it_closed_is_open_as_before(wrong, withdraw, states, acme, manager):
    assert states() == {"CVE-2026-1001": "fixed", "CVE-2026-7": "open"}
    with tenant(acme):
        said = consequences(wrong)
    withdraw(wrong)
    assert states() == {"CVE-2026-1001": "open", "CVE-2026-7": "withdrawn"}
    assert "1 vulnerability that no other scan has is withdrawn. 1 vulnerability that it had closed is open again." in said
    with tenant(acme):
        scan, scope = Scan.objects.get(pk=wrong.pk), ScanScope.objects.get()
        assert (scan.status, scan.withdrawn_by, scan.withdrawn_reason) == ("withdrawn", manager, WHY)
        one = Vulnerability.objects.get(identifier="CVE-2026-1001")
        assert (one.due_on, one.fixed_at, one.times_reopened) == (DAYS[0] + dt.timedelta(days=30), None, 0)
        assert scope.next_due_on == DAYS[1]  # a week after the scan that counts
        event = AuditEvent.objects.get(verb="scan.withdraw")
        assert (event.actor_id, event.object_id, event.data["metadata"]["note"]) == (manager.pk, scan.pk, WHY)
        told = dict(
            AuditEvent.objects.filter(verb__in=["vulnerability.withdraw", "vulnerability.unfix"]).values_list(
                "verb", "object_name"
            )
        )
        other = Vulnerability.objects.get(identifier="CVE-2026-7")
        assert told == {"vulnerability.unfix": one.reference, "vulnerability.withdraw": other.reference}
        assert Evidence.objects.get(pk=scan.evidence_id).status == "withdrawn"


def test_the_same_file_is_imported_again_under_the_same_numbers(wrong, scan, withdraw, states, acme):
    with tenant(acme):
        number = Vulnerability.objects.get(identifier="CVE-2026-7").reference
        scope = ScanScope.objects.get()
    withdraw(wrong)
    again = scan(scope, trivy(trivy_vulnerability("CVE-2026-7", "other"), at=at(DAYS[1])))
    assert again.pk != wrong.pk
    assert (again.sha256, again.new, again.fixed) == (wrong.sha256, 1, 1)
    assert states() == {"CVE-2026-1001": "fixed", "CVE-2026-7": "open"}
    with tenant(acme):
        one = Vulnerability.objects.get(identifier="CVE-2026-7")
        assert (one.reference, one.first_seen_at.date()) == (number, DAYS[1])
        verbs = AuditEvent.objects.filter(object_id=one.pk).order_by("at", "id").values_list("verb", flat=True)
        assert list(verbs) == ["vulnerability.find", "vulnerability.withdraw", "vulnerability.find_again"]


def test_first_day_severity_and_due_day_are_those_of_the_scans_that_count(scope_of, scan, withdraw, acme):
    scope = scope_of()
    first = scan(scope, trivy(trivy_vulnerability(severity="LOW"), at=at(DAYS[0])))
    scan(scope, trivy(trivy_vulnerability(severity="LOW"), at=at(DAYS[1])))
    last = scan(scope, trivy(trivy_vulnerability(severity="CRITICAL"), at=at(DAYS[2])))
    withdraw(last)
    withdraw(first)
    with tenant(acme):
        one = Vulnerability.objects.get()
    assert (one.severity, one.severity_told, one.first_seen_at.date(), one.last_seen_at.date()) == ("low", "", DAYS[1], DAYS[1])
    assert one.due_on == DAYS[1] + dt.timedelta(days=180)


def test_what_somebody_said_of_its_severity_stays(scope_of, scan, withdraw, acme, manager):
    scope = scope_of()
    scan(scope, trivy(trivy_vulnerability(severity="LOW"), at=at(DAYS[0])))
    last = scan(scope, trivy(trivy_vulnerability(severity="HIGH"), at=at(DAYS[1])))
    with tenant(acme):
        rate(Vulnerability.objects.get(), actor=manager, severity="critical", reason="Reachable by anybody.")
        due = Vulnerability.objects.get().due_on
    withdraw(last)
    with tenant(acme):
        assert (Vulnerability.objects.get().severity, Vulnerability.objects.get().due_on) == ("critical", due)


def test_what_it_had_opened_again_is_fixed_since_it_was(scope_of, scan, withdraw, acme):
    scope = scope_of()
    scan(scope, trivy(trivy_vulnerability(), at=at(DAYS[0])))
    scan(scope, trivy(at=at(DAYS[1])))
    wrong = scan(scope, trivy(trivy_vulnerability(), at=at(DAYS[2])))
    withdraw(wrong)
    with tenant(acme):
        one = Vulnerability.objects.get()
        assert (one.status, day_of(one.fixed_at), day_of(one.last_seen_at)) == ("fixed", DAYS[1], DAYS[0])
        assert AuditEvent.objects.filter(object_id=one.pk, verb="vulnerability.recount").count() == 1


def test_what_a_later_scan_does_not_have_either_stays_fixed_since_that_one(scope_of, scan, withdraw, acme):
    scope = scope_of()
    scan(scope, trivy(trivy_vulnerability(), at=at(DAYS[0])))
    wrong = scan(scope, trivy(at=at(DAYS[1])))
    scan(scope, trivy(at=at(DAYS[2])))
    withdraw(wrong)
    with tenant(acme):
        one = Vulnerability.objects.get()
    assert (one.status, day_of(one.fixed_at)) == ("fixed", DAYS[2])


def test_a_critical_one_that_is_open_again_is_told(scope_of, scan, withdraw, acme):
    scope = scope_of()
    scan(scope, trivy(trivy_vulnerability(severity="CRITICAL"), at=at(DAYS[0])))
    wrong = scan(scope, trivy(at=at(DAYS[1])))
    withdraw(wrong)
    with tenant(acme):
        assert SecurityEvent.objects.count() == 2


@pytest.fixture
def scoped(scope_of, scan, acme):
    """A new scope: what brings a scan into it, and how its vulnerabilities stand."""

    def make():
        scope = scope_of("pip_audit", name=f"Scope {next(NUMBERS)}")

        def bring(one: Ran) -> Scan:
            vulnerable = [pip_vulnerable(name.lower(), name) for name in sorted(one.has)]
            skipped = () if one.evaluable else ("internal",)
            brought: Scan = scan(scope, pip_audit(*vulnerable, clean=9 - len(vulnerable), skipped=skipped), ran_at=one.at)
            return brought

        def standing() -> dict[str, tuple[str, dt.datetime]]:
            with tenant(acme):
                rows = Vulnerability.objects.filter(scope=scope).exclude(status="withdrawn")
                return {row.identifier: (row.status, row.first_seen_at) for row in rows}

        return bring, standing

    return make


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(weeks, st.data())
def test_all_is_as_if_it_had_never_been_there_and_as_before_once_it_is_back(scoped, withdraw, ran, data):
    (bring, standing), order = scoped(), data.draw(st.permutations(ran))
    wrong = [one for one in order if data.draw(st.booleans())]
    kept = {one: bring(one) for one in order}
    for one in wrong:
        withdraw(kept[one])
    assert standing() == expected([one for one in ran if one not in wrong])
    for one in wrong:
        bring(one)
    assert standing() == expected(ran)


def test_who_may_withdraw_which_and_once(wrong, scope_of, acme, cast, manager):
    with tenant(acme):
        with pytest.raises(ActionRefused, match="Your role"):
            withdraw_scan(wrong, actor=cast.reviewer, reason=WHY)
        with pytest.raises(ActionRefused, match="Give a reason"):
            withdraw_scan(wrong, actor=manager, reason=" ")
        withdraw_scan(wrong, actor=manager, reason=WHY)
        with pytest.raises(ActionRefused, match="is withdrawn: it cannot be withdrawn now"):
            withdraw_scan(wrong, actor=manager, reason=WHY)
        with pytest.raises(ActionRefused, match="by itself"):
            withdraw_scan(Scan(tool="tls"), actor=manager, reason=WHY)


def test_the_database_keeps_a_scan_as_it_was_and_one_withdrawn_as_it_is(wrong, withdraw, acme):
    with tenant(acme), pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        Scan.objects.filter(pk=wrong.pk).update(found=0)
    withdraw(wrong)
    with tenant(acme), pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        Scan.objects.filter(pk=wrong.pk).update(status="kept", withdrawn_at=None, withdrawn_reason="")


def test_it_is_withdrawn_on_its_page_and_shown_as_such(wrong, client_of, manager, acme):
    browser, page = client_of(manager), f"{AREA}scans/{wrong.pk}/"
    assert f'href="{page}withdraw/" data-dialog' in browser.get(page).content.decode()
    assert "1 vulnerability that no other scan has is withdrawn." in browser.get(f"{page}withdraw/").content.decode()
    assert browser.post(f"{page}withdraw/", {"reason": WHY})["Location"] == page
    shown = browser.get(page).content.decode()
    assert WHY in shown
    assert "withdraw/" not in shown
    assert browser.get(f"{page}withdraw/").status_code == 409
    with tenant(acme):
        one, other = Vulnerability.objects.get(identifier="CVE-2026-7"), Vulnerability.objects.get(identifier="CVE-2026-1001")
    shown = browser.get(f"{AREA}{one.pk}/").content.decode()
    assert "withdrawn, does not count" in shown
    assert "only a scan had it that was withdrawn" in shown
    listed = browser.get(f"{AREA}?state=pending").content.decode()
    assert other.reference in listed
    assert one.reference not in listed
    assert wrong.reference not in browser.get(f"{AREA}scans/?state=kept").content.decode()


def test_a_program_withdraws_it(wrong, manager, acme):
    program = Program(make_token(manager, "home.read", "vulnerabilities.write")[1])
    sent = program.post(f"scans/{wrong.pk}/withdraw", {"reason": WHY}, if_match="*")
    assert sent.status_code == 200, sent.content
    assert (sent.json()["status"], sent.json()["withdrawn_reason"]) == ("withdrawn", WHY)
    reader = Program(make_token(manager, "vulnerabilities.read")[1])
    assert reader.post(f"scans/{wrong.pk}/withdraw", {"reason": WHY}, if_match="*").status_code == 403


def test_populations_leave_out_what_it_found_and_name_it_as_withdrawn(wrong, withdraw, acme):
    withdraw(wrong)
    with tenant(acme):
        first, last = dt.date(2026, 10, 1), dt.date(2026, 10, 31)
        known = [row[1] for row in kind_of("vulnerabilities").source(first, last).rows]
        scans = kind_of("vulnerability_scans").source(first, last)
        rows = list(scans.rows)
    assert known == ["CVE-2026-1001"]
    assert {len(row) for row in rows} == {len(scans.header)}
    assert [row[-1] for row in rows] == ["", WHY]


def test_a_week_that_it_completed_waits_again(scope_of, scan, withdraw, acme, manager):
    with tenant(acme):
        begun = acme.today() - dt.timedelta(days=21)
        control = make_control(manager, code="VUL-001", cadence="weekly", population="vulnerability_scans", in_scope_since=begun)
    one, other = scope_of("pip_audit", name="One"), scope_of("trivy", name="Other")
    scan(one, pip_audit())
    wrong = scan(other, trivy(at=now().isoformat()))
    with tenant(acme):
        week = Occurrence.objects.get(control=control, starts_on__lte=acme.today(), ends_on__gte=acme.today())
        assert week.status == "performed"
    withdraw(wrong)  # the other scope's scan is still linked, and does not cover everything
    with tenant(acme):
        assert week.refreshed().status == "open"
        note = AuditEvent.objects.filter(object_id=week.pk, verb="occurrence.reopen").get().data["metadata"]["note"]
        assert note == f"{wrong.reference} was withdrawn: not everything that is scanned was scanned in these days."
    scan(other, trivy(trivy_vulnerability(), at=now().isoformat()))
    with tenant(acme):
        assert week.refreshed().status == "performed"
