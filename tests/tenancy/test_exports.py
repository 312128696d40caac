"""Every list of the product, with something in it, leaves as each kind of file."""

from typing import Any

import pytest

from accounts.models import Member
from tests.api.conftest import make_token
from tests.cast import ROLES, Cast, signed_in
from tests.journeys.walk import addresses
from tests.routes import Route
from tests.tenancy.everything import make_everything
from ui.screens import ListScreen

pytestmark = pytest.mark.slow
# What stays empty with one row of everything: files with errors, reviews that wait for oneself, reports that a worker has made.
EMPTY = {"inventory:snapshot-rejected", "reviews:mine", "reports:list"}


def _exports(route: Route) -> bool:
    screen = getattr(route.view, "view_class", None)
    return isinstance(screen, type) and issubclass(screen, ListScreen) and screen.exports


def test_every_list_leaves_as_csv_and_as_a_workbook(acme):
    make_everything(acme)
    Member.objects.filter(pk=Cast().manager.pk).update(roles=list(ROLES.values()))
    member = Cast().manager
    make_token(member)
    client, wrong = signed_in(member), []
    rows: dict[str, int] = {}
    client.raise_request_exception = False
    for name, path in addresses(member, wanted=_exports):
        for form, start in (("csv", b""), ("xlsx", b"PK")):
            answer: Any = client.get(f"{path}?export={form}")
            body = b"".join(answer.streaming_content) if answer.streaming else b""
            if answer.status_code != 200 or not body.startswith(start) or "X-Table-Rows" not in answer.headers:
                wrong.append((name, form, answer.status_code))
                continue
            rows[name] = max(rows.get(name, 0), int(answer["X-Table-Rows"]))
    assert wrong == []
    assert len(rows) > 50
    assert {name for name, count in rows.items() if not count} == EMPTY


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "1999-12", "3000-01", "2026-13"])
def test_a_month_that_no_field_takes_narrows_nothing(client_of, manager, month):
    assert client_of(manager).get(f"/o/acme/controls/events/?month={month}").status_code == 200
