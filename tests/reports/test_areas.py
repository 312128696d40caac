"""Policies, vendors, risks and privacy on the dashboard: each number leads to its rows, and nobody is told what is not theirs."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Member
from inventory.models import Person
from policies.acknowledging.asking import start_campaign
from policies.models import Acknowledgement
from policies.register.actions import edit_policy
from privacy.customers.actions import open_case
from privacy.subjects.actions import take_in
from reports.dashboard.data import dashboard_data
from reports.dashboard.programme import areas_alone
from risks.models import Risk
from tests.cast import Cast
from tests.policies.making import in_force
from tests.reports.test_dashboard import disagreeing, main, shown
from tests.reports.world import TODAY, Programme
from tests.reviews.world import changed
from tests.risks.making import a_rated
from tests.vendors.conftest import ANSWERS, SAID, agree
from vendors.lifecycle.actions import begin, use
from vendors.register.actions import request_vendor
from vendors.reviewing.actions import review

DAY = dt.timedelta(days=1)


@pytest.fixture
def filled(programme: Programme, acme: Any) -> Programme:
    """One thing that is wrong, one that is due soon and one that is fine of nearly each."""
    cast = Cast()
    late = in_force(cast.manager, cast.approver, "Old rules")
    edit_policy(late, actor=cast.manager, next_review_on=TODAY - DAY)
    policy = in_force(cast.manager, cast.approver, "New rules")
    people = list(Person.objects.filter(member__in=[cast.employee, cast.reviewer]))
    start_campaign(policy.versions.get(), actor=cast.manager, due_on=TODAY, audience="people", people=people)
    changed(Acknowledgement.objects.all()[0], due_on=TODAY - DAY)
    for name, days in (("Mailer", -1), ("Hoster", 20), ("Printer", 300)):
        _vendor(cast, name, TODAY + days * DAY)
    a_rated(cast.manager, cast.employee, 5, 5, 4, 4, 1, 1, statement="Grave and nothing done")
    changed(Risk.objects.get(statement="Grave and nothing done"), treatment="", next_review_on=TODAY - DAY)
    accepted = a_rated(cast.manager, cast.employee, statement="Accepted for a while")
    changed(
        accepted, status="accepted", treatment="accept", accepted_by=cast.executive, accepted_reason="Rare.",
        accepted_until=TODAY + 9 * DAY,
    )  # fmt: skip
    for days in (-40, -2):
        take_in(
            actor=cast.manager, kind="access", name="Ada", email="ada@example.org", channel="Mail", received_on=TODAY + days * DAY
        )
    for days in (-1, 9, 90):
        open_case(actor=cast.manager, name=f"Left {days}", ended_on=TODAY - 9 * DAY, due_on=TODAY + days * DAY)
    return programme


def _vendor(cast: Cast, name: str, day: dt.date) -> None:
    """In use; its next review, and the end of its agreement, are on a day."""
    vendor = request_vendor(actor=cast.employee, name=name, service="Serves", **ANSWERS)
    begin(vendor, actor=cast.manager)
    review(vendor, actor=cast.manager, reviewed_on=TODAY, **SAID)
    agreed = agree(vendor, cast.manager, TODAY - 30 * DAY)
    use(vendor.refreshed(), actor=cast.manager, since=TODAY, reason="In a hurry.")
    changed(vendor.refreshed(), next_review_on=day)
    changed(agreed, expires_on=day)


@pytest.mark.parametrize("role", ["manager", "executive", "auditor"])
def test_each_number_leads_to_its_rows(filled: Programme, client_of: Callable[[Member], Client], role: str) -> None:
    client = client_of(Cast().of("acme", role))
    page = shown(client)
    words = main(page).split("Policies, vendors, risks and privacy")[1]
    for said in (
        "2 in force", "1 overdue for review", "0 acknowledgements confirmed", "2 asked for now", "1 acknowledgement overdue",
        "3 in use", "1 not reviewed in time", "1 to review within 30 days", "1 document expired", "1 document expires soon",
        "2 in the register", "1 without treatment", "1 acceptance ends soon",
        "3 customers who left", "1 deletion overdue", "1 deletion due soon",
    ):  # fmt: skip
        assert said in words, said
    assert ("1 request overdue" in words) == Cast().of("acme", role).can("subjects.read")
    assert disagreeing(client, page) == []


def test_programs_get_the_same_and_null_for_what_they_may_not_read(filled: Programme, acme: Any) -> None:
    cast = Cast()
    told = dashboard_data(None, acme, reader=cast.executive)["risks"]
    assert told["policies"] == {
        "inForce": 2, "overdue": 1, "acknowledgementsAsked": 2, "acknowledgementsConfirmed": 0, "acknowledgementsOverdue": 1,
    }  # fmt: skip
    assert told["vendors"] == {"inUse": 3, "overdue": 1, "dueSoon": 1, "documentsExpired": 1, "documentsExpiring": 1}
    assert told["register"] == {"open": 2, "grave": 2, "overdue": 1, "untreated": 1, "acceptancesEnding": 1}
    assert told["privacy"] == {"requestsOpen": None, "requestsOverdue": None, "customersOpen": 3, "customersOverdue": 1}
    nothing = dashboard_data(None, acme, reader=cast.employee)["risks"]
    assert {nothing[key] for key in ("policies", "vendors", "register", "privacy")} == {None}


def test_all_of_them_are_one_query(in_acme: None, manager: Member, acme: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert not any(one.told for one in areas_alone(manager, acme.today()))
    assert areas_alone(None, acme.today()) == []
