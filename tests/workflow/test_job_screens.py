"""Jobs on screen: one's own, moving until they are over; and the watchdog over silent ones."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import Member
from tenancy.models import Organization
from tenancy.scope import Scope, current_tenant_id, now
from workflow.jobs import Work, fail_silent, start_job
from workflow.models import Job


@pytest.fixture
def job(in_acme: Scope, manager: Member) -> Job:
    return start_job("snapshot.import", title="Importing okta.csv", actor=manager)


def get(client: Client, job: Job, **headers: str) -> str:
    return client.get(f"/o/acme/work/jobs/{job.pk}/", headers=headers).content.decode()


def test_a_running_job_is_asked_about_every_second(job: Job, manager: Member, client_of: Callable[[Member], Client]) -> None:
    Job.objects.filter(pk=job.pk).update(status="running")
    Work(job.pk, current_tenant_id()).progress(30, 120)
    page = get(client_of(manager), job)
    assert 'hx-trigger="every 1s"' in page
    assert 'value="30" max="120"' in page
    part = get(client_of(manager), job, HX_Request="true")
    assert "<html" not in part
    assert 'value="30" max="120"' in part


def test_a_job_that_is_over_stops_asking_and_leads_to_its_result(
    job: Job, manager: Member, client_of: Callable[[Member], Client]
) -> None:
    Job.objects.filter(pk=job.pk).update(status="done", message="148 rows.", url="/o/acme/access/", finished_at=now())
    page = get(client_of(manager), job)
    assert "hx-trigger" not in page.split("<main")[1].split("</main>")[0]
    assert 'href="/o/acme/access/"' in page
    assert "148 rows." in page


def test_a_failed_job_says_why(job: Job, manager: Member, client_of: Callable[[Member], Client]) -> None:
    Job.objects.filter(pk=job.pk).update(status="failed", message="Row 7 has no account.", finished_at=now())
    assert "Row 7 has no account." in get(client_of(manager), job)


def test_a_job_is_seen_by_who_started_it_and_by_who_reads_the_trail(
    job: Job, manager: Member, reviewer: Member, auditor: Member, client_of: Callable[[Member], Client]
) -> None:
    path = f"/o/acme/work/jobs/{job.pk}/"
    assert [client_of(who).get(path).status_code for who in (manager, auditor, reviewer)] == [200, 200, 404]


def test_the_list_shows_ones_own(job: Job, manager: Member, auditor: Member, client_of: Callable[[Member], Client]) -> None:
    assert "Importing okta.csv" in client_of(manager).get("/o/acme/work/jobs/").content.decode()
    assert "Importing okta.csv" not in client_of(auditor).get("/o/acme/work/jobs/").content.decode()


@pytest.mark.parametrize(("minutes", "status"), [(14, "running"), (16, "failed")])
def test_a_job_without_a_sign_for_15_minutes_has_failed(acme: Organization, job: Job, minutes: int, status: str) -> None:
    at = now()
    Job.objects.filter(pk=job.pk).update(status="running", touched_at=at - dt.timedelta(minutes=minutes))
    fail_silent(acme, at)
    job = Job.objects.get(pk=job.pk)
    assert job.status == status
    assert bool(job.message) == (status == "failed")


def test_a_slow_job_that_gives_signs_goes_on(acme: Organization, job: Job) -> None:
    at = now()
    Job.objects.filter(pk=job.pk).update(status="running", touched_at=at - dt.timedelta(hours=1))
    Work(job.pk, current_tenant_id()).progress(1, 100)
    fail_silent(acme, at)
    assert Job.objects.get(pk=job.pk).status == "running"
    cache.clear()
    fail_silent(acme, at)
    assert Job.objects.get(pk=job.pk).status == "failed"


@pytest.mark.parametrize(("minutes", "status"), [(59, "queued"), (61, "failed")])
def test_a_job_that_no_worker_began_for_an_hour_has_failed(acme: Organization, job: Job, minutes: int, status: str) -> None:
    at = now()
    Job.objects.filter(pk=job.pk).update(touched_at=at - dt.timedelta(minutes=minutes))
    fail_silent(acme, at)
    job = Job.objects.get(pk=job.pk)
    assert job.status == status
    assert ("it may not have reached the queue" in job.message) == (status == "failed")
