"""What a scanner's own rules suppress is listed by name with its reason, and is an open question until somebody accepts it."""

import csv
import re

import pytest

from audit.models import AuditEvent
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token
from tests.vulnerabilities import files
from tests.vulnerabilities.test_reading import read
from vulnerabilities.models import Vulnerability
from vulnerabilities.scanning.importing import preview, receive
from vulnerabilities.scanning.stated import Stated

WHY = "The function is never called."


def grype_ignoring(**rule):
    match = {**files.grype_match("CVE-2026-3002", package="zlib"), "appliedIgnoreRules": [rule]}
    return files.grype(files.grype_match(), ignoredMatches=[match])


def trivy_ignoring(kind="vulnerability", **more):
    data = files.trivy(files.trivy_vulnerability())
    finding = files.trivy_vulnerability() | {
        "VulnerabilityID": "CVE-2026-9999",
        "ID": "AVD-1",
        "RuleID": "aws-key",
        "Title": "Told",
    }
    modified = {"Type": kind, "Status": "ignored", "Statement": WHY, "Source": ".trivyignore.yaml", "Finding": finding, **more}
    data["Results"][0]["ExperimentalModifiedFindings"] = [modified]
    return data


@pytest.mark.parametrize(
    ("data", "tool", "told"),
    [
        (
            grype_ignoring(vulnerability="CVE-2026-3002", reason=WHY, package={"name": "zlib"}), "grype",
            ("CVE-2026-3002", WHY, "vulnerability CVE-2026-3002, package name zlib"),
        ),
        (grype_ignoring(), "grype", ("CVE-2026-3002", "", "")),
        (trivy_ignoring(), "trivy", ("CVE-2026-9999", WHY, ".trivyignore.yaml")),
        (trivy_ignoring("misconfiguration"), "trivy", ("AVD-1", WHY, ".trivyignore.yaml")),
        (trivy_ignoring("secret"), "trivy", ("aws-key", WHY, ".trivyignore.yaml")),
        (
            files.sarif(files.sarif_result(suppressions=[{"kind": "inSource", "justification": WHY}])), "sarif",
            ("js/sql-injection", WHY, "in the source"),
        ),
        (
            files.sarif(files.sarif_result(suppressions=[{"kind": "external", "status": "accepted"}])), "sarif",
            ("js/sql-injection", "", "outside the source"),
        ),
    ],
)  # fmt: skip
def test_a_reader_tells_what_is_suppressed_why_and_by_which_rule(data, tool, told):
    (one,) = [one for one in read(data, tool).found if one.suppressed]
    assert (one.names[0], one.reason, one.rule) == told


def test_what_a_later_trivy_calls_otherwise_is_passed_over():
    assert not [one for one in read(trivy_ignoring("license"), "trivy").found if one.suppressed]


@pytest.fixture
def kept(scope_of, scan):
    return scan(scope_of("grype"), grype_ignoring(reason=WHY), checked=300)


def test_the_page_of_the_scan_names_it_and_that_nobody_accepted_it(kept, client_of, cast):
    page = client_of(cast.manager).get(f"/o/acme/vulnerabilities/scans/{kept.pk}/").content.decode()
    for words in ("Suppressed by the tool", "CVE-2026-3002", WHY, "Nobody accepted it here"):
        assert words in page


def test_one_that_is_known_here_is_told_with_its_state(kept, scan, client_of, cast):
    later = files.grype(ignoredMatches=[files.grype_match()])
    later["descriptor"]["timestamp"] = "2026-10-06T08:00:00Z"
    again = scan(kept.scope, later, checked=300)
    page = client_of(cast.manager).get(f"/o/acme/vulnerabilities/scans/{again.pk}/").content.decode()
    assert "Nobody accepted it here" not in page
    assert "No reason is given." in page
    scope = client_of(cast.manager).get(f"/o/acme/vulnerabilities/scopes/{kept.scope_id}/").content.decode()
    assert "Suppressed by the tool" in scope


def test_the_csv_and_the_evidence_name_it(kept, client_of, cast, acme):
    answer = client_of(cast.manager).get(f"/o/acme/vulnerabilities/scans/{kept.pk}/suppressed/")
    _, row, *_ = csv.reader(b"".join(answer.streaming_content).decode().splitlines())
    assert (row[0], row[2], row[6], row[8]) == ("CVE-2026-3002", "zlib", WHY, "Nobody accepted it here")
    with tenant(acme):
        assert "Rules of the tool ignore 1 of what it found: CVE-2026-3002." in kept.evidence.description
        event = AuditEvent.objects.filter(verb="list.export").latest("at")
        assert event.data["metadata"]["list"] == "Suppressed by the tool"
        assert Vulnerability.objects.count() == 1, "it opens nothing"


def test_the_api_names_it(kept, cast):
    told = Program(make_token(cast.manager)[1]).get(f"scans/{kept.pk}").json()
    assert [(one["name"], one["reason"]) for one in told["ignored"]] == [("CVE-2026-3002", WHY)]


def test_the_preview_names_it(scope_of, client_of, cast, acme, manager):
    scope = scope_of("grype")
    with tenant(acme):
        stored = receive(scope, actor=manager, upload=files.upload(grype_ignoring(reason=WHY)))
        assert preview(stored, scope, Stated()).compared.ignored
    page = client_of(cast.manager).get(f"/o/acme/vulnerabilities/scans/import/{stored.pk}/?scope={scope.pk}").content.decode()
    assert f"High: {WHY}" in page or f"Critical: {WHY}" in page
    figures = re.sub(r"<[^>]+>|\s+", " ", page)
    assert re.search(r"Found\s+1\s+New\s+1\s", figures), "what a rule ignores is not counted as found"
