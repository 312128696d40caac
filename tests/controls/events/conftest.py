"""A control, and a system that logs events for it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Member
from controls.catalogue.actions import create_control
from controls.events.actions import Outcome, log_events
from controls.models import Control
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token
from tests.controls.events.samples import CODE


@pytest.fixture
def control(acme, manager) -> Control:
    """A control that events are logged for."""
    with tenant(acme):
        return create_control(
            actor=manager,
            code=CODE,
            title="Access is restricted",
            cadence="quarterly",
            in_scope_since=dt.date(2026, 1, 1),
            criteria={"CC6.1": ""},
        )


@pytest.fixture
def program(manager) -> Program:
    """A program that may do what the compliance manager may."""
    return Program(make_token(manager)[1])


@pytest.fixture
def sender(manager, control) -> Program:
    """A program that may log events and nothing else."""
    return Program(make_token(manager, "events.write")[1])


@pytest.fixture
def log(in_acme, acme, manager, control) -> Callable[..., list[Outcome]]:
    """`log(event, event)`: logged by the manager's system, within acme."""

    def act(*events: Any, source: str = "idp", actor: Member = manager) -> list[Outcome]:
        return log_events(list(events), source=source, organization=acme, actor=actor)

    return act
