"""A real outage: a server stops, the alarm reaches who is on call, the server comes back, and what is learned is on paper."""

import asyncio
import datetime as dt
import http.server
import re
import threading
import time
import uuid
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from incidents.models import Incident, IncidentEntry, IncidentReview, ReviewPaper
from incidents.oncall.actions import create_schedule
from monitoring.defining.actions import create_check
from monitoring.models import Check, Outage
from monitoring.running.runner import Runner
from monitoring.running.schedule import Schedule
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.browser import Watch, cookie_of, picture, scrolls_sideways, settled
from tests.cast import Cast
from tests.monitoring.test_runner import _clear
from workflow.models import OutboxMessage
from workflow.outgoing.hosts import allow_host

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
NAME = "Billing API"
STEP = 31  # seconds of the runner's clock between two looks


class _Up(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


def _in_thread(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(story())).result(timeout=50)


class Service:
    """A server of the customer's that can be stopped, and comes back at the same address."""

    def __init__(self) -> None:
        self.port = 0
        self.start()

    def start(self) -> None:
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), _Up)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Nobody answers any more: a connection is refused."""
        self.server.shutdown()
        self.server.server_close()


class Monitor:
    """The product's own runner, with a clock that a test moves on; the looks and the database are real."""

    def __init__(self, prefix: str, clock: list[float]) -> None:
        self.prefix, self.clock = prefix, clock

    def look(self, times: int) -> None:
        """So many rounds, in a thread: the browser has this one's event loop."""
        _in_thread(lambda: self._look(times))

    async def _look(self, times: int) -> None:
        runner = Runner(Schedule(settings.PLUMBLINE_MONITOR_URL, self.prefix), clock=lambda: self.clock[0])
        await runner.begin()
        for _ in range(times):
            self.clock[0] += STEP
            await runner.claim_due()
            if runner.looks:
                await asyncio.wait(set(runner.looks))
            await runner.write()
        await runner.end()


