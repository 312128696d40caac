"""The days of the example hold on any day on which somebody sets it up."""

import datetime as dt

import pytest

from example.dates import Calendar
from tenancy.models import Organization

DAYS = [dt.date(2026, 1, 1) + dt.timedelta(days=7 * week) for week in range(105)]


@pytest.mark.parametrize("today", DAYS)
def test_exports_reviews_and_grants_follow_one_another(today, monkeypatch):
    organization = Organization(slug="larkfield", zone="America/New_York")
    monkeypatch.setattr(Organization, "today", lambda self: today)
    calendar = Calendar.of(organization)
    assert calendar.third.next() == calendar.fourth
    assert calendar.fourth.first <= calendar.fourth_due < today
    assert calendar.third_export(7).date() < calendar.third.last < today
    oldest_grant = today - dt.timedelta(days=320)
    assert oldest_grant < calendar.third_export(0).date()
    left = calendar.roster.left_on("mei.lin")
    assert left is not None
    assert calendar.third_export(7).date() < left < today
