"""Home, jobs, mail and reports as a browser shows them: accessible in light and dark, never scrolling sideways."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, sync_playwright

from accounts.models import Member
from reviews.deciding.actions import decide
from reviews.deciding.rules import Choice
from reviews.models import Campaign, Item
from reviews.outputs import tasks
from reviews.signoff.actions import sign_off
from tenancy.scope import tenant
from tenancy.tasks import HEADER
from tests.cast import Cast, signed_in
from tests.reviews.world import grant, person, person_of, snapshot, started, system
from workflow.jobs import Work, start_job
from workflow.models import Job, OutboxMessage
from workflow.outbox import queue_mail

pytestmark = pytest.mark.browser
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
CHROMIUM = "/usr/bin/chromium"
WIDTHS = (1440, 390, 320)
PICTURES = os.environ.get("PLUMBLINE_TEST_PICTURES", "")


@pytest.fixture
def server(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The product on a free port, on a database of its own."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    monkeypatch.setattr("reviews.outputs.report.report_pdf", lambda data, html="": b"%PDF-1.7 " + data.digest.encode())
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    assert not thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


@pytest.fixture
def browser(server: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        connections.close_all()
        chromium.close()


@pytest.fixture
def look(browser: Browser, server: str) -> Iterator[Callable[[Member, str, str], Page]]:
    """`look(member, path, words)` opens a page as somebody, and checks it in both schemes at every width."""
    complaints: list[str] = []

    def go(member: Member, path: str, words: str) -> Page:
        cookie = signed_in(member).cookies["plumbline_session"].value
        context = browser.new_context(base_url=server)
        context.add_cookies([{"name": "plumbline_session", "value": cookie, "url": server}])
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        assert words in page.inner_text("main")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
                assert not wide, f"{path} scrolls sideways at {width}"
                if PICTURES:
                    name = f"{member.email}{path.replace('/', '_')}"
                    page.screenshot(path=f"{PICTURES}/{name}{width}-{scheme}.png", full_page=True)
            report: Any = Axe().run(page)
            assert report.violations_count == 0, f"{path} in {scheme}: {report.generate_report()}"
        return page

    yield go
    assert complaints == []


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


def test_the_reports_of_a_review(look: Any) -> None:
    cast = Cast()
    with tenant(cast.manager.organization):
        campaign = signed_campaign()
    tasks.make_decision_report.apply(args=(str(campaign.pk),), headers={HEADER: str(campaign.tenant_id)})
    page = look(cast.manager, f"/o/acme/reviews/{campaign.pk}/reports/", "Verified just now")
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename.endswith("-D.pdf")
