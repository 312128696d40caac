"""A scan from its file in the browser to what a later one closes."""

import pytest

from tenancy.scope import tenant
from tests.conftest import commits
from tests.vulnerabilities.files import pip_audit, pip_vulnerable, trivy, trivy_vulnerability, upload
from vulnerabilities.models import Scan, ScanScope, Vulnerability
from workflow.models import Job

AREA = "/o/acme/vulnerabilities/"


@pytest.fixture
def browser(client_of, manager):
    return client_of(manager)


@pytest.fixture
def bring(browser, acme, django_capture_on_commit_callbacks):
    """Bring a file through the pages; returns the job."""

    def run(scope: ScanScope, data, **said) -> Job:
        with commits(django_capture_on_commit_callbacks):
            kept = browser.post(f"{AREA}scopes/{scope.pk}/import/", {"file": upload(data), **said})
            assert kept.status_code in (302, 303), kept.content.decode()
            assert browser.get(kept["Location"]).status_code == 200
            begun = browser.post(kept["Location"], {})
            assert begun.status_code in (302, 303), begun.content.decode()
        with tenant(acme):
            return Job.objects.latest("created_at")

    return run


def test_a_scan_is_imported_its_findings_listed_and_fixed_by_a_later_one(browser, bring, acme):
    made = browser.post(
        f"{AREA}scopes/new/", {"name": "Billing image", "tool": "trivy", "target": "registry.example/billing", "every_days": 7}
    )
    with tenant(acme):
        scope = ScanScope.objects.get()
    assert made["Location"].endswith(f"/scopes/{scope.pk}/")
    job = bring(scope, trivy(trivy_vulnerability(), trivy_vulnerability("CVE-2026-1002", "minimist", "LOW")))
    assert (job.status, job.message) == ("done", "2 vulnerabilities: 2 new, 0 back again, 0 gone.")
    listed = browser.get(AREA).content.decode()
    assert "CVE-2026-1001" in listed
    assert "CVE-2026-1002" in listed
    job = bring(scope, trivy(trivy_vulnerability("CVE-2026-1002", "minimist", "LOW"), at="2026-10-12T08:00:00Z"))
    assert job.message == "1 vulnerability: 0 new, 0 back again, 1 gone."
    with tenant(acme):
        fixed = Vulnerability.objects.get(identifier="CVE-2026-1001")
        scan = Scan.objects.latest("ran_at")
        assert (fixed.status, fixed.fixed_at, fixed.severity) == ("fixed", scan.ran_at, "high")
        assert (scan.tool_version, scan.checked, scan.evaluable, scan.ran_basis) == ("0.69.1", 80, True, "file")
    pages = [
        f"vulnerabilities/{fixed.pk}/",
        f"vulnerabilities/scans/{scan.pk}/",
        "vulnerabilities/scans/",
        f"vulnerabilities/scopes/{scope.pk}/",
    ]
    for page in pages:
        assert "SCN-" in browser.get(f"/o/acme/{page}").content.decode()
    raw = browser.get(f"{AREA}scans/{scan.pk}/raw/")
    assert b"CVE-2026-1002" in b"".join(raw.streaming_content)


def test_pip_audit_that_skipped_something_closes_nothing_and_says_so(browser, bring, scope_of, acme):
    scope = scope_of("pip_audit")
    bring(scope, pip_audit(pip_vulnerable()))
    job = bring(scope, pip_audit(skipped=("internal-lib",)))
    assert job.message.startswith(
        "0 vulnerabilities: 0 new, 0 back again. It cannot be evaluated, so nothing counts as fixed: pip-audit skipped 1"
    )
    with tenant(acme):
        assert Vulnerability.objects.get().status == "open"
        scan = Scan.objects.latest("imported_at")
        assert (scan.evaluable, scan.skipped, scan.fixed) == (False, 1, 0)
    page = browser.get(f"{AREA}scans/{scan.pk}/").content.decode()
    assert "nothing counts as fixed by it" in page
    assert "internal-lib" in page


def test_what_the_file_does_not_say_is_asked_and_kept(browser, bring, scope_of, acme):
    bring(scope_of("pip_audit"), pip_audit(), ran_at="2026-10-05T09:30", tool_version="2.9.0")
    with tenant(acme):
        scan = Scan.objects.get()
    # In New York, as the organization is.
    assert (scan.ran_at.isoformat(), scan.tool_version, scan.ran_basis) == ("2026-10-05T13:30:00+00:00", "2.9.0", "stated")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (trivy(), "Trivy wrote this file; this scope is scanned with pip-audit."),
        (b'{"dependencies": [', "The file is not JSON: line 1, column 19."),
    ],
)
def test_a_file_that_is_no_scan_of_the_tool_is_refused_at_its_field(browser, scope_of, data, why):
    answer = browser.post(f"{AREA}scopes/{scope_of('pip_audit').pk}/import/", {"file": upload(data)})
    assert answer.status_code == 422
    assert why in answer.content.decode()


PINNED = {
    "": 13,
    "scopes/": 11,
    "scans/": 11,
    "tests/": 11,
    "scopes/endpoints/": 11,
    "{one}/": 14,
    "scopes/{scope}/": 15,
    "scans/{scan}/": 14,
}


def test_pages_ask_the_database_little(browser, scope_of, scan, acme, django_assert_max_num_queries):
    many = [trivy_vulnerability(f"CVE-2026-{number}", f"p{number}") for number in range(60)]
    scope = scope_of()
    kept = scan(scope, trivy(*many))
    with tenant(acme):
        one = Vulnerability.objects.latest("pk")
    for page, queries in PINNED.items():
        path = AREA + page.format(one=one.pk, scope=scope.pk, scan=kept.pk)
        browser.get(path)
        with django_assert_max_num_queries(queries, info=page):
            assert browser.get(path).status_code == 200


def test_a_scan_is_imported_from_the_lists_by_what_was_scanned(browser, scope_of):
    for path in ("", "scans/"):
        assert f'href="{AREA}scans/import/"' in browser.get(f"{AREA}{path}").content.decode()
    assert "Nothing is scanned yet" in browser.get(f"{AREA}scans/import/").content.decode()
    scope = scope_of()
    assert f'href="{AREA}scopes/{scope.pk}/import/"' in browser.get(f"{AREA}scans/import/").content.decode()
