"""Who may open the page at an address."""

import pytest
from django.urls import reverse

from ui.links import may_open

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def trail(in_acme):
    return reverse("audit:list")


def test_a_page_is_open_to_whoever_holds_its_permission(trail, manager, employee):
    assert may_open(manager, f"{trail}?verb=user.sign_in#first")
    assert not may_open(employee, trail)
    assert not may_open(None, trail)


def test_what_is_no_page_of_the_organization_is_open(trail, employee):
    assert may_open(employee, "https://status.example/")
    assert may_open(employee, "#here")