@pytest.fixture
def prefix(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Keys of this test alone; they go in a thread, as the browser has this one's event loop."""
    name = f"test:{uuid.uuid4().hex}:"
    monkeypatch.setattr("monitoring.running.schedule.PREFIX", name)
    yield name
    _in_thread(lambda: _clear(name))


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    yield made
    made.stop()


@pytest.fixture
def monitor(site: str, service: Service, prefix: str, monkeypatch: pytest.MonkeyPatch) -> Monitor:
    """It watches the service; somebody is on call."""
    clock, cast = [time.time() - 600], Cast()
    monkeypatch.setattr("monitoring.defining.actions.time", SimpleNamespace(time=lambda: clock[0]))
    with tenant(organization()):
        allow_host(actor=cast.administrator, host="127.0.0.1", reason="The service of the test")
        create_schedule(
            actor=cast.manager, name="Platform", fallback=cast.manager, members=[cast.reviewer], is_default=True,
            zone="America/New_York", every=1, unit="week", starts_on=dt.date(2026, 1, 5), hands_over_at=dt.time(9),
        )  # fmt: skip
        address = f"http://127.0.0.1:{service.port}/"
        create_check(actor=cast.manager, name=NAME, kind="http", url=address, interval=30, timeout=5, failures=2, critical=True)
    return Monitor(prefix, clock)


@pytest.fixture
def pages(site: str, browser: Browser, watch: Watch, monitor: Monitor) -> Iterator[dict[str, Page]]:
    """Who is on call, on a phone and at a desk, and who approves."""
    opened = {}
    for name, role, size in (("phone", "reviewer", PHONE), ("desk", "reviewer", WIDE), ("approver", "approver", WIDE)):
        context = watch.over(browser.new_context(base_url=site, viewport=size))  # type: ignore[arg-type] # a plain dict
        context.add_cookies([cookie_of(getattr(Cast(), role), site)])  # type: ignore[list-item] # a plain dict
        opened[name] = context.new_page()
    yield opened
    for page in opened.values():
        page.context.close()


def organization() -> Organization:
    return Organization.objects.get(slug="acme")


def test_an_outage_from_the_alarm_to_the_paper(
    pages: dict[str, Page], monitor: Monitor, service: Service, watch: Watch, site: str
) -> None:
    monitor.look(1)
    service.stop()
    monitor.look(2)
    incident = opened_by_the_check()
    acknowledges(pages["phone"], told_by_mail())
    service.start()
    monitor.look(1)
    with tenant(organization()):
        assert Check.objects.get().health == "healthy"
        assert (Outage.objects.get().status, Outage.objects.get().incident) == ("over", incident)
        assert IncidentEntry.objects.filter(incident=incident, text__contains=f"{NAME} is up again").exists()
    resolves(pages["desk"], incident)
    adds_a_task(pages["desk"])
    writes_the_review(pages["desk"], incident)
    approves(pages["approver"], incident)
    watch.silent()
    with tenant(organization()):
        review = IncidentReview.objects.get()
        assert (review.status, review.approved_by, review.author) == ("approved", Cast().approver, Cast().reviewer)
        assert ReviewPaper.objects.filter(review=review).exists()


def opened_by_the_check() -> Incident:
    """One incident, critical, being looked into, with whoever is on call; nobody has acknowledged it yet."""
    with tenant(organization()):
        incident = Incident.objects.get()
        assert (incident.title, incident.severity, incident.status) == (f"{NAME} is down", "critical", "investigating")
        assert (incident.assigned_to, incident.acknowledged_at) == (Cast().reviewer, None)
        return incident


def told_by_mail() -> str:
    """The way to the alarm, as it stands in the mail to whoever is on call."""
    with tenant(organization()):
        mails = OutboxMessage.objects.filter(to=Cast().reviewer.email, text__contains="/alarm/")
        (found,) = {re.search(r"/o/acme/\S+/alarm/", mail.text)[0] for mail in mails}  # type: ignore[index] # it is there
    return found


def acknowledges(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.get_by_text("It waits for somebody")).to_be_visible()
    assert not scrolls_sideways(page)
    picture(page, "journey-incident-alarm")
    page.get_by_role("button", name="Acknowledge").first.click()
    settled(page)
    with tenant(organization()):
        assert Incident.objects.get().acknowledged_at is not None


def resolves(page: Page, incident: Incident) -> None:
    page.goto(f"/o/acme/incidents/{incident.pk}/")
    picture(page, "journey-incident")
    page.get_by_role("link", name="Resolve", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("How it was resolved").fill("The service was started again.")
    dialog.get_by_label("Root cause").fill("It was stopped for an update and nobody started it.")
    dialog.get_by_role("button", name="It is resolved").click()
    expect(page.get_by_text("It is resolved.").first).to_be_visible()


def adds_a_task(page: Page) -> None:
    """The page below the dialog shows it at once, though the way leads to another place on the same page."""
    page.get_by_role("link", name="Add a task").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What is to be done").fill("Start it by itself after an update")
    dialog.get_by_label("Who does it").select_option(str(Cast().reviewer.pk))
    dialog.get_by_label("Due").fill("2027-01-15")
    dialog.get_by_role("button", name="Add it").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("Start it by itself after an update").first).to_be_visible()


def writes_the_review(page: Page, incident: Incident) -> None:
    page.get_by_role("link", name="Write the review").click()
    page.get_by_role("dialog").get_by_role("button", name="Begin").click()
    page.get_by_role("textbox", name="What happened").fill("The billing API did not answer for some minutes.")
    page.get_by_role("textbox", name="What went well").fill("Whoever was on call knew within a minute.")
    for question in ("Did a control fail?", "Was a commitment missed?", "Disclose it in the system description?"):
        page.get_by_role("group", name=question).get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("link", name="Submit", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Submit it").click()
    expect(page.get_by_text("It waits for approval").first).to_be_visible()


def approves(page: Page, incident: Incident) -> None:
    """It stands in their work; the paper is made by itself."""
    page.goto("/o/acme/")
    picture(page, "journey-incident-approver")
    with tenant(organization()):
        review = IncidentReview.objects.get()
    page.goto(f"/o/acme/incidents/reviews/{review.pk}/")
    page.get_by_role("link", name="Approve", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Approve it").click()
    expect(page.get_by_text("It is approved").first).to_be_visible()
    settled(page)
    page.reload()
    picture(page, "journey-incident-review")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("PDF")).first.click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
