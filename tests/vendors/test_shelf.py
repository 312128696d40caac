"""What the binder finds of vendors."""

import datetime as dt

import pytest
from django.db.models import Q

from controls.models import AuditPeriod
from controls.periods.actions import create_period
from tests.reviews.world import changed
from tests.vendors.conftest import agree, report
from vendors.assurance.assuring import expiring, lapsed
from vendors.models import DocumentDuty, DocumentSubservice, Vendor
from vendors.outputs.shelf import documents


@pytest.fixture
def period(here, manager, today) -> AuditPeriod:
    """The last 90 days."""
    return create_period(
        actor=manager, name="Quarter", kind="type2", starts_on=today - dt.timedelta(days=90), ends_on=today
    )  # fmt: skip


def found(period: AuditPeriod) -> dict[str, tuple[str, str]]:
    """Each document's presence and note."""
    return {one.name: (one.presence, one.note) for one in documents(period, period.ends_on)}


def test_nothing_is_said_where_no_vendor_was_entered_and_nothing_good_where_none_is_used(period, asked):
    assert found(period) == {}
    asked()
    assert found(period) == {"Vendors in use": ("not_evaluable", "None of those entered is in use.")}


def test_one_that_lacks_nothing_is_present_in_every_way(period, used):
    used(criticality=3, access=2)
    assert found(period) == {
        "Due diligence of vendors": ("present", "1 of 1 in use have all that is asked for"),
        "Reviews of vendors": ("present", "None is overdue."),
        "Documents of vendors": ("present", "2 documents"),
        "Reports that cover the period": ("present", f"1 of 1 of tiers 1 and 2, to {period.ends_on:%-d %b %Y}"),
    }


def test_what_is_late_lapsed_or_not_covered_is_said(period, used, today, client_of, manager):
    vendor = used(criticality=3, access=2)
    changed(vendor, next_review_on=today - dt.timedelta(days=1), owner=None)
    for one in vendor.documents.filter(kind="dpa"):
        changed(one, issued_on=today - dt.timedelta(days=9), expires_on=today - dt.timedelta(days=1))
    for one in vendor.documents.filter(kind="soc2"):
        changed(one, period_to=today - dt.timedelta(days=30))
    told = {name: presence for name, (presence, _) in found(period).items()}
    assert told == {
        "Due diligence of vendors": "missing",
        "Reviews of vendors": "stale",
        "Documents of vendors": "stale",
        "Reports that cover the period": "missing",
    }
    client, shown = client_of(manager), list(documents(period, today))
    for one in shown:
        page = client.get(one.url).content.decode()
        assert "Northwind Mail" in page, one.name


def test_a_document_that_another_follows_has_not_lapsed(period, used, manager, today):
    vendor = used()
    one = vendor.documents.get(kind="dpa")
    changed(one, issued_on=today - dt.timedelta(days=9), expires_on=today - dt.timedelta(days=1))
    assert list(lapsed(today)) == [one]
    agree(vendor, manager, today, title="The next", expires_on=today + dt.timedelta(days=9))
    assert list(lapsed(today)) == []
    ending = expiring(Q(expires_on__gte=today), today)
    assert [document.title for document in ending] == ["The next"]


def test_what_reports_expect_is_incomplete_until_it_is_mapped_and_written_down(period, used, manager, today):
    vendor: Vendor = used()
    soc2 = report(vendor, manager, today - dt.timedelta(days=90), today, title="Another")
    first = DocumentDuty.objects.create(document=soc2, place=1, text="Remove leavers")
    DocumentSubservice.objects.create(document=soc2, name="Hoster", method="carve_out")
    DocumentSubservice.objects.create(document=soc2, name="Mailer", method="carve_out", expected="Guards its keys")
    told = found(period)
    assert told["What vendors' reports expect of us"][0] == "missing"
    assert told["Controls expected of subservice organizations"] == (
        "incomplete",
        "Written down for 1 of 2 that reports carve out",
    )
    changed(first, status="not_needed", reason="We have none.")
    assert found(period)["What vendors' reports expect of us"][0] == "present"
