"""Vendors as a population, and what their list costs."""

import datetime as dt

from vendors.models import Vendor
from vendors.outputs.populations import vendors


def test_the_population_has_whoever_was_there(used, asked, here, today):
    used()
    asked("Two")
    table = vendors(today, today)
    rows = [dict(zip(table.header, row, strict=True)) for row in table.rows]
    assert [row["Vendor"] for row in rows] == ["Northwind Mail", "Two"]
    assert (rows[0]["State"], rows[0]["Decided by"], rows[0]["Requested by"]) == ("In use", "Approver Acme", "Employee Acme")
    assert list(vendors(today - dt.timedelta(days=9), today - dt.timedelta(days=1)).rows) == []


def test_the_list_costs_the_same_with_one_and_with_many(used, asked, manager, client_of, django_assert_max_num_queries):
    used()
    for number in range(6):
        asked(f"Vendor {number}")
    client = client_of(manager)
    client.get("/o/acme/vendors/")
    with django_assert_max_num_queries(12):
        page = client.get("/o/acme/vendors/?q=vendor").content.decode()
    assert "Vendor 5" in page
    assert "Northwind" not in page
    with django_assert_max_num_queries(12):
        client.get("/o/acme/vendors/?view=lacking")


def test_an_employee_sees_what_they_asked_for_and_what_they_own(used, asked, manager, cast, client_of):
    asked("Mine")
    asked("Theirs", actor=manager)
    page = client_of(cast.employee).get("/o/acme/vendors/").content.decode()
    assert "Mine" in page
    assert "Theirs" not in page
    theirs = Vendor.objects.filter(requested_by=manager).get()
    assert client_of(cast.employee).get(f"/o/acme/vendors/{theirs.pk}/").status_code == 404
