"""Changing evidence: facts, revisions, validation."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from audit.models import AuditEvent
from audit.sentences import deed
from evidence import hooks
from evidence.actions import change_evidence, revise_evidence, validate_evidence
from evidence.files import open_file
from evidence.links import link_record
from evidence.models import EvidenceRevision
from evidence.standing import reinstate_evidence, restore_evidence, supersede_evidence, withdraw_evidence
from inventory.models import System
from tests.evidence.helpers import kept, stored
from tests.inventory.snapshots.helpers import make_system
from ui.refusals import ActionRefused

DAY = dt.date(2026, 11, 1)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The ids that were told to have changed."""
    heard: list[object] = []
    monkeypatch.setattr(hooks, "_changed", [lambda ids, actor: heard.extend(ids)])
    return heard


def last_event() -> AuditEvent:
    return AuditEvent.objects.latest("at")


def test_a_change_is_recorded_with_before_and_after(in_acme, manager, told):
    item = kept(manager)
    change_evidence(item, actor=manager, title="Rules of the firewall", tags=["PCI ", "soc2", "pci"], expires_on=DAY)
    event = last_event()
    assert (event.verb, event.object_id, deed(event.verb)) == ("evidence.change", item.pk, "changed")
    assert event.data["before"]["title"] == "Firewall rules"
    assert item.refreshed().tags == ["pci", "soc2"]
    assert told == [item.pk]


def test_a_change_of_nothing_is_refused(in_acme, manager):
    item = kept(manager)
    with pytest.raises(ActionRefused, match="Nothing was changed"):
        change_evidence(item, actor=manager, title=item.title)


@pytest.mark.parametrize(("facts", "still"), [({"title": "Other"}, True), ({"source": "Other"}, False)])
def test_only_what_the_validator_vouched_for_undoes_the_validation(in_acme, manager, cast, facts, still):
    item = validate_evidence(kept(manager), actor=cast.administrator)
    change_evidence(item, actor=manager, **facts)
    assert (item.refreshed().validated_by is not None) is still


def test_the_collector_does_not_validate(in_acme, manager, cast, viewer):
    item = kept(manager)
    with pytest.raises(ActionRefused, match="somebody else"):
        validate_evidence(item, actor=manager)
    with pytest.raises(ActionRefused, match="role"):
        validate_evidence(item, actor=viewer)
    validate_evidence(item, actor=cast.administrator, note="Compared with the console.")
    event = last_event()
    assert (event.verb, event.data["metadata"]["note"]) == ("evidence.validate", "Compared with the console.")
    with pytest.raises(ActionRefused, match="validated already"):
        validate_evidence(item, actor=cast.administrator)
    with pytest.raises(ActionRefused, match="nothing to validate"):
        validate_evidence(withdraw_evidence(kept(manager, "b"), actor=manager, reason="x"), actor=cast.administrator)


def test_a_revision_keeps_the_earlier_file(in_acme, manager, cast, told):
    item = validate_evidence(kept(manager, content=b"old"), actor=cast.administrator)
    revise_evidence(item, actor=cast.administrator, file=stored(b"new"), note="Rules of November", expires_on=DAY)
    now = item.refreshed()
    assert (now.revision, now.validated_by, now.collected_by, now.expires_on) == (2, None, cast.administrator, DAY)
    second, first = EvidenceRevision.objects.filter(evidence=item)
    with open_file(first.file) as one, open_file(second.file) as two:
        assert (one.read(), two.read()) == (b"old", b"new")
    assert last_event().data["before"]["revision"] == 1
    with pytest.raises(ActionRefused, match="somebody else"):
        validate_evidence(item, actor=cast.administrator)
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        EvidenceRevision.objects.filter(pk=first.pk).update(note="x")


