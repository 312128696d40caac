"""Medians and 90th percentiles against figures worked out by hand; what is not recorded is counted apart."""

import datetime as dt
from typing import Any

import pytest

from incidents.lifecycle import actions as lifecycle
from incidents.measures.reading import measures
from incidents.models import Incident
from incidents.reporting.actions import open_incident
from tenancy.scope import now
from tests.api.conftest import Program, make_token

pytestmark = pytest.mark.usefixtures("in_acme")
MINUTE = dt.timedelta(minutes=1)


def opened(manager, minutes: int | None, severity: str = "high", **facts: Any) -> Incident:
    """One that was detected two hours ago, and resolved so many minutes later."""
    begun = now() - 120 * MINUTE
    one = open_incident(actor=manager, title="Down", severity=severity, detected_at=begun, assigned_to=manager, **facts)
    lifecycle.acknowledge(one, actor=manager, at=begun + 5 * MINUTE)
    if minutes is not None:
        lifecycle.resolve(one, actor=manager, resolution="Up", at=begun + minutes * MINUTE)
    return one


def of(found, stage: str):
    return next(one for one in found.whole.measures if one.stage == stage)


def test_median_and_90th_percentile_are_interpolated_and_what_is_open_is_counted_apart(acme, manager):
    for minutes in (10, 20, 30, 40, 100):
        opened(manager, minutes)
    opened(manager, None, severity="low")
    lifecycle.dismiss(opened(manager, None), actor=manager, reason="A drill")
    found = measures(manager, acme.today() - dt.timedelta(days=1), acme.today())
    resolve = of(found, "resolve")
    # Of 10, 20, 30, 40, 100 the middle is 30; nine tenths of the way from the first to the fifth is 40 + 0.6 * 60 = 76.
    assert (resolve.median, resolve.ninetieth) == (pytest.approx(30 * 60), pytest.approx(76 * 60))
    assert (resolve.recorded, resolve.not_recorded, found.whole.incidents) == (5, 1, 6)
    assert (resolve.median_words, of(found, "acknowledge").median_words) == ("30 min", "5 min")
    contain = of(found, "contain")
    assert (contain.median, contain.ninetieth, contain.median_words, contain.recorded) == (None, None, "Not recorded", 0)
    assert [(row.label, row.incidents) for row in found.by_severity] == [("High", 5), ("Low", 1)]
    assert [row.incidents for row in found.by_month] == [6]
    month = f"{now():%Y-%m}"
    assert [(row.key, row.incidents) for row in found.by_month_and_severity] == [(f"{month} high", 5), (f"{month} low", 1)]
    assert [row.measures[3].ninetieth for row in found.by_month_and_severity] == [pytest.approx(76 * 60), None]
    assert found.by_severity[1].measures[3].median is None


def test_who_does_not_see_a_confidential_one_does_not_count_it(acme, manager, approver):
    opened(manager, 10)
    opened(manager, 50, confidential=True)
    days = (acme.today() - dt.timedelta(days=1), acme.today())
    assert (measures(manager, *days).whole.incidents, measures(approver, *days).whole.incidents) == (2, 1)
    assert of(measures(approver, *days), "resolve").median == pytest.approx(600)


def test_without_incidents_there_are_no_figures(acme, manager):
    found = measures(manager, acme.today(), acme.today())
    assert (found.whole.incidents, found.by_severity, found.by_month) == (0, [], [])
    assert {one.median for one in found.whole.measures} == {None}


def test_the_page_and_the_api_tell_each_month_by_severity(acme, manager, client_of):
    opened(manager, 10)
    opened(manager, 30, severity="low")
    page = client_of(manager).get("/o/acme/incidents/measures/").content.decode()
    month = f"{acme.today():%B %Y}"
    assert page.index("By month and severity") < page.index(f"{month}, high") < page.index(f"{month}, low")
    said = Program(make_token(manager)[1]).get("incidents/measures").json()["by_month_and_severity"]
    assert [(one["key"], one["measures"][3]["median"]) for one in said] == [
        (f"{acme.today():%Y-%m} high", pytest.approx(600)),
        (f"{acme.today():%Y-%m} low", pytest.approx(1800)),
    ]
