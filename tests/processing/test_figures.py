"""What records add up to: worked out by hand, over the span that was asked for, and nothing where nothing was measured."""

import datetime as dt
from typing import Any

import pytest

from bench.harness import counted
from processing.records.figures import Figures, between, by_schema, figures_of, percent, steps
from tenancy.scope import now
from tests.api.conftest import Program, make_token
from tests.cast import signed_in
from tests.processing.conftest import FITTING


def item(status: str = "success", *, hours: float = 1, ms: float | None = None, fits: bool = True) -> dict[str, Any]:
    at = now() - dt.timedelta(hours=hours)
    timed = {} if ms is None else {"duration_ms": ms}
    return {"operation": "import", "input": FITTING if fits else {}, "status": status, "occurred_at": at.isoformat(), **timed}


@pytest.fixture
def week(record) -> None:
    """Ten of the last day, one of them late, and one of three days ago."""
    timed = [item(ms=ms) for ms in (10, 20, 30, 40, 100)]
    record(*timed, item("partial"), item("failure"), item(fits=False), item(), item(hours=23), item("failure", hours=72))


def test_rates_mean_and_percentile_of_a_day(week, in_acme):
    end = now()
    found = figures_of(between(end - dt.timedelta(days=1), end))
    assert (found.records, found.succeeded, found.partial, found.failed, found.unfit) == (10, 7, 1, 2, 1)
    assert (found.success_rate, found.error_rate) == (70, 20)
    # 95 % of the way from the first to the fifth of 10, 20, 30, 40, 100: 0.8 of the step from 40 to 100.
    assert (found.timed, found.mean) == (5, 40)
    assert found.p95 == pytest.approx(88)


def test_without_records_there_is_no_rate(in_acme, schema):
    found = figures_of(between(now() - dt.timedelta(days=1), now()))
    assert (found.success_rate, found.error_rate, found.mean, found.p95) == (None, None, None, None)
    assert (found.success_words, found.mean_words) == ("", "Not measured")


@pytest.mark.parametrize(
    ("part", "whole", "upwards", "words"),
    [
        (9999, 10_000, False, "99.9 %"),
        (1, 10_000, True, "0.1 %"),
        (5, 5, False, "100.0 %"),
        (0, 5, True, "0.0 %"),
        (0, 0, False, ""),
    ],
)
def test_only_all_is_a_hundred_percent(part, whole, upwards, words):
    assert percent(part, whole, upwards=upwards) == words


def test_hours_without_records_are_there_and_empty(week, acme, in_acme):
    end = now()
    rows = between(end - dt.timedelta(hours=24), end)
    found = steps(rows, end - dt.timedelta(hours=24), end, acme)
    assert len(found) == 25 if end.minute or end.second or end.microsecond else 24
    assert sum(one.figures.records for one in found) == 10
    assert Figures() in [one.figures for one in found]


def test_a_day_of_25_hours_is_one_day(record, acme, in_acme):
    """In New York the clock goes back on 1 November 2026."""
    begin, end = dt.datetime(2026, 10, 25, 4, tzinfo=dt.UTC), dt.datetime(2026, 11, 3, 5, tzinfo=dt.UTC)
    found = steps(between(begin, end), begin, end, acme)
    assert [one.begins.astimezone(acme.tzinfo).strftime("%m-%d %H") for one in found][6:9] == ["10-31 00", "11-01 00", "11-02 00"]
    assert len(found) == 9


def test_the_api_tells_the_same(week, manager, schema):
    program = Program(make_token(manager, "processing.read")[1])
    day = program.get("processing-records/figures").json()
    assert (day["records"], day["success_rate"], day["p95"]) == (10, 70, pytest.approx(88))
    assert day["schemas"]["ticket"]["failed"] == 2
    assert program.get("processing-records/figures?hours=100").json()["records"] == 11
    for wrong in (
        "hours=0",
        "hours=x",
        "hours=99999999",
        "hours=0000019999999999",
        "until=yesterday",
        "until=2026-01-01T00:00:00",
        "since=1",
    ):
        assert program.get(f"processing-records/figures?{wrong}").status_code == 400


def test_each_schema_by_itself(week, in_acme, schema):
    found = by_schema(between(now() - dt.timedelta(days=7), now()))
    assert found[schema.pk].records == 11


def test_the_page_counts_in_few_queries(week, manager, acme, schema):
    client = signed_in(manager)
    with counted() as counter:
        page = client.get("/o/acme/processing/?hours=168")
    assert counter.count <= 20
    text = page.content.decode()
    for words in ("7 of 11 records", "63.6 %", "3 failed, 1 of them did not fit"):
        assert words in text
    day = client.get(f"/o/acme/processing/?schema={schema.pk}&hours=oops").content.decode()
    assert "70.0 %" in day


def test_an_organization_without_schemas_is_told_what_it_is_for(viewer):
    assert "Nothing is validated here yet" in signed_in(viewer).get("/o/acme/processing/").content.decode()


def test_a_small_schema_that_fails_is_named_beside_the_figure_of_all(record, schema, viewer):
    record(item("failure"), item("failure"), item())
    page = signed_in(viewer).get("/o/acme/processing/").content.decode()
    assert "Less succeeds than is to" in page
    assert "33.3 % (1 of 3 records) in the last 24 hours; it is to be 95 %." in page


def test_a_figure_leads_to_the_records_that_it_counts(week, viewer, schema):
    link = f"/o/acme/processing/records/?schema={schema.pk}&amp;last=24"
    reads = signed_in(viewer)
    assert link in reads.get("/o/acme/processing/?hours=24").content.decode()
    shown = reads.get(link.replace("&amp;", "&")).content.decode()
    assert shown.count(" data-row") == 10
