"""The lists of vendors and of their keys: with 10,000 against 500."""

from collections.abc import Iterator
from functools import partial

from django.test import Client

from bench.harness import Case
from bench.vendors import supplied
from bench.world import client_of

MOST_QUERIES = 12
LIMIT = 1.3
ADDRESSES = (
    "vendors/",
    "vendors/?state=in_use",
    "vendors/?state=requested",
    "vendors/?tier=1",
    "vendors/?risk=high&residual=medium",
    "vendors/?view=overdue",
    "vendors/?view=mine",
    "vendors/?view=ai",
    "vendors/?q=payroll",
    "vendors/?q=ven-000123",
    "vendors/?order=next_review_on",
    "vendors/?page=10",
    "vendors/keys/",
    "vendors/keys/?due=late",
)


def vendors_list() -> Iterator[Case]:
    """One case for each address."""
    made = supplied()
    many, few = client_of(made.many), client_of(made.few)
    for address in ADDRESSES:
        yield Case(
            f"vendors_list {address}",
            LIMIT,
            partial(_page, many, f"/o/bench-vendors/{address}"),
            partial(_page, few, f"/o/bench-vendors-few/{address}"),
            max_queries=MOST_QUERIES,
        )


def _page(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}.")
