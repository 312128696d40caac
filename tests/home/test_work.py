"""My work: what waits for me, overdue first, in the same numbers as header and e-mail."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Member
from audit.models import AuditEvent
from home.work import total, waiting_for
from reviews.models import Campaign
from tenancy.models import Organization
from tenancy.scope import Scope
from tests.reviews.world import changed, grant, person, person_of, snapshot, started, system
from workflow import inbox
from workflow.inbox import InboxEntry

HOME = "/o/acme/"
TODAY = dt.date.today()  # noqa: DTZ011 - any day will do


@pytest.fixture
def campaign(in_acme: Scope, manager: Member, reviewer: Member) -> Campaign:
    """Two items with the reviewer."""
    okta = system("Okta", owner=person_of(reviewer), reviewer_order=["system_owner"])
    snapshot(okta, [grant(person("Ada Long")), grant(person("Ben Short"), role="Admin")])
    return started(okta, actor=manager)


def page(client: Client) -> str:
    answer = client.get(HOME)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_is_empty_until_something_waits(in_acme: Scope, employee: Member, client_of: Callable[[Member], Client]) -> None:
    shown = page(client_of(employee))
    assert "Nothing waits for you" in shown
    assert "Access reviews" not in shown.split("<main")[1]


def test_decisions_show_with_why_and_when(campaign: Campaign, reviewer: Member, client_of: Callable[[Member], Client]) -> None:
    shown = page(client_of(reviewer))
    assert "2 of 2 access rights wait for your decision" in shown
    assert "you are the system owner" in shown
    assert f"/o/acme/reviews/{campaign.pk}/decide/" in shown


def test_header_page_and_entries_agree(campaign: Campaign, reviewer: Member, client_of: Callable[[Member], Client]) -> None:
    assert total(waiting_for(reviewer)) == 2
    client = client_of(reviewer)
    assert "2 things wait for you" in page(client)


def test_what_is_overdue_comes_first(
    in_acme: Scope, employee: Member, client_of: Callable[[Member], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = InboxEntry("Soon", "/a", "because", TODAY + dt.timedelta(days=1))
    late = InboxEntry("Late", "/b", "because", TODAY - dt.timedelta(days=1), overdue=True, count=3)
    monkeypatch.setattr(inbox, "_providers", [lambda member: [soon, late]])
    shown = page(client_of(employee))
    assert "4 things wait for you, 3 overdue" in shown
    assert shown.index(">Late<") < shown.index(">Soon<")


def test_who_may_read_reviews_sees_how_they_stand(
    campaign: Campaign, executive: Member, client_of: Callable[[Member], Client]
) -> None:
    shown = page(client_of(executive))
    assert campaign.reference in shown
    assert "0 of 2" in shown
    assert "/o/acme/access/removals/?state=open&amp;due=late" in shown or "state=open&amp;due=late" in shown


def test_the_alarm_stands_at_home_and_above_the_reviews(
    acme: Organization, in_acme: Scope, executive: Member, client_of: Callable[[Member], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    Organization.objects.filter(pk=acme.pk).update(created_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    monkeypatch.setattr("reviews.reminders.alarm.now", lambda: dt.datetime(2026, 11, 20, tzinfo=dt.UTC))
    client = client_of(executive)
    for path in (HOME, "/o/acme/reviews/"):
        assert "The access review of Q4 2026 has not started" in client.get(path).content.decode()


def test_an_example_says_that_it_is_one(
    acme: Organization, in_acme: Scope, employee: Member, client_of: Callable[[Member], Client]
) -> None:
    assert "This is an example" not in page(client_of(employee))
    Organization.objects.filter(pk=acme.pk).update(is_example=True)
    assert "It was set up today" in page(client_of(employee))
    Organization.objects.filter(pk=acme.pk).update(created_at=dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC))
    assert "It was set up on 2 March 2026" in page(client_of(employee))


def test_an_administrator_changes_name_and_zone_and_stored_periods_stay(
    acme: Organization, campaign: Campaign, administrator: Member, client_of: Callable[[Member], Client]
) -> None:
    changed(campaign, due_on=dt.date(2026, 12, 1))
    answer = client_of(administrator).post("/o/acme/organization/", {"name": "Acme Ltd", "zone": "Asia/Tokyo"})
    assert answer.status_code == 303
    acme.refresh_from_db()
    assert (acme.name, acme.zone) == ("Acme Ltd", "Asia/Tokyo")
    after = campaign.refreshed()
    assert (after.period_from, after.due_on) == (campaign.period_from, dt.date(2026, 12, 1))
    event = AuditEvent.objects.get(verb="organization.edit")
    assert event.data["before"]["zone"] == "America/New_York"
    assert event.data["after"]["zone"] == "Asia/Tokyo"


@pytest.mark.parametrize("zone", ["Mars/Olympus", ""])
def test_a_zone_that_does_not_exist_is_refused(
    zone: str, acme: Organization, administrator: Member, client_of: Callable[[Member], Client]
) -> None:
    answer: Any = client_of(administrator).post("/o/acme/organization/", {"name": "Acme", "zone": zone})
    assert answer.status_code == 422
    acme.refresh_from_db()
    assert acme.zone == "America/New_York"


def test_others_do_not_change_the_organization(manager: Member, client_of: Callable[[Member], Client]) -> None:
    assert client_of(manager).get("/o/acme/organization/").status_code == 403
