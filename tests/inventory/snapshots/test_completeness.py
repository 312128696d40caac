"""When a population may be called complete."""

import datetime as dt

import pytest

from audit.models import AuditEvent
from inventory.formats.mapping import Mapping
from inventory.models import Snapshot
from inventory.snapshots import actions
from inventory.snapshots.completeness import what_was_checked
from inventory.snapshots.recounts import said_of
from tenancy.scope import now
from tests.inventory.snapshots.helpers import ADA, BEN, CYD, MAPPING, answers, csv, loaded, population, previewed, read
from ui.refusals import ActionRefused

TWICE = "U1,ada,ada@acme.example,Viewer,,active,,"
DAY = dt.timedelta(days=1)


def reasons(snapshot: Snapshot):
    assert not snapshot.complete
    assert not snapshot.verifies
    return snapshot.incomplete_reasons


def test_a_full_export_with_the_sources_own_count_is_complete(system, manager):
    snapshot = population(system, manager, ADA, BEN, TWICE, stated_count=2)
    assert snapshot.complete
    assert snapshot.incomplete_reasons == []
    assert what_was_checked(snapshot) == (
        "The file was checked against the source's own count: the source shows 2, the file has 2 accounts (equal)."
    )


@pytest.mark.parametrize(("unit", "count"), [("accounts", 2), ("rows", 4), ("entitlements", 3)])
def test_the_count_is_compared_in_the_unit_that_was_given(system, manager, unit, count):
    rows = (ADA, BEN, TWICE, ADA)
    assert population(system, manager, *rows, stated_count=count, stated_count_unit=unit).complete
    wrong = population(system, manager, *rows, stated_count=count + 1, stated_count_unit=unit, as_of=now())
    assert reasons(wrong)[0].startswith(f"The source shows {count + 1}, the file has {count} ")


def test_what_was_not_declared_a_full_export_is_not_complete(system, manager):
    assert reasons(population(system, manager, ADA, full_export=False)) == ["It was not declared to be a full export."]


def test_without_the_sources_count_it_is_not_complete(system, manager):
    snapshot = loaded(previewed(system, manager, ADA), manager)
    assert reasons(snapshot) == ["The count that the source itself shows was not given."]
    assert what_was_checked(snapshot) == "The file was not checked against the source's own count: none was given."


def test_a_truncated_file_is_not_complete(system, manager):
    assert reasons(population(system, manager, ADA, stated_count=142)) == ["The source shows 142, the file has 1 account."]


def test_another_count_after_the_comparison_needs_a_reason_that_stays(system, manager):
    snapshot = previewed(system, manager, ADA, BEN, stated_count=3)
    with pytest.raises(ActionRefused, match="Say why another count"):
        actions.change_snapshot(snapshot, answers=answers(stated_count=2), actor=manager)
    actions.change_snapshot(snapshot, answers=answers(stated_count=2), count_reason="One was counted twice", actor=manager)
    found = loaded(read(snapshot.refreshed(), manager), manager)
    (said,) = said_of(found.count_changes)
    assert "was changed from 3 accounts to 2 accounts" in said
    assert said.endswith("One was counted twice. No picture of it was given.")
    assert found.check_badge is not None
    assert (found.complete, found.check_badge.label, found.check_badge.tone) == (
        True, "Checked against a count that was changed", "warn",
    )  # fmt: skip


def test_a_count_left_out_and_given_again_needs_its_reason_too(system, manager):
    snapshot = previewed(system, manager, ADA, BEN, stated_count=3)
    actions.change_snapshot(snapshot, answers=answers(), count_reason="Not at hand", actor=manager)
    with pytest.raises(ActionRefused, match="Say why another count"):
        actions.change_snapshot(snapshot.refreshed(), answers=answers(stated_count=2), actor=manager)


def test_a_correction_that_keeps_the_count_needs_none(system, manager):
    snapshot = previewed(system, manager, ADA, BEN, stated_count=2)
    assert actions.change_snapshot(snapshot, answers=answers(stated_count=2, query="Other"), actor=manager).count_changes == []


