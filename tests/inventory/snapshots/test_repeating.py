"""The very same file again: said before the import, and without a reason it verifies nothing."""

import datetime as dt

import pytest

from audit.models import AuditEvent
from inventory.models import Removal, Snapshot
from inventory.removals.uncounted import Uncounted, uncounted
from inventory.snapshots import actions
from inventory.snapshots.repeating import confirm_repeat, is_unconfirmed, repeat_of
from inventory.snapshots.verification import verify_removals
from tenancy.scope import now, tenant
from tests.inventory.snapshots.helpers import ADA, BEN, CYD, answers, loaded, make_removal, make_system, population, previewed
from tests.inventory.snapshots.helpers import read as read_again
from ui.refusals import ActionRefused

DAY = dt.timedelta(days=1)
REASON = "I ran the report again: nothing else had changed."


@pytest.fixture
def claimed(system, manager):
    """Ada's access, gone from a second export before anybody claimed it."""
    base = population(system, manager, ADA, BEN, CYD, as_of=now() - 9 * DAY)
    population(system, manager, BEN, CYD, as_of=now() - 5 * DAY)
    return make_removal(manager, base, "U1", "Admin", claimed_at=now() - 3 * DAY)


def again(system, manager, **changes) -> Snapshot:
    """The second export's file once more, said to be taken after the claim."""
    return previewed(system, manager, BEN, CYD, **{"as_of": now() - DAY, "stated_count": 2, **changes})


def test_the_same_file_verifies_nothing_until_somebody_says_why_it_is_the_same(system, manager, claimed):
    snapshot = loaded(again(system, manager), manager)
    assert snapshot.complete
    assert verify_removals(snapshot, manager).sentence == ""
    assert claimed.refreshed().status == "claimed"
    assert "Nobody said that the source gave the same again, so no removal is verified by it." in snapshot.notices[-1]
    assert "its very file was imported before" in named(claimed).sentence


def test_with_a_reason_it_verifies_and_the_reason_stays(system, manager, claimed):
    snapshot = again(system, manager)
    confirm_repeat(snapshot, reason=REASON, actor=manager)
    snapshot = loaded(snapshot, manager)
    assert verify_removals(snapshot, manager).removed == 1
    assert claimed.refreshed().status == "verified_removed"
    assert snapshot.notices[-1].endswith(f"{manager.name} said why the source gave the same again: {REASON}")
    event = AuditEvent.objects.get(verb="snapshot.confirm_repeat")
    assert event.data["after"]["files"] == [snapshot.files.get().file.sha256]
    assert uncounted(claimed.refreshed()) is None


def test_a_reason_is_asked_for_and_only_of_what_was_imported_before(system, manager, claimed):
    snapshot = again(system, manager)
    with pytest.raises(ActionRefused, match="Give a reason"):
        confirm_repeat(snapshot, reason=" ", actor=manager)
    other = previewed(system, manager, BEN, stated_count=1)
    with pytest.raises(ActionRefused, match="nothing to confirm"):
        confirm_repeat(other, reason=REASON, actor=manager)


def test_what_was_said_of_one_moment_does_not_count_for_another(system, manager, claimed):
    snapshot = again(system, manager)
    confirm_repeat(snapshot, reason=REASON, actor=manager)
    assert not is_unconfirmed(snapshot)
    actions.change_snapshot(snapshot, answers=answers(stated_count=2), actor=manager)
    assert is_unconfirmed(read_again(Snapshot.objects.get(pk=snapshot.pk), manager))


def test_the_file_of_another_system_or_of_a_discarded_import_is_none(system, manager):
    actions.discard(previewed(system, manager, ADA, stated_count=1), actor=manager)
    assert repeat_of(previewed(system, manager, ADA, stated_count=1)) is None
    population(make_system(manager, "Other"), manager, BEN)
    assert repeat_of(previewed(system, manager, BEN, stated_count=1)) is None


def named(removal: Removal) -> Uncounted:
    """The import that its page names as not counting."""
    found = uncounted(removal.refreshed())
    assert found is not None
    return found


def test_the_first_import_is_no_repeat_of_the_second(system, manager):
    first = population(system, manager, ADA, as_of=now() - DAY)
    second = population(system, manager, ADA)
    assert repeat_of(first) is None
    found = repeat_of(second)
    assert found is not None
    assert found.earlier == first


def test_the_preview_says_which_import_had_it_and_takes_the_reason(client_of, acme, manager):
    with tenant(acme):
        system = make_system(manager)
        first = population(system, manager, ADA, as_of=now() - DAY)
        snapshot = previewed(system, manager, ADA, stated_count=1)
        path, words = snapshot.get_absolute_url(), (str(first), snapshot.files.get().file.sha256[:12], first.get_absolute_url())
    client = client_of(manager)
    shown = client.get(path).content.decode()
    for said in ("The very same was imported before", *words, f"{path}same/"):
        assert said in shown
    assert client.post(f"{path}same/", {"reason": " "}).status_code == 422
    assert client.post(f"{path}same/", {"reason": REASON}).status_code == 303
    shown = client.get(path).content.decode()
    assert REASON in shown
    assert f"{path}same/" not in shown


def test_an_import_says_how_many_claims_it_came_too_early_for_and_each_of_them_names_it(system, manager, client_of):
    base = population(system, manager, ADA, BEN, CYD, as_of=now() - 9 * DAY)
    early = make_removal(manager, base, "U1", "Admin", claimed_at=now() - 6 * DAY)
    late = [make_removal(manager, base, account, "Viewer", claimed_at=now() - 2 * DAY) for account in ("U2", "U3")]
    snapshot = population(system, manager, BEN, CYD, as_of=now() - 4 * DAY)
    assert verify_removals(snapshot, manager).sentence == (
        "Removals: 1 verified removed. 2 removals could not be judged by it: they were claimed done after this export was taken."
    )
    assert uncounted(early.refreshed()) is None
    found = named(late[0])
    assert found.snapshot == snapshot
    assert "it was taken before the removal was claimed done" in found.sentence
    address, link = late[0].get_absolute_url(), snapshot.get_absolute_url()
    shown = client_of(manager).get(address).content.decode()
    assert "An import that does not count" in shown
    assert link in shown


def test_an_import_that_is_not_complete_is_named_with_that_reason(system, manager):
    base = population(system, manager, ADA, BEN, as_of=now() - 9 * DAY)
    removal = make_removal(manager, base, "U1", "Admin", claimed_at=now() - 6 * DAY)
    loaded(previewed(system, manager, BEN, as_of=now() - DAY, full_export=False, stated_count=1), manager)
    assert "it does not count as complete" in named(removal).sentence