def test_a_revision_needs_a_reason_and_other_bytes(in_acme, manager):
    item = kept(manager, content=b"old")
    with pytest.raises(ActionRefused, match="Say why"):
        revise_evidence(item, actor=manager, file=stored(b"new"), note=" ")
    with pytest.raises(ActionRefused, match="has already"):
        revise_evidence(item, actor=manager, file=stored(b"old"), note="again")


def test_withdrawn_evidence_stays_and_can_be_put_back(in_acme, manager, told):
    item = kept(manager)
    with pytest.raises(ActionRefused, match="Say why"):
        withdraw_evidence(item, actor=manager, reason=" ")
    withdraw_evidence(item, actor=manager, reason="The wrong firewall.")
    assert (item.refreshed().status, item.refreshed().withdrawn_reason) == ("withdrawn", "The wrong firewall.")
    assert (last_event().verb, deed(last_event().verb)) == ("evidence.withdraw", "withdrew")
    with pytest.raises(ActionRefused, match="put it back before"):
        change_evidence(item, actor=manager, title="Other")
    with pytest.raises(ActionRefused, match="add another item"):
        revise_evidence(item, actor=manager, file=stored(b"new"), note="n")
    restore_evidence(item, actor=manager, reason="It was the right one.")
    assert (item.refreshed().status, item.refreshed().withdrawn_reason) == ("current", "")
    assert told == [item.pk, item.pk]


def test_a_newer_item_takes_the_place(in_acme, manager, told):
    old, new = kept(manager, "Old"), kept(manager, "New")
    with pytest.raises(ActionRefused, match="itself"):
        supersede_evidence(old, by=old, actor=manager)
    supersede_evidence(old, by=new, actor=manager)
    assert old.refreshed().superseded_by == new
    assert set(told) == {old.pk, new.pk}
    with pytest.raises(ActionRefused, match="superseded itself"):
        supersede_evidence(new, by=old, actor=manager)
    withdraw_evidence(old, actor=manager, reason="Wrong.")
    restore_evidence(old, actor=manager, reason="Right.")
    assert old.refreshed().status == "superseded"
    reinstate_evidence(old, actor=manager, reason="Both count.")
    assert (old.refreshed().status, old.refreshed().superseded_by) == ("current", None)


@pytest.mark.parametrize("carry", [True, False])
def test_the_newer_item_takes_over_the_records_that_it_lacks(in_acme, manager, carry):
    old, new = kept(manager, "Old"), kept(manager, "New")
    for name in ("Okta", "Payments"):
        link_record(old, make_system(manager, name), actor=manager)
    link_record(new, System.objects.get(name="Okta"), actor=manager)
    supersede_evidence(old, by=new, actor=manager, carry=carry)
    carried = {"Payments"} if carry else set()
    assert set(new.links.values_list("name", flat=True)) == {"Okta"} | carried
    assert set(old.links.values_list("name", flat=True)) == {"Okta", "Payments"}
    told = AuditEvent.objects.filter(verb="evidence.link", object_id=new.pk)
    notes = [event.data["metadata"]["note"] for event in told if event.data.get("metadata", {}).get("note")]
    assert notes == ([f"Carried over from {old.reference}."] if carry else [])


@pytest.mark.parametrize("act", [withdraw_evidence, restore_evidence, reinstate_evidence])
def test_who_may_only_read_changes_nothing(in_acme, manager, viewer, act):
    item = kept(manager)
    with pytest.raises(ActionRefused):
        act(item, actor=viewer, reason="x")
    with pytest.raises(ActionRefused, match="role"):
        change_evidence(item, actor=viewer, title="x")
    with pytest.raises(ActionRefused, match="role"):
        revise_evidence(item, actor=viewer, file=stored(b"new"), note="n")


def test_too_many_or_too_long_tags_are_refused(in_acme, manager):
    item = kept(manager)
    with pytest.raises(ActionRefused, match="40 characters"):
        change_evidence(item, actor=manager, tags=["x" * 41])
    with pytest.raises(ActionRefused, match="20 tags"):
        change_evidence(item, actor=manager, tags=[str(n) for n in range(21)])
