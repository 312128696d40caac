"""The programme around the controls: a policy in force and confirmed, a vendor, a risk and a person's request, to the trail."""

import datetime as dt
import re
import zipfile
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from audit.models import AuditEvent
from inventory.models import Person
from policies.models import Acknowledgement, PolicyVersion
from privacy.models import SubjectRequest
from risks.models import Risk
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.browser import Watch, cookie_of, picture, scrolls_sideways, settled
from tests.cast import Cast
from vendors.models import Vendor

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
POLICY, VENDOR = "Acceptable use policy", "Quill Notes"
RISK = "Somebody leaves with the only knowledge of the invoicing job"
# What has to stand in the trail, oldest first, with who did it.
TOLD = [
    ("policy_version.submit", "manager"),
    ("policy_version.approve", "approver"),
    ("policy_version.publish", "manager"),
    ("acknowledgement_campaign.start", "manager"),
    ("acknowledgement.confirm", "employee"),
    ("vendor.request", "employee"),
    ("vendor_review.record", "manager"),
    ("vendor.approve", "approver"),
    ("vendor.use", "manager"),
    ("risk.rate", "manager"),
    ("risk.treat", "manager"),
    ("risk.accept", "executive"),
    ("subject_request.verify", "manager"),
    ("subject_request.export", "manager"),
    ("subject_request.answer", "manager"),
]


@pytest.fixture
def pages(site: str, browser: Browser, watch: Watch) -> Iterator[dict[str, Page]]:
    """Who keeps the registers, who approves, who accepts risks, an employee on a phone, and the auditor."""
    opened = {}
    sizes = {"manager": WIDE, "approver": WIDE, "executive": WIDE, "employee": PHONE, "auditor": WIDE}
    for name, size in sizes.items():
        context = watch.over(browser.new_context(base_url=site, viewport=size))  # type: ignore[arg-type] # a plain dict
        context.add_cookies([cookie_of(getattr(Cast(), name), site)])  # type: ignore[list-item] # a plain dict
        opened[name] = context.new_page()
    yield opened
    for page in opened.values():
        page.context.close()


def organization() -> Organization:
    return Organization.objects.get(slug="acme")


def test_the_programme_from_the_first_policy_to_the_trail(pages: dict[str, Page], watch: Watch) -> None:
    manager, approver, employee = pages["manager"], pages["approver"], pages["employee"]
    takes_a_starter(manager)
    approves_it(approver)
    publishes_and_asks(manager)
    confirms_on_a_phone(employee)
    sees_the_coverage(manager)
    asks_for_a_vendor(employee)
    looks_at_it(manager)
    decides_on_it(approver)
    puts_it_into_use(manager)
    rates_a_risk(manager)
    accepts_it(pages["executive"])
    answers_a_person(manager)
    reads_the_trail(pages["auditor"])
    watch.silent()
    with tenant(organization()):
        told = list(
            AuditEvent.objects.filter(verb__in=[verb for verb, _ in TOLD]).order_by("at", "pk").values_list("verb", "actor_id")
        )
    who = {getattr(Cast(), name).pk: name for name in pages}
    assert [(verb, who.get(actor)) for verb, actor in told] == TOLD


def person(role: str) -> str:
    """Whom a form offers under this value."""
    with tenant(organization()):
        return str(Person.objects.get(member=getattr(Cast(), role)).pk)


def said(page: Page, button: str) -> Locator:
    """The dialog that a button of the page opens."""
    page.get_by_role("link", name=button, exact=True).first.click()
    return page.get_by_role("dialog")


def takes_a_starter(page: Page) -> None:
    """One of the starters becomes a draft with the organization's name in it; what is not true of them is changed."""
    page.goto("/o/acme/policies/")
    page.get_by_role("link", name="Starters").first.click()
    for box in page.get_by_role("checkbox").all():
        box.set_checked(False)
    page.get_by_label(POLICY).check()
    page.get_by_role("button", name="Make drafts of them").click()
    page.get_by_role("link", name=POLICY).first.click()
    page.get_by_role("link", name="Open version 1").click()
    expect(page.get_by_text("Acme").first).to_be_visible()
    page.get_by_role("link", name="Write", exact=True).click()
    text = page.get_by_role("textbox", name="Text")
    text.fill(f"{text.input_value()}\n\n## Travelling\n\n- Nobody works on a screen that strangers can read.\n")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("It is kept.")).to_be_visible()
    said(page, "Submit").get_by_role("button", name="Submit it").click()
    expect(page.get_by_text("It waits for approval.").first).to_be_visible()
    picture(page, "journey-programme-policy")


