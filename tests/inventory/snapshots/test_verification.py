"""Removals compared with later populations."""

import datetime as dt

import pytest

from audit.models import AuditEvent
from inventory.formats.mapping import Mapping
from inventory.models import Removal
from inventory.snapshots import actions, hooks
from inventory.snapshots.verification import verify_removals
from tenancy.scope import now
from tests.inventory.snapshots.helpers import ADA, BEN, CYD, MAPPING, loaded, make_removal, make_system, population, previewed
from workflow.models import OutboxMessage

WEEK = dt.timedelta(days=7)
START = now() - 5 * WEEK


@pytest.fixture
def base(system, manager):
    """Three people, five weeks ago."""
    return population(system, manager, ADA, BEN, CYD, as_of=START)


def check(system, manager, *rows: str, weeks: int = 1, **changes):
    """Import a later complete population, and verify by it."""
    snapshot = population(system, manager, *rows, as_of=START + weeks * WEEK, **changes)
    verify_removals(snapshot, manager)
    return snapshot


def test_an_absent_account_is_verified_removed(system, manager, base):
    removal = make_removal(manager, base, "U1", "Admin")
    later = check(system, manager, BEN, CYD)
    removal = removal.refreshed()
    assert (removal.status, removal.checked_snapshot_id) == ("verified_removed", later.pk)
    assert removal.finding.startswith("Absent: the account ada is not in the export of Console as of ")
    assert removal.closed_at is not None
    event = AuditEvent.objects.get(verb="removal.check", object_id=removal.pk)
    assert event.data["before"] == {"status": "claimed"}
    assert event.data["metadata"]["digest"] == later.digest


def test_an_absent_role_of_a_present_account_is_verified_removed(system, manager):
    other = ADA.replace("Admin", "Viewer")
    both = population(system, manager, ADA, other, BEN, CYD, as_of=START)
    removal = make_removal(manager, both, "U1", "Admin")
    check(system, manager, other, BEN, CYD)
    removal = removal.refreshed()
    assert removal.status == "verified_removed"
    assert "without “Admin”" in removal.finding


def test_a_state_that_counts_as_no_access_is_verified_removed_and_named(system, manager, base):
    removal = make_removal(manager, base, "U1", "Admin")
    check(system, manager, ADA.replace("active", "suspended"), BEN, CYD)
    removal = removal.refreshed()
    assert removal.status == "verified_removed"
    assert "its state is “suspended”, which counts as no access" in removal.finding


def test_still_there_is_still_active_reopened_and_told_once(system, manager, base):
    removal = make_removal(manager, base, "U1", "Admin")
    later = check(system, manager, ADA, BEN, CYD)
    verify_removals(later, manager)
    removal = removal.refreshed()
    assert (removal.status, removal.times_reopened, removal.closed_at) == ("still_active", 1, None)
    mail = OutboxMessage.objects.get(to=manager.email, subject="Console: 1 removal still active")
    assert removal.reference in mail.text


def test_still_active_at_the_next_population_is_not_reopened_again(system, manager, base):
    removal = make_removal(manager, base, "U1", "Admin")
    check(system, manager, ADA, BEN, CYD)
    check(system, manager, ADA, BEN, CYD, weeks=2)
    assert removal.refreshed().times_reopened == 1
    check(system, manager, BEN, CYD, weeks=3)
    assert removal.refreshed().status == "verified_removed"


def test_a_population_before_the_claim_says_nothing(system, manager, base):
    removal = make_removal(manager, base, "U1", "Admin", claimed_at=START + 2 * WEEK)
    check(system, manager, BEN, CYD)
    assert removal.refreshed().status == "claimed"
    assert removal.refreshed().checked_snapshot is None


def test_an_incomplete_population_verifies_nothing(system, manager, base):
    removal = make_removal(manager, base, "U1", "Admin")
    check(system, manager, BEN, CYD, stated_count=9)
    assert removal.refreshed().status == "claimed"


def test_a_waived_population_verifies_nothing(system, manager, base):
    removal = make_removal(manager, base, "U1", "Admin")
    snapshot = previewed(system, manager, BEN, stated_count=1, as_of=START + WEEK)
    actions.confirm_difference(snapshot, reason="Reorganised.", actor=manager)
    snapshot = loaded(snapshot, manager)
    assert snapshot.complete
    verify_removals(snapshot, manager)
    assert removal.refreshed().status == "claimed"


def test_another_systems_population_verifies_nothing(system, manager, base):
    removal = make_removal(manager, base, "U1", "Admin")
    check(make_system(manager, "Payments"), manager, BEN, CYD)
    assert removal.refreshed().status == "claimed"


def test_a_renamed_account_is_the_same_by_the_sources_own_id(system, manager, base):
    removal = make_removal(manager, base, "U1", "Admin")
    check(system, manager, ADA.replace("ada,ada@", "ada.married,ada.married@"), BEN, CYD)
    assert removal.refreshed().status == "still_active"


