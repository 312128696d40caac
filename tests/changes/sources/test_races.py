"""Deliveries at the same moment, with real commits."""

import pytest

from changes.models import Change, ChangeCommit, Delivery
from inventory.models import Person, PersonAlias
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.cast import Cast
from tests.changes.sources import payloads
from tests.changes.sources.conftest import LOGINS, Sender, make_source
from tests.changes.sources.payloads import APPROVER, AUTHOR
from tests.races import at_once


@pytest.fixture
def sender(committed_db: None) -> Sender:
    """GitHub, delivering to acme."""
    manager = Cast().manager
    with tenant(Organization.objects.get(slug="acme")):
        for login, name in LOGINS.items():
            PersonAlias.objects.create(person=Person.objects.get(email=f"{name}@acme.example"), key=login, confirmed_by=manager)
        return Sender(make_source(manager))


def test_the_same_delivery_at_once_is_done_once(sender):
    opened = payloads.pull_request("opened", payloads.pull())
    answers = at_once(lambda number: sender.github("pull_request", opened, key=f"{number // 2}").status_code)
    assert sorted(answers) == [202, 409, 409, 409]
    with tenant(Organization.objects.get(slug="acme")):
        assert Delivery.objects.count() == 1
        assert Change.objects.filter(repository="acme/billing").count() == 1


def test_everything_of_a_request_at_once_makes_one_change(sender):
    """As GitHub sends it when a branch is pushed and opened: none waits for the others, and none is lost."""
    sent = [
        ("pull_request", payloads.pull_request("opened", payloads.pull())),
        ("push", payloads.push(("zero", AUTHOR), ("one", AUTHOR))),
        ("check_run", payloads.check_run(2)),
        ("pull_request_review", payloads.review(3, by=APPROVER)),
    ]
    answers = at_once(lambda number: sender.github(*sent[number]).status_code)
    assert answers == [202] * 4
    with tenant(Organization.objects.get(slug="acme")):
        change = Change.objects.get(repository="acme/billing")
        assert (change.status, [one["name"] for one in change.checks]) == ("approved", ["tests"])
        assert ChangeCommit.objects.filter(change=change).count() == 2
