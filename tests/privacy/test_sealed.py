"""What people ask about their own data is sealed, found again by its whole, and opened by nobody who moves it."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from accounts.sealed import stored
from accounts.sealing import SealingError
from accounts.sealing_rows import open_rows, seal_rows
from audit.models import AuditEvent
from keys.models import Purpose
from privacy.models import RequestTask, SubjectRequest
from privacy.subjects import actions
from privacy.subjects.holdings import holdings, subject_of
from proof.keys import rotating
from proof.keys.actions import destroy_keys, start_rotation
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.cast import Cast, signed_in
from tests.privacy.making import a_request, a_verified
from vendors.models import Vendor
from vendors.register.actions import request_vendor

LIST = "/o/acme/privacy/requests/"
SAID = {"relation": "A former colleague", "details": "Everything since 2019"}


def raw(model, key) -> dict[str, str]:
    """The row as the database has it."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{model._meta.db_table}" WHERE id = %s', [key])
        names = [column.name for column in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))


def found(member, text: str) -> bool:
    page = signed_in(member).get(LIST, {"q": text})
    assert page.status_code == 200
    return "DSR-" in page.content.decode()


def test_the_database_has_none_of_it_and_the_row_reads_as_before(in_acme, manager):
    request = a_request(manager, **SAID)
    row = raw(SubjectRequest, request.pk)
    for name in ("name", "email", "relation", "details"):
        assert row[name].startswith("v1|A256GCM|"), name
    assert (row["answer"], len(row["email_index"]), len(row["name_index"])) == ("", 64, 64)
    again = request.refreshed()
    assert (again.name, again.email, again.details) == ("Ada Adams", "ada@example.com", SAID["details"])
    assert stored(again, "name") == row["name"]


def test_what_is_not_touched_is_not_sealed_anew(in_acme, manager):
    request = a_request(manager, **SAID)
    before = raw(SubjectRequest, request.pk)
    actions.verify(request, actor=manager, how="They called back.")
    after = raw(SubjectRequest, request.pk)
    assert {name for name in before if before[name] != after[name]} == {"identity_how", "identity_at", "identity_by_id", "status"}


def test_a_write_that_goes_past_the_row_is_refused(in_acme, manager):
    request = a_request(manager)
    with pytest.raises(SealingError, match="save its row"):
        SubjectRequest.objects.filter(pk=request.pk).update(name="Eve")
    with pytest.raises(SealingError, match="save its row"):
        RequestTask.objects.filter(request=request).update(outcome="Found")


def test_a_value_that_was_moved_to_another_row_does_not_open(in_acme, manager):
    one, other = a_request(manager), a_request(manager, email="bea@example.com", name="Bea")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(
            "UPDATE privacy_subjectrequest SET name = (SELECT name FROM privacy_subjectrequest WHERE id = %s) WHERE id = %s",
            [other.pk, one.pk],
        )
        with pytest.raises(SealingError):
            assert one.refreshed().name
        cursor.execute("UPDATE privacy_subjectrequest SET name = %s WHERE id = %s", [stored(one.refreshed(), "email"), one.pk])
        with pytest.raises(SealingError):
            assert one.refreshed().name
    connection.set_rollback(True)


@pytest.mark.parametrize("text", ["ada@example.com", " ADA@Example.com ", "Ada Adams", "ada  adams", "DSR-"])
def test_it_is_found_by_number_by_the_whole_name_or_address(in_acme, manager, text):
    a_request(manager)
    assert found(manager, text)


@pytest.mark.parametrize("text", ["ada", "example.com", "Adams"])
def test_it_is_not_found_by_a_part(in_acme, manager, text):
    a_request(manager)
    assert not found(manager, text)


def test_an_index_tells_nothing_of_the_same_address_in_another_organization(acme, globex):
    kept = []
    for organization in (acme, globex):
        with tenant(organization):
            one = a_request(Cast().of(organization.slug, "manager"))
            kept.append({one.refreshed().email_index, one.refreshed().name_index})
    assert len(kept[0] | kept[1]) == 4


def test_it_is_found_while_keys_are_replaced_and_after(acme: Organization, administrator, manager):
    with tenant(acme):
        one = a_request(manager)
        before = one.refreshed().email_index
        rotation = start_rotation(actor=administrator)
        assert found(manager, "ada@example.com")
    assert rotating.run(acme, rotation.pk)
    with tenant(acme):
        assert one.refreshed().email_index != before
        assert found(manager, "ada@example.com")


def test_with_its_key_destroyed_it_says_so_and_is_found_no_more(in_acme, administrator, manager):
    one = a_request(manager)
    destroy_keys(Purpose.PERSONAL, actor=administrator, reason="They left")
    assert one.refreshed().name == "Cannot be read: its key was destroyed."
    assert not found(manager, "ada@example.com")


def test_what_is_handed_out_on_somebody_is_open(in_acme, manager):
    request = a_verified(manager, **SAID)
    by = {one.name: one.rows for one in holdings(subject_of(request), reader=manager)}
    (row,) = by["privacy.subjectrequest"]
    assert (row["name"], row["details"]) == ("Ada Adams", SAID["details"])
    assert not [name for name in row if name.endswith("_index")]


def test_rows_of_an_earlier_version_are_sealed_and_opened_again(in_acme, manager):
    """As the migrations do it, and undo it."""
    request = a_request(manager, **SAID)
    before = raw(SubjectRequest, request.pk)
    labels = {name: f"subject_request.{name}" for name in ("name", "email", "relation", "details")}
    historic = MigrationLoader(connection).project_state([("privacy", "0006_sealed")]).apps.get_model("privacy", "SubjectRequest")
    assert open_rows(historic, labels) == 1
    assert raw(SubjectRequest, request.pk)["details"] == SAID["details"]
    assert seal_rows(historic, labels, {"email": "email_index"}) == 1
    after = raw(SubjectRequest, request.pk)
    assert after["details"].startswith("v1|")
    assert after["email_index"] == before["email_index"]
    assert request.refreshed().details == SAID["details"]
    assert set(AuditEvent.objects.filter(verb__startswith="sealed_value.").values_list("verb", flat=True)) == {
        "sealed_value.open", "sealed_value.seal",
    }  # fmt: skip


def test_contacts_of_a_vendor_are_sealed_and_in_no_event(in_acme, manager):
    facts: dict[str, Any] = {"service": "S", "data_shared": 0, "criticality": 0, "access": 0}
    vendor = request_vendor(actor=manager, name="Northwind", contacts=["Ada Adams: ada@example.com", "+1 555 0100"], **facts)
    assert raw(Vendor, vendor.pk)["contacts"].startswith("v1|")
    assert vendor.refreshed().contacts == ["Ada Adams: ada@example.com", "+1 555 0100"]
    assert not AuditEvent.objects.filter(body__contains="ada@example.com").exists()