def approves_it(page: Page) -> None:
    """From their own work; what they approve is what they read."""
    page.goto("/o/acme/")
    page.get_by_role("link", name=re.compile(POLICY)).first.click()
    expect(page.get_by_text("Nobody works on a screen that strangers can read")).to_be_visible()
    said(page, "Approve").get_by_role("button", name="Approve it").click()
    expect(page.get_by_text("Your approval is kept.")).to_be_visible()


def publishes_and_asks(page: Page) -> None:
    """It holds from today, and one employee is asked to confirm it."""
    with tenant(organization()):
        version = PolicyVersion.objects.get()
    assert version.status == "approved"
    page.goto(f"/o/acme/policies/versions/{version.pk}/")
    said(page, "Publish").get_by_role("button", name="Publish it").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    settled(page)
    page.goto("/o/acme/policies/acknowledgements/ask/")
    page.locator("[name=version]").select_option(str(version.pk))
    page.get_by_label("Whom").select_option("people")
    page.locator("[name=people]").select_option(person("employee"))
    page.get_by_role("button", name="Ask them").click()
    expect(page.get_by_text("They are asked.")).to_be_visible()


def confirms_on_a_phone(page: Page) -> None:
    """It waits in their work; one page to read and to confirm."""
    page.goto("/o/acme/")
    page.get_by_role("link", name=re.compile(POLICY)).first.click()
    expect(page.get_by_text("Nobody works on a screen that strangers can read")).to_be_visible()
    assert not scrolls_sideways(page)
    page.get_by_label("I have read it and will keep to it").check()
    picture(page, "journey-programme-phone")
    page.get_by_role("button", name="Confirm").click()
    with tenant(organization()):
        row = Acknowledgement.objects.select_related("campaign__version").get()
    expect(page.get_by_text(row.content_hash[:12]).first).to_be_attached()
    assert (row.status, row.content_hash) == ("confirmed", row.campaign.version.content_hash)
    picture(page, "journey-programme-phone-confirmed")


def sees_the_coverage(page: Page) -> None:
    page.goto("/o/acme/policies/acknowledgements/campaigns/")
    page.get_by_role("link", name=re.compile(POLICY)).first.click()
    expect(page.get_by_text("100").first).to_be_visible()
    picture(page, "journey-programme-coverage")


def asks_for_a_vendor(page: Page) -> None:
    """Anybody may; three answers decide how closely it is looked at."""
    page.goto("/o/acme/vendors/new/")
    page.get_by_label("Vendor", exact=True).fill(VENDOR)
    page.get_by_label("What it would do for us").fill("Minutes of our meetings")
    page.get_by_label("Internal data of ours").check()
    page.get_by_label("Nobody would notice within a week").check()
    page.get_by_label("No access to our systems").check()
    page.get_by_role("button", name="Request it").click()
    expect(page.get_by_text("The vendor is requested.")).to_be_visible()
    assert not scrolls_sideways(page)
    picture(page, "journey-programme-vendor-phone")


def to_the_vendor(page: Page) -> None:
    with tenant(organization()):
        page.goto(f"/o/acme/vendors/{Vendor.objects.get(name=VENDOR).pk}/")


def looks_at_it(page: Page) -> None:
    """The due diligence, and what was concluded."""
    to_the_vendor(page)
    page.get_by_role("button", name="Begin due diligence").click()
    expect(page.get_by_text("Its due diligence has begun.")).to_be_visible()
    page.get_by_role("link", name="Record a review").click()
    page.get_by_label("What was looked at and found").fill("Its terms and where it keeps data; nothing of customers goes there.")
    page.get_by_label("Acceptable", exact=True).check()
    page.get_by_role("button", name="Record the review").click()
    expect(page.get_by_text("nothing of customers goes there").first).to_be_visible()


def decides_on_it(page: Page) -> None:
    to_the_vendor(page)
    dialog = said(page, "Approve")
    dialog.get_by_label("Why").fill("Little depends on it, and it was looked at.")
    dialog.get_by_role("button", name="Approve it").click()
    expect(page.get_by_text("It is approved.").first).to_be_visible()


