"""The main job as four people do it in their browsers: from an AWS export to a signed report and removals verified."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Download, FilePayload, Page, expect
from pypdf import PdfReader

from accounts.actions import add_member
from accounts.models import Member, User
from audit.actors import System as Product
from inventory.models import Removal
from reviews.models import Campaign, Item
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.accounts.signing_in import fresh_code
from tests.browser import Watch, let_time_pass, picture, settled, sign_in_by_hand
from tests.cast import PASSWORD, Cast
from tests.journeys import aws
from tests.reviews.world import changed, person, person_of

pytestmark = [pytest.mark.browser, pytest.mark.integration, pytest.mark.slow]
OWN = "Nobody decides on their own access."


def acme() -> Organization:
    """The organization they work for."""
    return Organization.objects.get(slug="acme")


def set_the_stage() -> dict[str, Member]:
    """The roster, with two reviewers: who is whose manager decides whom a row goes to."""
    cast = Cast()
    user = User.objects.create_user(email="second@acme.example", name="Second Acme", password=PASSWORD)
    with tenant(acme()):
        second = add_member(user, roles=["reviewer"], actor=Product("test"))
        first_person = person_of(cast.reviewer)
        second_person = person("Second Acme", member=second, department="Platform")
        changed(second_person, email=user.email, email_key=user.email)
        changed(first_person, manager=second_person, department="Engineering")
        for name in ("Ana Diaz", "Bob Lee", "Cara Moss"):
            person(name, manager=first_person, department="Engineering")
        for name in ("Dan Roth", "Eve Young", "Fay Ng"):
            person(name, manager=second_person, department="Platform")
    return {"administrator": cast.administrator, "manager": cast.manager, "first": cast.reviewer, "second": second}


class Desk:
    """One person at a browser of their own."""

    def __init__(self, page: Page, member: Member) -> None:
        self.page = page
        self.member = member

    def go(self, path: str) -> None:
        """Open a page of acme."""
        self.page.goto(f"/o/acme/{path}")

    def press(self, name: str, **how: Any) -> None:
        """Press a button by its words."""
        self.page.get_by_role("button", name=name, **how).first.click()

    def agree(self, question: str, answer: str) -> None:
        """Press a button that asks first, and agree."""
        self.press(question)
        self.page.locator("#confirm [data-agree]", has_text=answer).click()

    def row(self, *words: str) -> None:
        """Walk to the row that has all these words, with the keyboard."""
        rows = self.page.locator("[data-row]")
        for _ in range(rows.count()):
            self.page.keyboard.press("k")
        for step in range(rows.count()):
            if step:
                self.page.keyboard.press("j")
            here = self.page.locator("[data-row].at").inner_text()
            if all(word in here for word in words):
                return
        raise AssertionError(f"No row has {words}.")

    def decided(self, *words: str, badge: str) -> None:
        """The row with these words has this decision."""
        found = self.page.locator("[data-row]")
        for word in words:
            found = found.filter(has_text=word)
        expect(found.locator("[data-decided], .decision .badge").first).to_contain_text(badge)


@pytest.fixture
def people(site_with_worker: str, browser: Browser, watch: Watch) -> Iterator[dict[str, Desk]]:
    """Four people, each signed in by hand."""
    members = set_the_stage()
    desks = {}
    for name, member in members.items():
        context = watch.over(browser.new_context(base_url=site_with_worker, viewport={"width": 1440, "height": 900}))
        desks[name] = Desk(context.new_page(), member)
        sign_in_by_hand(desks[name].page, member.user)
    yield desks
    for desk in desks.values():
        desk.page.context.close()


def test_an_access_review_from_import_to_verified_removals(people: dict[str, Desk], watch: Watch, tmp_path: Path) -> None:
    administrator, manager = people["administrator"], people["manager"]
    first, second = people["first"], people["second"]
    registers_the_system(administrator)
    imports(manager, aws.before(), "first export", "03")
    watch.silent()
    prepares_and_starts(manager)
    watch.silent()
    first_reviewer_decides(first)
    nobody_decides_on_their_own(first, second, manager)
    second_reviewer_decides(second)
    watch.silent()
    signs_off(manager)
    report_says_so(manager, tmp_path)
    watch.silent()
    claims_removals(first)
    imports(manager, aws.later(), "later export", "15")
    sees_what_became_of_them(manager, first)
    watch.silent()


def chooses(page: Page, label: str, name: str) -> None:
    """One of many people: by typing some of the name."""
    page.get_by_label(label).fill(name)
    page.get_by_role("listbox", name="What fits").get_by_role("option", name=name).click()
    expect(page.get_by_label(label)).to_have_value(name)


def registers_the_system(desk: Desk) -> None:
    """The AWS account, with who owns it and who is asked in which order."""
    page = desk.page
    desk.go("")
    picture(page, "01-home-of-the-administrator")
    desk.go("access/systems/new/")
    page.get_by_label("Name").fill("AWS production")
    page.get_by_label("Export format").select_option("aws_iam")
    chooses(page, "Owner", "Reviewer Acme")
    page.get_by_label("Backup reviewer").select_option(label="Second Acme")  # few decide
    page.locator("[name=route_1]").select_option("line_manager")
    page.locator("[name=route_2]").select_option("system_owner")
    page.locator("[name=route_3]").select_option("backup")
    page.get_by_label("What an account there can do").fill("Run and change everything in production.")
    picture(page, "02-system-form")
    page.locator("main form .form-end button, main form button.primary").first.click()
    expect(page.get_by_role("heading", name="AWS production").first).to_be_visible()


def imports(desk: Desk, files: list[aws.File], what: str, number: str) -> None:
    """Upload, answer every question, look at the preview, import; a worker reads and loads."""
    page = desk.page
    desk.go("access/snapshots/new/")
    page.get_by_label("System", exact=True).select_option(label="AWS production")
    uploads = [FilePayload(name=name, mimeType="application/octet-stream", buffer=content) for name, content in files]
    page.set_input_files("[name=uploads]", uploads)
    page.get_by_label("Extracted by").fill("Manager Acme")
    page.get_by_label("As of", exact=True).fill(page.evaluate(NOW_IN_NEW_YORK))
    page.get_by_label("Report or query").fill("aws iam get-credential-report; aws iam get-account-authorization-details")
    page.get_by_label("This is a full export: nothing was left out").check()
    page.get_by_label("Count that the source itself shows").fill(str(aws.ACCOUNTS))
    page.set_input_files(
        "[name=stated_picture]", {"name": "console.png", "mimeType": "image/png", "buffer": page.screenshot(full_page=False)}
    )
    picture(page, f"{number}-import-{what.replace(' ', '-')}")
    desk.press("Upload and read")
    start = page.get_by_role("button", name=re.compile(r"^Import \d+ entitlements"))
    expect(start).to_be_visible()
    expect(page.locator("main")).to_contain_text("The file was checked against the source's own count")
    expect(page.locator("main")).to_contain_text("10 accounts (equal)")
    picture(page, f"{number}-preview-{what.replace(' ', '-')}")
    start.click()
    expect(page.locator(".lede")).to_contain_text("Imported")
    picture(page, f"{number}-population-{what.replace(' ', '-')}")


# The form asks for the wall clock where the organization lives.
NOW_IN_NEW_YORK = "new Date().toLocaleString('sv-SE', {timeZone: 'America/New_York'}).slice(0, 16).replace(' ', 'T')"
IN_TWO_WEEKS = "new Date(Date.now() + 14 * 86400000).toISOString().slice(0, 10)"


def prepares_and_starts(desk: Desk) -> None:
    """A draft, its preview with items per reviewer, and the start."""
    page = desk.page
    desk.go("reviews/new/")
    page.get_by_label("AWS production").check()
    page.locator("[name=due_on]").fill(page.evaluate(IN_TWO_WEEKS))
    page.get_by_label("Instructions").fill("Ask yourself whether they need it for the work they do now.")
    picture(page, "04-new-review")
    desk.press("Prepare the review")
    page.get_by_role("link", name="Preview and start").click()
    expect(page.locator("main")).to_contain_text("Every item has a reviewer")
    picture(page, "05-preview-of-the-review")
    desk.agree("Start the review", "Start the review")
    expect(page.locator(".lede")).to_contain_text("Under way")
    picture(page, "06-review-started")


def first_reviewer_decides(desk: Desk) -> None:
    """By keyboard where a row deserves it, and the plain rest in bulk."""
    page, keys = desk.page, desk.page.keyboard
    desk.go("")
    picture(page, "07-home-of-a-reviewer")
    desk.go("reviews/mine/")
    page.locator("tbody a").first.click()
    expect(page.locator("[data-row]").first).to_be_visible()
    assert page.locator(".person > strong", has_text="Reviewer Acme").count() == 0
    picture(page, "08-deciding")
    desk.row("Bob Lee", "ReadOnlyAccess")
    keys.press("2")
    expect(page.locator("fieldset.reasons")).to_be_visible()
    settled(page)
    picture(page, "09-a-reason-by-one-key")
    keys.press("v")
    desk.decided("Bob Lee", "ReadOnlyAccess", badge="Remove")
    desk.row("Cara Moss", "Group administrators")
    keys.press("3")
    expect(page.locator("[name=target_role]")).to_be_focused()
    keys.type("Group developers")
    keys.press("Escape")
    keys.press("m")
    desk.decided("Cara Moss", "Group administrators", badge="Change")
    keeps_plain_rest(desk)
    keeps_flagged_one_by_one(desk)
    expect(page.locator(".mine")).to_contain_text(re.compile(r"(\d+) of \1"))
    picture(page, "10-all-decided")


def keeps_plain_rest(desk: Desk) -> None:
    """Bulk Keep of the whole page: flagged and privileged rows stay as they are, each with its sentence."""
    page = desk.page
    page.locator(".chip", has_text="To decide").click()
    page.wait_for_url(re.compile("state=open"))
    expect(page.locator(".chip[aria-current]", has_text="To decide")).to_be_visible()
    expect(page.locator(".htmx-request, .htmx-settling, .htmx-swapping")).to_have_count(0)
    page.locator("[data-tick-page]").check()
    page.locator("#bulk button", has_text="Keep").click()
    result = page.locator(".callout[role=status]")
    expect(result).to_contain_text("left as they are")
    picture(page, "10-kept-in-bulk")


def keeps_flagged_one_by_one(desk: Desk) -> None:
    """What is left needs a reason, or at least a look."""
    page, keys = desk.page, desk.page.keyboard
    page.goto(page.url.split("?")[0] + "?state=open")
    for _ in range(page.locator("[data-row]").count()):
        page.goto(page.url.split("?")[0] + "?state=open")
        keys.press("j")
        keys.press("1")
        reason = page.locator("[name=reason]")
        row = page.locator("[data-row]").first
        expect(reason.or_(row.locator("[data-decided]")).first).to_be_visible()
        settled(page)
        if reason.is_visible():
            expect(reason).to_be_focused()
            keys.type("Needed for deployments; seen with the team on Monday.")
            keys.press("Enter")
        expect(row.locator("[data-decided]")).to_be_visible()


def nobody_decides_on_their_own(first: Desk, second: Desk, manager: Desk) -> None:
    """The screen does not offer it, a forged request is refused, and so is giving it to them."""
    with tenant(acme()):
        item = Item.objects.filter(subject_name="Second Acme").earliest("position")
        campaign = item.campaign_id
    page = second.page
    second.go(f"reviews/{campaign}/decide/")
    expect(page.locator("[data-row]").first).to_be_visible()
    assert page.locator(".person > strong", has_text="Second Acme").count() == 0
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    for path, form in (
        (f"items/{item.pk}/decide/", {"decision": "retain", "reason": "Because."}),
        (f"{campaign}/decide/", {"action": "keep", "selected": str(item.pk)}),
    ):
        sent: dict[str, str | float | bool] = {**form, "csrfmiddlewaretoken": token}
        answer = page.context.request.post(f"/o/acme/reviews/{path}", form=sent, headers={"Referer": page.url})
        assert answer.status in {200, 409}
        if answer.status == 409:
            assert OWN in answer.text()
    manager.go(f"reviews/{campaign}/items/?q=second")
    manager.page.locator("[data-tick]").first.check()
    manager.page.locator("summary", has_text="Reassign").click()
    manager.page.locator("[name=reassign-to]").select_option(label="Second Acme (Platform)")
    manager.page.locator("[name=reassign-reason]").fill("They know best.")
    manager.page.locator(".popover-body button[value=reassign]").click()
    expect(manager.page.locator(".row-result, .callout[role=status]").first).to_contain_text(OWN)
    picture(manager.page, "11-not-to-oneself")
    with tenant(acme()):
        item.refresh_from_db()
        assert item.reviewer.name == "Reviewer Acme"
        assert item.decider_id == item.reviewer_id


def second_reviewer_decides(desk: Desk) -> None:
    """Two removals by keyboard, the rest kept."""
    page, keys = desk.page, desk.page.keyboard
    desk.row("Dan Roth", "Group readers")
    keys.press("2")
    expect(page.locator("fieldset.reasons")).to_be_visible()
    settled(page)
    keys.press("n")
    desk.decided("Dan Roth", "Group readers", badge="Remove")
    desk.row("Fay Ng", "Access key 1")
    keys.press("2")
    expect(page.locator("fieldset.reasons")).to_be_visible()
    settled(page)
    keys.press("l")
    desk.decided("Fay Ng", "Access key 1", badge="Remove")
    page.locator(".chip", has_text="To decide").click()
    page.wait_for_url(re.compile("state=open"))
    expect(page.locator(".chip[aria-current]", has_text="To decide")).to_be_visible()
    expect(page.locator(".htmx-request, .htmx-settling, .htmx-swapping")).to_have_count(0)
    page.locator("[data-tick-page]").check()
    page.locator("#bulk button", has_text="Keep").click()
    expect(page.locator(".callout[role=status]")).to_be_visible()
    keeps_flagged_one_by_one(desk)


def signs_off(desk: Desk) -> None:
    """With a code, as the last one was shown too long ago."""
    page = desk.page
    let_time_pass(desk.member.user, 11)
    desk.go("reviews/")
    page.locator("tbody a").first.click()
    page.get_by_role("link", name="Sign off").click()
    page.get_by_label("Note").fill("Discussed in the security meeting.")
    page.get_by_label("Code from your authenticator").fill("000000")
    desk.press("Sign off")
    expect(page.locator(".error").first).to_contain_text("not right")
    picture(page, "12-a-wrong-code")
    page.wait_for_timeout(2_000)  # a wrong code costs a second
    page.get_by_label("Code from your authenticator").fill(fresh_code(desk.member.user))
    desk.press("Sign off")
    expect(page.locator(".lede")).to_contain_text("Signed off")
    picture(page, "13-signed-off")


def report_says_so(desk: Desk, folder: Path) -> None:
    """The PDF, made by the worker, with the review's words and numbers."""
    page = desk.page
    page.locator("main").get_by_role("link", name="Reports", exact=True).click()
    link = page.get_by_role("link", name="PDF")
    expect(link.first).to_be_visible(timeout=90_000)
    picture(page, "14-reports")
    with page.expect_download() as waiting:
        link.first.click()
    words = text_of(waiting.value, folder)
    with tenant(acme()):
        campaign = Campaign.objects.get()
        items = campaign.items.count()
        kept = campaign.items.filter(decision="retain").count()
    assert campaign.decision_digest in words.replace(" ", "")
    for expected in (
        campaign.reference,
        "AWS production",
        "Manager Acme",
        "Reviewer Acme",
        "Second Acme",
        "Discussed in the security meeting.",
        "checked against the source's own count",
        "ReadOnlyAccess",
        "Group developers",
        str(items),
        str(kept),
    ):
        assert expected in words, expected


