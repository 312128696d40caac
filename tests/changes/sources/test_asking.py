"""A request by a login that nobody is known by: said on its page, matched from there, and nobody's work falls to somebody."""

import pytest

from changes.lifecycle import actions
from changes.lifecycle.inbox import FALLS_TO_YOU, waiting
from changes.lifecycle.periodic import _due
from inventory.models import Person
from tenancy.scope import tenant
from tests.changes.sources import payloads

DETAIL = "/o/acme/changes/{}/"


@pytest.fixture
def change(github, the_change):
    """By somebody whom nobody knows."""
    github.github("pull_request", payloads.pull_request("opened", payloads.pull(author="mystery")))
    return the_change()


def page(client_of, member, change):
    return client_of(member).get(DETAIL.format(change.pk)).content.decode()


def test_the_page_names_the_login_and_asks_whoever_may_match_it(client_of, manager, auditor, change):
    link = f"/o/acme/changes/sources/asked-for/{change.pk}/"
    shown = page(client_of, manager, change)
    assert "Nobody on the roster is known as mystery" in shown
    assert link in shown
    shown = page(client_of, auditor, change)
    assert "such as a compliance manager" in shown
    assert link not in shown
    assert client_of(auditor).get(link).status_code == 403


def test_who_is_matched_asked_for_what_still_waits(client_of, manager, acme, change, the_change):
    link = f"/o/acme/changes/sources/asked-for/{change.pk}/"
    with tenant(acme):
        person = Person.objects.get(email="employee@acme.example")
    assert client_of(manager).post(link, {"person": person.pk}).status_code == 303
    assert the_change().requester == person
    shown = page(client_of, manager, change)
    assert "It is not known who asked for it" not in shown
    assert client_of(manager).get(link).status_code == 409
    with tenant(acme):
        assert change.versions.order_by("-number").first().made_by is None  # whoever matches may still approve


def test_a_known_login_asks_nobody(client_of, manager, github, the_change):
    github.github("pull_request", payloads.pull_request("opened", payloads.pull()))
    assert "It is not known who asked for it" not in page(client_of, manager, the_change())


def test_the_review_of_what_nobody_known_asked_for_is_with_whoever_runs_changes(client_of, acme, cast, change):
    manager, approver, employee = cast.manager, cast.approver, cast.employee
    with tenant(acme):
        change.commits.all().delete()
        actions.approve(change, actor=approver, content_hash=change.content_hash)
        actions.fail(change, actor=manager, reason="It did not start.")
        (entry,) = [one for one in waiting(manager) if change.reference in one.title]
        assert (entry.why, entry.title.endswith("is to be reviewed")) == (FALLS_TO_YOU, True)
        assert not [one for one in waiting(employee) if change.reference in one.title]
        assert manager.pk in {one.member_id for one in _due(change.review_due_on)}
    assert "Whoever runs changes: nobody known here asked for it" in page(client_of, manager, change)
