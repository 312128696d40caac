"""Too little succeeds: told once, over when enough succeeds again, and then told anew."""

import datetime as dt

import pytest

from audit.actors import SCHEDULE
from audit.models import AuditEvent
from incidents.models import SecurityEvent
from processing.alerts.tasks import watch_all
from processing.alerts.watching import watch
from processing.inbox import waiting
from processing.models import ProcessingBreach, ProcessingSchema
from processing.schemas.actions import edit_schema, retire
from tenancy.scope import now
from tests.conftest import commits
from tests.processing.conftest import FITTING

GOOD, BAD = {"operation": "import", "input": FITTING}, {"operation": "import", "input": {}}


@pytest.fixture
def watched(in_acme, schema, manager) -> ProcessingSchema:
    """At least 90 % of ten or more are to succeed."""
    return edit_schema(schema, actor=manager, alert_below=90, alert_least=10, alert_severity="high")


def looked(schema: ProcessingSchema) -> ProcessingBreach | None:
    return watch(ProcessingSchema.objects.get(pk=schema.pk), actor=SCHEDULE)


def test_a_fall_is_reported_once(watched, record, manager, employee):
    record(*[GOOD] * 8, BAD, BAD)
    assert not list(waiting(manager))
    first, second = looked(watched), looked(watched)
    (entry,) = waiting(manager)
    assert entry.title == f"Too little of what “{watched.key}” checks succeeds: below 90 %"
    assert not list(waiting(employee))
    assert first == second == ProcessingBreach.objects.get()
    event = SecurityEvent.objects.get()
    assert (event.source, event.kind, event.severity, event.times_seen) == ("product", "integrity", "high", 1)
    assert "8 of 10 records of the last 24 hours succeeded (80.0 %). The threshold is 90 %." in event.description
    assert AuditEvent.objects.filter(verb="processing_breach.begin").count() == 1


def test_exactly_the_threshold_is_enough(watched, record):
    record(*[GOOD] * 9, BAD)
    assert looked(watched) is None


def test_too_few_say_nothing_until_so_many_failed_that_the_rest_could_not_make_up_for_it(watched, record):
    record(BAD)
    assert looked(watched) is None
    record(BAD)
    breach = looked(watched)
    assert breach is not None, "of ten, eight would succeed at best"
    assert (breach.succeeded, breach.records) == (0, 2)
    record(*[GOOD] * 7)
    assert looked(watched) == breach, "nine records are too few to say that it is over"
    record(GOOD, *[GOOD] * 10)
    assert looked(watched) is None


def test_what_is_older_than_the_span_does_not_count(watched, record):
    old = {"occurred_at": (now() - dt.timedelta(hours=25)).isoformat()}
    record(*[{**BAD, **old}] * 20, *[GOOD] * 10)
    assert looked(watched) is None


def test_it_is_over_when_enough_succeeds_and_told_anew(watched, record):
    record(*[GOOD] * 8, BAD, BAD)
    looked(watched)
    record(*[GOOD] * 10)
    assert looked(watched) is None
    assert ProcessingBreach.objects.get().status == "over"
    record(*[BAD] * 5)
    assert looked(watched) is not None
    assert ProcessingBreach.objects.count() == 2
    assert SecurityEvent.objects.get().times_seen == 2  # the first still waits to be evaluated


@pytest.mark.parametrize("way", ["off", "retired", "gone by"])
def test_it_is_over_when_nothing_is_watched_any_more(way, watched, record, manager, monkeypatch):
    record(*[BAD] * 10)
    looked(watched)
    if way == "off":
        edit_schema(watched, actor=manager, alert_below=None)
    elif way == "retired":
        retire(watched, actor=manager, reason="Replaced")
    else:
        later = now() + dt.timedelta(days=2)
        monkeypatch.setattr("processing.alerts.watching.now", lambda: later)
    assert looked(watched) is None
    assert ProcessingBreach.objects.get().status == "over"


def test_requests_and_the_schedule_look(watched, record, acme, django_capture_on_commit_callbacks):
    with commits(django_capture_on_commit_callbacks):
        record(*[BAD] * 10)
    assert ProcessingBreach.objects.count() == 1
    watch_all(acme, now())
    assert ProcessingBreach.objects.count() == 1
