"""What each tool's file says: what was found, how grave, and why it cannot be evaluated."""

import json
from typing import Any

import pytest

from evidence.tables.errors import FormatError
from tests.vulnerabilities import files
from vulnerabilities.reading import detecting
from vulnerabilities.reading.report import Found, Report


def read(data: Any, tool: str) -> Report:
    return detecting.read(data if isinstance(data, bytes) else json.dumps(data).encode(), tool)


def only(data: Any, tool: str) -> Found:
    (found,) = read(data, tool).found
    return found


def test_npm_names_each_advisory_once_and_counts_what_it_checked():
    report = read(files.npm_seven(), "npm_audit")
    (found,) = report.found
    assert (report.checked, report.reasons) == (161, [])
    assert (found.names, found.package, found.severity) == (["GHSA-xvch-5gv4-984h", "npm 1097678"], "minimist", "critical")
    assert (found.fixed_in, found.told) == ("mkdirp 1.0.4", "critical, score 9.8")


def test_npm_six_is_read_too():
    found = only(files.npm_six(), "npm_audit")
    assert found.names == ["CVE-2020-7598", "GHSA-vh95-rmgr-6w4m", "npm 1179"]
    assert (found.severity, found.version, found.fixed_in) == ("medium", "0.0.8", ">=0.2.1")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (
            {"error": {"code": "ENOLOCK", "summary": "This command requires an existing lockfile."}},
            "requires an existing lockfile",
        ),
        (files.npm_seven(vulnerabilities={}, metadata={"dependencies": {"total": 0}}), "no dependency that was checked"),
        (files.npm_seven(vulnerabilities={}), "counts 2 vulnerable packages and holds no advisory"),
    ],
)
def test_npm_that_failed_or_checked_nothing_is_not_evaluable(data, why):
    assert why in " ".join(read(data, "npm_audit").reasons)


def test_pip_audit_has_aliases_and_no_severity():
    report = read(files.pip_audit(files.pip_vulnerable()), "pip_audit")
    (found,) = report.found
    assert found.names == ["CVE-2026-2801", "GHSA-g3rq-g295-4j3m", "PYSEC-2026-66"]
    assert (found.severity, found.told, found.fixed_in) == ("medium", "not stated", "2.11.3")
    assert (report.checked, report.reasons) == (4, [])


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (files.pip_audit(skipped=("internal",)), "skipped 1 of 4 packages: internal. It says: Dependency not found on PyPI"),
        (files.pip_audit(clean=0, skipped=("a", "b")), "It names no package that was checked."),
        (files.pip_audit(clean=0), "It names no package that was checked."),
        ({"dependencies": [{"name": "x", "version": "1"}]}, "does not say whether they were checked"),
    ],
)
def test_pip_audit_that_skipped_or_checked_nothing_is_not_evaluable(data, why):
    assert why in " ".join(read(data, "pip_audit").reasons)


def test_trivy_tells_when_it_ran_with_what_and_how_many_packages():
    report = read(files.trivy(files.trivy_vulnerability()), "trivy")
    (found,) = report.found
    assert (report.tool_version, report.checked, report.target) == ("0.69.1", 80, "registry.example/billing:1.4.2")
    assert report.ran_at is not None
    assert report.ran_at.isoformat() == "2026-10-05T06:00:00.123456+00:00"
    assert report.targets == ["debian", files.LOCK]
    assert (found.names, found.package, found.location, found.severity) == (["CVE-2026-1001"], "lodash", files.LOCK, "high")


def test_trivy_takes_the_score_where_it_knows_no_severity():
    found = only(files.trivy(files.trivy_vulnerability(severity="UNKNOWN")), "trivy")
    assert (found.severity, found.told) == ("high", "score 7.2")
    found = only(files.trivy(files.trivy_vulnerability(severity="UNKNOWN", CVSS={})), "trivy")
    assert (found.severity, found.told) == ("medium", "UNKNOWN (not known)")


def test_trivy_reads_misconfigurations_and_secrets_and_leaves_what_passed():
    failed = {
        "ID": "DS002",
        "AVDID": "AVD-DS-0002",
        "Title": "Image user should not be 'root'",
        "Severity": "HIGH",
        "Status": "FAIL",
    }
    config = {
        "Target": "Dockerfile",
        "Class": "config",
        "Misconfigurations": [failed, {**failed, "ID": "DS005", "Status": "PASS"}],
    }
    secret = {
        "Target": "app.env",
        "Class": "secret",
        "Secrets": [{"RuleID": "aws-access-key-id", "Title": "Key", "Severity": "CRITICAL"}],
    }
    report = read(files.trivy(Results=[config, secret]), "trivy")
    assert [(one.names[0], one.location, one.severity) for one in report.found] == [
        ("AVD-DS-0002", "Dockerfile", "high"),
        ("aws-access-key-id", "app.env", "critical"),
    ]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"Results": []}, "names nothing that it checked"),
        ({"Results": None}, "names nothing that it checked"),
        ({"Metadata": {"OS": {"Family": "debian", "Name": "10.13", "EOSL": True}}}, "debian 10.13, gets no security updates"),
    ],
)
def test_trivy_without_results_or_for_a_dead_system_is_not_evaluable(more, why):
    assert why in " ".join(read(files.trivy(**more), "trivy").reasons)


def test_grype_names_a_cve_first_and_keeps_what_its_rules_ignore():
    data = files.grype(files.grype_match("GHSA-xxxx", ("CVE-2026-3009",)), ignoredMatches=[files.grype_match(package="zlib")])
    shown, ignored = read(data, "grype").found
    assert (shown.names, shown.severity, shown.location) == (["CVE-2026-3009", "GHSA-xxxx"], "critical", "deb")
    assert (ignored.package, ignored.suppressed) == ("zlib", True)


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ({"valid": False, "error": "checksum mismatch"}, "was not valid: checksum mismatch"),
        ({"valid": True, "built": "2026-08-01T00:00:00Z"}, "was 65 days old"),
    ],
)
def test_grype_with_a_broken_or_old_database_is_not_evaluable(status, why):
    data = files.grype(files.grype_match())
    data["descriptor"]["db"]["status"] = status
    assert why in " ".join(read(data, "grype").reasons)


