"""Somebody who is no member asks again and again: the trail keeps who and how often, and is not filled."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from accounts.knocking import HOUR, MOST, tell_the_rest
from accounts.models import Member
from audit.models import AuditEvent
from audit.sentences import about
from incidents.models import SecurityEvent
from incidents.reporting.denials import watch_denials
from tenancy.models import Organization
from tenancy.scope import now, tenant
from tests.accounts.signing_in import sign_in
from tests.cast import Cast, signed_in


@pytest.fixture
def stranger(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.of("globex", "employee").user)


@pytest.fixture(autouse=True)
def hour(monkeypatch: pytest.MonkeyPatch) -> dict[str, dt.datetime]:
    """All of it within one hour, however the clock stands when the test begins."""
    clock = {"now": now().replace(minute=20)}
    monkeypatch.setattr("accounts.knocking.now", lambda: clock["now"])
    return clock


def knock(client: Client, times: int, status: int = 404) -> None:
    for number in range(times):
        assert client.get(f"/o/acme/{number}/").status_code == status


def denials(organization: Organization) -> list[AuditEvent]:
    with tenant(organization):
        return list(AuditEvent.objects.filter(verb="access.deny").order_by("at"))


def after(organization: Organization, at: dt.datetime) -> list[AuditEvent]:
    """The denials once the hour of that moment is over."""
    with tenant(organization):
        tell_the_rest(organization, at + HOUR)
    return denials(organization)


def test_the_first_tries_have_an_event_each_and_the_rest_one_that_counts(stranger: Client, acme: Organization, hour: Any):
    knock(stranger, MOST + 7)
    assert len(denials(acme)) == MOST
    *_, told = after(acme, hour["now"])
    assert told.data["metadata"] == {"more": 7, "from": hour["now"].replace(minute=0, second=0, microsecond=0).isoformat()}
    assert (told.actor_name, told.result) == ("Employee Globex", "failure")
    assert about(told).startswith("7 more times in the hour from ")


def test_it_is_told_once_and_when_the_hour_is_over(stranger: Client, acme: Organization, hour: Any):
    knock(stranger, MOST + 1)
    assert len(after(acme, hour["now"] - HOUR)) == MOST
    assert len(after(acme, hour["now"])) == len(after(acme, hour["now"])) == MOST + 1


def test_nothing_is_told_of_somebody_who_asked_no_more_than_that(stranger: Client, acme: Organization, hour: Any):
    knock(stranger, MOST)
    assert len(after(acme, hour["now"])) == MOST


def test_the_next_hour_and_another_account_have_events_of_their_own(stranger: Client, cast: Cast, acme: Organization, hour: Any):
    knock(stranger, MOST + 1)
    knock(signed_in(cast.of("globex", "manager")), 1)
    hour["now"] += HOUR
    knock(stranger, 1)
    assert len(denials(acme)) == MOST + 2


def test_a_former_member_does_not_fill_it_either_and_reads_why(cast: Cast, acme: Organization):
    Member.objects.filter(pk=cast.auditor.pk).update(access_ends_on=dt.date(2026, 3, 31))
    knock(signed_in(cast.auditor), MOST + 1, status=403)
    assert len(denials(acme)) == MOST


def test_the_security_event_has_the_number(stranger: Client, acme: Organization, hour: Any):
    knock(stranger, MOST + 30)
    after(acme, hour["now"])
    with tenant(acme):
        watch_denials(acme, now())
        assert SecurityEvent.objects.get(reported_as="Access log").title.endswith(f"refused {MOST + 30} times within an hour")


def test_the_access_log_shows_what_was_counted(stranger: Client, cast: Cast, acme: Organization, hour: Any):
    knock(stranger, MOST + 3)
    after(acme, hour["now"])
    assert "3 more times in the hour from" in signed_in(cast.manager).get("/o/acme/audit/access/").content.decode()
