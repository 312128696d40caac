"""Scopes, and scans imported into them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from tenancy.scope import tenant
from tests.vulnerabilities.files import upload
from vulnerabilities.models import Scan, ScanScope
from vulnerabilities.scanning.importing import receive, report_of
from vulnerabilities.scanning.keeping import keep_scan
from vulnerabilities.scanning.stated import Stated
from vulnerabilities.scopes.actions import create_scope

Scans = Callable[..., Scan]


@pytest.fixture
def manager(cast):
    return cast.manager


@pytest.fixture
def scope_of(acme, manager) -> Callable[..., ScanScope]:
    """A scope of a tool."""

    def make(tool: str = "trivy", **facts: Any) -> ScanScope:
        with tenant(acme):
            return create_scope(actor=manager, name=facts.pop("name", f"Billing by {tool}"), tool=tool, **facts)

    return make


@pytest.fixture
def scan(acme, manager) -> Scans:
    """Import a file into a scope as the worker does; `on` is the day it ran where the file does not say."""

    def run(scope: ScanScope, data: Any, on: dt.date | None = None, **stated: Any) -> Scan:
        if on is not None:
            stated["ran_at"] = dt.datetime.combine(on, dt.time(12), dt.UTC)
        with tenant(acme):
            stored = receive(scope, actor=manager, upload=upload(data))
            return keep_scan(scope, report_of(stored, scope), stored, stated=Stated(**stated), actor=manager)

    return run
