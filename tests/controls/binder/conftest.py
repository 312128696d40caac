"""A period, some starter controls adopted by an owner, and a description that can be written."""

import datetime as dt
from collections.abc import Callable

import pytest

from accounts.models import Member
from controls.binder.report import Printed
from controls.binder.sections import SECTIONS
from controls.binder.writing import add_row, approve_text, write_text
from controls.catalogue.adopting import adopt
from controls.criteria import in_scope
from controls.evidence import link_evidence
from controls.models import AuditPeriod, Control, SubserviceOrganization, SystemFlow, UserEntityControl
from controls.models.control import Leg
from controls.periods.actions import create_period, judge_not_relevant
from inventory.models import System
from inventory.systems.actions import create_system
from tests.controls.status import rows
from tests.inventory.snapshots.helpers import person_of

ROLES = (
    "Chief executive",
    "Security lead",
    "IT lead",
    "Engineering lead",
    "Platform lead",
    "People lead",
    "Privacy lead",
    "Support lead",
)


@pytest.fixture
def today(in_acme, acme) -> dt.date:
    """The organization's day."""
    day: dt.date = acme.today()
    return day


@pytest.fixture
def period(in_acme, manager, today) -> AuditPeriod:
    """Until today."""
    return create_period(
        actor=manager,
        name="This half",
        kind="type2",
        starts_on=today - dt.timedelta(days=90),
        ends_on=today,
    )


@pytest.fixture
def adopted(period, manager, employee, today) -> Callable[..., list[Control]]:
    """Adopt starter controls, all owned by one person."""

    def make(*keys: str) -> list[Control]:
        owners = dict.fromkeys(ROLES, person_of(employee))
        return list(adopt(keys, actor=manager, owners=owners, in_scope_since=today))

    return make


@pytest.fixture
def proven(adopted, manager) -> Callable[..., Control]:
    """A starter control in place: every leg that is needed by now has current evidence."""

    def make(key: str) -> Control:
        control: Control = adopted(key)[0]
        for leg in control.legs:
            if leg != Leg.OPERATION:
                link_evidence(control, rows.evidence(), leg, actor=manager)
        return control

    return make


@pytest.fixture
def console(in_acme, manager) -> System:
    """A system in use."""
    return create_system(actor=manager, name="Console", kind="internal", criticality="high")


@pytest.fixture
def database(in_acme, manager) -> System:
    """Another."""
    return create_system(actor=manager, name="Database", kind="database", criticality="critical")


def write_everything(manager: Member, approver: Member) -> None:
    """Every section written and approved."""
    for key, section in SECTIONS.items():
        approve_text(write_text(key, f"About **{section.title}**.", actor=manager), actor=approver)


@pytest.fixture
def systems(console, database) -> tuple[System, System]:
    """Two of them."""
    return console, database


@pytest.fixture
def whole(manager, approver, systems, period) -> AuditPeriod:
    """A description in which only criteria without control are open."""
    console, database = systems
    kept: AuditPeriod = period
    write_everything(manager, approver)
    add_row(UserEntityControl(title="Customers remove their own leavers", criteria=["CC6.2"]), actor=manager)
    facts = {"name": "Hoster", "service": "Runs the servers", "expected": "Guards its buildings", "report": "SOC 2 Type II"}
    add_row(SubserviceOrganization(**facts), actor=manager)
    add_row(SystemFlow(target=console, outside="Customers", kind="data", carries="orders", protection="TLS 1.3"), actor=manager)
    add_row(SystemFlow(source=console, target=database, kind="data", carries="orders"), actor=manager)
    add_row(SystemFlow(outside="Staff", target=console, kind="access", carries="sign-in"), actor=manager)
    return kept


@pytest.fixture
def unprinted(monkeypatch) -> None:
    """Printing takes seconds: most tests do without."""

    def print_plainly(printed: Printed) -> bytes:
        return f"%PDF-1.7 {printed.sha256} {printed.assertion}".encode()

    monkeypatch.setattr("controls.binder.tasks.print_description", print_plainly)


@pytest.fixture
def complete(whole, adopted, manager) -> AuditPeriod:
    """A description with nothing open: one criterion is in scope, and a control answers it."""
    adopted("AC-002")
    kept: AuditPeriod = whole
    left_out = [one.key for one in in_scope(["security"], ()) if one.key not in {"CC6.1", "CC6.6"}]
    judge_not_relevant(kept, left_out, actor=manager, reason="Not for these tests.")
    return kept
