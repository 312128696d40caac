"""Reminders by fixed clocks: whom, when, how often, and what they count."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Member
from audit.models import AuditEvent
from inventory.models import Person
from reviews.deciding.actions import decide
from reviews.deciding.rules import Choice
from reviews.models import Campaign, Item
from reviews.reminders import remind_reviewer, send_digests
from tenancy.models import Organization
from tenancy.scope import Scope
from tests.reviews.world import changed, grant, person, person_of, snapshot, started, system
from ui.refusals import ActionRefused
from workflow.inbox import inbox_of
from workflow.models import OutboxMessage

NEW_YORK = ZoneInfo("America/New_York")


def at(organization: Organization, day: dt.date, hour: int = 9, minute: int = 0) -> dt.datetime:
    """A local time as the clock of the worker has it."""
    return dt.datetime.combine(day, dt.time(hour, minute), organization.tzinfo).astimezone(dt.UTC)


@pytest.fixture(autouse=True)
def _old_organization(in_acme: Scope, acme: Organization) -> None:
    """It was there before the quarter, as far as the alarm is concerned."""
    Organization.objects.filter(pk=acme.pk).update(created_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    acme.refresh_from_db()


@pytest.fixture
def campaign(in_acme: Scope, manager: Member, reviewer: Member) -> Campaign:
    """Two open items with the reviewer, due far enough from the start for every reminder."""
    okta = system("Okta", owner=person_of(reviewer), reviewer_order=["system_owner"])
    snapshot(okta, [grant(person("Ada Long")), grant(person("Ben Short"), role="Admin")])
    made = started(okta, actor=manager)
    due = made.started_at.astimezone(NEW_YORK).date() + dt.timedelta(days=20)  # type: ignore[union-attr]
    changed(made, due_on=due)
    return made.refreshed()


@pytest.fixture
def boss(in_acme: Scope, reviewer: Member, approver: Member) -> Member:
    """The reviewer's manager."""
    changed(person_of(reviewer), manager=person_of(approver))
    return approver


def mails(member: Member) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(to=member.email, key__startswith="reminder:").order_by("created_at"))


def days(campaign: Campaign, first: int, last: int) -> Iterator[dt.date]:
    """Days relative to the due date."""
    for number in range(first, last + 1):
        yield campaign.due_on + dt.timedelta(days=number)


def test_a_reviewer_is_reminded_14_7_and_1_days_before_and_daily_after(
    acme: Organization, campaign: Campaign, reviewer: Member
) -> None:
    written = []
    for day in days(campaign, -19, 3):
        before = len(mails(reviewer))
        for hour in (9, 12, 18):
            send_digests(acme, at(acme, day, hour))
        if len(mails(reviewer)) > before:
            assert len(mails(reviewer)) == before + 1
            written.append((day - campaign.due_on).days)
    assert written == [-14, -7, -1, 1, 2, 3]


def test_nothing_is_sent_before_seven_in_the_morning_of_the_organization(
    acme: Organization, campaign: Campaign, reviewer: Member
) -> None:
    day = campaign.due_on - dt.timedelta(days=14)
    send_digests(acme, at(acme, day, 6, 59))
    assert mails(reviewer) == []
    send_digests(acme, at(acme, day, 7, 0))
    assert len(mails(reviewer)) == 1


def test_a_host_that_was_down_makes_up_for_it_once(acme: Organization, campaign: Campaign, reviewer: Member) -> None:
    for day in days(campaign, -12, -8):
        send_digests(acme, at(acme, day))
    assert [message.key[-10:] for message in mails(reviewer)] == [str(campaign.due_on - dt.timedelta(days=12))]


def test_who_has_decided_everything_is_left_alone(acme: Organization, campaign: Campaign, reviewer: Member) -> None:
    for item in Item.objects.filter(campaign=campaign):
        decide(item, Choice("retain", reason="Needed"), actor=reviewer)
    send_digests(acme, at(acme, campaign.due_on - dt.timedelta(days=1)))
    assert mails(reviewer) == []


