"""The rail of those who read results: their places first, everything else that their role may use folded away."""

from typing import Any

import pytest
from django.test import RequestFactory

from ui.navigation import groups_for

FIRST = [
    "My work", "Dashboard", "Reviews", "Incidents", "Uptime", "Gaps", "Roadmap", "Findings", "Policies", "Risks",
    "Risk assessments", "Reports",
]  # fmt: skip


@pytest.fixture
def rail(in_acme):
    """(what stands in the rail, what is folded away) for a member."""

    def of(member, path="/o/acme/dashboard/"):
        request: Any = RequestFactory().get(path)
        request.member = member
        groups = groups_for(request)
        return (
            [one.label for group in groups for one in group.links],
            [one.label for group in groups for one in group.more],
            groups,
        )

    return of


def test_an_executive_has_a_dozen_places_and_the_rest_folded_away(rail, executive):
    shown, folded, groups = rail(executive)
    assert shown == FIRST
    assert groups[-1].key == "rest"
    assert {"Changes", "Evidence", "Vendors", "Controls"} <= set(folded)


def test_nothing_that_a_role_may_use_is_lost(rail, executive, manager, in_acme):
    brief = rail(executive)
    executive.roles = ["executive", "viewer"]
    whole = rail(executive)
    assert set(brief[0] + brief[1]) <= set(whole[0] + whole[1])
    assert len(whole[0]) > len(FIRST)
    assert "rest" not in [group.key for group in rail(manager)[2]]


def test_it_is_open_on_a_page_of_one_of_them(rail, executive):
    assert rail(executive, "/o/acme/vendors/")[2][-1].is_current
    assert not rail(executive)[2][-1].is_current


def test_the_page_draws_it(client_of, executive, manager):
    page = client_of(executive).get("/o/acme/dashboard/").content.decode()
    assert "<summary>Everything else</summary>" in page
    assert "Everything else" not in client_of(manager).get("/o/acme/dashboard/").content.decode()
