"""The list of changes, the calendar and what waits: with 50,000 changes against 1,000."""

from collections.abc import Iterator
from functools import partial

from django.test import Client

from bench.changes import changing
from bench.harness import Case
from bench.world import client_of

MOST_QUERIES = 12
LIMIT = 1.3
ADDRESSES = (
    "changes/",
    "changes/?state=pending",
    "changes/?state=is-closed",
    "changes/?view=waiting",
    "changes/?view=mine",
    "changes/?view=week",
    "changes/?view=review",
    "changes/?type=standard&risk=high",
    "changes/?kind=code&q=billing",
    "changes/?q=chg-000777",
    "changes/?q=nowhere",
    "changes/?order=title",
    "changes/?order=-window_from",
    "changes/?page=10",
    "changes/calendar/",
    "changes/calendar/?view=week",
    "changes/calendar/?view=day",
    "",  # what waits for somebody
)


def changes_lists() -> Iterator[Case]:
    """One case for each address."""
    made = changing()
    many, few = client_of(made.many), client_of(made.few)
    for address in ADDRESSES:
        yield Case(
            f"changes_lists {address}",
            LIMIT,
            partial(_page, many, f"/o/bench-changes/{address}"),
            partial(_page, few, f"/o/bench-changes-few/{address}"),
            max_queries=MOST_QUERIES,
        )


def _page(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}.")