def test_a_change_is_verified_when_the_target_is_there(system, manager, base):
    removal = make_removal(manager, base, "U1", "Admin", kind="change", target_role="VIEWER")
    check(system, manager, ADA.replace("Admin", "Viewer"), BEN, CYD)
    removal = removal.refreshed()
    assert removal.status == "verified_changed"
    assert "“VIEWER” is there in its place" in removal.finding


def test_a_change_whose_old_role_is_still_there_is_still_active(system, manager, base):
    removal = make_removal(manager, base, "U1", "Admin", kind="change", target_role="Viewer")
    check(system, manager, ADA, ADA.replace("Admin", "Viewer"), BEN, CYD)
    assert removal.refreshed().status == "still_active"


def test_a_change_without_its_target_is_removed_and_says_so(system, manager, base):
    removal = make_removal(manager, base, "U1", "Admin", kind="change", target_role="Viewer")
    check(system, manager, BEN, CYD)
    removal = removal.refreshed()
    assert removal.status == "verified_removed"
    assert "“Viewer”, to which it was to be changed, is not there either." in removal.finding


def test_a_leavers_account_is_removed_when_nothing_of_it_has_access(system, manager, base):
    removal = make_removal(manager, base, "U1")
    check(system, manager, ADA.replace("Admin", "Viewer"), BEN, CYD)
    assert removal.refreshed().status == "still_active"
    check(system, manager, ADA.replace("active", "suspended"), BEN, CYD, weeks=2)
    assert removal.refreshed().status == "verified_removed"


def test_accounts_named_differently_cannot_be_compared(system, manager, base):
    removal = make_removal(manager, base, "U1", "Admin")
    by_name = Mapping(columns={**MAPPING.columns, "account_id": ""})
    waived = previewed(system, manager, BEN, CYD, mapping=by_name, stated_count=2, as_of=START + WEEK)
    actions.confirm_difference(waived, reason="The export has no ids any more.", actor=manager)
    loaded(waived, manager)
    later = previewed(
        system, manager, BEN, CYD, "U4,dan,,Viewer,,active,,no", mapping=by_name, stated_count=3, as_of=START + 2 * WEEK
    )
    later = loaded(later, manager)
    assert later.verifies
    verify_removals(later, manager)
    removal = removal.refreshed()
    assert removal.status == "cannot_be_verified"
    assert "they cannot be compared" in removal.finding


def test_a_part_that_is_missing_cannot_verify(system, manager, base):
    removal = make_removal(manager, base, "U1", "Admin", part="assignments")
    check(system, manager, BEN, CYD)
    removal = removal.refreshed()
    assert removal.status == "cannot_be_verified"
    assert "(assignments) is not part of" in removal.finding


def test_an_unclaimed_removal_is_only_remarked_on(system, manager, base):
    removal = make_removal(manager, base, "U1", "Admin", status="requested", claimed_at=None)
    check(system, manager, BEN, CYD)
    removal = removal.refreshed()
    assert removal.status == "requested"
    assert removal.finding.endswith("Nobody has claimed the removal done yet.")


def test_access_that_comes_back_is_granted_again_and_told(system, manager, base):
    removal = make_removal(manager, base, "U1", "Admin")
    check(system, manager, BEN, CYD)
    back = check(system, manager, ADA, BEN, CYD, weeks=2)
    removal = removal.refreshed()
    assert (removal.status, removal.regranted_at) == ("verified_removed", back.as_of)
    assert removal.finding.startswith("Granted again: ada has “Admin”")
    assert OutboxMessage.objects.filter(to=manager.email, subject="Console: 1 removal granted again").exists()


def test_an_old_population_imported_late_undoes_nothing(system, manager, base):
    removal = make_removal(manager, base, "U1", "Admin")
    check(system, manager, ADA, BEN, CYD, weeks=3)
    check(system, manager, BEN, CYD, weeks=2)
    assert removal.refreshed().status == "still_active"


def test_accepted_and_withdrawn_removals_are_left_alone(system, manager, base):
    removal = make_removal(
        manager,
        base,
        "U1",
        "Admin",
        status="accepted",
        accepted_by=manager,
        accepted_until=now().date(),
        accepted_reason="Needed until the audit.",
    )
    check(system, manager, BEN, CYD)
    assert removal.refreshed().status == "accepted"


def test_whoever_asked_hears_of_what_was_checked(system, manager, base, monkeypatch):
    heard = []
    monkeypatch.setattr(hooks, "_checked", [])
    hooks.on_checked(lambda snapshot, ids: heard.append((snapshot.pk, list(ids))))
    removal = make_removal(manager, base, "U1", "Admin")
    later = check(system, manager, BEN, CYD)
    assert heard == [(later.pk, [removal.pk])]


def test_many_removals_are_checked_with_few_queries(system, manager, base, django_assert_max_num_queries):
    for account in ("U1", "U2", "U3"):
        make_removal(manager, base, account)
    snapshot = population(system, manager, ADA, BEN, "U9,zoe,,Viewer,,active,,", as_of=START + WEEK)
    with django_assert_max_num_queries(30):
        checked = verify_removals(snapshot, manager)
    assert (checked.removed, checked.still_active) == (1, 2)
    assert checked.sentence == "Removals: 1 verified removed, 2 still active."
    assert Removal.objects.filter(status="verified_removed").count() == 1


