"""Deployments without approval raise a finding, once."""

import datetime as dt

import pytest

from changes.deployments import actions, findings
from changes.deployments.environments import choose_environments
from changes.deployments.findings import GRACE, MANY, raise_findings
from changes.deployments.periodic import settle
from changes.models import Deployment, DeploymentFinding
from controls.catalogue.adopting import adopt
from controls.models import Finding
from tenancy.scope import now
from tests.cast import Cast
from tests.changes.deployments.world import MINUTE, approved, deployed, reported, sha, sql

pytestmark = pytest.mark.usefixtures("in_acme")


def later() -> dt.datetime:
    return now() + GRACE + MINUTE


def test_each_without_approval_raises_one_finding_once(acme, manager):
    (control,) = adopt(["CHG-004"], actor=manager, in_scope_since=acme.today())
    approved("a")
    deployed("a")
    one = deployed("b", service="billing", deployed_by="deploy-bot")
    for _ in range(2):
        raise_findings(acme, later())
    found = Finding.objects.get()
    assert found.title == "Deployment of billing to production that belongs to no change"
    assert (found.severity, found.control, found.link) == ("high", control, one.get_absolute_url())
    assert DeploymentFinding.objects.get().deployment == one


def test_a_webhook_may_come_an_hour_later(acme):
    deployed("b")
    raise_findings(acme, now())
    assert not Finding.objects.exists()


def test_many_at_once_are_one_finding_with_a_list(acme):
    at = (now() - MINUTE).isoformat()
    reported([{"id": f"{n}", "environment": "production", "commit": sha(f"{n}"), "deployed_at": at} for n in range(MANY + 1)])
    raise_findings(acme, later())
    found = Finding.objects.get()
    assert found.title == f"{MANY + 1} deployments without an approved change"
    assert DeploymentFinding.objects.filter(finding=found).count() == MANY + 1


def test_an_environment_that_does_not_count_raises_nothing(acme, manager):
    choose_environments(["Production "], actor=manager)
    deployed("b", environment="staging")
    raise_findings(acme, later())
    assert not Finding.objects.exists()


def test_the_schedule_finds_what_was_written_at_the_same_moment(acme, monkeypatch):
    """A report and an approval that do not see each other, as their transactions run side by side."""
    change = approved("a")
    monkeypatch.setattr(actions, "carry_out", lambda *_args, **_kwargs: 0)
    one = deployed("a")
    aside = "UPDATE changes_deployment SET classification = 'unmatched', reason = 'no_change', change_id = NULL, matched_by = ''"
    sql(aside)
    for _ in range(2):
        settle(acme, now())
        one.refresh_from_db()
        change.refresh_from_db()
        assert (one.classification, change.status, change.implemented_at) == ("approved_before", "implemented", one.deployed_at)


def test_a_second_run_at_the_same_time_finds_nothing_to_do(acme, monkeypatch):
    deployed("b")
    findings._raise(acme, later())
    raise_findings(acme, later())
    assert Finding.objects.count() == 1
    assert Cast().manager.organization == acme
    assert Deployment.objects.count() == 1
