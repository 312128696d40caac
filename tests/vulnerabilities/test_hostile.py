"""Files and endpoints of somebody who means harm, and pages that were open for too long."""

import json
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from audit.models import AuditEvent
from evidence.tables.errors import FormatError
from incidents.models import SecurityEvent
from tenancy.scope import now, tenant
from tests.conftest import commits
from tests.vulnerabilities.endpoints import HOST, make, speaking
from tests.vulnerabilities.files import npm_seven, pip_audit, pip_vulnerable, trivy, trivy_vulnerability, upload
from tests.workflow.servers import LOOPBACK
from vulnerabilities.endpoints.handshake import shake
from vulnerabilities.endpoints.judging import certificate_of
from vulnerabilities.handling.actions import rate
from vulnerabilities.models import Scan, Vulnerability
from vulnerabilities.reading import detecting
from workflow.outgoing.client import trusted, trusting

AREA = "/o/acme/vulnerabilities/"
EC_KEY = bytes.fromhex("06072a8648ce3d0201")  # id-ecPublicKey as it stands in a certificate


def test_looking_at_an_endpoint_makes_no_other_request_less_strict(tmp_path):
    with speaking(make(tmp_path).server()) as port:
        assert shake(HOST, port, LOOPBACK).trust_error
    fresh = trusting()
    assert trusted().minimum_version == fresh.minimum_version
    assert len(trusted().get_ciphers()) == len(fresh.get_ciphers())


def certificate(*names: str) -> bytes:
    key, moment = ec.generate_private_key(ec.SECP256R1()), now()
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "endpoint")])
    alternative = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
    builder = x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number(), moment, moment)
    made = builder.add_extension(alternative, critical=False).sign(key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.DER)


def test_a_certificate_that_nobody_can_read_is_said_to_be_none():
    with pytest.raises(ValueError, match=r"\S"):
        certificate_of(certificate("a.example").replace(EC_KEY, EC_KEY[:-1] + b"\x7f"))


def test_what_a_certificate_says_can_be_kept():
    assert certificate_of(certificate("a\x00b.example")).names == ["a b.example"]


def test_a_name_that_no_database_takes_is_cleaned():
    data = npm_seven()
    advisory = data["vulnerabilities"]["minimist"]["via"][0]
    advisory |= {"url": "", "source": "a\x00b\ud800"}
    (found,) = detecting.read(json.dumps(data).encode(), "npm_audit").found
    assert found.names == ["npm a b"]


def test_a_weakness_with_names_without_end_keeps_the_first_hundred():
    dependencies: list[dict[str, Any]] = [
        {"name": "a", "version": "1", "vulns": [{"id": "CVE-2026-1", "aliases": [f"X-{number}"]} for number in range(2_000)]}
    ]
    (found,) = detecting.read(json.dumps({"dependencies": dependencies}).encode(), "pip_audit").found
    assert len(found.names) == 100


@pytest.mark.parametrize("value", [b"{},", b"1.5,", b"[[],"])
def test_a_file_that_is_small_and_fills_the_memory_is_not_read(value):
    content = b"[" + value * 5_000_001
    with pytest.raises(FormatError, match="more than 5,000,000 values"):
        detecting.read(content, "npm_audit")


@pytest.fixture
def browser(client_of, manager):
    return client_of(manager)


def brought(browser: Any, scope: Any, data: Any) -> str:
    """The address of the page that asks whether to import."""
    kept = browser.post(f"{AREA}scopes/{scope.pk}/import/", {"file": upload(data)})
    assert kept.status_code in (302, 303), kept.content.decode()
    return str(kept["Location"])


def confirm(browser: Any, page: str, callbacks: Any) -> None:
    with commits(callbacks):
        assert browser.post(page, {}).status_code in (302, 303)


def test_a_file_that_is_confirmed_late_or_twice_says_how_things_were_when_it_came(
    browser, scope_of, scan, acme, django_capture_on_commit_callbacks
):
    scope = scope_of("pip_audit")
    clean = brought(browser, scope, pip_audit())
    scan(scope, pip_audit(pip_vulnerable()))
    for _ in range(2):
        confirm(browser, clean, django_capture_on_commit_callbacks)
    with tenant(acme):
        assert Vulnerability.objects.get().status == "open", "the clean file came before it was found"
        assert Scan.objects.count() == 2, "confirmed twice, imported once"
        came = AuditEvent.objects.filter(verb="scan.receive").order_by("at").values_list("at", flat=True)[0]
        assert Scan.objects.earliest("ran_at").ran_at == came


def test_a_page_imports_into_the_scope_that_it_shows(browser, scope_of, acme, django_capture_on_commit_callbacks):
    one, other = scope_of("pip_audit", name="One"), scope_of("pip_audit", name="Other")
    page = brought(browser, one, pip_audit(pip_vulnerable()))
    brought(browser, other, pip_audit(pip_vulnerable()))
    confirm(browser, page, django_capture_on_commit_callbacks)
    with tenant(acme):
        assert Scan.objects.get().scope == one


def test_a_file_came_for_a_scope_or_it_is_no_scan_of_it(browser, scope_of):
    page = brought(browser, scope_of("pip_audit"), pip_audit())
    assert browser.get(page.replace(f"scope={page.rpartition('scope=')[2][:36]}", f"scope={'0' * 8}")).status_code == 404


def test_what_somebody_rates_critical_is_told_at_once(scope_of, scan, acme, manager):
    scan(scope_of(), trivy(trivy_vulnerability(severity="HIGH")))
    with tenant(acme):
        assert not SecurityEvent.objects.exists()
        rate(Vulnerability.objects.get(), actor=manager, severity="critical", reason="It can be reached from outside.")
        assert SecurityEvent.objects.get().severity == "critical"
