"""What the report says of policies and people, of vendors, and of data and privacy."""

import datetime as dt
from typing import Any

import pytest

from inventory.models import Person
from policies.acknowledging.asking import start_campaign
from policies.acknowledging.confirming import confirm
from policies.background.actions import put_rule
from policies.models import Acknowledgement, PolicyVersion
from policies.training.courses import create_course
from privacy.subjects.actions import take_in
from reports.monthly.areas import policies, privacy, vendors
from reports.monthly.registry import Area
from reports.monthly.span import Span
from tenancy.scope import now
from tests.policies.making import in_force
from tests.vendors.conftest import ANSWERS, SAID
from vendors.lifecycle.actions import approve, begin, use
from vendors.register.actions import request_vendor
from vendors.reviewing.actions import review

pytestmark = pytest.mark.usefixtures("in_acme")


def told(area: Any, acme: Any, days: int = 40) -> Area:
    """Of the days from today, as it is told so many days later."""
    today = acme.today()
    found: Area = area.told(Span(acme, today, today + dt.timedelta(days=days - 1), now() + dt.timedelta(days=days)))
    return found


@pytest.mark.parametrize("area", [policies, vendors, privacy])
def test_there_is_nothing_where_nothing_is_kept(area, acme):
    assert told(area, acme) == Area()


def test_it_tells_who_confirmed_in_time_who_is_late_with_training_and_what_nobody_can_tell(acme, manager, approver, employee):
    version = PolicyVersion.objects.get(policy=in_force(manager, approver))
    people = list(Person.objects.filter(member__in=[employee, approver]))
    start_campaign(version, actor=manager, due_on=acme.today() + dt.timedelta(days=14), audience="people", people=people)
    row = Acknowledgement.objects.get(person__member=employee)
    confirm(row, actor=employee, content_hash=version.content_hash)
    create_course(actor=manager, name="Security awareness")
    area = told(policies, acme)
    (section,) = area.sections
    late, confirmed, trained = section.tables
    assert (late.rows, late.none) == ([], "None that is in force is overdue.")
    assert confirmed.rows == [["Access control", "2", "1", "1", "1"]]
    everybody = str(Person.objects.count())
    assert trained.rows == [["“Security awareness”", everybody, everybody]]
    assert section.sentence.startswith("1 of 1 policy is in force, 0 overdue. ")
    assert "could not be evaluated" in section.sentence
    assert [matter.text for matter in area.matters] == [
        f"{everybody} trainings are overdue",
        "1 acknowledgement of policies did not come in time",
    ]
    later = told(policies, acme, days=400)
    assert [row[0] for row in later.sections[0].tables[0].rows] == [f"{version.policy.reference} Access control"]
    assert "1 policy was not reviewed in time" in [matter.text for matter in later.matters]


def test_a_rule_makes_background_checks_a_result(acme, manager):
    put_rule(actor=manager, since=acme.today(), contractors=True)
    (section,) = told(policies, acme).sections
    assert section.sentence == "No policy is kept here. Nobody at work whom the rule names had access before a background check."


def test_a_vendor_in_use_without_due_diligence_is_named_with_what_is_missing(acme, manager, approver, employee):
    vendor = request_vendor(actor=employee, name="Northwind Mail", service="Sends mail", **ANSWERS)
    begin(vendor, actor=manager)
    review(vendor, actor=manager, reviewed_on=acme.today(), **SAID)
    approve(vendor.refreshed(), actor=approver, reason="Looked at.")
    use(vendor.refreshed(), actor=manager, since=acme.today(), reason="Mail had to go out.")
    area = told(vendors, acme)
    (section,) = area.sections
    missing, late, _ = section.tables
    assert section.sentence == "1 vendor is in use; due diligence is missing of 1, and 0 are overdue for review."
    ((name, _, lacks, who),) = missing.rows
    assert (name, who) == (f"{vendor.reference} Northwind Mail", "Nobody")
    assert lacks == "an owner; a data processing agreement; something that assures of it"
    assert late.rows == []
    assert section.notes == ["Which days reports of vendors cover could not be evaluated: there is no audit period."]
    assert [matter.text for matter in area.matters] == ["1 vendor is in use although due diligence is missing"]


def test_a_request_past_due_is_to_be_answered_and_names_nobody(acme, manager):
    one = take_in(
        actor=manager,
        kind="access",
        name="Paula Former",
        email="paula@nowhere.example",
        channel="E-mail",
        received_on=acme.today(),
    )
    area = told(privacy, acme)
    (section,) = area.sections
    assert section.sentence == "1 request of a person is open, 1 late. 1 came in these days and 0 were answered."
    assert [row[0] for row in section.tables[0].rows] == [f"{one.reference} a copy of their data"]
    assert [(each.what, each.rank) for each in area.decisions] == [(f"Answer {one.reference} (a copy of their data).", 3)]
    assert "there is no retention schedule" in section.notes[0]
    assert "Paula" not in repr(area)
    soon = told(privacy, acme, days=2)
    assert (soon.matters, soon.sections[0].tables[0].none) == ([], "None is past due.")
