"""Nobody has to trust the operator: a trail is checked, a package verified elsewhere, and a forgery found."""

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from audit.models import AuditEvent
from incidents.models import SecurityEvent
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.browser import Watch, cookie_of, picture, scrolls_sideways
from tests.cast import Cast
from tests.proof.attacking import attack
from tests.proof.packaging import make_period

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
WORK_SECONDS = 60


@pytest.fixture
def pages(site_with_worker: str, browser: Browser, watch: Watch) -> Iterator[dict[str, Page]]:
    """Who runs the audit, and the auditor, at a desk and on a phone."""
    opened = {}
    for name, member, size in (("manager", "manager", WIDE), ("auditor", "auditor", WIDE), ("phone", "auditor", PHONE)):
        context = watch.over(browser.new_context(base_url=site_with_worker, viewport=size))  # type: ignore[arg-type] # a plain dict
        context.add_cookies([cookie_of(getattr(Cast(), member), site_with_worker)])  # type: ignore[list-item] # a plain dict
        opened[name] = context.new_page()
    yield opened
    for page in opened.values():
        page.context.close()


def test_the_trail_is_checked_a_package_verified_elsewhere_and_a_forgery_found(
    pages: dict[str, Page], watch: Watch, tmp_path: Path
) -> None:
    make_period(organization())
    checks_the_trail(pages["auditor"])
    makes_a_package(pages["manager"])
    verifies(takes_it_away(pages["auditor"], tmp_path), fingerprint_on(pages["auditor"]))
    forged = forges_an_event()
    finds_it(pages["auditor"], forged)
    sees_it_on_a_phone(pages["phone"])
    watch.silent()


def organization() -> Organization:
    return Organization.objects.get(slug="acme")


def checks_the_trail(page: Page) -> None:
    page.goto("/o/acme/audit/")
    page.get_by_role("link", name="Proof", exact=True).click()
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_text("The trail is intact").first).to_be_visible(timeout=WORK_SECONDS * 1000)
    page.goto("/o/acme/proof/")
    expect(page.get_by_text("The trail is intact", exact=True)).to_be_visible()
    picture(page, "proof-1-intact")


def makes_a_package(page: Page) -> None:
    page.goto("/o/acme/proof/packages/")
    page.get_by_role("link", name="Make a package").first.click()
    page.get_by_label("Audit period").select_option(label="The year")
    page.get_by_role("textbox", name="Controls").fill("AC")
    picture(page, "proof-2-asks")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Download")).to_be_visible(timeout=WORK_SECONDS * 1000)
    picture(page, "proof-3-package")


def takes_it_away(page: Page, folder: Path) -> Path:
    page.goto("/o/acme/proof/packages/")
    page.get_by_role("link", name=re.compile("PKG-")).first.click()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download").click()
    path = folder / taken.value.suggested_filename
    taken.value.save_as(path)
    return path


def fingerprint_on(page: Page) -> str:
    """As the page says that the auditor should be told it."""
    found = re.search(r"SHA256:[A-Za-z0-9+/]{43}", page.get_by_role("region", name="How to check it").inner_text())
    assert found is not None
    return found[0]


def verifies(path: Path, fingerprint: str) -> None:
    """With the verifier out of the package itself, by a Python that has nothing of ours."""
    with zipfile.ZipFile(path) as bag:
        program = path.with_name("verify.py")
        program.write_bytes(bag.read(next(name for name in bag.namelist() if name.endswith("/verify.py"))))
        bag.extractall(path.with_suffix(""))
    command = [
        sys.executable,
        "-I",
        str(program),
        str(path),
        "--fingerprint",
        fingerprint,
        "--organization",
        str(organization().pk),
    ]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "GOOD"), done.stdout + done.stderr
    altered = path.with_name("altered.zip")
    altered.write_bytes(path.read_bytes().replace(b"It does.", b"It did. "))
    done = subprocess.run([*command[:3], str(altered), *command[4:]], cwd="/", capture_output=True, text=True, check=False)
    assert (done.returncode, "control.json" in done.stdout) == (1, True), done.stdout


def forges_an_event() -> AuditEvent:
    """As whoever holds the database could: the text and its hash, so that they agree."""
    with tenant(organization()):
        event = AuditEvent.objects.filter(verb="control.create").earliest("at")
    attack(
        "UPDATE audit_event SET body = replace(body, 'Access / 1', 'Access / 9'),"
        " leaf = sha256('\\x00'::bytea || convert_to(replace(body, 'Access / 1', 'Access / 9'), 'UTF8')) WHERE id = %s",
        event.pk,
    )
    return event


def finds_it(page: Page, forged: AuditEvent) -> None:
    page.goto("/o/acme/proof/")
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_text("The trail is broken").first).to_be_visible(timeout=WORK_SECONDS * 1000)
    page.goto("/o/acme/proof/")
    expect(page.get_by_text("The trail is broken", exact=True)).to_be_visible()
    page.get_by_role("link", name=re.compile("TC-")).first.click()
    expect(page.locator(f'a[href*="{forged.pk}"]').first).to_be_visible()
    picture(page, "proof-4-forged")
    with tenant(organization()):
        assert SecurityEvent.objects.get(source="product").severity == "critical"


def sees_it_on_a_phone(page: Page) -> None:
    page.goto("/o/acme/proof/")
    expect(page.get_by_text("The trail is broken", exact=True)).to_be_visible()
    assert not scrolls_sideways(page)
    picture(page, "proof-5-phone")
