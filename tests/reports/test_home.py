"""The card on "My work" says what the dashboard says."""

from collections.abc import Callable

from django.test import Client

from accounts.models import Member
from tests.controls.status import rows
from tests.reports.test_dashboard import disagreeing, main, shown
from tests.reports.world import Programme

HOME = "/o/acme/"


def test_it_says_where_the_organization_stands(
    programme: Programme, client_of: Callable[[Member], Client], manager: Member, employee: Member
) -> None:
    client = client_of(manager)
    page = shown(client, HOME)
    assert "Readiness 29 % Far from ready in 2026: 2 of 7 controls implemented" in main(page)
    assert disagreeing(client, page) == []
    assert "Readiness" not in main(shown(client_of(employee), HOME))


def test_it_is_not_there_before_anything_is_measured(
    on_the_day: None, in_acme: None, client_of: Callable[[Member], Client], manager: Member
) -> None:
    client = client_of(manager)
    assert "Readiness" not in main(shown(client, HOME))
    rows.control()
    rows.period()
    assert "Readiness" not in main(shown(client, HOME))
