"""What fell short leads to a finding, and the pages it came from name it."""

import datetime as dt

import pytest

from controls.findings.actions import raise_finding
from controls.models import Occurrence
from controls.models.control import Cadence
from controls.occurrences.actions import perform
from inventory.models import Person
from tenancy.scope import tenant
from tests.controls.occurrences.made import make_control, make_period
from tests.controls.occurrences.test_screens import page, upload

pytestmark = pytest.mark.usefixtures("on")
LIST = "/o/acme/controls/occurrences/"


@pytest.fixture
def rows(acme, manager, employee):
    """A monthly control of the employee, of which only February was done, and late."""
    with tenant(acme):
        make_period(manager, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
        control = make_control(manager, owner=Person.objects.get(member=employee))
        found = {one.key: one for one in Occurrence.objects.filter(control=control).select_related("control__owner")}
        perform(found["2026-02"], actor=employee, performed_on=dt.date(2026, 3, 4), uploads=[upload()])
    return found


@pytest.mark.parametrize(
    ("key", "words"),
    [("2026-01", "was missed"), ("2026-02", "was performed late"), ("2026-04", "is late"), ("2026-05", None)],
)
def test_a_finding_is_raised_from_what_fell_short_and_from_nothing_else(client_of, manager, rows, key, words):
    client = client_of(manager)
    link = f"/o/acme/controls/findings/new/?occurrence={rows[key].pk}"
    assert (link in client.get(f"{LIST}{rows[key].pk}/").content.decode()) == (words is not None)
    if words:
        assert client.get(link).context["form"].initial["title"] == f"AC-001: {rows[key].label} {words}"


def test_only_who_runs_findings_is_offered_to_raise_one(client_of, cast, rows):
    for member in (cast.employee, cast.auditor, cast.viewer):
        assert "Raise a finding" not in page(client_of(member).get(f"{LIST}{rows['2026-01'].pk}/"))


def test_the_page_names_the_findings_raised_about_it_to_those_who_may_see_them(acme, client_of, cast, rows):
    with tenant(acme):
        owner = Person.objects.get(member=cast.reviewer)
        kept = {"severity": "low", "source": "missed", "occurrence": rows["2026-01"], "control": rows["2026-01"].control}
        finding = raise_finding(actor=cast.manager, title="January was forgotten", owner=owner, **kept)
    at = f"{LIST}{rows['2026-01'].pk}/"
    assert f"{finding} January was forgotten" in page(client_of(cast.auditor).get(at))
    assert "January was forgotten" not in page(client_of(cast.employee).get(at))
    assert "January was forgotten" not in page(client_of(cast.auditor).get(f"{LIST}{rows['2026-04'].pk}/"))


def test_the_page_of_a_continuous_control_leads_to_noting_a_change(acme, client_of, cast, rows):
    with tenant(acme):
        one = make_control(
            cast.manager, code="CF-001", cadence=Cadence.CONTINUOUS, owner=Person.objects.get(member=cast.employee)
        )
    link = f"/o/acme/controls/occurrences/of/{one.pk}/change/"
    monthly = f"/o/acme/controls/{rows['2026-01'].control_id}/"
    client = client_of(cast.manager)
    assert link in client.get(f"/o/acme/controls/{one.pk}/").content.decode()
    assert client.get(link).status_code == 200
    assert "Note a change" not in page(client.get(monthly))
    assert "Note a change" not in page(client_of(cast.auditor).get(f"/o/acme/controls/{one.pk}/"))
