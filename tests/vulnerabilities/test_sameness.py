"""A scan of something else, or by another tool, opens and closes nothing of a scope."""

import pytest

from audit.models import AuditEvent
from tenancy.scope import tenant
from tests.vulnerabilities import files
from vulnerabilities.models import ScanScope, Vulnerability
from vulnerabilities.scanning.sameness import bare, is_of

LATER = "2026-10-12T08:00:00Z"
ELSEWHERE = "It is a scan of registry.example/hello-world:9; what is scanned here is registry.example/billing."


def states(acme):
    with tenant(acme):
        return dict(Vulnerability.objects.values_list("identifier", "status"))


def other_image(*found):
    return files.trivy(*found, at=LATER, ArtifactName="registry.example/hello-world:9")


@pytest.mark.parametrize(
    ("told", "written", "same"),
    [
        ("registry.example/billing:1.4.2", "registry.example/billing", True),
        ("registry.example:5000/billing@sha256:ab12", "registry.example:5000/billing:2", True),
        ("https://github.com/Larkfield/billing.git", "larkfield/billing", True),
        ("git@github.com:larkfield/billing.git", "github.com/larkfield/billing", True),
        ("docker:registry.example/billing:9", "billing", True),
        ("/builds/larkfield/billing/", "larkfield/billing", True),
        ("registry.example/hello-billing:1", "billing", False),
        ("registry.example/billing/web:1", "registry.example/billing", False),
        ("billing:1", "registry.example/billing", False),
    ],
)
def test_tags_digests_and_where_it_is_kept_make_no_other_thing(told, written, same):
    assert is_of(bare(told), bare(written)) is same


def test_a_scan_of_another_image_opens_and_closes_nothing(acme, scan, scope_of):
    scope = scope_of("trivy", target="registry.example/billing")
    scan(scope, files.trivy(files.trivy_vulnerability(severity="CRITICAL")))
    wrong = scan(scope, other_image(files.trivy_vulnerability("CVE-2026-7000")))
    assert (wrong.evaluable, wrong.elsewhere, wrong.new, wrong.fixed) == (False, True, 0, 0)
    assert wrong.reasons[0] == ELSEWHERE
    assert states(acme) == {"CVE-2026-1001": "open"}


def test_without_a_written_target_the_scan_before_says_what_it_is(acme, scan, scope_of):
    scope = scope_of("grype")
    scan(scope, files.grype(files.grype_match()), checked=100)
    data = files.grype(files.grype_match("CVE-2026-1", package="zlib"))
    data["descriptor"] |= {"timestamp": "2026-10-06T08:00:00Z"}
    data["source"] = {"type": "image", "target": {"userInput": "registry.example/other:1"}}
    wrong = scan(scope, data, checked=100)
    assert wrong.elsewhere, wrong.reasons
    assert states(acme) == {"CVE-2026-3001": "open"}
    data["source"]["target"]["userInput"] = "registry.example/billing:1.5.0@sha256:" + "ab" * 32
    assert scan(scope, data, checked=100).evaluable
    assert states(acme) == {"CVE-2026-3001": "fixed", "CVE-2026-1": "open"}


def test_a_scan_that_ran_before_all_others_is_compared_with_the_next(acme, scan, scope_of):
    scope = scope_of("trivy")
    scan(scope, files.trivy(files.trivy_vulnerability(), at=LATER))
    wrong = scan(scope, files.trivy(files.trivy_vulnerability("CVE-2026-7000"), ArtifactName="registry.example/other:1"))
    assert wrong.elsewhere
    assert states(acme) == {"CVE-2026-1001": "open"}


@pytest.mark.parametrize("results", [[files.sarif_result("no-unused-vars", "src/z.js", level="note")], []])
def test_another_tool_closes_nothing(acme, scan, scope_of, results):
    scope = scope_of("sarif")
    scan(scope, files.sarif(files.sarif_result("js/rce", level="error")))
    after = [{"executionSuccessful": True, "endTimeUtc": LATER}]
    data = files.sarif(*results, tool={"driver": {"name": "ESLint", "version": "9"}}, invocations=after)
    wrong = scan(scope, data, checked=1)
    assert wrong.elsewhere, wrong.reasons
    assert "ESLint wrote it" in wrong.reasons[0]
    assert states(acme) == {"js/rce": "open"}
    newer = {"driver": {"name": "CodeQL", "semanticVersion": "2.20.0", "rules": []}}
    assert scan(scope, files.sarif(tool=newer, invocations=after), checked=1).fixed == 1


def test_another_analysis_of_the_same_tool_closes_nothing(acme, scan, scope_of):
    scope = scope_of("sarif")
    scan(scope, files.sarif(files.sarif_result("js/rce"), automationDetails={"id": "codeql/javascript/run-1"}))
    after = [{"executionSuccessful": True, "endTimeUtc": LATER}]
    python = files.sarif(automationDetails={"id": "codeql/python/run-2"}, invocations=after)
    wrong = scan(scope, python, checked=9)
    assert wrong.elsewhere
    assert wrong.reasons == ["It is another analysis of CodeQL than SCN-2026-0001: codeql/javascript is missing."]
    again = files.sarif(automationDetails={"id": "codeql/javascript/run-3"}, invocations=after)
    assert scan(scope, again, checked=9).fixed == 1


def test_whoever_imports_it_says_that_it_has_moved(acme, scan, scope_of, manager):
    scope = scope_of("trivy", target="registry.example/billing")
    scan(scope, files.trivy(files.trivy_vulnerability()))
    moved = scan(scope, other_image(), moved="The image was renamed.")
    assert (moved.evaluable, moved.elsewhere, moved.fixed) == (True, False, 1)
    assert moved.notes == [f"{ELSEWHERE} Whoever imported it says why it counts here: The image was renamed."]
    with tenant(acme):
        assert ScanScope.objects.get(pk=scope.pk).target == "registry.example/hello-world"
        event = AuditEvent.objects.get(verb="scan_scope.edit")
        assert (event.actor_id, event.data["metadata"]["note"]) == (manager.pk, "The image was renamed.")


def test_the_preview_says_so_and_takes_the_reason(client_of, manager, acme, scan, scope_of):
    scope = scope_of("trivy", target="registry.example/billing")
    scan(scope, files.trivy(files.trivy_vulnerability()))
    client = client_of(manager)
    sent = client.post(f"/o/acme/vulnerabilities/scopes/{scope.pk}/import/", {"file": files.upload(other_image())})
    page = client.get(sent["Location"])
    assert ELSEWHERE in page.content.decode()
    assert "Why it is a scan of this scope all the same" in page.content.decode()
    client.post(sent["Location"], {"moved": "The image was renamed."})
    with tenant(acme):
        assert AuditEvent.objects.get(verb="scan_scope.import").data["metadata"]["moved"] == "The image was renamed."
