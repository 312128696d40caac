"""What Larkfield's systems logged: the numbers that its reports tell, and one alert that nobody has looked at."""

import datetime as dt

import pytest
from django.db.models import Sum

from controls.models import Alert, ControlEvent, EventBatch
from example.dates import Calendar
from example.programme import silent_since
from tenancy.scope import now
from tests.example.test_larkfield import _database, here, made  # noqa: F401 - fixtures

pytestmark = pytest.mark.slow


@pytest.fixture
def calendar(here) -> Calendar:  # noqa: F811
    return Calendar.of(here)


def test_nothing_was_refused(calendar):
    assert EventBatch.objects.aggregate(Sum("refused"), Sum("duplicates")) == {"refused__sum": 0, "duplicates__sum": 0}
    assert ControlEvent.objects.count() > 1000
    assert not ControlEvent.objects.filter(occurred_at__gt=now()).exists()


def test_backups_end_where_their_source_fell_silent(calendar):
    last = ControlEvent.objects.filter(kind="backup").latest("occurred_at")
    assert last.occurred_at.astimezone(calendar.zone).date() == silent_since(calendar) - dt.timedelta(days=1)


def test_one_of_three_alerts_waits_for_a_look(calendar):
    found = {one.rule.name: (one.status, one.seen) for one in Alert.objects.select_related("rule")}
    assert found == {
        "Failed sign-ins from one address": ("looked_at", 6),
        "Failed sign-ins of one user": ("open", 7),
        "Availability below its target": ("looked_at", 1),
    }
