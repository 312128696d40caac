"""Loading a population: all of it or nothing, with its digest, unchanged afterwards."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent
from inventory.models import Account, Entitlement, RejectedRow, Snapshot, SnapshotFile
from inventory.snapshots import actions
from inventory.snapshots.loading import digest_of, load
from tenancy.scope import now
from tests.inventory.snapshots.helpers import ADA, BEN, CYD, csv, draft, loaded, population, previewed, read
from ui.refusals import ActionRefused


def test_a_population_holds_what_the_file_says(system, manager):
    snapshot = population(system, manager, ADA, BEN, "U3,cyd,,Billing,Site A,suspended,N/A,")
    rows = list(snapshot.entitlements.select_related("account"))
    assert [(row.account.account_id, row.role, row.resource, row.privileged) for row in rows] == [
        ("U1", "Admin", "", True),
        ("U2", "Viewer", "", False),
        ("U3", "Billing", "Site A", None),
    ]
    assert [(row.last_used_state, row.no_access) for row in rows] == [
        ("known", False),
        ("never", False),
        ("not_applicable", True),
    ]
    assert (snapshot.rows_read, snapshot.rows_accepted, snapshot.account_count) == (3, 3, 3)
    assert snapshot.complete
    assert snapshot.verifies


def test_the_import_is_one_event_with_counts_and_digest(system, manager):
    snapshot = population(system, manager, ADA, BEN)
    event = AuditEvent.objects.get(verb="snapshot.finish", object_id=snapshot.pk)
    assert event.actor_id == manager.id
    assert event.data["after"]["digest"] == snapshot.digest
    assert event.data["metadata"]["rows_accepted"] == 2
    assert list(event.data["metadata"]["files"]) == ["export.csv"]


def test_the_digest_can_be_made_again_from_the_rows(system, manager):
    odd = '"U\\N","tab\there","a@b.example","line\nbreak","C:\\dir",active,,'
    snapshot = population(system, manager, ADA, odd, "\\N,\\N,\\N,\\N,\\N,\\N,,", stated_count=3)
    assert snapshot.rows_accepted == 3
    assert digest_of(snapshot) == snapshot.digest
    assert Account.objects.filter(account_id="\\N", name="\\N").exists()


def test_a_later_population_renames_accounts_and_an_older_one_does_not(system, manager):
    first = population(system, manager, ADA)
    later = population(system, manager, ADA.replace("ada,", "ada.example,"))
    older = population(system, manager, ADA.replace("ada,", "old,"), as_of=now() - dt.timedelta(days=90))
    account = Account.objects.get(account_id="U1")
    assert (account.name, account.first_snapshot_id, account.last_snapshot_id) == ("ada.example", first.pk, later.pk)
    assert older.entitlements.get().account_id == account.pk


def test_texts_as_wide_as_allowed_fit_the_indexes(system, manager):
    wide = "界" * 500
    snapshot = population(system, manager, f"{wide},{wide},,{wide},{wide},active,,")
    assert snapshot.entitlements.get().resource == wide


def test_a_file_with_rejected_rows_is_imported_only_if_the_user_says_so(system, manager):
    snapshot = previewed(system, manager, ADA, "U2,ben", stated_count=1)
    assert (snapshot.rows_accepted, snapshot.rows_rejected) == (1, 1)
    with pytest.raises(ActionRefused, match="cannot be imported"):
        loaded(snapshot, manager)
    imported = loaded(snapshot, manager, accept_errors=True)
    assert not imported.complete
    assert imported.incomplete_reasons == ["1 row was rejected."]
    assert RejectedRow.objects.get(snapshot=imported).reasons == ["The row has 2 cells where the header has 8."]


def test_nothing_is_imported_from_a_file_without_a_good_row(system, manager):
    snapshot = previewed(system, manager, ",,,,,active,,")
    with pytest.raises(ActionRefused, match="no row"):
        loaded(snapshot, manager, accept_errors=True)


def test_a_second_import_of_the_same_snapshot_is_refused(system, manager):
    snapshot = population(system, manager, ADA)
    with pytest.raises(ActionRefused, match="is imported"):
        actions.start_import(snapshot, accept_errors=False, actor=manager)
    with pytest.raises(ActionRefused, match="is imported"):
        load(snapshot, zone="UTC", actor=manager, progress=lambda _done, _total: None)
    assert Entitlement.objects.count() == 1


def test_half_an_import_does_not_exist(system, manager, monkeypatch):
    snapshot = previewed(system, manager, ADA, BEN, CYD)
    actions.start_import(snapshot, accept_errors=False, actor=manager)

    def killed(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("inventory.snapshots.loading.BATCH", 1)
    with pytest.raises(KeyboardInterrupt):
        load(Snapshot.objects.get(pk=snapshot.pk), zone="UTC", actor=manager, progress=killed)
    assert not Entitlement.objects.exists()
    load(Snapshot.objects.get(pk=snapshot.pk), zone="UTC", actor=manager, progress=lambda _done, _total: None)
    assert Entitlement.objects.count() == 3


def test_the_import_refuses_when_the_mapping_changed_after_the_preview(system, manager):
    snapshot = previewed(system, manager, ADA, ADA.replace("Admin", "Viewer"))
    actions.start_import(snapshot, accept_errors=False, actor=manager)
    Snapshot.objects.filter(pk=snapshot.pk).update(rows_accepted=1)
    with pytest.raises(ActionRefused, match="do not read as they did"):
        load(Snapshot.objects.get(pk=snapshot.pk), zone="UTC", actor=manager, progress=lambda _done, _total: None)
    assert not Entitlement.objects.exists()


@pytest.mark.parametrize("statement", ["update", "delete"])
@pytest.mark.parametrize("model", [Entitlement, Snapshot, SnapshotFile])
def test_the_database_keeps_an_imported_population_unchanged(system, manager, model, statement):
    snapshot = population(system, manager, ADA)
    key = "pk" if model is Snapshot else "snapshot"
    rows = model.objects.filter(**{key: snapshot.pk})
    changes: dict[type, dict[str, object]] = {
        Entitlement: {"role": "Nothing"},
        Snapshot: {"complete": False},
        SnapshotFile: {"name": "other"},
    }
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        rows.update(**changes[model]) if statement == "update" else rows._raw_delete("default")


def test_nothing_is_added_to_an_imported_population(system, manager):
    snapshot = population(system, manager, ADA)
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        RejectedRow.objects.create(snapshot=snapshot, row_number=9, raw="", reasons=[])


def test_rows_that_repeat_are_left_out_and_named(system, manager):
    snapshot = previewed(system, manager, ADA, ADA, ADA.replace("2026-09-30", "2026-09-29"))
    assert (snapshot.rows_accepted, snapshot.rows_duplicate) == (1, 2)
    assert snapshot.notices == [
        "2 rows repeat an earlier one and are left out (row 3, 4). 1 of them differ in other columns; the first one is kept."
    ]


def test_a_known_format_is_recognised_and_read_at_once(system, manager):
    text = (
        "First Name [Required],Last Name [Required],Email Address [Required],Status [READ ONLY],Last Sign In [READ ONLY]\n"
        "Ada,Example,ada@acme.example,Active,2026/09/30 10:00:00\n"
    )
    snapshot = draft(system, manager, csv(*text.splitlines()[1:], header=text.splitlines()[0]))
    assert (snapshot.source_format, snapshot.status) == ("google_workspace", "reading")
    assert read(snapshot, manager).account_count == 1


def test_its_rows_are_checked_by_plans_that_know_how_many_they_are(system, manager):
    with CaptureQueriesContext(connection) as queries:
        population(system, manager, ADA, BEN)
    said = [one["sql"].split()[0:3] for one in queries]
    plans = said.index(["DISCARD", "PLANS"])
    assert ["SET", "CONSTRAINTS", "ALL"] in said[plans:]
    assert "DROP TABLE snapshot_incoming" in queries[plans - 2]["sql"]
    assert "take_measure" in queries[plans - 1]["sql"]
