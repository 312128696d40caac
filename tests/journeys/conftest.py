"""The product as people meet it: a server, a worker process and a browser on one committed database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import browser, site, watch  # noqa: F401 (fixtures)
from tests.workers import worker


@pytest.fixture
def site_with_worker(site: str, settings: Any, tmp_path: Path) -> Iterator[str]:  # noqa: F811 (asks for the fixture)
    """The same, with its tasks done by a real worker process."""
    with worker(settings, tmp_path / "data"):
        yield site
