"""The register of risks: with 10,000 against 500."""

from collections.abc import Iterator
from functools import partial

from django.test import Client

from bench.harness import Case
from bench.risks import exposed
from bench.world import client_of

MOST_QUERIES = 12
LIMIT = 1.3
ADDRESSES = (
    "risks/",
    "risks/?state=pending",
    "risks/?view=mine",
    "risks/?view=overdue",
    "risks/?view=grave",
    "risks/?level=high",
    "risks/?category=fraud",
    "risks/?category=fraud&treatment=mitigate&q=risk-0001",  # the same few rows on both sides
    "risks/?residual=4-5&q=risk-0001",
    "risks/?q=supplier",
    "risks/?q=risk-000123",
    "risks/?order=next_review_on",
    "risks/?order=statement",
    "risks/?page=10",
)


def risks_list() -> Iterator[Case]:
    """One case for each address."""
    made = exposed()
    many, few = client_of(made.many), client_of(made.few)
    for address in ADDRESSES:
        yield Case(
            f"risks_list {address}",
            LIMIT,
            partial(_page, many, f"/o/bench-risks/{address}"),
            partial(_page, few, f"/o/bench-risks-few/{address}"),
            max_queries=MOST_QUERIES,
        )


def _page(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}.")
