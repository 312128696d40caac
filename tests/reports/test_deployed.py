"""Deployments approved beforehand on the dashboard: what the number rests on stands beside it, and leads to its rows."""

import datetime as dt
import html
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Member
from bench.harness import UNCOUNTED
from changes.deployments.actions import report
from changes.deployments.environments import choose_environments
from changes.models import Deployment, DeploymentBatch
from tests.cast import Cast
from tests.changes.deployments.world import approved, deployed, sha
from tests.reports.world import TODAY, Programme

PAGE = "/o/acme/dashboard/"
LINK = re.compile(r'<a class="small" href="([^"]+)">(\d+) of them ([^<]+)</a>')


@pytest.fixture
def reported(programme: Programme) -> None:
    """Three of May, all approved: one on the pipeline's word, one from a file, one there; and one elsewhere, on its word too."""
    noon = dt.datetime.combine(TODAY, dt.time(12), dt.UTC)
    for word in ("a", "c"):
        approved(word)
        deployed(word, at=noon)
    deployed("a", at=noon, id="elsewhere", environment="staging")
    row = {"id": "run-b", "environment": "production", "commit": sha("a"), "deployed_at": noon.isoformat()}
    report([row], source="other", actor=Cast().administrator, via=DeploymentBatch.Via.FILE, name="back.csv")
    Deployment.objects.update(classification="approved_before", notes=[])
    Deployment.objects.filter(external_id__in=["run-a", "elsewhere"]).update(notes=["late", "on_word"])
    choose_environments(["production"], actor=Cast().manager)


def test_what_rests_on_a_word_or_a_file_is_said_and_leads_to_its_rows(
    reported: None, client_of: Callable[[Member], Client], manager: Member
) -> None:
    client = client_of(manager)
    page = client.get(PAGE).content.decode()
    assert "3 of 3 (100 %)" in page
    found = {html.unescape(words): (html.unescape(url), int(number)) for url, number, words in LINK.findall(page)}
    assert set(found) == {"on the pipeline's word", "from imported files"}
    for url, number in found.values():
        rows = client.get(f"{url}&export=csv")
        assert int(rows["X-Table-Rows"]) == number == 1, url
        assert rows.getvalue()


def test_it_is_silent_where_nothing_rests_on_a_word(
    reported: None, client_of: Callable[[Member], Client], manager: Member
) -> None:
    Deployment.objects.update(notes=[])
    Deployment.objects.filter(external_id="run-b").update(classification="emergency")
    assert "of them" not in client_of(manager).get(PAGE).content.decode().split("Deployments approved beforehand")[1][:900]


def test_it_costs_no_further_query(reported: None, client_of: Callable[[Member], Client], manager: Member) -> None:
    client = client_of(manager)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as asked:
        client.get(PAGE)
    assert len([one for one in asked if not one["sql"].lstrip().upper().startswith(UNCOUNTED)]) <= 12
