"""The dashboard of 1,000 controls against a signed-in page that shows nothing."""

from bench.harness import Case
from bench.programme import programme
from bench.world import client_of

DASHBOARD_QUERIES = 12


def dashboard_1k() -> Case:
    """100,000 evidence items, a million events, and 50 other organizations in the same tables."""
    client = client_of(programme().large)

    def page(path: str, holds: bytes) -> None:
        response = client.get(f"/o/bench-programme/{path}")
        if response.status_code != 200 or holds not in response.content:
            raise RuntimeError(f"{path} answered {response.status_code}.")

    return Case(
        "dashboard_1k",
        8.0,
        lambda: page("dashboard/", b">1,000</a> controls"),
        lambda: page("work/jobs/", b"<main"),
        max_queries=DASHBOARD_QUERIES,
    )
