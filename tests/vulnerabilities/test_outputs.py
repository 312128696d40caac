"""What scans and tests mean elsewhere: controls at work, the binder's facts, populations, and the API."""

import datetime as dt

import pytest

from controls.binder.facts import Outcome, facts_of
from controls.models import AuditPeriod, ControlEvidence, Occurrence
from evidence.populations.registry import kind_of
from tenancy.scope import now, tenant
from tests.api.conftest import Program, make_token
from tests.conftest import commits
from tests.controls.occurrences.made import make_control
from tests.vulnerabilities.files import pip_audit, pip_vulnerable, trivy, trivy_vulnerability, upload
from vulnerabilities.models import Scan, ScanScope, TlsResult, Vulnerability
from vulnerabilities.penetration import actions
from vulnerabilities.reading.report import Report
from vulnerabilities.scanning.importing import receive
from vulnerabilities.scanning.keeping import keep_scan
from vulnerabilities.scanning.stated import Stated
from workflow.models import Job


def outcomes(key: str, acme) -> list[tuple[str, str]]:
    with tenant(acme):
        today = acme.today()
        period = AuditPeriod(starts_on=today - dt.timedelta(days=90), ends_on=today)
        return [(fact.outcome.value, fact.sentence) for fact in facts_of(key, period, today)]


def test_the_binder_is_told_what_is_scanned_in_time_and_what_is_past_due(scope_of, scan, acme):
    assert outcomes("vulnerability-scans", acme) == [("unknown", "Nothing is named that is scanned.")]
    scope = scope_of("pip_audit")
    assert outcomes("vulnerability-scans", acme) == [
        ("broken", "Never scanned so that it could be evaluated: Billing by pip_audit.")
    ]
    scan(scope, pip_audit(pip_vulnerable()))
    assert outcomes("vulnerability-scans", acme) == [("holds", "1 scope is scanned in time.")]
    with tenant(acme):
        ScanScope.objects.update(next_due_on=acme.today() - dt.timedelta(days=1))
    scan(scope, pip_audit(skipped=("a",)))
    scan(scope, pip_audit(pip_vulnerable()), on=dt.date(2026, 1, 5))
    told = outcomes("vulnerability-scans", acme)
    assert ("broken", "1 vulnerability is past due.") in told


def test_the_binder_is_told_of_penetration_tests(acme, manager):
    assert outcomes("penetration-test", acme) == [("broken", "No penetration test was reported.")]
    with tenant(acme):
        day = acme.today() - dt.timedelta(days=40)
        test = actions.plan_test(actor=manager, title="x", firm="Redwood", scope="x", starts_on=day, ends_on=day)
        actions.report_test(test, actor=manager, file=upload(b"%PDF-1.4", "r.pdf"), reported_on=day)
    ((outcome, sentence),) = outcomes("penetration-test", acme)
    assert (outcome, sentence.startswith(f"{test.reference} by Redwood ended on")) == ("holds", True)


@pytest.mark.parametrize(
    "case", [("TLSv1.3", False, Outcome.HOLDS), ("TLSv1.1", True, Outcome.BROKEN), ("TLSv1.3", True, Outcome.BROKEN)]
)
def test_the_binder_is_told_of_tls(scope_of, acme, manager, case):
    protocol, old, outcome = case
    assert outcomes("tls", acme) == []
    endpoint = scope_of("tls", host="app.acme.example", port=443)
    assert outcomes("tls", acme)[0][0] == "unknown"
    with tenant(acme):
        shown = TlsResult(
            address="192.0.2.1", protocol=protocol, cipher="x", accepts_old=old, subject="x", issuer="x", not_before=now(),
            not_after=now(), serial="1", key="x", sha256="0" * 64, trusted=True,
        )  # fmt: skip
        stored = receive(scope_of(), actor=manager, upload=upload(trivy()))
        keep_scan(endpoint, Report(), stored, stated=Stated(), actor=manager, tls=shown)
    assert [one for one, _ in outcomes("tls", acme)] == [outcome.value]


def test_populations_have_a_row_for_each(scope_of, scan, acme):
    scan(scope_of(), trivy(trivy_vulnerability(), trivy_vulnerability("CVE-2026-2", "b"), at="2026-10-05T12:00:00Z"))
    with tenant(acme):
        first, last = dt.date(2026, 10, 1), dt.date(2026, 10, 31)
        found = {
            key: list(kind_of(key).source(first, last).rows)
            for key in ("vulnerabilities", "vulnerability_scans", "penetration_tests")
        }
        table = kind_of("vulnerabilities").source(first, last)
        assert {len(row) for row in table.rows} == {len(table.header)}
        assert list(kind_of("vulnerability_scans").source(first - dt.timedelta(days=90), first).rows) == []
    assert [len(rows) for rows in found.values()] == [2, 1, 0]
    assert found["vulnerability_scans"][0][7] == "yes"


@pytest.fixture
def scanning_control(acme, manager):
    """A control whose week is performed by scans."""
    with tenant(acme):
        begun = acme.today() - dt.timedelta(days=21)
        return make_control(manager, code="VUL-001", cadence="weekly", population="vulnerability_scans", in_scope_since=begun)


def test_a_week_is_performed_once_everything_that_is_scanned_was(scope_of, scan, acme, scanning_control):
    one, other = scope_of("pip_audit", name="One"), scope_of("trivy", name="Other")
    scan(one, pip_audit())
    with tenant(acme):
        week = Occurrence.objects.get(control=scanning_control, starts_on__lte=acme.today(), ends_on__gte=acme.today())
        assert week.status == "open"
    scan(other, trivy(Results=None, at=now().isoformat()))
    with tenant(acme):
        assert week.refreshed().status == "open"  # that one could not be evaluated
    scan(other, trivy(at=now().isoformat()))
    with tenant(acme):
        assert week.refreshed().status == "performed"
        assert ControlEvidence.objects.filter(control=scanning_control, occurrence=week).count() == 2


def test_a_pipeline_sends_a_scan_and_reads_what_it_found(acme, manager, scope_of, django_capture_on_commit_callbacks):
    scope, program = scope_of(), Program(make_token(manager, "home.read", "vulnerabilities.write")[1])
    with commits(django_capture_on_commit_callbacks):
        sent = program.upload(f"scan-scopes/{scope.pk}/import-scan", {"file": upload(trivy(trivy_vulnerability()))}, if_match="*")
    assert sent.status_code == 200, sent.content
    with tenant(acme):
        assert Job.objects.get(pk=sent.json()["id"]).status == "done"
        scan, one = Scan.objects.get(), Vulnerability.objects.get()
    listed = program.get("vulnerabilities?state=pending&severity=high").json()
    assert [found["identifier"] for found in listed["results"]] == ["CVE-2026-1001"]
    assert program.get(f"scans/{scan.pk}").json()["evaluable"] is True
    assert b"CVE-2026-1001" in b"".join(program.get(f"scans/{scan.pk}/raw").streaming_content)
    assert program.post(f"vulnerabilities/{one.pk}/hand-in", {"done": "x"}, if_match="*").status_code == 409
    assert program.get("vulnerability-settings").json()["days_critical"] == 7
    reader = Program(make_token(manager, "vulnerabilities.read")[1])
    assert reader.upload(f"scan-scopes/{scope.pk}/import-scan", {"file": upload(trivy())}, if_match="*").status_code == 403
