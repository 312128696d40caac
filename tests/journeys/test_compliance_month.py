"""From an organization without controls to one that knows where it stands: three people, in their browsers."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from accounts.models import Member
from controls.models import AuditPeriod, Control, ControlState
from controls.models.state import Design
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.browser import Watch, cookie_of, picture
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DAILY = "BCP-002"
ANSWERS = (
    "Our account at a cloud provider",
    "Business secrets or personal data",
    "None of these: nobody asks",
    "Yes, such as 99.9 % a month",
    "At work only",
    "Our own people",
    "At home, on the road",
    "None of these: only the team",
    "Somebody is on call",
    "Type II over 12 months",
)


def paper(name: str, words: str) -> FilePayload:
    return {"name": name, "mimeType": "text/plain", "buffer": words.encode()}


@pytest.fixture
def pages(site: str, browser: Browser, watch: Watch) -> Iterator[dict[str, Page]]:
    """Who runs the controls, who owns one, and who tests it."""
    cast, opened = Cast(), {}
    for name in ("manager", "employee", "reviewer"):
        member: Member = getattr(cast, name)
        context = watch.over(browser.new_context(base_url=site, viewport={"width": 1440, "height": 900}))
        context.add_cookies([cookie_of(member, site)])  # type: ignore[list-item] # a plain dict
        opened[name] = context.new_page()
        opened[name].goto("/o/acme/")
    yield opened
    for page in opened.values():
        page.context.close()


def test_a_newcomer_sets_up_and_a_control_comes_to_be_in_place(pages: dict[str, Page], watch: Watch) -> None:
    manager, owner, tester = pages["manager"], pages["employee"], pages["reviewer"]
    answers_ten_questions(manager)
    says_which_audit(manager)
    chooses_controls_and_owners(manager)
    watch.silent()
    assert state_of(DAILY).design == Design.MISSING
    performs_what_is_due(owner)
    proves_the_design(manager)
    watch.silent()
    assert (state_of(DAILY).design, state_of(DAILY).operation) == ("implemented", "not_tested")
    records_a_test(tester)
    sees_where_it_stands(manager)
    analyses_the_gaps(manager)
    watch.silent()
    assert (state_of(DAILY).design, state_of(DAILY).operation) == ("implemented", "no_deviations")


def state_of(code: str) -> ControlState:
    with tenant(Organization.objects.get(slug="acme")):
        return ControlState.objects.select_related("control").get(control__code=code)


def page_of(page: Page, code: str) -> None:
    with tenant(Organization.objects.get(slug="acme")):
        address = Control.objects.get(code=code).get_absolute_url()
    page.goto(address)


def answers_ten_questions(page: Page) -> None:
    """Keyboard alone: a label is clicked by nobody. Leaving in between loses nothing."""
    page.get_by_role("link", name="Begin with ten questions").press("Enter")
    page.wait_for_url("**/set-up/", wait_until="load")
    for label in ANSWERS[:5]:
        with page.expect_response(re.compile("/set-up/keep/")):
            page.get_by_label(label).press("Space")
    page.goto("/o/acme/controls/")
    page.get_by_role("link", name="Begin with ten questions").press("Enter")
    expect(page.get_by_label(ANSWERS[4])).to_be_checked()
    for label in ANSWERS[5:]:
        page.get_by_label(label).press("Space")
    page.get_by_role("button", name="See what fits").press("Enter")


def says_which_audit(page: Page) -> None:
    """The proposal, but for a period that begins this month, and controls that work today already."""
    expect(page.get_by_label("Availability")).to_be_checked()
    expect(page.get_by_text("You promise an uptime.")).to_be_visible()
    today = dt.datetime.now(Organization.objects.get(slug="acme").tzinfo).date()
    page.get_by_label("From").fill(today.replace(day=1).isoformat())
    expect(page.get_by_label("Controls in scope since")).not_to_have_value(today.isoformat())
    page.get_by_label("Controls in scope since").fill(today.isoformat())
    page.get_by_role("button", name="Choose the controls").press("Enter")


def chooses_controls_and_owners(page: Page) -> None:
    """One control is unticked, one role goes to somebody else, one to oneself."""
    page.locator("#key-AI-006").press("Space")
    page.get_by_label("Platform lead optional").select_option(label="Employee Acme")
    page.get_by_label("Security lead optional").select_option("me")
    picture(page, "journey-setup-controls")
    page.get_by_role("button", name="Set up", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Your controls are set up")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile(DAILY))).to_contain_text("Employee Acme")
    picture(page, "journey-setup-done")
    with tenant(Organization.objects.get(slug="acme")):
        assert AuditPeriod.objects.count() == 1
        assert not Control.objects.filter(library_key="AI-006").exists()
        assert Control.objects.filter(owner__name="Manager Acme").exists()


def performs_what_is_due(page: Page) -> None:
    """It is in the owner's work, with what to do beside it; the evidence is supplied there."""
    page.goto("/o/acme/")
    page.get_by_role("link", name=re.compile("Backups")).first.click()
    expect(page.get_by_role("heading", name="What to do")).to_be_visible()
    page.locator("input[name=uploads]").set_input_files(paper("backup-log.txt", "14 of 14 jobs finished."))
    page.get_by_label("What was done").fill("Looked at last night's log: no job failed.")
    page.get_by_role("button", name="Perform").click()
    expect(page.get_by_text("Performed").first).to_be_visible()


def proves_the_design(page: Page) -> None:
    """Policy, technical implementation, monitoring: a file for each."""
    for leg in ("policy", "technical", "monitoring"):
        page_of(page, DAILY)
        page.goto(f"{page.url}evidence/")
        page.get_by_label("What it shows").select_option(leg)
        page.locator("input[name=uploads]").set_input_files(paper(f"{leg}.txt", f"The {leg} of backups."))
        page.get_by_role("button", name="Link it").click()
        page.wait_for_url(re.compile(r"/controls/[0-9a-f-]{36}/$"))


def records_a_test(page: Page) -> None:
    """Somebody who neither owns nor performed it."""
    page_of(page, DAILY)
    page.goto(page.url.replace("/controls/", "/controls/tests/of/"))
    page.get_by_label("Pass", exact=True).check()
    page.get_by_role("button", name="Record the test").click()
    expect(page.get_by_text("The test is recorded")).to_be_visible()


def sees_where_it_stands(page: Page) -> None:
    """The control's page and the list say the same."""
    page_of(page, DAILY)
    expect(page.locator(".lede")).to_contain_text("Implemented")
    expect(page.locator(".lede")).to_contain_text("No deviations")
    page.goto("/o/acme/controls/?design=implemented")
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("[data-row]")).to_contain_text(DAILY)


def analyses_the_gaps(page: Page) -> None:
    """The report of what is missing, with the one control that is not."""
    with tenant(Organization.objects.get(slug="acme")):
        total = ControlState.objects.filter(in_scope=True).count()
    page.goto("/o/acme/controls/set-up/done/")
    page.get_by_role("link", name="Analyse the gaps").click()
    page.get_by_role("button", name="Analyse now").click()
    page.wait_for_url(re.compile(r"/gaps/[0-9a-f-]{36}/$"))
    expect(page.locator("main")).to_contain_text(f"1 of {total}")
    picture(page, "journey-gaps")
