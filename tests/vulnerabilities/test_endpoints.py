"""Handshakes with real endpoints on loopback, and what Plumbline makes of them."""

import datetime as dt
import ssl

import pytest

from tenancy.scope import now, tenant
from tests.conftest import commits
from tests.vulnerabilities.endpoints import HOST, make, speaking
from tests.workflow.servers import LOOPBACK, serving
from vulnerabilities.endpoints.handshake import Shaken, shake
from vulnerabilities.endpoints.judging import certificate_of, judged
from vulnerabilities.endpoints.tasks import ask_check, check_due
from vulnerabilities.models import Scan, ScanScope, TlsResult, Vulnerability
from workflow.models import Job
from workflow.outgoing.errors import OutgoingFailed, OutgoingRefused
from workflow.outgoing.hosts import allow_host

OLD = ssl.TLSVersion.MINIMUM_SUPPORTED


def names(shaken: Shaken, days: int = 30) -> list[str]:
    found = judged("x", shaken, certificate_of(shaken.certificate), at=now(), days=days)
    return [one.names[0] for one in found]


def test_a_good_endpoint_shows_tls_13_its_certificate_and_a_chain_that_holds(tmp_path):
    own = make(tmp_path)
    with speaking(own.server()) as port:
        shaken = shake(HOST, port, LOOPBACK, trust=own.trusting())
    certificate = certificate_of(shaken.certificate)
    assert (shaken.protocol, shaken.accepts_old, shaken.trust_error, shaken.address) == ("TLSv1.3", False, "", HOST)
    assert (certificate.subject, certificate.names, certificate.key) == (f"CN=endpoint {HOST}", [HOST], "secp256r1, 256 bits")
    assert names(shaken) == []


def test_below_12_fails_13_is_preferred_and_a_stranger_is_not_trusted(tmp_path):
    own = make(tmp_path)
    with speaking(own.server(most=ssl.TLSVersion.TLSv1_2)) as port:
        assert names(shake(HOST, port, LOOPBACK, trust=own.trusting())) == ["TLS-NO-1.3"]
    with speaking(own.server(least=OLD)) as port:
        shaken = shake(HOST, port, LOOPBACK)
    assert (shaken.protocol, shaken.accepts_old, shaken.trust_error) == ("TLSv1.3", True, "self-signed certificate")
    assert names(shaken) == ["TLS-OLD-ACCEPTED", "CERTIFICATE-UNTRUSTED"]


def test_one_that_speaks_old_tls_only_is_looked_at_all_the_same(tmp_path):
    own = make(tmp_path)
    context = own.server(least=OLD)
    with pytest.warns(DeprecationWarning, match="TLSv1_1 is deprecated"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with speaking(context) as port:
        shaken = shake(HOST, port, LOOPBACK)
    assert shaken.protocol == "TLSv1.1"
    assert "TLS-OLD" in names(shaken)


@pytest.mark.parametrize(
    ("certificate", "found"),
    [
        ({"days": 20}, ["CERTIFICATE-ENDS"]),
        ({"days": -1, "begins": -9}, ["CERTIFICATE-NOT-VALID"]),
        ({"begins": 2}, ["CERTIFICATE-NOT-VALID"]),
        ({"name": "other.example"}, ["CERTIFICATE-UNTRUSTED"]),
    ],
)
def test_a_certificate_must_hold_for_a_while_and_name_the_host(tmp_path, certificate, found):
    own = make(tmp_path, **certificate)
    with speaking(own.server()) as port:
        assert names(shake(HOST, port, LOOPBACK, trust=own.trusting())) == found


def test_the_own_network_is_reached_only_where_an_administrator_allows_it(tmp_path):
    with speaking(make(tmp_path).server()) as port, pytest.raises(OutgoingRefused):
        shake(HOST, port, frozenset())
    with pytest.raises(OutgoingFailed, match="could not be connected to"):
        shake(HOST, port, LOOPBACK)


def test_a_port_that_speaks_no_tls_cannot_be_checked(tmp_path):

    with serving(lambda handler: handler.say()) as server, pytest.raises(OutgoingFailed):
        shake(HOST, server.server_port, LOOPBACK, seconds=1)


@pytest.fixture
def checked(acme, manager, cast, django_capture_on_commit_callbacks):
    """Have an endpoint checked as somebody asks; returns the scan."""

    def run(scope: ScanScope) -> Scan:
        with commits(django_capture_on_commit_callbacks), tenant(acme):
            job = ask_check(scope, actor=manager)
        with tenant(acme):
            assert Job.objects.get(pk=job.pk).status == "done"
            return Scan.objects.latest("ran_at")

    return run


def test_a_check_is_a_scan_with_its_history_and_one_that_fails_closes_nothing(checked, scope_of, tmp_path, acme, cast):
    with tenant(acme):
        allow_host(actor=cast.administrator, host=HOST, reason="The test's own endpoint.")
    own = make(tmp_path, days=20)
    with speaking(own.server()) as port:
        scope = scope_of("tls", host=HOST, port=port)
        first = checked(scope)
    assert (first.evaluable, first.found, first.ran_basis) == (True, 2, "own")  # it ends soon, and nobody trusts it
    with tenant(acme):
        assert TlsResult.objects.get(scan=first).protocol == "TLSv1.3"
        scope.refresh_from_db()
        assert scope.next_due_on == acme.today() + dt.timedelta(days=7)
    gone = checked(scope)
    assert (gone.evaluable, gone.fixed) == (False, 0)
    assert gone.reasons[0].startswith("The endpoint could not be checked.")
    with tenant(acme):
        assert set(Vulnerability.objects.values_list("status", flat=True)) == {"open"}


def test_the_schedule_checks_what_is_due_and_tries_again_after_hours(scope_of, acme, django_capture_on_commit_callbacks):
    scope_of("tls", host="127.0.0.1", port=9)  # nobody has allowed it
    for hours, count in ((0, 1), (1, 1), (7, 2)):
        with commits(django_capture_on_commit_callbacks), tenant(acme):
            check_due(acme, now() + dt.timedelta(hours=hours))
        with tenant(acme):
            assert Scan.objects.filter(evaluable=False).count() == count, hours


def test_endpoints_are_added_and_listed_with_what_they_showed(client_of, cast, acme):
    browser = client_of(cast.manager)
    form = {"name": "Customer app", "host": "https://app.acme.example/", "port": 443, "every_days": 7}
    area = "/o/acme/vulnerabilities/scopes/endpoints/"
    assert "Only the host" in browser.post(f"{area}new/", form).content.decode()
    assert browser.post(f"{area}new/", {**form, "host": "App.acme.example"}).status_code in (302, 303)
    assert "app.acme.example:443" in browser.get(area).content.decode()
    with tenant(acme):
        scope = ScanScope.objects.get()
    page = f"/o/acme/vulnerabilities/scopes/{scope.pk}/"
    assert [browser.get(f"{page}{path}").status_code for path in ("", "edit/", "retire/", "import/")] == [200, 200, 200, 409]
