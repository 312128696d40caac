"""My work: what waits for me, overdue first, in the same numbers as header and e-mail."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Member
from audit.models import AuditEvent
from home import reviews_card
from home.work import waiting_for
from inventory.models.removal import OPEN
from reviews.models import Campaign
from tenancy.models import Organization
from tenancy.scope import Scope
from tests.inventory.snapshots.helpers import ADA, make_removal, make_system, population
from tests.reviews.world import changed, grant, person, person_of, snapshot, started, system
from workflow import inbox
from workflow.inbox import InboxEntry, total
from workflow.jobs import start_job

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


def test_jobs_are_offered_to_those_who_have_some(
    in_acme: Scope, employee: Member, manager: Member, client_of: Callable[[Member], Client]
) -> None:
    start_job("snapshot.import", title="Importing okta.csv", actor=manager)
    assert "My jobs" in page(client_of(manager))
    assert "My jobs" not in page(client_of(employee))


def test_decisions_show_with_why_and_when(campaign: Campaign, reviewer: Member, client_of: Callable[[Member], Client]) -> None:
    shown = page(client_of(reviewer))
    assert "2 of 2 access rights wait for your decision" in shown
    assert "You are the system owner" in shown
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
    assert "No access has been asked to be removed yet." in shown


ON_TIME, LATE = dt.timedelta(days=20), dt.timedelta(days=-3)
REMOVALS = [
    ("requested", ON_TIME), ("requested", ON_TIME), ("requested", LATE), ("claimed", LATE), ("claimed", ON_TIME),
    ("still_active", LATE), ("cannot_be_verified", ON_TIME), ("verified_removed", LATE), ("verified_changed", LATE),
]  # fmt: skip


@pytest.fixture
def removals(in_acme: Scope, manager: Member, reviewer: Member) -> None:
    """Some in each state, late or not."""
    base = population(make_system(manager, owner=person_of(reviewer)), manager, ADA)
    for number, (status, days) in enumerate(REMOVALS):
        checked = {"checked_snapshot": base} if status.startswith("verified") else {}
        due_on = manager.organization.today() + days
        make_removal(manager, base, "U1", f"Role {number}", status=status, due_on=due_on, **checked)


def rows_at(client: Client, url: str) -> int:
    """How many rows the list at an address shows."""
    rows = client.get(url).context["listing"]["rows"]
    return len(rows)


def test_each_number_of_removals_leads_to_the_rows_it_counts(
    removals: None, executive: Member, client_of: Callable[[Member], Client]
) -> None:
    client = client_of(executive)
    found = client.get(HOME).context["card"].removals
    figures = [found.all, found.open, found.late, *found.states]
    assert [figure.count for figure in figures] == [9, 7, 2, 3, 2, 1, 1]
    assert [rows_at(client, figure.url) for figure in figures] == [figure.count for figure in figures]
    assert sum(figure.count for figure in found.states) == found.open.count
    shown = " ".join(re.sub(r"<[^>]+>", "", page(client)).split())
    assert "7 of 9 removals are open, 2 of them overdue." in shown
    assert "Still active 1 of 7 open" in shown


def test_every_open_state_has_its_figure() -> None:
    assert set(reviews_card.OPEN_TONES) == OPEN


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


def test_a_page_does_not_wait_for_the_number_in_its_header(
    campaign: Campaign, reviewer: Member, client_of: Callable[[Member], Client]
) -> None:
    client, people = client_of(reviewer), "/o/acme/access/people/"
    asking, number = 'hx-get="/o/acme/count/" hx-trigger="load"', '<span class="count">2<span'
    before = client.get(people).content.decode()
    assert asking in before
    assert number not in before
    part = client.get("/o/acme/count/").content.decode()
    assert number in part
    assert asking not in part
    after = client.get(people).content.decode()
    assert number in after
    assert asking not in after


def test_who_looks_as_an_auditor_sees_what_waits_for_that_one_and_nothing_of_their_own(
    in_acme: Scope, administrator: Member, auditor: Member, client_of: Callable[[Member], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "_providers", [lambda member: [InboxEntry(f"For {member.email}", "/a", "because", None)]])
    client = client_of(administrator)
    assert f"For {administrator.email}" in page(client)
    client.post(f"/o/acme/members/{auditor.pk}/view-as/")
    assert "1 thing waits for you" in (shown := page(client))
    assert f"For {auditor.email}" in shown
    assert f"For {administrator.email}" not in shown
    client.post("/o/acme/members/view-as-auditor/stop/")
    client.post("/o/acme/members/view-as-auditor/")
    assert "Nothing waits for you" in page(client)
