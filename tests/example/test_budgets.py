"""How much each page may ask of the database, counted on the example, where every list has many rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Member
from inventory.models import Person, Removal, Snapshot, System
from reviews.models import Campaign, Item
from tenancy.scope import tenant
from tests.cast import signed_in
from tests.example.test_larkfield import _database, made  # noqa: F401 - fixtures

pytestmark = pytest.mark.slow
UNCOUNTED = ("SAVEPOINT", "RELEASE", "SET CONSTRAINTS", "SELECT SET_CONFIG")
LIST_BUDGET = 15
# Their card of reviews, their report's files and their scope ask for each part once.
PAGE_BUDGET = 30

LISTS = [
    "reviews/", "reviews/mine/", "access/people/", "access/people/accounts/", "access/systems/", "access/snapshots/",
    "access/removals/", "evidence/", "audit/", "members/",
]  # fmt: skip


def queries(client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return sum(not query["sql"].upper().startswith(UNCOUNTED) for query in captured.captured_queries)


@pytest.fixture
def client(made):  # noqa: F811
    member = Member.objects.select_related("user").get(user__email="samuel.price@larkfield.example")
    member.roles = ["administrator", "compliance_manager", "reviewer"]
    member.save()
    client = signed_in(member)
    client.get("/o/larkfield/")  # what is cached once
    return client


@pytest.mark.parametrize("path", LISTS)
def test_a_list_stays_within_its_budget(client, path):
    assert queries(client, f"/o/larkfield/{path}") <= LIST_BUDGET


@pytest.mark.parametrize("model", [Campaign, Item, Person, System, Snapshot, Removal])
def test_a_record_stays_within_its_budget(client, made, model):  # noqa: F811
    with tenant(made):
        path = model.objects.order_by("pk").first().get_absolute_url()
    assert queries(client, path) <= PAGE_BUDGET
