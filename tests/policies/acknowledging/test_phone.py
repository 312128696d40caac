"""An employee reads and confirms a policy on a phone, from My work to the certificate."""

import pytest
from playwright.sync_api import Browser, ViewportSize

from policies.acknowledging.asking import start_campaign
from policies.models import Acknowledgement, PolicyVersion
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.browser import WIDE, Watch, cookie_of, faults_of
from tests.cast import Cast
from tests.policies.making import in_force

PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.mark.browser
def test_an_employee_confirms_on_a_phone(browser: Browser, site: str, watch: Watch) -> None:
    cast, acme = Cast(), Organization.objects.get(slug="acme")
    with tenant(acme):
        policy = in_force(cast.manager, cast.approver)
        version = PolicyVersion.objects.get(policy=policy)
        start_campaign(version, actor=cast.manager, due_on=acme.today())
    context = watch.over(browser.new_context(base_url=site, viewport=PHONE, has_touch=True))
    context.add_cookies([cookie_of(cast.employee, site)])  # type: ignore[list-item]
    page = context.new_page()
    page.goto("/o/acme/")
    page.get_by_role("link", name="Read and confirm Access control, version 1").tap()
    page.get_by_text("Nobody shares a password.").wait_for()
    assert not page.evaluate(WIDE)
    assert faults_of(page, "to confirm") == []
    page.set_viewport_size(PHONE)
    page.get_by_label("I have read it and will keep to it").check()
    page.get_by_role("button", name="Confirm").tap()
    page.get_by_role("heading", name="Certificate").wait_for()
    assert not page.evaluate(WIDE)
    assert faults_of(page, "certificate") == []
    with tenant(acme):
        kept = Acknowledgement.objects.select_related("campaign__version").get(person__member=cast.employee)
        assert (kept.status, kept.content_hash, kept.ip) == ("confirmed", version.content_hash, "127.0.0.1")
        assert kept.is_intact
