"""Vendors at points of their life, made by the actions."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inventory.models import Person
from tenancy.models import Organization
from tenancy.scope import tenant
from vendors.documents.actions import add_document
from vendors.lifecycle.actions import approve, begin, use
from vendors.models import Vendor, VendorDocument
from vendors.register.actions import request_vendor
from vendors.reviewing.actions import review

ANSWERS: dict[str, Any] = {"data_shared": 3, "criticality": 1, "access": 0}
SAID: dict[str, Any] = {
    "summary": "Its report was read.",
    "conclusion": "acceptable",
    "residual": "medium",
    "lowered_by": "Its own controls.",
}


def paper(name: str = "paper.txt") -> SimpleUploadedFile:
    """A file with its name in it."""
    return SimpleUploadedFile(name, f"This is {name}".encode())


def agree(vendor: Vendor, actor: Any, day: dt.date, **facts: Any) -> VendorDocument:
    """A data processing agreement."""
    return add_document(vendor, actor=actor, kind="dpa", file=paper("dpa.txt"), issued_on=day, **facts)


def report(vendor: Vendor, actor: Any, first: dt.date | None, last: dt.date, **facts: Any) -> VendorDocument:
    """A clean SOC 2 Type II report over these days, unless it is said otherwise."""
    said = {"report_type": "type_2", "opinion": "unqualified", "title": f"SOC 2 to {last}", "issued_on": last, **facts}
    return add_document(vendor, actor=actor, kind="soc2", file=paper("soc2.txt"), period_from=first, period_to=last, **said)


@pytest.fixture
def manager(cast):
    return cast.manager


@pytest.fixture
def here(acme):
    """Within acme."""
    with tenant(acme):
        yield acme


@pytest.fixture
def today(here: Organization) -> dt.date:
    return here.today()


@pytest.fixture
def asked(here, cast) -> Callable[..., Vendor]:
    """One that the employee has asked for."""

    def make(name: str = "Northwind Mail", **facts: Any) -> Vendor:
        given = {"service": "Sends mail", **ANSWERS, **facts}
        return request_vendor(actor=given.pop("actor", cast.employee), name=name, **given)

    return make


@pytest.fixture
def looked_at(asked, manager, today) -> Callable[..., Vendor]:
    """One whose due diligence is recorded."""

    def make(name: str = "Northwind Mail", **facts: Any) -> Vendor:
        vendor: Vendor = asked(name, **facts)
        begin(vendor, actor=manager)
        review(vendor, actor=manager, reviewed_on=today, **SAID)
        return vendor.refreshed()

    return make


@pytest.fixture
def used(looked_at, manager, cast, today) -> Callable[..., Vendor]:
    """One in use, with everything that is asked for."""

    def make(name: str = "Northwind Mail", **facts: Any) -> Vendor:
        vendor: Vendor = looked_at(name, owner=facts.pop("owner", Person.objects.get(member=cast.employee)), **facts)
        agree(vendor, manager, today)
        report(vendor, manager, today - dt.timedelta(days=200), today)
        approve(vendor, actor=cast.approver, reason="Its report is clean.")
        use(vendor.refreshed(), actor=manager, since=today)
        return vendor.refreshed()

    return make
