"""Sealing takes in what was committed, signs it, hands keys over, and tells witnesses."""

import base64
import datetime as dt
import subprocess
import threading

import pytest
from django.db import connection

from audit.models import AuditEvent, AuditLeaf
from audit.seal.heads import BadHead, Head, is_genuine
from audit.seal.keys import NoSealKey, fingerprint_of, seal_keys, ssh_line_of
from audit.seal.sealing import lag, seal
from audit.seal.tree import Tree
from audit.tasks import seal_all
from tenancy.models import Organization
from tenancy.scope import now, tenant
from tests.proof.attacking import Trail, attack, name_system, sealed_trail

pytestmark = pytest.mark.usefixtures("committed_db")
BEFORE = 10  # events that the cast brings along
OTHER = base64.b64encode(b"o" * 32).decode()


@pytest.fixture
def acme(committed_db: None) -> Organization:
    return Organization.objects.get(slug="acme")


def test_a_head_is_over_the_events_in_the_order_of_their_transactions(acme):
    trail = sealed_trail(acme, sizes=(3, 3))
    with tenant(acme):
        leaves = [bytes(leaf) for leaf in AuditLeaf.objects.order_by("position").values_list("leaf", flat=True)]
    order = [key for (key,) in attack("SELECT id FROM audit_event WHERE tenant_id = %s ORDER BY xid, at", acme.pk)]
    for head in trail.heads():
        tree = Tree()
        tree.extend(leaves[: head.size])
        assert bytes(head.root) == tree.root
        assert Head.read(head.body).root == tree.root
        assert is_genuine(Head.read(head.body), bytes(head.signature))
    assert trail.events == order


def test_nothing_new_needs_no_head_for_an_hour(acme):
    trail = sealed_trail(acme, sizes=(4,))
    trail.seal()
    assert len(trail.heads()) == 1
    attack("UPDATE audit_audithead SET at = at - interval '61 minutes'")
    with tenant(acme):
        assert seal().events == 0
    assert len(trail.heads()) == 2


def test_an_event_whose_transaction_runs_on_is_sealed_when_it_is_over(acme):
    trail = sealed_trail(acme, sizes=(4,))
    wrote, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        try:
            with tenant(acme):
                name_system("acme", "Slow")
                wrote.set()
                go_on.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slowly)
    thread.start()
    assert wrote.wait(20)
    trail.write("Quick")  # began later, is over sooner
    with tenant(acme):
        seal()
        assert lag(now()) > dt.timedelta(0)
        assert AuditLeaf.objects.count() == len(trail.events)
    go_on.set()
    thread.join()
    trail.seal()
    with tenant(acme):
        assert lag(now()) == dt.timedelta(0)
        assert AuditLeaf.objects.count() == AuditEvent.objects.count() == len(trail.events) + 2
    assert trail.check().state == "intact"


def test_sealings_at_once_make_one_tree(acme):
    trail = Trail(acme)
    trail.write(*(f"System {number}" for number in range(20)))

    def one() -> None:
        try:
            with tenant(acme):
                seal(sweep=True)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [head.size for head in trail.heads()] == [BEFORE + 20]
    trail.seal()
    assert trail.check().state == "intact"


def test_after_a_restore_into_another_cluster_whatever_no_head_has_is_sealed(acme):
    trail = sealed_trail(acme, sizes=(4,))
    attack("UPDATE audit_audithead SET horizon = 9000000000")  # transactions are counted from the beginning again
    trail.write("After the restore")
    trail.seal()
    with tenant(acme):
        assert AuditLeaf.objects.count() == AuditEvent.objects.count()
    assert trail.check().state == "intact"


def test_a_sweep_takes_in_what_was_passed_over(acme):
    trail = Trail(acme)
    trail.write("Passed over")
    trail.seal()
    trail.write("One", "Two")
    attack("UPDATE audit_event SET xid = '3'::xid8 WHERE object_name = 'One'")
    with tenant(acme):
        found = seal().events  # "Two", unless a test that runs beside holds it up; never "One"
        assert found <= 1
        assert seal(sweep=True).events == 2 - found


def test_a_key_hands_over_to_the_next(acme, settings):
    trail = sealed_trail(acme, sizes=(4,))
    first = seal_keys()[-1]
    settings.PLUMBLINE_SEAL_KEYS = f"{settings.PLUMBLINE_SEAL_KEYS},{OTHER}"
    trail.seal()
    second = seal_keys()[-1]
    assert [bytes(head.public) for head in trail.heads()] == [first.public, first.public, second.public]
    assert Head.read(trail.heads()[1].body).hands_over_to == second.public
    assert trail.check().state == "intact"
    settings.PLUMBLINE_SEAL_KEYS = OTHER  # the old one may go
    trail.write("Later")
    trail.seal()
    assert bytes(trail.heads()[-1].public) == second.public
    assert trail.check().state == "intact"


def test_another_key_does_not_seal_before_it_was_handed_over_to(acme, settings):
    trail = sealed_trail(acme, sizes=(4,))
    settings.PLUMBLINE_SEAL_KEYS = OTHER
    trail.write("Later")
    with pytest.raises(NoSealKey, match="so that it hands over"), tenant(acme):
        seal()
    seal_all()  # says so in the log, and goes on
    assert len(trail.heads()) == 1


@pytest.mark.parametrize("keys", ["", "not base64!", base64.b64encode(b"short").decode()])
def test_a_key_that_is_none_is_refused(settings, keys):
    settings.PLUMBLINE_SEAL_KEYS = keys
    with pytest.raises(NoSealKey):
        seal_keys()


def test_the_minutes_task_seals_every_organization_and_tells_the_witness(acme, monkeypatch):
    trails = [Trail(acme), Trail(Organization.objects.get(slug="globex"))]
    for trail in trails:
        trail.write("One")
    monkeypatch.setattr("audit.seal.rounds.seal", lambda **_: seal(sweep=True))  # tests that run beside hold transactions open
    seal_all()
    for trail in trails:
        assert [head.size for head in trail.heads()] == [BEFORE + 1]
        assert len(trail.witness.read_text().splitlines()) == 1
        assert trail.check().state == "intact"


def test_openssl_and_ssh_keygen_agree_on_a_head(acme, tmp_path):
    """`openssl pkeyutl` verifies the signature; `ssh-keygen` prints the same fingerprint."""
    (head,) = sealed_trail(acme, sizes=(4,)).heads()
    public = bytes(head.public)
    der = bytes.fromhex("302a300506032b6570032100") + public
    (tmp_path / "key.der").write_bytes(der)
    (tmp_path / "body").write_bytes(head.body.encode())
    (tmp_path / "signature").write_bytes(bytes(head.signature))
    command = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-pubin",
        "-keyform",
        "DER",
        "-inkey",
        "key.der",
        "-rawin",
        "-in",
        "body",
        "-sigfile",
        "signature",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Successfully" in done.stdout, done.stderr
    (tmp_path / "key.pub").write_text(ssh_line_of(public) + "\n")
    shown = subprocess.run(["ssh-keygen", "-lf", "key.pub"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert fingerprint_of(public) in shown.stdout


@pytest.mark.parametrize("text", ["", "{}", "[]", "nonsense", '{"format":"x"}'])
def test_what_is_no_head_is_refused(text):
    with pytest.raises(BadHead):
        Head.read(text)