def text_of(download: Download, folder: Path) -> str:
    """The words of a downloaded PDF, with straight quotes and single spaces."""
    path = folder / "report.pdf"
    download.save_as(path)
    text = " ".join(page.extract_text() for page in PdfReader(path).pages)
    return re.sub(r"\s+", " ", text.replace("\u2019", "'"))


def claims_removals(desk: Desk) -> None:
    """The system's owner has done them, and says so: one with words of its own, the rest together."""
    page = desk.page
    desk.go("")
    picture(page, "14-home-of-the-owner")
    desk.go("access/removals/")
    expect(page.locator("[data-row]")).to_have_count(4)
    page.locator("[data-open], tbody a").first.click()
    page.get_by_role("link", name="Claim done").click()
    page.locator("dialog [name=note]").fill("Detached in the console.")
    picture(page, "14-claim")
    page.locator("dialog button", has_text="Claim it done").click()
    expect(page.locator("main")).to_contain_text("Claimed")
    desk.go("access/removals/?state=requested")
    page.locator("[data-tick-page]").check()
    page.locator("summary", has_text="Claim done").click()
    page.locator("[name=claim-note]").fill("Done in the console.")
    page.locator(".popover-body button[value=claim]").click()
    expect(page.locator(".callout[role=status]")).to_be_visible()
    with tenant(acme()):
        assert set(Removal.objects.values_list("status", flat=True)) == {"claimed"}


