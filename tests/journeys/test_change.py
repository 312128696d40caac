"""A change from the idea to the auditor: whoever asks, an approver on a phone, whoever carries it out, and the auditor."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import Member
from changes.models import Approval, Change, ChangeRecord
from inventory.systems.actions import create_system
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.browser import Watch, cookie_of, picture, scrolls_sideways, settled
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
TITLE = "Move the job queue to larger machines"
HARMLESS = (
    "Nobody outside the team", "Minutes", "No", "Yes, all of it", "Often",
)  # fmt: skip


@pytest.fixture
def pages(site: str, browser: Browser, watch: Watch) -> Iterator[dict[str, Page]]:
    """Who asks and carries it out, who approves on a phone, and the external auditor."""
    cast, opened = Cast(), {}
    with tenant(Organization.objects.get(slug="acme")):
        create_system(actor=cast.manager, name="Billing")
    for name, size in (("employee", WIDE), ("approver", PHONE), ("auditor", WIDE)):
        member: Member = getattr(cast, name)
        context = watch.over(browser.new_context(base_url=site, viewport=size))  # type: ignore[arg-type] # a plain dict
        context.add_cookies([cookie_of(member, site)])  # type: ignore[list-item] # a plain dict
        opened[name] = context.new_page()
    yield opened
    for page in opened.values():
        page.context.close()


def test_a_change_is_asked_for_approved_on_a_phone_carried_out_and_shown_to_the_auditor(
    pages: dict[str, Page], watch: Watch
) -> None:
    asks, approves, looks = pages["employee"], pages["approver"], pages["auditor"]
    asks_for_it(asks)
    reads_and_approves(approves)
    carries_it_out(asks)
    sees_who_approved_what(looks)
    watch.silent()
    with tenant(Organization.objects.get(slug="acme")):
        change = Change.objects.get()
        approval = Approval.objects.get()
        assert (change.status, change.title) == ("closed", TITLE)
        assert (approval.approver, approval.content_hash) == (Cast().approver, change.content_hash)
        assert set(ChangeRecord.objects.values_list("stage", flat=True)) == {"implemented", "closed"}


def asks_for_it(page: Page) -> None:
    """A title is enough to begin; what an approver needs is asked for afterwards, and saves itself."""
    page.goto("/o/acme/changes/")
    page.get_by_role("link", name="New change").first.click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Billing").check()
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("What will change").fill("Three machines of twice the memory take over, one by one.")
    page.get_by_label("How it is undone").fill("The old machines are put back behind the queue: ten minutes.")
    for group in page.locator("#risk-questions fieldset").all():
        if group.is_visible():
            group.get_by_role("radio").first.check()
    expect(page.locator("[data-draft-state]")).to_contain_text("Saved")
    picture(page, "journey-change-draft")
    page.get_by_role("button", name="Save and read it through").click()
    page.get_by_role("button", name="Submit", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Submitted").first).to_be_visible()


def reads_and_approves(page: Page) -> None:
    """From their own work, on a phone; the key works there as well where there is a keyboard."""
    page.goto("/o/acme/")
    page.get_by_role("link", name=TITLE).first.click()
    expect(page.get_by_text("The old machines are put back").first).to_be_visible()
    assert not scrolls_sideways(page)
    picture(page, "journey-change-phone")
    page.keyboard.press("a")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Approve")).to_be_visible()
    picture(page, "journey-change-phone-approve")
    expect(dialog.get_by_role("button", name="Approve")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(r"CHG-\d+-\d+ is approved\."))).to_be_visible()


def carries_it_out(page: Page) -> None:
    """It waits in the work of whoever asked for it."""
    page.goto("/o/acme/")
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_role("link", name="Carried out", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Record it").click()
    expect(page.get_by_text("It is recorded as carried out.")).to_be_visible()
    page.get_by_role("link", name="Review").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("As planned").check()
    dialog.get_by_label("What it did").fill("The queue is empty by midnight.")
    dialog.get_by_role("button", name="Record the review").click()
    expect(page.get_by_text("The review is recorded.")).to_be_visible()
    picture(page, "journey-change-closed")


def sees_who_approved_what(page: Page) -> None:
    """The list is complete, the page names the approval with its hash, and the document holds it all."""
    with tenant(Organization.objects.get(slug="acme")):
        change = Change.objects.get()
        digest, number = change.content_hash, change.reference
    page.goto("/o/acme/changes/")
    expect(page.get_by_role("row", name=TITLE)).to_contain_text("Closed")
    page.get_by_role("link", name=number).first.click()
    expect(page.get_by_text(digest[:12]).first).to_be_attached()
    picture(page, "journey-change-auditor")
    page.get_by_role("button", name="Make a PDF").click()
    settled(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF", exact=True).click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
