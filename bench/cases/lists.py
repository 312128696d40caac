"""Lists with searches and filters: an organization of full size against one with a thousand rows of each kind."""

from collections.abc import Iterator
from functools import partial

from django.test import Client

from bench.harness import Case
from bench.programme import programme
from bench.world import client_of

MOST_QUERIES = 10
LIMIT = 1.3
# Each draws as many rows on both sides: what is compared is finding them, not drawing them.
ADDRESSES = {
    "controls/": (
        "",
        "q=control",
        "q=999",
        "design=partial&order=-evidence",
        "reason=no_owner",
        "family=CC6",
        "owner=nobody",
        "scope=CC6",
    ),
    "controls/occurrences/": (
        "show=all",
        "show=todo",
        "show=overdue",
        "show=all&owner=nobody",
        "state=missed",
        "q=january",
        "q=control+9",
        "q=nowhere",
        "show=all&order=-due_on",
        "show=all&scope=CC6",
    ),
    "evidence/": (
        "",
        "q=proof",  # all of them
        "q=backup",  # a tenth
        "q=proof+backup",
        "q=ev-000777",
        "q=nowhere",
        "category=backup",
        "freshness=current&method=automatic",
        "category=backup&q=proof",
        "order=title",
        "order=expires_on",
        "order=-expires_on",
        "page=10",
    ),
    "controls/findings/": (
        "",
        "q=finding",
        "q=fnd-00777",
        "state=pending&due=late",
        "severity=critical",
        "order=-title",
    ),
    "audit/": (
        "",
        "verb=benchmark.verb3",
        "result=failure",
        "actor=00000000-0000-4000-8000-000000000007",
        "actor=00000000-0000-4000-8000-000000000007&verb=benchmark.verb7",
        "object=00000000-0000-4000-9000-000000000003",
        "when=today",
        "q=person",
        "q=record+3",
        "q=nowhere",
        "order=deed",
        "order=-deed",
        "page=10",
    ),
}


def lists_filters() -> Iterator[Case]:
    """One case for each address."""
    made = programme()
    large, thousand = client_of(made.large), client_of(made.thousand)
    for path, queries in ADDRESSES.items():
        for query in queries:
            yield Case(
                f"lists_filters {path}?{query}",
                LIMIT,
                partial(_page, large, f"/o/bench-programme/{path}?{query}"),
                partial(_page, thousand, f"/o/bench-thousand/{path}?{query}"),
                max_queries=MOST_QUERIES,
            )


def _page(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}.")
