"""A newer item takes over what an older one stands for."""

import datetime as dt
import io
from typing import Any

import pytest

from audit.models import AuditEvent
from controls.catalogue.actions import create_control
from controls.evidence import link_evidence, unlink_evidence
from controls.models import Control, ControlEvidence, ControlState, Occurrence
from controls.occurrences.actions import perform
from controls.periods.actions import create_period
from evidence.actions import add_evidence
from evidence.files import store
from evidence.models import Evidence
from evidence.standing import supersede_evidence
from tenancy.models import Organization

YEAR = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
TODAY = dt.date(2026, 5, 20)


@pytest.fixture
def control(in_acme, manager, monkeypatch) -> Control:
    """A quarterly control whose first quarter was performed."""
    monkeypatch.setattr(Organization, "today", lambda _: TODAY)
    create_period(actor=manager, name="2026", kind="type2", starts_on=YEAR[0], ends_on=YEAR[1])
    return create_control(
        actor=manager, code="AC-9", title="Reviewed", cadence="quarterly", in_scope_since=YEAR[0], criteria={"CC6.2": ""}
    )


def item(actor: Any, title: str, **facts: Any) -> Evidence:
    file = store(io.BytesIO(title.encode()), "a.txt")
    return add_evidence(title=title, category="policy", file=file, source="Wiki", collector="me", actor=actor, **facts)


def stands_for(evidence: Evidence) -> set[tuple[str, str]]:
    """(leg, occurrence) of every link of an item that holds."""
    rows = ControlEvidence.objects.filter(evidence=evidence, status="linked").select_related("occurrence")
    return {(row.leg, row.occurrence.key if row.occurrence else "") for row in rows}


def test_a_newer_policy_keeps_the_control_in_place(control, manager):
    old, new = item(manager, "Policy 1"), item(manager, "Policy 2")
    link_evidence(control, old, "policy", actor=manager)
    before = ControlState.objects.get(control=control)
    supersede_evidence(old, by=new, actor=manager)
    after = ControlState.objects.get(control=control)
    assert (after.design, after.reasons) == (before.design, before.reasons)
    assert "no_policy" not in after.reasons
    proof = ControlEvidence.objects.get(evidence=new)
    assert (proof.leg, proof.note, proof.linked_by) == ("policy", f"Carried over from {old.reference}.", manager)
    event = AuditEvent.objects.get(verb="control_evidence.link", object_id=proof.pk)
    assert event.data["metadata"]["note"] == f"Carried over from {old.reference}."


def test_who_says_so_leaves_the_newer_item_as_it_is(control, manager):
    old, new = item(manager, "Policy 1"), item(manager, "Policy 2")
    link_evidence(control, old, "policy", actor=manager)
    supersede_evidence(old, by=new, actor=manager, carry=False)
    assert stands_for(new) == set()
    assert "no_policy" in ControlState.objects.get(control=control).reasons


@pytest.mark.parametrize(
    ("facts", "carried"),
    [
        ({"period_from": dt.date(2026, 3, 31), "period_to": dt.date(2026, 6, 30)}, True),
        ({"period_from": dt.date(2026, 4, 1), "period_to": dt.date(2026, 6, 30)}, False),
        ({"period_to": dt.date(2025, 12, 31)}, False),
        ({"collected_at": dt.datetime(2026, 1, 1, 6, tzinfo=dt.UTC)}, True),
        ({"collected_at": dt.datetime(2026, 1, 1, 4, tzinfo=dt.UTC)}, False),  # still last year in New York
    ],
)
def test_an_occurrence_is_taken_over_by_what_covers_its_time(control, manager, facts, carried):
    old, new = item(manager, "Q1"), item(manager, "Newer", **facts)
    quarter = Occurrence.objects.select_related("control__owner").get(control=control, key="2026-Q1")
    perform(quarter, actor=manager, performed_on=dt.date(2026, 4, 2), evidence=[old])
    supersede_evidence(old, by=new, actor=manager)
    assert (("operation", "2026-Q1") in stands_for(new)) is carried
    assert stands_for(old) == {("operation", "2026-Q1")}
    assert quarter.refreshed().status == "performed"


def test_what_it_has_already_and_what_was_taken_away_are_not_linked_again(control, manager):
    old, new = item(manager, "Policy 1"), item(manager, "Policy 2")
    wrong = link_evidence(control, old, "monitoring", actor=manager)
    unlink_evidence(wrong, actor=manager, reason="It shows nothing of that.")
    for one in (old, new):
        link_evidence(control, one, "policy", actor=manager)
    supersede_evidence(old, by=new, actor=manager)
    assert stands_for(new) == {("policy", "")}


def test_the_form_offers_it_and_does_it_unless_told_otherwise(client_of, control, manager):
    old, new, newest = (item(manager, f"Policy {number}") for number in (1, 2, 3))
    link_evidence(control, old, "policy", actor=manager)
    client = client_of(manager)
    path = f"/o/acme/evidence/{old.pk}/supersede/"
    assert "The newer item takes it over" in client.get(path).content.decode()
    assert client.post(path, {"by": new.reference}).status_code == 303
    assert stands_for(new) == {("policy", "")}
    path = f"/o/acme/evidence/{new.pk}/supersede/"
    assert client.post(path, {"by": newest.reference, "links": "leave"}).status_code == 303
    assert stands_for(newest) == set()
