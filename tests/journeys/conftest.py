"""The product as people meet it: a server, a worker process and a browser on one committed database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import Watch, chromium, served
from tests.workers import worker


@pytest.fixture
def site(committed_db: None, settings: Any) -> Iterator[str]:
    """The address of the product, on a database of its own; tasks run at once, within the request."""
    with served() as address:
        settings.PLUMBLINE_BASE_URL = address
        yield address


@pytest.fixture
def site_with_worker(site: str, settings: Any, tmp_path: Path) -> Iterator[str]:
    """The same, with its tasks done by a real worker process."""
    with worker(settings, tmp_path / "data"):
        yield site


@pytest.fixture
def browser(site: str) -> Iterator[Browser]:
    """Chromium, started after the database and stopped before it."""
    expect.set_options(timeout=20_000)
    with chromium() as started:
        yield started


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the test on anything a page complained about."""
    listening = Watch()
    yield listening
    listening.silent()
