"""The day on which these tests play, a programme, and the browser."""

import pytest

from accounts.models import Member
from tenancy.models import Organization
from tests.browser import browser, site, watch  # noqa: F401 (fixtures)
from tests.reports.world import TODAY, Programme, make_programme


@pytest.fixture
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every organization has 20 May 2026."""
    monkeypatch.setattr(Organization, "today", lambda _: TODAY)


@pytest.fixture
def programme(on_the_day: None, in_acme: None, manager: Member) -> Programme:
    """The programme of acme."""
    return make_programme(manager)
