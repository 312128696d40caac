"""The pages of reports as a browser shows them."""

import datetime as dt

import pytest
from playwright.sync_api import Browser

from audit.actors import SCHEDULE
from reports.monthly.actions import ask_month, ask_report, fail_report, keep_report, take_figures
from tenancy.scope import tenant
from tests.browser import Watch, cookie_of, faults_of, picture
from tests.cast import Cast
from tests.reports.world import make_programme

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_reports_are_accessible_at_every_width(
    monkeypatch: pytest.MonkeyPatch, browser: Browser, site: str, watch: Watch
) -> None:
    cast = Cast()
    organization = cast.manager.organization
    monkeypatch.setattr("reports.monthly.actions._queue", lambda _: None)
    with tenant(organization):
        make_programme(cast.manager)
        asked = [ask_month(dt.date(2026, month, 1), actor=SCHEDULE) for month in (3, 4)]
        report = [keep_report(take_figures(one), b"%PDF-1.7") for one in asked if one is not None][-1]
        failed = fail_report(ask_report(organization.today(), organization.today(), actor=cast.manager), "It was not printed.")
        addresses = {
            "list": "/o/acme/reports/",
            "monthly": "/o/acme/reports/monthly/",
            "report": report.get_absolute_url(),
            "failed": failed.get_absolute_url(),
            "new": "/o/acme/reports/new/",
            "recipients": "/o/acme/reports/recipients/",
        }
    context = watch.over(browser.new_context(base_url=site))
    context.add_cookies([cookie_of(cast.manager, site)])  # type: ignore[list-item]
    page = context.new_page()
    for name, path in addresses.items():
        page.goto(path)
        assert faults_of(page, name) == []
        for width, scheme in ((1440, "light"), (1440, "dark"), (390, "light")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            picture(page, f"reports-{name}-{width}-{scheme}")