def sees_what_became_of_them(manager: Desk, owner: Desk) -> None:
    """Gone, switched off, changed, and one that is still there: told to the manager, and back with the owner."""
    page = manager.page
    with tenant(acme()):
        found = {one.account.name: one for one in Removal.objects.select_related("account")}
        campaign = Campaign.objects.get()
    assert {name: one.status for name, one in found.items()} == {
        "bob.lee": "verified_removed",
        "cara.moss": "verified_changed",
        "dan.roth": "verified_removed",
        "fay.ng": "still_active",
    }
    assert "no access" in found["dan.roth"].finding
    manager.go(f"reviews/{campaign.pk}/removals/")
    for words in ("Verified removed", "Verified changed", "Still active"):
        expect(page.locator("tbody")).to_contain_text(words)
    picture(page, "16-removals-of-the-review")
    manager.go(f"access/removals/{found['dan.roth'].pk}/")
    expect(page.locator("main")).to_contain_text(found["dan.roth"].finding)
    picture(page, "17-disabled-counts-as-removed")
    manager.go(f"reviews/{campaign.pk}/")
    expect(page.locator("main")).to_contain_text("3 of 4 are over")
    picture(page, "18-the-review-afterwards")
    manager.go("")
    picture(page, "19-home-of-the-manager")
    owner.go(f"access/removals/{found['fay.ng'].pk}/")
    expect(owner.page.get_by_role("link", name="Claim done")).to_be_visible()
    picture(owner.page, "20-still-active")
