"""The page "Add evidence" in a browser: each file by itself, with its own result."""

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from evidence.models import Evidence
from tenancy.scope import tenant
from tests.browser import Watch, cookie_of, faults_of, settled
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FILES = [
    FilePayload(name=name, mimeType="text/plain", buffer=text)
    for name, text in (("one.log", b"one"), ("two.log", b"two"), ("empty.log", b""))
]


def test_files_go_one_by_one_and_each_has_its_result(committed_db: None, site: str, browser: Browser, watch: Watch) -> None:
    manager = Cast().manager
    context = watch.over(browser.new_context(base_url=site))
    context.add_cookies([cookie_of(manager, site)])  # type: ignore[list-item]
    page = context.new_page()
    page.goto("/o/acme/evidence/add/")
    settled(page)
    page.set_input_files("input[type=file]", FILES)
    send = page.get_by_role("button", name="Keep as evidence")
    page.fill("input[name=source]", "Backup server")
    page.select_option("select[name=category]", "backup")
    send.click()
    expect(page.get_by_text("2 of 3 kept")).to_be_visible()
    lines = page.locator(".upload")
    expect(lines).to_have_count(3)
    expect(lines.nth(2)).to_contain_text("“empty.log” is empty.")
    assert faults_of(page, "added") == []
    send.click()
    expect(lines).to_have_count(1)
    with tenant(manager.organization):
        assert sorted(Evidence.objects.values_list("title", flat=True)) == ["one", "two"]
    context.close()


def test_one_file_leads_to_its_page(committed_db: None, site: str, browser: Browser, watch: Watch) -> None:
    manager = Cast().manager
    context = watch.over(browser.new_context(base_url=site))
    context.add_cookies([cookie_of(manager, site)])  # type: ignore[list-item]
    page = context.new_page()
    page.goto("/o/acme/evidence/add/")
    settled(page)
    page.set_input_files("input[type=file]", {"name": "one.log", "mimeType": "text/plain", "buffer": b"one"})
    page.fill("input[name=source]", "Backup server")
    page.fill("input[name=title]", "Monday's backup")
    page.select_option("select[name=category]", "backup")
    page.get_by_role("button", name="Keep as evidence").click()
    expect(page.get_by_role("heading", name="Monday's backup")).to_be_visible()
    context.close()
