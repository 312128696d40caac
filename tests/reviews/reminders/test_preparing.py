"""The draft of the quarter and the alarm, by fixed clocks in the organization's zone."""

import datetime as dt

import pytest

from accounts.models import Member
from reviews.campaigns.actions import cancel_campaign, create_campaign, edit_scope, start_campaign
from reviews.campaigns.populate import populate_campaign
from reviews.models import Campaign
from reviews.quarters import quarter_of
from reviews.reminders import alarms, prepare_quarter, send_digests
from tenancy.models import Organization
from tenancy.scope import Scope
from tests.reviews.world import changed, grant, person, person_of, snapshot, system
from workflow.inbox import inbox_of
from workflow.models import OutboxMessage

SUMMER = dt.date(2026, 7, 10)


@pytest.fixture(autouse=True)
def _old_organization(in_acme: Scope, acme: Organization) -> None:
    Organization.objects.filter(pk=acme.pk).update(created_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    acme.refresh_from_db()


@pytest.fixture
def last(in_acme: Scope, manager: Member, reviewer: Member) -> Campaign:
    """The third quarter's review, under way; Okta asks the backup first in it, GitHub is retired since."""
    okta = system("Okta", owner=person_of(reviewer), backup_reviewer=person_of(manager), reviewer_order=["system_owner"])
    github = system("GitHub", owner=person_of(reviewer), reviewer_order=["system_owner"])
    for one in (okta, github):
        snapshot(one, [grant(person(f"Ada {one.name}"))])
    campaign = create_campaign(quarter=quarter_of(SUMMER), systems=[okta, github], actor=manager, instructions="Look twice.")
    scoped = campaign.scope.select_related("campaign", "system", "snapshot").get(system=okta)
    edit_scope(scoped, snapshot=scoped.snapshot, reviewer_order=["backup", "system_owner"], actor=manager)
    start_campaign(campaign, actor=manager)
    populate_campaign(campaign, actor=manager)
    changed(github, status="retired")
    return campaign.refreshed()


def prepared() -> list[Campaign]:
    return list(Campaign.objects.filter(prepared_automatically=True).order_by("period_from"))


def utc(*when: int) -> dt.datetime:
    return dt.datetime(*when, tzinfo=dt.UTC)  # type: ignore[arg-type, misc]


def test_the_draft_appears_on_the_first_day_of_the_quarter_where_the_organization_lives(
    acme: Organization, last: Campaign
) -> None:
    prepare_quarter(acme, utc(2026, 10, 1, 3, 59))  # still 30 September in New York
    assert prepared() == []
    prepare_quarter(acme, utc(2026, 10, 1, 4, 0))
    (draft,) = prepared()
    assert (draft.period_from, draft.period_to, draft.due_on) == (
        dt.date(2026, 10, 1),
        dt.date(2026, 12, 31),
        dt.date(2026, 10, 30),
    )
    assert (draft.status, draft.instructions) == ("draft", "Look twice.")


def test_it_takes_the_systems_still_in_use_with_their_order_of_reviewers(acme: Organization, last: Campaign) -> None:
    prepare_quarter(acme, utc(2026, 10, 1, 12))
    scope = prepared()[0].scope.values_list("system__name", "reviewer_order")
    assert list(scope) == [("Okta", ["backup", "system_owner"])]


def test_it_is_prepared_once_and_the_compliance_manager_told_once(acme: Organization, last: Campaign, manager: Member) -> None:
    for hour in range(4, 10):
        prepare_quarter(acme, utc(2026, 10, 1, hour))
    assert len(prepared()) == 1
    (message,) = OutboxMessage.objects.filter(key__startswith="quarter-prepared:")
    assert message.to == manager.email
    assert "Okta" in message.text
    assert f"/o/acme/reviews/{prepared()[0].pk}/" in message.text


def test_a_host_that_was_down_on_the_first_day_catches_up(acme: Organization, last: Campaign) -> None:
    prepare_quarter(acme, utc(2026, 10, 9, 12))
    assert [draft.period_from for draft in prepared()] == [dt.date(2026, 10, 1)]


def test_the_year_changes_at_local_midnight(acme: Organization, last: Campaign) -> None:
    prepare_quarter(acme, utc(2027, 1, 1, 4, 59))
    assert [draft.quarter for draft in prepared()] == ["2026-Q4"]
    prepare_quarter(acme, utc(2027, 1, 1, 5, 0))
    assert [draft.quarter for draft in prepared()] == ["2026-Q4", "2027-Q1"]


@pytest.mark.parametrize(("moment", "expected"), [((2027, 4, 1, 3, 59), "2027-Q1"), ((2027, 4, 1, 4, 0), "2027-Q2")])
def test_daylight_saving_moves_the_instant(acme: Organization, last: Campaign, moment: tuple[int, ...], expected: str) -> None:
    prepare_quarter(acme, utc(*moment))
    assert [draft.quarter for draft in prepared()] == [expected]


def test_one_that_was_made_by_hand_is_enough(acme: Organization, last: Campaign, manager: Member) -> None:
    systems = [part.system for part in last.scope.filter(system__status="active")]
    create_campaign(quarter=quarter_of(dt.date(2026, 10, 2)), systems=systems, actor=manager)
    prepare_quarter(acme, utc(2026, 10, 3, 12))
    assert prepared() == []


def test_one_that_was_cancelled_does_not_come_back(acme: Organization, last: Campaign, manager: Member) -> None:
    prepare_quarter(acme, utc(2026, 10, 1, 12))
    cancel_campaign(prepared()[0], actor=manager, reason="Done elsewhere")
    prepare_quarter(acme, utc(2026, 10, 2, 12))
    assert len(prepared()) == 1


def test_without_a_review_before_there_is_nothing_to_prepare_from(acme: Organization, in_acme: Scope) -> None:
    prepare_quarter(acme, utc(2026, 10, 1, 12))
    assert prepared() == []


def test_the_alarm_rises_on_day_15_of_a_quarter_that_has_not_started(acme: Organization, last: Campaign) -> None:
    prepare_quarter(acme, utc(2026, 10, 1, 12))
    assert alarms(acme, utc(2026, 10, 15, 3, 59)) == []
    (alarm,) = alarms(acme, utc(2026, 10, 15, 4, 0))
    assert alarm.title == "The access review of Q4 2026 has not started"
    assert alarm.action == f"Open the draft {prepared()[0].reference}"


def test_the_alarm_is_mailed_once_to_the_compliance_manager(acme: Organization, last: Campaign, manager: Member) -> None:
    changed(last, due_on=dt.date(2026, 12, 30))
    for day in (14, 15, 16, 17):
        send_digests(acme, utc(2026, 10, day, 15))
    (message,) = OutboxMessage.objects.filter(to=manager.email, key__startswith="reminder:")
    assert message.subject == "The access review of Q4 2026 has not started"


def test_there_is_no_alarm_once_the_review_has_started(acme: Organization, last: Campaign) -> None:
    assert alarms(acme, utc(2026, 8, 1, 12)) == []


def test_an_organization_made_after_day_15_is_spared(acme: Organization, in_acme: Scope) -> None:
    Organization.objects.filter(pk=acme.pk).update(created_at=utc(2026, 11, 1))
    acme.refresh_from_db()
    assert alarms(acme, utc(2026, 11, 2, 12)) == []
    assert len(alarms(acme, utc(2027, 1, 16, 12))) == 1


def test_the_alarm_stands_in_the_work_of_who_signs(
    acme: Organization, in_acme: Scope, manager: Member, reviewer: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reviews.reminders.alarm.now", lambda: utc(2026, 11, 20, 12))
    manager.organization.refresh_from_db()
    assert [entry.overdue for entry in inbox_of(manager) if "has not started" in entry.title] == [True]
    assert [entry for entry in inbox_of(reviewer) if "has not started" in entry.title] == []
