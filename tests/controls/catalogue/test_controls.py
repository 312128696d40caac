"""Controls: what is written about them, by whom, and what the pages show."""

import datetime as dt
from typing import Any

import pytest

from audit.models import AuditEvent
from controls.catalogue.actions import create_control
from controls.models import CadenceChange, Control
from tests.inventory.snapshots.helpers import person_of

LIST = "/o/acme/controls/"
SINCE = dt.date(2026, 1, 1)


@pytest.fixture
def control(in_acme, manager) -> Control:
    """A quarterly control that answers two criteria."""
    return create_control(
        actor=manager,
        code="AC-9",
        title="Access is reviewed",
        cadence="quarterly",
        in_scope_since=SINCE,
        owner=person_of(manager),
        criteria={"CC6.2": "Access that is not needed is taken away.", "CC6.3": ""},
    )


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_new_control_is_one_event_with_all_its_rows(control):
    event = AuditEvent.objects.get(object_id=control.pk, verb="control.create")
    assert event.data["after"]["criteria"] == {"CC6.2": "Access that is not needed is taken away.", "CC6.3": ""}
    assert CadenceChange.objects.filter(control=control).count() == 1


def test_the_pages_show_it(client_of, viewer, control):
    client = client_of(viewer)
    assert "AC-9" in said(client.get(LIST))
    page = said(client.get(f"{LIST}{control.pk}/"))
    assert "CC6.2 Enrol, authorise and withdraw users" in page
    assert "Access that is not needed is taken away." in page