def test_fewer_than_half_of_the_previous_needs_a_compliance_manager(system, manager, administrator):
    population(system, manager, ADA, BEN, CYD, as_of=now() - DAY)
    snapshot = previewed(system, manager, ADA, stated_count=1)
    assert "fewer than half" in snapshot.incomplete_reasons[0]
    with pytest.raises(ActionRefused, match="Only a compliance manager"):
        actions.confirm_difference(snapshot, reason="Two have left.", actor=administrator)
    with pytest.raises(ActionRefused, match="Say why"):
        actions.confirm_difference(snapshot, reason=" ", actor=manager)
    actions.confirm_difference(snapshot, reason="Two have left.", actor=manager)
    imported = loaded(snapshot, manager)
    assert imported.complete
    assert imported.waived
    assert not imported.verifies
    # The next one is compared with it, and verifies again.
    assert population(system, manager, ADA, as_of=now()).verifies


def test_half_of_the_previous_is_enough(system, manager):
    population(system, manager, ADA, BEN, as_of=now() - DAY)
    assert population(system, manager, ADA).verifies


def test_a_waiver_does_not_cover_a_fault(system, manager):
    population(system, manager, ADA, BEN, CYD, as_of=now() - DAY)
    snapshot = previewed(system, manager, ADA, stated_count=7)
    actions.confirm_difference(snapshot, reason="Two have left.", actor=manager)
    assert reasons(loaded(snapshot, manager)) == ["The source shows 7, the file has 1 account."]


def test_a_waiver_ends_when_the_files_are_read_again(system, manager):
    population(system, manager, ADA, BEN, CYD, as_of=now() - DAY)
    snapshot = previewed(system, manager, ADA, stated_count=1)
    actions.confirm_difference(snapshot, reason="Two have left.", actor=manager)
    actions.set_mapping(snapshot, mapping=MAPPING, headers=list(MAPPING.columns.values()), actor=manager)
    assert Snapshot.objects.get(pk=snapshot.pk).shrink_confirmed_by is None or snapshot.status == "reading"


def test_accounts_named_by_something_else_are_another_population(system, manager):
    population(system, manager, ADA, as_of=now() - DAY)
    by_name = Mapping(columns={**MAPPING.columns, "account_id": ""})
    snapshot = previewed(system, manager, ADA, mapping=by_name, stated_count=1)
    assert snapshot.incomplete_reasons[0].startswith("Accounts are identified by account_name: User name here, and by account_id")


def test_a_part_that_is_missing_makes_it_incomplete(system, manager):
    first = previewed(system, manager, ADA, stated_count=1, as_of=now() - DAY)
    extra = first.files.get()
    extra.pk, extra.part = None, "assignments"
    first.files.create(file=extra.file, part="assignments", name="more.csv")
    actions.start_import(first, accept_errors=False, actor=manager)
    from inventory.snapshots.loading import load

    load(Snapshot.objects.get(pk=first.pk), zone="UTC", actor=manager, progress=lambda _d, _t: None)
    snapshot = previewed(system, manager, ADA, stated_count=1)
    assert "also had assignments; this one does not" in snapshot.incomplete_reasons[0]


def test_an_older_population_is_not_compared_with_a_newer_one(system, manager):
    population(system, manager, ADA, BEN, CYD)
    assert population(system, manager, ADA, as_of=now() - DAY).verifies


def test_the_future_is_refused(system, manager):
    with pytest.raises(ActionRefused, match="future"):
        previewed(system, manager, ADA, as_of=now() + DAY)


def test_another_file_takes_the_place_of_the_first(system, manager):
    snapshot = previewed(system, manager, ADA, stated_count=2)
    actions.change_snapshot(snapshot, answers=answers(stated_count=2), uploads=[csv(ADA, BEN)], actor=manager)
    assert (snapshot.refreshed().mapping, snapshot.files.get().file.name) == ({}, "export.csv")
    verbs = AuditEvent.objects.filter(object_id=snapshot.pk).order_by("at", "id").values_list("verb", flat=True)
    assert list(verbs)[-2:] == ["snapshot.reopen", "snapshot.change_files"]


def test_a_population_that_leaves_is_an_event(system, manager, client_of):
    snapshot = population(system, manager, ADA)
    answer = client_of(manager).get(f"/o/acme/access/snapshots/{snapshot.pk}/entitlements/?export=csv")
    assert b"ada@acme.example" in answer.getvalue()
    assert AuditEvent.objects.filter(object_id=snapshot.pk, verb="snapshot.export").count() == 1
