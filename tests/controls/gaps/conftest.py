"""A period with three controls: one missing, one partly in place, one that stands."""

import datetime as dt
from typing import Any

import pytest

from controls.catalogue.actions import create_control
from controls.criteria import in_scope
from controls.evidence import link_evidence
from controls.models import AuditPeriod, Control
from controls.models.control import Leg
from controls.periods.actions import create_period, judge_not_relevant
from tests.controls.status import rows
from tests.inventory.snapshots.helpers import person_of

ANSWERED = ("CC6.1", "CC6.2", "CC6.3")


@pytest.fixture
def today(in_acme, acme) -> dt.date:
    """The organization's day."""
    day: dt.date = acme.today()
    return day


@pytest.fixture
def period(in_acme, manager, today) -> AuditPeriod:
    """Around today. Four criteria are in scope, of which nothing answers CC6.6."""
    made = create_period(
        actor=manager,
        name="This half",
        kind="type2",
        starts_on=today - dt.timedelta(days=90),
        ends_on=today + dt.timedelta(days=90),
    )
    left_out = [one.key for one in in_scope(["security"], ()) if one.key not in {*ANSWERED, "CC6.6"}]
    judge_not_relevant(made, left_out, actor=manager, reason="Not for these tests.")
    return made


@pytest.fixture
def controls(period, manager, employee, today) -> dict[str, Control]:
    """By what they are: missing, partial, whole."""
    facts: dict[str, Any] = {"actor": manager, "cadence": "yearly", "in_scope_since": today, "owner": person_of(employee)}

    def made_of(code: str, title: str, criterion: str, priority: str) -> Control:
        return create_control(code=code, title=title, criteria={criterion: ""}, priority=priority, **facts)

    made = {
        "missing": made_of("AC-001", "Access is restricted", "CC6.1", "critical"),
        "partial": made_of("AC-002", "Factors are enforced", "CC6.2", "high"),
        "whole": made_of("AC-003", "Leavers leave", "CC6.3", "medium"),
    }
    for leg in (Leg.POLICY, Leg.TECHNICAL, Leg.MONITORING):
        link_evidence(made["whole"], rows.evidence(), leg, actor=manager)
    link_evidence(made["partial"], rows.evidence(), Leg.POLICY, actor=manager)
    return made


@pytest.fixture
def unprinted(monkeypatch) -> None:
    """Printing takes seconds: most tests do without."""
    monkeypatch.setattr("controls.gaps.tasks.gap_pdf", lambda snapshot: b"%PDF-1.7 " + snapshot.reference.encode())