def puts_it_into_use(page: Page) -> None:
    to_the_vendor(page)
    said(page, "Put into use").get_by_role("button", name="Put it into use").click()
    expect(page.get_by_text("It is in use.").first).to_be_visible()
    with tenant(organization()):
        vendor = Vendor.objects.get()
        assert (vendor.status, vendor.finding) == ("in_use", None)
    picture(page, "journey-programme-vendor")


def rates_a_risk(page: Page) -> None:
    """Put into the register, rated in the words of the scale, and treated."""
    page.goto("/o/acme/risks/new/")
    page.get_by_label("What could happen").fill(RISK)
    page.locator("[name=owner]").select_option(person("manager"))
    page.get_by_role("button", name="Add the risk").click()
    dialog = said(page, "Rate")
    for label, step in (
        ("How likely", "4"),
        ("How bad", "4"),
        ("How likely, with the controls", "2"),
        ("How bad, with the controls", "3"),
    ):
        dialog.get_by_label(label, exact=True).select_option(step)
    dialog.get_by_label("Why it is rated so").fill("Two people know it, and one of them has written half of it down.")
    dialog.get_by_role("button", name="Keep the rating").click()
    expect(page.get_by_text("The rating is kept.")).to_be_visible()
    dialog = said(page, "Treat")
    dialog.get_by_label("Accept: it stays").check()
    dialog.get_by_label("What is done, or why it can stay").fill("The rest is written down by spring; until then it stays.")
    dialog.get_by_role("button", name="Choose it").click()
    expect(page.get_by_text("The treatment was chosen.")).to_be_visible()


def accepts_it(page: Page) -> None:
    """By name, until a day, by somebody with whom it is not."""
    with tenant(organization()):
        risk = Risk.objects.get()
        until = organization().today() + dt.timedelta(days=180)
    page.goto(f"/o/acme/risks/{risk.pk}/")
    dialog = said(page, "Accept by name")
    dialog.get_by_label("Why it is accepted").fill("Half a year with two people is bearable.")
    dialog.get_by_label("Until").fill(until.isoformat())
    dialog.get_by_role("button", name="Accept under my name").click()
    expect(page.get_by_text("It is accepted under your name.")).to_be_visible()
    picture(page, "journey-programme-risk")
    page.goto("/o/acme/risks/heat-map/")
    picture(page, "journey-programme-heat-map")
    with tenant(organization()):
        assert (risk.refreshed().status, risk.refreshed().accepted_by) == ("accepted", Cast().executive)


def answers_a_person(page: Page) -> None:
    """Who they are is checked before anything is handed out; then what is held on them, and the letter."""
    page.goto("/o/acme/privacy/requests/new/")
    page.locator("[name=name]").fill("Employee Acme")
    page.locator("[name=email]").fill("employee@acme.example")
    page.locator("[name=kind]").select_option("access")
    page.locator("[name=channel]").fill("E-mail")
    page.get_by_role("button", name="Take it in").click()
    expect(page.get_by_text("Check the identity next.")).to_be_visible()
    expect(page.get_by_role("link", name="What we hold on them")).to_have_count(0)
    dialog = said(page, "Check the identity")
    dialog.get_by_label("How it was checked").fill("They answered from the address on file and named their start date.")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The identity is checked.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="What we hold on them").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    assert any(b"employee@acme.example" in text for text in held.values()), sorted(held)
    request = page.url
    page.get_by_role("table").get_by_role("link").first.click()
    dialog = said(page, "It is done")
    dialog.get_by_label("What came of it").fill("The other systems hold no more than what stands in the file.")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("It is done.").first).to_be_visible()
    page.goto(request)
    page.get_by_role("link", name="Answer", exact=True).click()
    page.get_by_label("What they are told").fill("Here is what we hold on you. It is kept while you work with us.")
    page.get_by_role("button", name="Answer and print the letter").click()
    expect(page.get_by_text("It is answered.").first).to_be_visible()
    page.reload()
    with page.expect_download() as letter:
        page.get_by_role("link", name="Letter", exact=True).click()
    assert letter.value.path().read_bytes().startswith(b"%PDF-")
    picture(page, "journey-programme-request")
    with tenant(organization()):
        assert SubjectRequest.objects.get().status == "answered"


def reads_the_trail(page: Page) -> None:
    """The auditor finds all of it, in order, unbroken."""
    page.goto("/o/acme/audit/")
    expect(page.get_by_role("row").nth(1)).to_be_visible()
    picture(page, "journey-programme-trail")
