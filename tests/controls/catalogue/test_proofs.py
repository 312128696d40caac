"""Linking evidence to a leg from the control's page."""

import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from controls.catalogue.actions import assign_owner, create_control
from controls.models import Control, ControlEvidence, ControlState
from controls.periods.actions import create_period
from evidence.actions import add_evidence
from evidence.files import store
from evidence.models import Evidence
from tests.inventory.snapshots.helpers import person_of

LIST = "/o/acme/controls/"
SINCE = dt.date(2026, 1, 1)


@pytest.fixture
def control(in_acme, manager) -> Control:
    """A control of the manager's, in a year's period."""
    create_period(actor=manager, name="2026", kind="type2", starts_on=SINCE, ends_on=dt.date(2026, 12, 31))
    return create_control(
        actor=manager, code="AC-9", title="Reviewed", cadence="quarterly", in_scope_since=SINCE, owner=person_of(manager),
        criteria={"CC6.2": ""},
    )  # fmt: skip


@pytest.fixture
def policy(in_acme, manager) -> Evidence:
    """An item that is there."""
    file = store(io.BytesIO(b"Access policy"), "policy.txt")
    return add_evidence(title="Access policy", category="policy", file=file, source="Wiki", collector="me", actor=manager)


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_an_item_that_is_here_is_found_and_linked(client_of, manager, control, policy):
    client, path = client_of(manager), f"{LIST}{control.pk}/evidence/"
    assert "Access policy" in said(client.get(f"{path}?leg=policy&q=acc"))
    assert "Nothing current has these words." in said(client.get(f"{path}?q=nowhere"))
    before = ControlState.objects.get(control=control)
    assert client.post(path, {"leg": "policy", "evidence": [str(policy.pk)]}).status_code == 303
    after = ControlState.objects.get(control=control)
    assert ("no_policy" in before.reasons, "no_policy" in after.reasons) == (True, False)
    page = said(client.get(f"{LIST}{control.pk}/"))
    assert "Access policy" in page
    again = client.post(path, {"leg": "policy", "evidence": [str(policy.pk)]})
    assert again.status_code == 422
    assert "is linked already" in said(again)


def test_a_new_file_becomes_evidence_of_the_leg(client_of, manager, control):
    given = {
        "leg": "monitoring", "uploads": [SimpleUploadedFile("alert.txt", b"an alert")], "title": "Alert rule",
        "expires_on": "2027-01-01",
    }  # fmt: skip
    assert client_of(manager).post(f"{LIST}{control.pk}/evidence/", given).status_code == 303
    proof = ControlEvidence.objects.get(control=control)
    item = proof.evidence
    assert (proof.leg, item.title, item.category, item.expires_on) == (
        "monitoring",
        "Alert rule",
        "monitoring",
        dt.date(2027, 1, 1),
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"leg": "policy"}, "Choose an item, or a file."),
        ({"leg": "feet"}, "Select a valid choice"),
        ({"leg": "policy", "evidence": ["nonsense"]}, "is not a valid"),
        ({"leg": "policy", "period_from": "2026-02-01", "period_to": "2026-01-01"}, "It ends before it begins."),
    ],
)
def test_what_is_wrong_is_said(client_of, manager, control, given, words):
    answer = client_of(manager).post(f"{LIST}{control.pk}/evidence/", given)
    assert answer.status_code == 422
    assert words in said(answer)


def test_it_is_taken_away_with_a_reason(client_of, manager, control, policy):
    client = client_of(manager)
    client.post(f"{LIST}{control.pk}/evidence/", {"leg": "policy", "evidence": [str(policy.pk)]})
    proof = ControlEvidence.objects.get()
    path = f"{LIST}proofs/{proof.pk}/remove/"
    assert client.post(path, {"reason": ""}).status_code == 422
    assert client.post(path, {"reason": "Another policy"}).status_code == 303
    assert "no_policy" in ControlState.objects.get(control=control).reasons
    assert client.get(path).status_code == 409


def test_only_who_keeps_evidence_or_owns_the_control_links(client_of, cast, control, policy):
    path = f"{LIST}{control.pk}/evidence/"
    reviewer = cast.reviewer
    for member in (reviewer, cast.auditor):
        assert client_of(member).get(path).status_code == 403
        assert client_of(member).post(path, {"leg": "policy", "evidence": [str(policy.pk)]}).status_code == 403
        assert "Link evidence" not in said(client_of(member).get(f"{LIST}{control.pk}/"))
    assign_owner([control], person_of(reviewer), actor=cast.manager)
    client = client_of(reviewer)
    assert "Link evidence" in said(client.get(f"{LIST}{control.pk}/"))
    page = said(client.get(path))
    assert "Access policy" not in page  # a reviewer does not read evidence
    given = {"leg": "operation", "uploads": [SimpleUploadedFile("done.txt", b"done")]}
    assert client.post(path, given).status_code == 303
    assert ControlEvidence.objects.get().linked_by == reviewer
