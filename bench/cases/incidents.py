"""The lists of incidents and of security events: with 20,000 against 1,000."""

from collections.abc import Iterator
from functools import partial

from django.test import Client

from bench.harness import Case
from bench.incidents import troubled
from bench.world import client_of

MOST_QUERIES = 12
LIMIT = 1.3
ADDRESSES = (
    "incidents/",
    "incidents/?state=pending",
    "incidents/?state=closed",
    "incidents/?view=mine",
    "incidents/?view=unseen",
    "incidents/?severity=critical",
    "incidents/?severity=high&kind=security",
    "incidents/?q=billing",
    "incidents/?q=inc-000777",
    "incidents/?order=title",
    "incidents/?page=10",
    "incidents/events/",
    "incidents/events/?state=new",
)


def incidents_list() -> Iterator[Case]:
    """One case for each address."""
    made = troubled()
    many, few = client_of(made.many), client_of(made.few)
    for address in ADDRESSES:
        yield Case(
            f"incidents_list {address}",
            LIMIT,
            partial(_page, many, f"/o/bench-incidents/{address}"),
            partial(_page, few, f"/o/bench-incidents-few/{address}"),
            max_queries=MOST_QUERIES,
        )


def _page(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}.")
