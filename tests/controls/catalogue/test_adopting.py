"""Starter controls become the organization's own."""

import datetime as dt
import re
from typing import Any

import pytest

from audit.models import AuditEvent
from controls.catalogue.actions import create_control
from controls.catalogue.adopting import adopt
from controls.library import LIBRARY
from controls.models import CadenceChange, Control, ControlCriterion, Occurrence
from controls.models.control import Leg
from tests.inventory.snapshots.helpers import person_of
from ui.refusals import ActionRefused

PAGE = "/o/acme/controls/library/"
SINCE = dt.date(2026, 1, 1)


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_every_starter_control_can_be_adopted_as_it_is(in_acme, manager):
    made = adopt(list(LIBRARY), actor=manager, in_scope_since=SINCE)
    assert [one.code for one in made] == list(LIBRARY)
    for control in made:
        starter = LIBRARY[control.library_key]
        assert set(ControlCriterion.objects.filter(control=control).values_list("criterion", flat=True)) == set(starter.criteria)
        assert bool(control.legs_reason) == (len(control.legs) < len(Leg.values))
        assert (control.objective, control.test_procedure) == (starter.objective, starter.test)
    assert CadenceChange.objects.count() == len(LIBRARY)
    assert AuditEvent.objects.filter(verb="control.adopt").count() == len(LIBRARY)
    assert Occurrence.objects.filter(control__library_key="AC-005").exists()


def test_adopting_costs_the_same_queries_for_one_and_for_all(in_acme, manager, django_assert_max_num_queries):
    with django_assert_max_num_queries(60):
        adopt(list(LIBRARY), actor=manager, in_scope_since=SINCE)


def test_owners_come_by_role(in_acme, manager):
    control, other = adopt(["AC-001", "GOV-001"], actor=manager, owners={"IT lead": person_of(manager)}, in_scope_since=SINCE)[
        ::-1
    ]
    assert control.owner == person_of(manager)
    assert other.owner is None
    assert other.owner_role


def test_what_is_adopted_is_passed_over_and_a_taken_code_is_not_taken_twice(in_acme, manager):
    create_control(actor=manager, code="AC-002", title="Ours", cadence="yearly", in_scope_since=SINCE)
    adopt(["AC-001"], actor=manager)
    made = adopt(["AC-001", "AC-002"], actor=manager)
    assert [(one.code, one.library_key) for one in made] == [("AC-002-2", "AC-002")]
    with pytest.raises(ActionRefused, match="not adopted yet"):
        adopt(["AC-001"], actor=manager)
    with pytest.raises(ActionRefused, match="no starter control AC-999"):
        adopt(["AC-999"], actor=manager)


def test_the_page_offers_what_is_left(client_of, manager, in_acme):
    client = client_of(manager)
    page = said(client.get(f"{PAGE}?key=all"))
    assert page.count('name="keys"') == len(re.findall('name="keys"[^>]* checked', page)) == len(LIBRARY)
    given = {"keys": ["AC-001", "AC-005"], "in_scope_since": "2026-01-01", "owner_0": str(person_of(manager).pk)}
    assert client.post(PAGE, given).status_code == 303
    assert Control.objects.count() == 2
    page = said(client.get(PAGE))
    assert page.count('name="keys"') == len(LIBRARY) - 2
    assert client.post(PAGE, {"in_scope_since": "2026-01-01"}).status_code == 422
    assert client.post(PAGE, {"keys": ["nonsense"], "in_scope_since": "2026-01-01"}).status_code == 422
