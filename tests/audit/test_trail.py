"""The trail: added to only, hashed as stored, and obligatory for every change."""

import hashlib
import json
import os

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from audit.actions import NothingRecorded, action
from audit.actors import System as Product
from audit.models import AuditEvent
from audit.record import Entry, record, record_failure, record_many
from audit.sentences import about
from inventory.models import System
from tenancy.models import Organization
from tenancy.scope import NoTenant, tenant
from ui.refusals import ActionRefused

PRODUCT = Product("test")


@action
def make_system(name: str) -> System:
    system = System.objects.create(name=name)
    record("system.create", system, actor=PRODUCT, after={"name": name})
    return system


def test_an_event_tells_who_did_what_to_what(in_acme, manager):
    system = make_system("Okta")
    event = record("system.edit", system, actor=manager, before={"name": "Okta"}, after={"name": "Okta prod"}, note="Renamed")
    stored = AuditEvent.objects.get(pk=event.pk)
    assert (stored.verb, stored.actor_id, stored.object_id) == ("system.edit", manager.id, system.id)
    assert stored.data["before"] == {"name": "Okta"}
    assert stored.data["metadata"] == {"note": "Renamed"}
    assert stored.data["actor"]["roles"] == ["Compliance manager"]


def test_the_leaf_is_the_hash_of_the_stored_body(in_acme):
    make_system("Okta")
    event = AuditEvent.objects.latest("at")
    assert bytes(event.leaf) == hashlib.sha256(b"\x00" + event.body.encode()).digest()
    assert event.body == json.dumps(json.loads(event.body), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_events_of_one_transaction_keep_their_order(in_acme):
    make_system("One")
    make_system("Two")
    assert [event.object_name for event in AuditEvent.objects.order_by("-at")[:2]] == ["Two", "One"]


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET verb = 'x'", "DELETE FROM audit_event", "TRUNCATE audit_event"])
def test_the_application_cannot_change_the_trail(in_acme, statement):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET verb = 'x'", "DELETE FROM audit_event", "TRUNCATE audit_event"])
def test_not_even_the_owner_changes_the_trail(db, template_database, statement):
    with (
        psycopg.connect(os.environ["DATABASE_OWNER_URL"], dbname=template_database) as owner,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"),
    ):
        owner.execute(statement)


def test_a_change_without_its_event_is_refused_by_the_database(acme):
    with pytest.raises(IntegrityError, match="no audit event"), tenant(acme):
        System.objects.create(name="Silent")


def test_a_later_change_needs_its_own_event(committed_db):
    acme = Organization.objects.get(slug="acme")
    with tenant(acme):
        system = make_system("Okta")
    with pytest.raises(IntegrityError, match="no audit event"), tenant(acme):
        System.objects.filter(pk=system.pk).update(criticality="high")
    with tenant(acme):
        assert system.refreshed().criticality == "medium"


def test_an_action_that_records_nothing_is_refused(in_acme):
    @action
    def silent() -> None:
        System.objects.create(name="Silent")

    with pytest.raises(NothingRecorded):
        silent()
    assert not System.objects.filter(name="Silent").exists()


def test_nothing_is_recorded_outside_an_organization(acme):
    with pytest.raises(NoTenant):
        record("test.note", acme, actor=PRODUCT)


def test_bulk_events_are_one_each(in_acme, manager):
    systems = [make_system(f"S{n}") for n in range(3)]
    entries = [Entry("inventory.system", system.id, system.name, {"a": 1}, {"a": 2}) for system in systems]
    assert record_many("test.check", actor=manager, entries=entries) == 3
    events = AuditEvent.objects.filter(verb="test.check")
    assert {event.object_id for event in events} == {system.id for system in systems}
    assert all(bytes(event.leaf) == hashlib.sha256(b"\x00" + event.body.encode()).digest() for event in events)


def test_a_failure_is_recorded_with_its_own_scope(acme, manager):
    record_failure("access.deny", organization=acme, actor=manager, metadata={"path": "/x"})
    with tenant(acme):
        event = AuditEvent.objects.get(verb="access.deny")
        assert (event.result, about(event)) == ("failure", "/x")


def test_hostile_text_is_stored_without_what_postgresql_refuses(in_acme):
    system = make_system("Okta")
    record("system.edit", system, actor=PRODUCT, note="nul \x00 surrogate \ud800 end")
    assert "end" in AuditEvent.objects.latest("at").data["metadata"]["note"]


def test_more_text_than_an_event_holds_is_refused_in_words(in_acme, manager):
    with pytest.raises(ActionRefused, match="more text than the audit trail can hold"):
        record("system.edit", System(name="Okta"), actor=manager, after={"notes": "\N{SNOWMAN}" * 30_000})


def test_another_organizations_events_are_invisible(acme, globex):
    with tenant(acme):
        make_system("Okta")
    with tenant(globex):
        assert not AuditEvent.objects.filter(object_name="Okta").exists()


@pytest.mark.parametrize("day", ["2020-01-01", "4000-01-01", "infinity", "-infinity"])
def test_no_month_is_made_ahead_but_those_of_the_year_to_come(db, day):
    with pytest.raises(DatabaseError, match="no use for a month"), connection.cursor() as cursor:
        cursor.execute("SELECT audit_ensure_month(%s::date)", [day])


def test_a_month_that_is_there_is_made_once(db):
    with connection.cursor() as cursor:
        for months in (-1, 0, 5, 5, 11):
            cursor.execute("SELECT audit_ensure_month((now() + %s * interval '1 month')::date)", [months])
        cursor.execute("SELECT count(*) FROM pg_partition_tree('audit_event') WHERE isleaf")
        assert cursor.fetchone() == (7,)
