"""The auditor's list from a file to the last acceptance: three people, in their browsers."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from accounts.models import Member
from controls.models import AuditRequest, RequestProof
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.browser import Watch, cookie_of, picture
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LIST = "PBC #,Item requested,Section,Needed by\n1,List of leavers,Access,2026-12-01\n2,Minutes of the board,Governance,\n"


def paper(name: str, words: str, kind: str = "text/plain") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": words.encode()}


@pytest.fixture
def pages(site: str, browser: Browser, watch: Watch) -> Iterator[dict[str, Page]]:
    """Who runs the list, who answers a request, and the external auditor."""
    cast, opened = Cast(), {}
    for name in ("manager", "employee", "auditor"):
        member: Member = getattr(cast, name)
        context = watch.over(browser.new_context(base_url=site, viewport={"width": 1440, "height": 900}))
        context.add_cookies([cookie_of(member, site)])  # type: ignore[list-item] # a plain dict
        opened[name] = context.new_page()
        opened[name].goto("/o/acme/")
    yield opened
    for page in opened.values():
        page.context.close()


def test_a_list_comes_in_and_a_request_goes_around_until_it_is_accepted(pages: dict[str, Page], watch: Watch) -> None:
    manager, owner, auditor = pages["manager"], pages["employee"], pages["auditor"]
    brings_the_list(manager)
    assigns_one(manager)
    gives_and_submits(owner, "leavers.txt", "Ada left in March.")
    returns_it(auditor)
    sees_why_and_submits_again(owner)
    accepts_it(auditor)
    watch.silent()
    with tenant(Organization.objects.get(slug="acme")):
        over = AuditRequest.objects.get(reference="1")
        assert (over.status, over.times_returned, over.submitted_by, over.judged_by) == (
            "accepted", 1, Cast().employee, Cast().auditor,
        )  # fmt: skip
        assert RequestProof.objects.filter(request=over, status="linked").count() == 2


def brings_the_list(page: Page) -> None:
    """The preview says what would be done before anything is."""
    page.get_by_role("link", name="Requests", exact=True).click()
    page.get_by_role("link", name="Import a list").first.click()
    page.get_by_label("File").set_input_files(paper("list.csv", LIST, "text/csv"))
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("row", name="List of leavers")).to_be_visible()
    picture(page, "journey-requests-preview")
    with tenant(Organization.objects.get(slug="acme")):
        assert not AuditRequest.objects.exists()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("2 added, 0 changed")).to_be_visible()


def assigns_one(page: Page) -> None:
    """In a dialog on its page."""
    page.get_by_role("link", name="1", exact=True).click()
    page.get_by_role("link", name="Assign").click()
    page.get_by_label("To whom").select_option(label="Employee Acme")
    page.get_by_role("button", name="Assign it").click()
    expect(page.get_by_text("It is with somebody else now.")).to_be_visible()


def gives_and_submits(page: Page, name: str, words: str) -> None:
    """From their own work."""
    page.goto("/o/acme/")
    page.get_by_role("link", name="1: List of leavers").click()
    page.get_by_role("link", name="Submit").click()
    page.get_by_label("New files").set_input_files(paper(name, words))
    page.get_by_role("button", name="Submit it to the auditor").click()
    expect(page.get_by_text("It is submitted to the auditor.")).to_be_visible()


def returns_it(page: Page) -> None:
    """What waits is in the auditor's own work."""
    page.goto("/o/acme/")
    page.get_by_role("link", name="was submitted to you").click()
    page.get_by_role("link", name="1", exact=True).click()
    picture(page, "journey-requests-auditor")
    page.get_by_role("link", name="Return").click()
    page.get_by_label("Reason").fill("April is missing.")
    page.get_by_role("button", name="Return it").click()
    expect(page.get_by_text("It is returned to the team.")).to_be_visible()


def sees_why_and_submits_again(page: Page) -> None:
    """The auditor's words stand on the page; the answer goes back as a comment and a file."""
    page.goto("/o/acme/")
    expect(page.get_by_text("the auditor returned it to you", exact=False)).to_be_visible()
    page.get_by_role("link", name="1: List of leavers").click()
    expect(page.get_by_text("April is missing.").first).to_be_visible()
    page.get_by_role("textbox", name="Comment").fill("Here is April.")
    page.get_by_role("button", name="Comment").click()
    expect(page.get_by_text("Here is April.").first).to_be_visible()
    gives_and_submits(page, "april.txt", "Ben left in April.")


def accepts_it(page: Page) -> None:
    """The file is read first."""
    page.goto("/o/acme/controls/requests/?state=submitted")
    page.get_by_role("link", name="1", exact=True).click()
    expect(page.get_by_text("Here is April.").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").last.click()
    assert download.value.path().read_text() == "Ben left in April."
    page.get_by_role("link", name="Accept").click()
    page.get_by_role("button", name="Accept it").click()
    expect(page.get_by_text("It is accepted.")).to_be_visible()