def test_the_mail_counts_what_my_work_counts(acme: Organization, campaign: Campaign, reviewer: Member) -> None:
    send_digests(acme, at(acme, campaign.due_on - dt.timedelta(days=7)))
    (message,) = mails(reviewer)
    assert f"{sum(entry.count for entry in inbox_of(reviewer))} things wait for you" in message.text
    assert "2 decisions are waiting for you" in message.subject
    assert f"/o/acme/reviews/{campaign.pk}/decide/" in message.text


def test_a_reminder_is_recorded_on_the_review(acme: Organization, campaign: Campaign, reviewer: Member) -> None:
    send_digests(acme, at(acme, campaign.due_on - dt.timedelta(days=7)))
    event = AuditEvent.objects.get(verb="campaign.remind", object_id=campaign.pk)
    assert event.data["metadata"]["reminded"] == [reviewer.email]


def test_three_days_late_the_manager_is_told_once(acme: Organization, campaign: Campaign, boss: Member) -> None:
    for day in days(campaign, 1, 6):
        send_digests(acme, at(acme, day))
    (message,) = mails(boss)
    assert message.key.endswith(str(campaign.due_on + dt.timedelta(days=3)))
    assert "Reviewer Acme: 2 decisions in" in message.text
    assert "3 days late" in message.text


def test_seven_days_late_the_compliance_manager_is_told(
    acme: Organization, campaign: Campaign, boss: Member, manager: Member
) -> None:
    late: list[dt.date] = []
    for day in days(campaign, 1, 8):
        send_digests(acme, at(acme, day))
        if mails(manager) and not late:
            late.append(day)
    assert late == [campaign.due_on + dt.timedelta(days=7)]
    assert "7 days late" in mails(manager)[0].text


def test_without_a_manager_the_compliance_manager_is_told_after_three_days(
    acme: Organization, campaign: Campaign, manager: Member
) -> None:
    send_digests(acme, at(acme, campaign.due_on + dt.timedelta(days=3)))
    assert len(mails(manager)) == 1


def test_a_day_is_late_only_when_it_has_ended_where_the_organization_lives(
    acme: Organization, campaign: Campaign, reviewer: Member
) -> None:
    end = at(acme, campaign.due_on, 23, 59)
    assert end.date() > campaign.due_on
    send_digests(acme, at(acme, campaign.due_on - dt.timedelta(days=1)))
    send_digests(acme, end)
    assert len(mails(reviewer)) == 1


def test_on_demand_it_is_one_mail_a_day(campaign: Campaign, manager: Member, reviewer: Member) -> None:
    remind_reviewer(campaign, person_of(reviewer), manager)
    assert len(mails(reviewer)) == 1
    with pytest.raises(ActionRefused, match="reminded today already"):
        remind_reviewer(campaign, person_of(reviewer), manager)
    event = AuditEvent.objects.get(verb="campaign.remind", object_id=campaign.pk)
    assert (event.actor_id, event.data["metadata"]["open"]) == (manager.pk, 2)


@pytest.mark.parametrize("case", ["no role", "nothing open", "no account", "signed off"])
def test_on_demand_it_says_why_not(case: str, campaign: Campaign, manager: Member, reviewer: Member, employee: Member) -> None:
    who: Any = person_of(reviewer)
    actor = employee if case == "no role" else manager
    expected = {
        "no role": "role",
        "nothing open": "decided everything",
        "no account": "no account",
        "signed off": "nothing to remind",
    }
    if case == "nothing open":
        who = person_of(manager)
    if case == "no account":
        changed(who, member=None)
    if case == "signed off":
        campaign.status = Campaign.Status.SIGNED_OFF
    with pytest.raises(ActionRefused, match=expected[case]):
        remind_reviewer(campaign, Person.objects.get(pk=who.pk), actor)
