"""A frozen population of fifty rows."""

import datetime as dt

import pytest

from evidence.populations import registry
from evidence.populations.actions import begin_freezing, freeze
from evidence.populations.registry import Table

ROWS = [(f"E-{number:03d}", f"Event {number}") for number in range(1, 51)]


@pytest.fixture
def population(in_acme, manager, monkeypatch):
    """Fifty events of the first quarter."""
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    registry.register_population("events", "Events", "From a list.", lambda *_: Table(("Key", "Name"), ROWS))
    return freeze(begin_freezing("events", dt.date(2026, 1, 1), dt.date(2026, 3, 31), actor=manager))