def test_osv_takes_a_group_as_one_and_its_gravest_score():
    report = read(files.osv(files.osv_vulnerable(), files.osv_clean()), "osv_scanner")
    (found,) = report.found
    assert found.names == ["CVE-2021-3121", "GHSA-c3h9-896r-86jm", "GO-2021-0053"]
    assert (found.severity, found.told, found.fixed_in) == ("high", "score 8.6", "1.3.2")
    assert (report.checked, report.says_what_was_checked) == (2, True)


def test_osv_without_all_packages_does_not_say_what_it_checked():
    assert [read(data, "osv_scanner").says_what_was_checked for data in (files.osv(), files.osv(files.osv_vulnerable()))] == [
        False
    ] * 2


def test_sarif_has_the_rules_score_and_no_line_in_its_fingerprint():
    first, moved = (only(files.sarif(files.sarif_result(line=line)), "sarif") for line in (12, 90))
    assert (first.names, first.severity, first.told) == (["js/sql-injection"], "high", "score 8.8")
    assert first.fingerprint == moved.fingerprint
    other = only(files.sarif(files.sarif_result(partialFingerprints={"primaryLocationLineHash": "b:1"})), "sarif")
    assert other.fingerprint != first.fingerprint


def test_sarif_passes_over_what_is_no_finding_and_marks_what_is_suppressed():
    results = [
        files.sarif_result(kind="pass"),
        files.sarif_result(baselineState="absent"),
        files.sarif_result(rule="style", ruleIndex=-1, level="none"),
        files.sarif_result(uri="src/a.js", suppressions=[{"kind": "inSource"}]),
        files.sarif_result(uri="src/b.js", suppressions=[{"kind": "external", "status": "rejected"}]),
    ]
    found = read(files.sarif(*results), "sarif").found
    assert [(one.location, one.suppressed) for one in found] == [("src/a.js", True), ("src/b.js", False)]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"version": "2.1.0", "runs": []}, "It holds no run"),
        ({**files.sarif(), "version": "2.0.0"}, "It is SARIF 2.0.0"),
        (
            files.sarif(invocations=[{"executionSuccessful": False, "exitCodeDescription": "out of memory"}]),
            "failed: out of memory",
        ),
        (files.sarif(results=None), "gives no results"),
        (
            files.sarif(
                invocations=[
                    {
                        "executionSuccessful": True,
                        "toolExecutionNotifications": [{"level": "error", "message": {"text": "could not parse main.ts"}}],
                    }
                ]
            ),
            "could not parse main.ts",
        ),
    ],
)
def test_sarif_that_failed_or_ran_nothing_is_not_evaluable(data, why):
    assert why in " ".join(read(data, "sarif").reasons)


def test_sarif_that_ran_and_found_nothing_can_be_evaluated():
    report = read(files.sarif(), "sarif")
    assert (report.found, report.reasons, report.tool_name, report.tool_version) == ([], [], "CodeQL", "2.19.3")


def test_a_file_of_another_tool_is_refused_by_name():
    with pytest.raises(FormatError, match="Trivy wrote this file; this scope is scanned with npm audit"):
        read(files.trivy(), "npm_audit")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'{"dependencies": [', "not JSON: line 1, column 19"),
        (b"npm warn config\n{}", "not JSON"),
        (b"[" * 100_000, "nested deeper"),
        (b'{"score": NaN}', "not JSON"),
        (b"\xff\xfe\xff", "UTF-8 or UTF-16"),
        (b'{"hello": 1}', "not what pip-audit writes"),
        (b"[1, 2]", "not what pip-audit writes"),
        (b'"text"', "not what pip-audit writes"),
    ],
)
def test_what_is_no_scan_is_refused_in_a_sentence(content, why):
    with pytest.raises(FormatError, match=why):
        read(content, "pip_audit")


def test_utf_16_as_powershell_writes_it_is_read():
    content = json.dumps(files.pip_audit(files.pip_vulnerable())).encode("utf-16")
    assert len(read(content, "pip_audit").found) == 1


@pytest.mark.parametrize("tool", [*detecting.FILES, "storage"])
@pytest.mark.parametrize("junk", [None, [], {}, "text", 7, True, [None], [[]], {"a": None}, -1.5, "\ud800\x00"])
def test_values_of_the_wrong_kind_are_as_if_they_were_not_there(tool, junk):
    """Each value of a good file in turn replaced by junk: it is read or refused, and never breaks."""
    good = {
        "npm_audit": files.npm_seven(),
        "pip_audit": files.pip_audit(files.pip_vulnerable()),
        "trivy": files.trivy(files.trivy_vulnerability()),
        "grype": files.grype(files.grype_match()),
        "osv_scanner": files.osv(files.osv_vulnerable()),
        "sarif": files.sarif(files.sarif_result()),
        "storage": files.aws(),
    }[tool]
    text = json.dumps(good)
    for path in _paths(good):
        broken = json.loads(text)
        _put(broken, path, junk)
        try:
            detecting.read(json.dumps(broken).encode(), tool)
        except FormatError:
            continue


def _paths(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    return [path for key, child in children for path in ((*above, key), *_paths(child, (*above, key)))]


def _put(value: Any, path: tuple[Any, ...], junk: Any) -> None:
    for key in path[:-1]:
        value = value[key]
    value[path[-1]] = junk
