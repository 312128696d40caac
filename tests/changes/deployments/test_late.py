"""The moment that a pipeline states is its word: what was reported late is named, and what rests on it is marked."""

import datetime as dt

import pytest

from changes.deployments.actions import report
from changes.deployments.carrying import PIPELINE
from changes.deployments.coverage import coverage
from changes.deployments.environments import choose_environments
from changes.deployments.population import deployed as population
from changes.deployments.reconcile import for_all
from changes.lifecycle import actions
from changes.models import Change, Deployment, DeploymentBatch
from tenancy.models import current_organization
from tenancy.scope import now
from tests.cast import Cast
from tests.changes.deployments.world import MINUTE, approved, deployed, sha

pytestmark = pytest.mark.usefixtures("in_acme")

HOUR = 60 * MINUTE


def approved_since(hours: int, **facts) -> Change:
    """`a`, approved so many hours ago."""
    change = approved("a", **facts)
    at = now() - hours * HOUR
    Change.objects.filter(pk=change.pk).update(approved_at=at, approved_until=at + dt.timedelta(days=30))
    return change


def told(one: Deployment) -> tuple[str, list[str]]:
    return one.classification, one.notes


def test_a_deployment_that_is_reported_within_the_hour_is_not_late():
    approved_since(3)
    assert told(deployed("a", at=now() - 59 * MINUTE)) == ("approved_before", [])


def test_a_deployment_that_is_reported_more_than_an_hour_afterwards_is_named():
    approved_since(3)
    one = deployed("a", at=now() - 61 * MINUTE)
    assert told(one) == ("approved_before", ["late"])
    assert told(deployed("b", at=now() - 61 * MINUTE)) == ("unmatched", ["late"])
    for_all(actor=PIPELINE)
    one.refresh_from_db()
    assert told(one) == ("approved_before", ["late"]), "when it was received is what it is compared with, not today"


def test_a_deployment_that_is_dated_back_into_a_window_rests_on_the_word_of_its_pipeline():
    change = approved_since(3, window_from=now() - 40 * MINUTE, window_until=now() - 20 * MINUTE)
    one = deployed("a", at=now() - 30 * MINUTE)
    assert told(one) == ("approved_before", ["late", "on_word"])
    assert one.word_badge is not None
    assert one.word_badge.label == "On the pipeline's word"
    change.refresh_from_db()
    assert change.status == "implemented"


def test_a_deployment_that_is_dated_back_before_the_end_of_its_change_rests_on_the_word_of_its_pipeline():
    change = approved("a")
    before = now()
    actions.implement(change, actor=Cast().manager)
    actions.close(change, actor=Cast().manager)
    assert told(deployed("a", at=before)) == ("approved_before", ["late", "on_word"])


def test_a_deployment_that_is_dated_back_before_an_expiry_rests_on_the_word_of_its_pipeline():
    change = approved("a")
    Change.objects.filter(pk=change.pk).update(approved_at=now() - HOUR, approved_until=now() - 10 * MINUTE)
    assert told(deployed("a", at=now() - 20 * MINUTE)) == ("approved_before", ["late", "on_word"])


def test_what_was_approved_between_its_moment_and_its_report_is_late():
    """And no better for it: it went before the approval, as its pipeline says itself."""
    approved("a")
    assert told(deployed("a", at=now() - 5 * MINUTE)) == ("approved_after", ["late"])


def test_a_clock_that_is_ahead_makes_nothing_better():
    """It was reported before it was approved, whatever it states."""
    one = deployed("a", at=now() + 4 * MINUTE)
    change = approved("a")
    Change.objects.filter(pk=change.pk).update(approved_at=now() + MINUTE)
    for_all(actor=PIPELINE)
    one.refresh_from_db()
    assert told(one) == ("approved_after", [])


def test_of_an_imported_file_all_came_later_and_that_is_said_once():
    approved_since(9, window_from=now() - 8 * HOUR, window_until=now() - 6 * HOUR)
    item = {"id": "1", "environment": "production", "commit": sha("a"), "deployed_at": (now() - 7 * HOUR).isoformat()}
    report([item], source="other", actor=Cast().administrator, via=DeploymentBatch.Via.FILE, name="2026.csv")
    assert told(Deployment.objects.get()) == ("approved_before", [])
    today = current_organization().today()
    first = today - dt.timedelta(days=1)
    assert coverage(first, today).from_files == 1
    table = population(first, today)
    assert "1 of them came in imported files: when these were deployed is what their files say." in table.notes
    (row,) = table.rows
    assert row[-1] == "2026.csv"


def test_lateness_and_words_are_counted_filtered_and_exported(client_of, manager):
    approved_since(3, window_from=now() - 40 * MINUTE, window_until=now() - 20 * MINUTE)
    one = deployed("a", at=now() - 30 * MINUTE)
    today = current_organization().today()
    assert coverage(today - dt.timedelta(days=1), today).notes["on_word"] == 1
    client = client_of(manager)
    for path in ("", "?note=late", "?note=on_word", f"{one.pk}/"):
        text = client.get(f"/o/acme/changes/deployments/{path}").content.decode()
        assert "On the pipeline&#x27;s word</span>" in text, path
    assert "rests on the moment that the pipeline stated" in text
    exported = client.get("/o/acme/changes/deployments/?export=csv")
    assert b"Reported late, On the pipeline's word" in b"".join(exported.streaming_content)
    exported.close()


def a_month() -> tuple[dt.date, dt.date]:
    today = current_organization().today()
    return today - dt.timedelta(days=1), today


def one_on_word() -> Deployment:
    approved_since(3, window_from=now() - 40 * MINUTE, window_until=now() - 20 * MINUTE)
    return deployed("a", at=now() - 30 * MINUTE)


def one_from_a_file() -> None:
    item = {"id": "9", "environment": "production", "commit": sha("b"), "deployed_at": (now() - 20 * MINUTE).isoformat()}
    change = approved("b")
    Change.objects.filter(pk=change.pk).update(approved_at=now() - HOUR)
    report([item], source="other", actor=Cast().administrator, via=DeploymentBatch.Via.FILE, name="back.csv")


def test_the_coverage_says_beside_its_figure_what_rests_on_the_word_of_a_pipeline(client_of, manager):
    one_on_word()
    first, last = a_month()
    text = client_of(manager).get(f"/o/acme/changes/deployments/coverage/?from={first}&to={last}").content.decode()
    assert "were approved beforehand, 1 of them on the pipeline&#x27;s word." in text
    assert coverage(first, last).on_word == 1


def test_an_agreed_emergency_is_not_among_those_approved_beforehand_on_word():
    one = one_on_word()
    Deployment.objects.filter(pk=one.pk).update(classification="emergency")
    found = coverage(*a_month())
    assert (found.beforehand, found.on_word, sum(found.words.values())) == (0, 0, 1)


def test_rows_from_files_and_those_that_count_are_found_by_their_address(client_of, manager):
    one_on_word()
    one_from_a_file()
    deployed("c", environment="staging")
    choose_environments(["production"], actor=Cast().manager)
    client = client_of(manager)
    for query, expected in (("via=file", 1), ("via=api", 2), ("counts=yes", 2), ("", 3), ("counts=yes&note=on_word", 1)):
        answer = client.get(f"/o/acme/changes/deployments/?export=csv&{query}")
        assert int(answer["X-Table-Rows"]) == expected, query
        assert answer.getvalue()