def test_access_written_otherwise_is_still_there(system, manager, base):
    rows = {
        "role": BEN.replace("Viewer", "VIEWER\u200b"),
        "account": BEN.replace("U2", "u2"),
        "unseen": BEN.replace("U2", "U2\u200b"),
        "wide": BEN.replace("Viewer", "\uff36iewer"),
    }
    for number, (what, row) in enumerate(rows.items(), 1):
        removal = make_removal(manager, base, "U2", "Viewer")
        check(system, manager, ADA, row, CYD, weeks=number)
        removal = removal.refreshed()
        assert removal.status == "still_active", what
    assert "There the role is “\uff36iewer”." in removal.finding


def test_a_whole_account_whose_id_is_written_otherwise_is_still_there_and_named(system, manager, base):
    removal = make_removal(manager, base, "U2")
    check(system, manager, ADA, BEN.replace("U2,ben", "u2,Ben"), CYD)
    removal = removal.refreshed()
    assert removal.status == "still_active"
    assert removal.finding.endswith("There the account is Ben.")


def test_the_same_account_without_access_under_another_writing_is_removed(system, manager, base):
    removal = make_removal(manager, base, "U2", "Viewer")
    check(system, manager, ADA, BEN.replace("U2", "u2").replace("active", "suspended"), CYD)
    removal = removal.refreshed()
    assert removal.status == "verified_removed"
    assert "its state is “suspended”" in removal.finding


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (BEN.replace("Viewer", "Viewer (legacy)"), "“Viewer (legacy)”"),
        (BEN.replace("Viewer,,", "Viewer,Production,"), "“Viewer on Production”"),
        (BEN.replace("U2,ben,", "U9,bones,"), "“Viewer” of the account bones, which has the same e-mail"),
    ],
)
def test_something_new_in_its_place_cannot_be_verified_and_is_named(system, manager, base, row, named):
    removal = make_removal(manager, base, "U2", "Viewer")
    check(system, manager, ADA, row, CYD)
    removal = removal.refreshed()
    assert removal.status == "cannot_be_verified"
    assert f"did not have is: {named}. Whether" in removal.finding


def test_what_the_account_had_before_is_not_new(system, manager):
    also = BEN.replace("Viewer,,", "Viewer,Production,")
    twice = population(system, manager, ADA, BEN, also, CYD, as_of=START)
    removal = make_removal(manager, twice, "U2", "Viewer")
    check(system, manager, ADA, also, CYD)
    assert removal.refreshed().status == "verified_removed"


def test_another_account_with_the_same_e_mail_that_was_there_before_is_not_it(system, manager):
    other = BEN.replace("U2,ben,", "U9,ben-second,")
    both = population(system, manager, ADA, BEN, other, CYD, as_of=START)
    removal = make_removal(manager, both, "U2", "Viewer")
    check(system, manager, ADA, other, CYD)
    assert removal.refreshed().status == "verified_removed"


def test_what_a_change_asked_for_is_not_new_and_anything_else_is(system, manager, base):
    done = make_removal(manager, base, "U2", "Viewer", kind="change", target_role="Reader")
    check(system, manager, ADA, BEN.replace("Viewer", "reader"), CYD)
    assert done.refreshed().status == "verified_changed"
    more = make_removal(manager, base, "U3", "Viewer", kind="change", target_role="Reader")
    check(system, manager, ADA, BEN, CYD.replace("Viewer", "Reader"), CYD.replace("Viewer", "Owner"), weeks=2)
    assert more.refreshed().status == "cannot_be_verified"


def test_a_population_whose_role_comes_from_another_column_cannot_verify(system, manager, base):
    removal = make_removal(manager, base, "U2", "Viewer")
    turned = Mapping(columns={**MAPPING.columns, "role": "Resource", "resource": "Role"})
    rows = [row.replace(",,", ",Console,", 1) for row in (ADA, BEN, CYD)]
    check(system, manager, *rows, mapping=turned)
    removal = removal.refreshed()
    assert removal.status == "cannot_be_verified"
    assert "The role is read from column “resource” in the export of Console" in removal.finding


def test_filters_are_a_reason_against_completeness_unless_the_same_were_reviewed(system, manager, base):
    removal = make_removal(manager, base, "U2", "Viewer")
    sales = "Department = Sales only"
    part = check(system, manager, ADA, CYD, filters=sales)
    assert part.incomplete_reasons == ["Filters were used: it does not hold everything that the source has."]
    assert removal.refreshed().status == "claimed"
    reviewed = make_removal(manager, part, "U1", "Admin")
    later = check(system, manager, CYD, "U4,dee,,Viewer,,active,,", weeks=2, filters="department = sales  only")
    assert later.complete
    assert (reviewed.refreshed().status, removal.refreshed().status) == ("verified_removed", "cannot_be_verified")
    assert "Filters were stated for the export of Console" in removal.refreshed().finding


def test_no_filters_in_words_are_no_filters(system, manager):
    assert population(system, manager, ADA, filters="None.").complete
