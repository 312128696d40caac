"""Hosts of the own network: allowed by an administrator with a reason and a second factor, withdrawn, and seen in the trail."""

import pytest

from audit.models import AuditEvent
from ui.refusals import ActionRefused
from workflow.models import AllowedHost
from workflow.outgoing.hosts import allow_host, allowed_hosts, withdraw_host

pytestmark = pytest.mark.usefixtures("in_acme")


def test_a_host_is_allowed_once_as_it_is_compared_and_withdrawn(administrator):
    row = allow_host(actor=administrator, host="DB.Internal.", port=5432, reason="Billing")
    allow_host(actor=administrator, host="10.0.0.7", reason="The old router")
    assert allowed_hosts() == {("db.internal", 5432), ("10.0.0.7", None)}
    with pytest.raises(ActionRefused, match="allowed already"):
        allow_host(actor=administrator, host="db.internal", port=5432, reason="Again")
    with pytest.raises(ActionRefused, match="allowed already"):
        allow_host(actor=administrator, host="[::ffff:10.0.0.7]", reason="Again")
    withdraw_host(row, actor=administrator, reason="Moved")
    assert allowed_hosts() == {("10.0.0.7", None)}
    allow_host(actor=administrator, host="db.internal", port=5432, reason="Back")
    verbs = AuditEvent.objects.filter(object_id=row.pk).order_by("at").values_list("verb", flat=True)
    assert list(verbs) == ["allowed_host.allow", "allowed_host.withdraw"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"host": "2130706433"}, "host"), ({"host": "0.0.0.0"}, "host"), ({"host": "ff02::1"}, "host"), ({"host": "a b"}, "host"),  # noqa: S104
        ({"host": "x.internal", "port": 0}, "port"), ({"host": "x.internal", "reason": " "}, "reason"),
    ],
)  # fmt: skip
def test_what_is_no_host_is_refused_at_its_field(administrator, given, field):
    with pytest.raises(ActionRefused) as refused:
        allow_host(actor=administrator, **{"reason": "A test", **given})
    assert refused.value.field == field


def test_nobody_else_allows_one(manager):
    with pytest.raises(ActionRefused, match="Your role"):
        allow_host(actor=manager, host="db.internal", reason="A test")


def test_the_screens(administrator, manager, client_of):
    client = client_of(administrator)
    made = client.post("/o/acme/work/hosts/allow/", {"host": "db.internal", "port": "5432", "reason": "Billing"})
    row = AllowedHost.objects.get()
    assert made["Location"].endswith(f"/work/hosts/{row.pk}/")
    assert "db.internal:5432" in client.get("/o/acme/work/hosts/").content.decode()
    assert "Billing" in client.get(f"/o/acme/work/hosts/{row.pk}/").content.decode()
    client.post(f"/o/acme/work/hosts/{row.pk}/withdraw/", {"reason": "Moved"})
    row.refresh_from_db()
    assert row.status == "withdrawn"
    assert client_of(manager).get("/o/acme/work/hosts/").status_code == 403


def test_a_port_is_a_name_and_not_grouped(administrator, client_of):
    row = allow_host(actor=administrator, host="db.internal", port=8123, reason="Billing")
    page = client_of(administrator).get(f"/o/acme/work/hosts/{row.pk}/").content.decode()
    assert "8123" in page
    assert "8,123" not in page
