"""Home, jobs, mail and reports as a browser shows them: accessible in light and dark, never scrolling sideways."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from accounts.models import Member
from reviews.deciding.actions import decide
from reviews.deciding.rules import Choice
from reviews.models import Campaign, Item
from reviews.outputs import tasks
from reviews.signoff.actions import sign_off
from tenancy.scope import tenant
from tenancy.tasks import HEADER
from tests.browser import Watch, cookie_of, faults_of
from tests.cast import Cast
from tests.reviews.world import grant, person, person_of, snapshot, started, system
from workflow.jobs import Work, start_job
from workflow.models import Job, OutboxMessage
from workflow.outbox import queue_mail

pytestmark = pytest.mark.browser


@pytest.fixture
def look(browser: Browser, site: str, watch: Watch) -> Callable[[Member, str, str], Page]:
    """`look(member, path, words)` opens a page as somebody, and checks it in all its looks."""

    def go(member: Member, path: str, words: str) -> Page:
        context = watch.over(browser.new_context(base_url=site))
        context.add_cookies([cookie_of(member, site)])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(path)
        assert words in page.inner_text("main")
        assert faults_of(page, path) == []
        return page

    return go


def signed_campaign() -> Campaign:
    """A review signed off, with its report."""
    cast = Cast()
    okta = system("Okta", owner=person_of(cast.reviewer), reviewer_order=["system_owner"])
    snapshot(okta, [grant(person("Ada Long")), grant(person("Ben Short"), role="Admin")])
    campaign = started(okta, actor=cast.manager)
    first, second = Item.objects.filter(campaign=campaign).order_by("position")
    decide(first, Choice("retain", reason="Needed"), actor=cast.reviewer)
    decide(second, Choice("revoke", reason_code="left"), actor=cast.reviewer)
    sign_off(campaign, actor=cast.manager, note="Done.")
    return campaign.refreshed()


def test_home_for_who_has_work_and_for_who_has_none(look: Any) -> None:
    cast = Cast()
    with tenant(cast.manager.organization):
        okta = system("Okta", owner=person_of(cast.reviewer), reviewer_order=["system_owner"])
        snapshot(okta, [grant(person("Ada Long")), grant(person("Ben Short"), role="Admin")])
        started(okta, actor=cast.manager)
    look(cast.reviewer, "/o/acme/", "wait for your decision")
    look(cast.executive, "/o/acme/", "Access reviews")
    look(cast.employee, "/o/acme/", "Nothing waits for you")
    look(cast.administrator, "/o/acme/organization/", "Time zone")


def test_jobs_and_mail(look: Any) -> None:
    cast = Cast()
    with tenant(cast.manager.organization):
        job = start_job("snapshot.import", title="Importing okta.csv", actor=cast.manager)
        Job.objects.filter(pk=job.pk).update(status="running")
        Work(job.pk, cast.manager.organization_id).progress(412, 600)
        queue_mail(to="ada@acme.example", subject="12 decisions are waiting", text="Read it: http://localhost/\n\nNow.", key="1")
        message = OutboxMessage.objects.get()
        OutboxMessage.objects.update(status="kept")
    look(cast.manager, f"/o/acme/work/jobs/{job.pk}/", "412 of 600")
    look(cast.manager, "/o/acme/work/jobs/", "Importing okta.csv")
    look(cast.administrator, "/o/acme/work/mail/", "No mail server is set")
    look(cast.administrator, f"/o/acme/work/mail/{message.pk}/", "Kept here")


def test_the_reports_of_a_review(look: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviews.outputs.report.report_pdf", lambda data, html="": b"%PDF-1.7 " + data.digest.encode())
    cast = Cast()
    with tenant(cast.manager.organization):
        campaign = signed_campaign()
    tasks.make_decision_report.apply(args=(str(campaign.pk),), headers={HEADER: str(campaign.tenant_id)})
    page = look(cast.manager, f"/o/acme/reviews/{campaign.pk}/reports/", "Verified just now")
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename.endswith("-D.pdf")
